"""Hashes of ledger rows: a vector worked outside the product, and the same text from memory and database."""

import uuid
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import pytest

from advisory.recommendations.hashing import (
    canonical_json,
    encoded_column,
    encoder_of,
    fact_blocks,
    hashed_columns,
    inputs_hashes,
    row_hash,
    row_hashes,
)
from advisory.recommendations.models import Decision, Recommendation, SealedDocument
from households.models.facts import FACT_NAMES

# The lines below, written to a file without a last newline, through coreutils' sha256sum:
#   recommendations.sealeddocument/1
#   content_sha256=s"ab"
#   document=s"{\"a\":\"caf\u00e9\"}\n"
#   hash_version=i1
#   id=u0192f3a0000070008000000000000001
#   legal_hold=b0
#   occasion=s"presented"
#   prev_hash=s""
#   recommendation_id=u0192f3a0000070008000000000000002
#   recorded_at=t2026-11-22T14:05:00.123456Z
#   retention_class=s"account+6y"
#   retention_clock_start=d2026-01-31
#   schema_version=i1
#   sealed_by_id=n
#   seq=i3
VECTOR = "5d04a95649a5d5452ca328f6e39b16548b629724eabf034ae16e4407c8555f52"


def _document(**changes: Any) -> SealedDocument:
    values = {
        "id": uuid.UUID("0192f3a0000070008000000000000001"),
        "recommendation_id": uuid.UUID("0192f3a0000070008000000000000002"),
        "seq": 3,
        "recorded_at": datetime(2026, 11, 22, 14, 5, 0, 123456, tzinfo=UTC),
        "retention_clock_start": date(2026, 1, 31),
        "occasion": "presented",
        "document": '{"a":"café"}\n',
        "content_sha256": "ab",
    }
    return SealedDocument(**(values | changes))


def test_a_row_hashes_to_the_vector_worked_outside() -> None:
    assert row_hash(_document()) == VECTOR


def test_another_time_zone_is_the_same_moment() -> None:
    new_york = timezone(timedelta(hours=-5))
    moment = datetime(2026, 11, 22, 9, 5, 0, 123456, tzinfo=new_york)
    assert row_hash(_document(recorded_at=moment)) == VECTOR


@pytest.mark.parametrize(
    "changed",
    [
        {"seq": 4},
        {"id": uuid.UUID("0192f3a0000070008000000000000009")},
        {"recommendation_id": uuid.UUID("0192f3a0000070008000000000000009")},
        {"prev_hash": "0"},
        {"recorded_at": datetime(2026, 11, 22, 14, 5, 0, 123457, tzinfo=UTC)},
        {"document": '{"a":"cafe"}\n'},
        {"legal_hold": True},
        {"retention_clock_start": None},
    ],
)
def test_every_column_counts(changed: dict[str, Any]) -> None:
    assert row_hash(_document(**changed)) != VECTOR


@pytest.mark.parametrize(
    ("column", "value", "line"),
    [
        ("net_fit", 0.1 + 0.2, "x=f0.3"),
        ("net_fit", -0.0000001, "x=f0.0"),
        ("net_fit", 12, "x=f12.0"),
        ("net_fit", None, "x=n"),
        ("account_value", 200_000_000, "x=i200000000"),
        ("account_value", True, "x=i1"),
        ("fragile", 1, "x=b1"),
        ("fragile", False, "x=b0"),
        ("cash_share", 0, "x=f0.0"),
        ("as_of", date(2026, 2, 3), "x=d2026-02-03"),
        ("outcome", 'S"MA\nseq=i1', 'x=s"S\\"MA\\nseq=i1"'),
    ],
)
def test_the_column_decides_the_type_never_the_value(column: str, value: Any, line: str) -> None:
    field = Recommendation._meta.get_field(column)
    assert encoded_column("x", encoder_of(field), [value]) == [line]


def test_json_columns_are_written_one_way() -> None:
    """Whole floats become integers, because jsonb and Python would otherwise disagree about 1.0 and -0.0."""
    assert canonical_json({"b": [1.0, -0.0, 0.25], "a": "é"}) == '{"a":"\\u00e9","b":[1,0,0.25]}'


def test_inputs_depend_on_facts_and_rules_alone() -> None:
    facts: list[list[Any]] = [[None, None] for _ in FACT_NAMES]
    facts[0] = [100, 101]
    rules = {"policy_sha256": "p", "shelf_sha256": "s", "engine": 1}
    blocks = fact_blocks(facts)
    first, second = inputs_hashes(blocks, **rules)
    assert first != second
    assert inputs_hashes(fact_blocks([column[:1] for column in facts]), **rules) == [first]
    for change in ({"policy_sha256": "q"}, {"shelf_sha256": "t"}, {"engine": 2}):
        assert inputs_hashes(blocks, **(rules | change))[0] != first


def test_one_row_and_many_hash_alike() -> None:
    rows = [_document(seq=seq) for seq in (1, 2, 3)]
    columns = {name: [getattr(row, name) for row in rows] for name in hashed_columns(SealedDocument)}
    assert row_hashes(SealedDocument, columns) == [row_hash(row) for row in rows]


@pytest.mark.parametrize(
    ("model", "covered"),
    [
        (
            SealedDocument,
            "content_sha256 document hash_version id legal_hold occasion prev_hash recommendation_id "
            "recorded_at retention_class retention_clock_start schema_version sealed_by_id seq",
        ),
        (
            Decision,
            "alternatives_viewed by_id by_name by_role chosen conflict_acknowledged corrects_id "
            "cost_acknowledged cost_shown document_id hash_version id kind legal_hold prev_hash rationale "
            "reason_codes recommendation_id recorded_at retention_class retention_clock_start seq",
        ),
        (
            Recommendation,
            " ".join(FACT_NAMES) + " account_id advice_capacity advisor_id advisor_name advisor_pay_change "
            "as_of break_even_bps cheapest client_cost_change conflict context_contribution context_fit_sma "
            "context_fit_uma cost_contribution cost_fit_sma cost_fit_uma customization_contribution "
            "customization_fit_sma customization_fit_uma decided_by engine etf_cost etf_cost_bps "
            "facts_revision firm_revenue_change fragile funding_contribution funding_fit_sma funding_fit_uma "
            "hash_version household_id id inputs_hash kind known_at lean legal_hold margin "
            "minimums_contribution minimums_fit_sma minimums_fit_uma need net_fit net_fit_high net_fit_low "
            "next_review_due office_name outcome outcome_set policy_sha256 policy_version prev_hash "
            "provenance provisional reasons recorded_at requested_by_id retention_class "
            "retention_clock_start retirement run_id seq shelf_sha256 shelf_version sma_cost sma_cost_bps "
            "sma_eligible sma_program stay_cost stay_cost_bps supersedes_id supervisor_name "
            "tax_contribution tax_fit_sma tax_fit_uma trigger uma_cost uma_cost_bps uma_eligible uma_program",
        ),
    ],
)
def test_what_version_1_covers_is_pinned(model: type, covered: str) -> None:
    """A new column changes every hash: raise HASH_VERSION, keep this list for version 1."""
    assert " ".join(hashed_columns(model)) == covered
