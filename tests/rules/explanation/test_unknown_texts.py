"""What reasons say of an account of which something is not known: sentences that claim nothing unknown."""

from __future__ import annotations

import re
from typing import Any

import pytest

from implementation.rules.explain import explain
from implementation.rules.explanation.reasons import principal
from implementation.rules.explanation.text_names import TEXT_KINDS, with_withdrawals
from implementation.rules.facts import FACTS
from implementation.rules.wording import names_in
from tests.rules.books import AS_OF, POLICY, SHELF, columns

ALWAYS_KNOWN = {"sma_program", "uma_program", "etf_cost_bps"}
"""Names of programs, and a number of the policy itself."""
BROKEN = re.compile(r"\b(the|a|an|your) an?\b|unknown|\bNone\b|\bnan\b|\{|\}", re.IGNORECASE)
CASES = [
    (code, name)
    for code, reason in POLICY.reasons.items()
    for name in sorted(names_in(reason.text) - ALWAYS_KNOWN)
]


def known(name: str) -> Any:
    """Some value of the kind that a name has."""
    kind = FACTS[name].kind if name in FACTS else TEXT_KINDS[name]
    return {"code": "insider", "text": "House"}.get(kind, 0.5 if "share" in kind or kind == "rate" else 3.0)


def told(code: str, unknown: set[str]) -> str:
    reason = POLICY.reasons[code]
    values = {name: None if name in unknown else known(name) for name in names_in(reason.text)}
    (entry,) = principal(POLICY, 1 << reason.bit, {}, values, TEXT_KINDS, "SMA", None)
    return str(entry["text"])


@pytest.mark.parametrize(("code", "name"), CASES)
def test_a_reason_with_a_number_that_is_not_known_is_a_sentence(code: str, name: str) -> None:
    assert not BROKEN.search(told(code, {name}))


def test_a_reason_of_which_nothing_is_known_is_a_sentence() -> None:
    texts = [told(code, set(FACTS) | set(TEXT_KINDS) - ALWAYS_KNOWN) for code in POLICY.reasons]
    assert [text for text in texts if BROKEN.search(text)] == []


def test_the_text_without_numbers_asks_for_none() -> None:
    assert all(names_in(reason.unknown) <= ALWAYS_KNOWN for reason in POLICY.reasons.values())


def test_nothing_is_said_without_numbers_where_they_are_known() -> None:
    assert told("funding.many_lots", set()).startswith("3 tax lots come over, ")


def test_withdrawals_that_nobody_knows_begin_no_sentence() -> None:
    assert (with_withdrawals(None), with_withdrawals(0)) == (None, "with no withdrawals planned")


def test_a_sleeve_too_small_whatever_it_is() -> None:
    small = {"account_value": 40_000, "household_value": 40_000, "direct_index_value": None}
    entry = explain(columns(small), 0, SHELF, POLICY, AS_OF)
    (text,) = (one["text"] for one in entry["reasons"] if one["code"] == "eligibility.uma_sleeve_minimum")
    assert text == (
        "However much is meant for direct indexing, it is below the minimum that a sleeve of House UMA with "
        "direct index sleeve needs."
    )
