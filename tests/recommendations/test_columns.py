"""Stored facts and the columns of the rules: one contract, the same way there and back."""

import numpy as np
import pytest

from advisory.recommendations.columns import core_columns, stored_columns, stored_facts
from advisory.recommendations.words import FACT_LABELS, FACTOR_LABELS, fact_words
from households.foundation.errors import DomainError
from households.models import AccountFacts, Intake
from households.models.facts import FACT_FIELDS, FACT_NAMES
from implementation.rules.engine import FACTORS
from implementation.rules.facts import FACTS, account_from_json, columns_of
from tests.recommendations.conftest import case_facts


def test_the_contract_is_the_same_on_both_floors() -> None:
    assert list(FACTS) == list(FACT_NAMES)
    assert [fact.kind for fact in FACTS.values()] == [field.kind for field in FACT_FIELDS]
    for model in (AccountFacts, Intake):
        assert set(FACT_NAMES) <= {field.name for field in model._meta.local_concrete_fields}


def test_every_fact_and_factor_has_a_label_and_no_other_has() -> None:
    assert list(FACT_LABELS) == list(FACTS)
    assert tuple(FACTOR_LABELS) == FACTORS


def test_stored_facts_become_what_json_facts_become() -> None:
    """80,000.50 dollars are 8,000,050 cents; the same bits either way, unknown stays unknown."""
    given = [
        case_facts(3, account_value=80_000.50, household_value=80_000.50, direct_index_value=None),
        case_facts(11),
    ]
    columns = columns_of([account_from_json(facts) for facts in given])
    stored = stored_columns(columns)
    assert stored["account_value"] == [8_000_050, 50_000_000]
    assert stored["direct_index_value"] == [None, 50_000_000]
    assert stored["largest_position_share"] == [0.7, None]
    assert stored["registration"] == ["individual", "individual"]
    assert stored["standalone_mandate"] == [True, False]
    again = core_columns(stored)
    for name in FACTS:
        assert again[name].dtype == columns[name].dtype
        np.testing.assert_array_equal(again[name], columns[name], err_msg=name)


def test_rows_and_columns_are_the_same_facts() -> None:
    rows = [[number] * len(FACT_NAMES) for number in (1, 2)]
    assert stored_facts(rows)["custodian"] == (1, 2)
    assert stored_facts([])["custodian"] == ()


def test_a_code_that_the_rules_do_not_know_is_refused_not_unknown() -> None:
    stored = stored_columns(columns_of([account_from_json(case_facts(6))]))
    with pytest.raises(DomainError, match="custodian"):
        core_columns(stored | {"custodian": ["shoebox"]})


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("account_value", "1234567.00", "$1,234,567"),
        ("cash_share", 0.234, "23.4%"),
        ("current_cost_bps", 35.0, "35 bps"),
        ("lot_count", 1200, "1,200"),
        ("tax_sensitivity", 4, "Very high"),
        ("step_up_expected", True, "Yes"),
        ("standalone_mandate", 0.0, "No"),
        ("strategy", "us_large", "US large cap"),
        ("holding_horizon_years", 15.0, "15 years"),
        ("account_value", None, "–"),
    ],
)
def test_facts_are_written_with_their_units(name: str, value: object, words: str) -> None:
    assert fact_words(name, value) == words
