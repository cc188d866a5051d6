"""Reading facts strictly: each error by hand, naming the fact, what is wrong and what to do."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from implementation.rules.facts import (
    FACTS,
    FactError,
    account_from_csv,
    account_from_json,
    account_of,
    columns_of,
)
from tests.rules.books import BASE


def refused(**changes: Any) -> FactError:
    with pytest.raises(FactError) as caught:
        account_from_json({**BASE, **changes})
    assert caught.value.remedy
    return caught.value


def test_the_contract_has_every_fact_of_the_worked_cases_in_order() -> None:
    assert list(FACTS) == list(BASE)


def test_a_complete_account_reads_as_it_was_given() -> None:
    assert account_from_json(BASE) == BASE


def test_what_is_absent_or_null_is_unknown() -> None:
    facts = account_from_json({"account_value": None})
    assert list(facts) == list(FACTS)
    assert all(value is None for value in facts.values())


@pytest.mark.parametrize(
    ("fact", "value", "problem"),
    [
        ("account_value", "500000", "is text, not a number"),
        ("account_value", True, "is true or false, not a number"),
        ("account_value", [5], "is not a number"),
        ("account_value", math.inf, "is not a finite number"),
        ("account_value", math.nan, "is not a finite number"),
        ("account_value", 10**400, "is not a finite number"),
        ("account_value", -1, "is outside 0 to 100,000,000,000"),
        ("cash_share", 40, "is outside 0 to 1"),
        ("cash_share", -0.01, "is outside 0 to 1"),
        ("short_term_rate", 0.76, "is outside 0 to 0.75"),
        ("tax_sensitivity", 5, "is outside 0 to 4"),
        ("tax_sensitivity", 2.5, "is not a whole number"),
        ("household_accounts", 0, "is outside 1 to 1,000,000"),
        ("lot_count", 1.5, "is not a whole number"),
        ("needs_alternatives", 1, "is not true or false"),
        ("needs_alternatives", "true", "is not true or false"),
        ("registration", "Individual", "is not a code of the list"),
        ("registration", 0, "is not a code of the list"),
        ("custodian", "", "is not a code of the list"),
    ],
)
def test_a_value_that_is_not_of_its_kind(fact: str, value: Any, problem: str) -> None:
    error = refused(**{fact: value})
    assert (error.fact, error.problem) == (fact, problem)


def test_a_percent_given_for_a_share_is_told_so() -> None:
    assert "25% is 0.25" in refused(cash_share=25).remedy


def test_an_unknown_key_is_told_the_nearest_name() -> None:
    error = refused(value_of_account=5)
    assert error.fact == "value_of_account"
    assert error.problem == "is not a fact of the contract"
    assert "account_value" in error.remedy


def test_the_error_can_be_carried_as_json() -> None:
    assert refused(account_value=math.inf).as_dict() == {
        "fact": "account_value",
        "value": "inf",
        "problem": "is not a finite number",
        "remedy": "Leave it out (or null) when unknown.",
    }


@pytest.mark.parametrize(
    ("changes", "fact", "words"),
    [
        ({"cash_share": 0.6, "fund_share": 0.5}, "cash_share", "add up to 1.1000, not 1"),
        ({"cash_share": 0.6}, "cash_share", "add up to 0.6000, not 1"),
        ({"cash_share": 0.9, "fund_share": 0.2, "bond_share": None}, "cash_share", "add up to 1.1000, not 1"),
        (
            {"cash_share": 0.5, "stock_share": 0.5, "largest_position_share": 0.6},
            "largest_position_share",
            "stock_share plus bond_share (0.5)",
        ),
        ({"saleable_largest_share": 0.1}, "saleable_largest_share", "largest_position_share (0)"),
        ({"stock_gain_share": 0.1}, "stock_gain_share", "stock_share (0)"),
        ({"direct_index_value": 500_000.01}, "direct_index_value", "account_value (500,000)"),
        ({"household_value": 499_999}, "account_value", "household_value (499,999)"),
        ({"short_term_gain": 1}, "short_term_gain", "unrealized_gain (0)"),
        ({"household_managed_accounts": 2}, "household_managed_accounts", "household_accounts (1)"),
        (
            {"restricted_share": 0.7, "restriction_reason": "pledged", "legacy_retention_share": 0.4},
            "legacy_retention_share",
            "more than the whole account",
        ),
        ({"restricted_share": 0.1}, "restriction_reason", "contradicts restricted_share 0.1"),
    ],
)
def test_facts_that_contradict_each_other(changes: dict[str, Any], fact: str, words: str) -> None:
    error = refused(**changes)
    assert error.fact == fact
    assert words in error.problem


def test_shares_may_miss_their_sum_by_rounding() -> None:
    thirds = {"cash_share": 0.3333, "fund_share": 0.3333, "stock_share": 0.3333}
    assert account_from_json({**BASE, **thirds})["cash_share"] == 0.3333


def test_shares_that_are_partly_unknown_need_not_add_up() -> None:
    facts = account_from_json({**BASE, "cash_share": 0.4, "stock_share": None})
    assert facts["stock_share"] is None


def cells(**changes: str) -> dict[str, str]:
    written = dict.fromkeys(FACTS, "")
    return {**written, **changes}


def test_csv_reads_numbers_words_and_flags() -> None:
    facts = account_from_csv(cells(account_value="1234.50", registration="joint", needs_alternatives="true"))
    assert (facts["account_value"], facts["registration"]) == (1234.5, "joint")
    assert facts["needs_alternatives"] is True
    assert facts["lot_count"] is None


@pytest.mark.parametrize(
    "cell",
    [
        "1,234",
        "$5",
        "5%",
        " 5",
        "5 ",
        "+5",
        "1e5",
        ".5",
        "5.",
        "05",
        "nan",
        "inf",
        "(5)",
        "--",
        "1_000",
        "٣",
        "5-",
    ],
)
def test_csv_takes_plain_decimals_only(cell: str) -> None:
    with pytest.raises(FactError) as caught:
        account_from_csv(cells(account_value=cell))
    assert caught.value.problem == "is not a plain decimal number"


@pytest.mark.parametrize("cell", ["1", "yes", "TRUE", "True"])
def test_csv_flags_are_true_or_false(cell: str) -> None:
    with pytest.raises(FactError):
        account_from_csv(cells(needs_alternatives=cell))


def test_columns_carry_unknown_as_nan_and_minus_one() -> None:
    made = columns_of([account_from_json({"account_value": 5, "registration": "joint"}), {}])
    assert made["account_value"][0] == 5
    assert np.isnan(made["account_value"][1])
    assert made["registration"].tolist() == [1, -1]
    assert made["registration"].dtype == np.int16
    assert {column.dtype for name, column in made.items() if FACTS[name].kind != "code"} == {
        np.dtype(np.float64)
    }


def test_an_account_survives_columns() -> None:
    facts = account_from_json({**BASE, "account_value": None, "custodian": None})
    assert account_of(columns_of([facts]), 0) == facts
