"""Answers that cannot all be true, said in plain words with the values and what to do about them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from households.facts.holdings import FUNDING_SHARES
from households.intake.sections import LABELS
from households.intake.words import fact_words

SUM_SLACK = 0.001
"""Shares are often typed to a tenth of a percent, five of them."""
_ROUNDING = 2e-6

Facts = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Contradiction:
    """Facts that exclude each other.

    Attributes:
        names: all of them, the one to look at first in front.
        message: what is wrong, with values and remedy.
    """

    names: tuple[str, ...]
    message: str


def contradictions(facts: Facts) -> list[Contradiction]:
    """Every contradiction among an account's facts (stored units; None unknown)."""
    return [*_funding(facts), *_concentration(facts), *_parts(facts), *_marks(facts), *_flows(facts)]


def _funding(facts: Facts) -> Iterator[Contradiction]:
    known = {name: facts[name] for name in FUNDING_SHARES if facts.get(name) is not None}
    total = sum(known.values())
    complete = len(known) == len(FUNDING_SHARES)
    if total > 1 + SUM_SLACK or (complete and total < 1 - SUM_SLACK):
        parts = " + ".join(f"{LABELS[name]} {fact_words(name, value)}" for name, value in known.items())
        names = sorted(known, key=lambda name: -known[name])
        words = fact_words("cash_share", total)
        yield Contradiction(
            (*names, *(name for name in FUNDING_SHARES if name not in known)),
            f"The shares add up to {words}, not 100%: {parts}. Correct one of them, or leave one empty.",
        )


def _concentration(facts: Facts) -> Iterator[Contradiction]:
    largest, stock, bond = (
        facts.get(name) for name in ("largest_position_share", "stock_share", "bond_share")
    )
    if largest is None or stock is None or bond is None:
        return
    if largest > stock + bond + _ROUNDING:
        yield Contradiction(
            ("largest_position_share", "stock_share", "bond_share"),
            f"{_said('largest_position_share', largest)} exceeds all stocks and bonds together "
            f"({fact_words('stock_share', stock + bond)}). Correct it, or the shares in “Value and funding”.",
        )


_PARTS = (
    ("saleable_largest_share", "largest_position_share"),
    ("stock_gain_share", "stock_share"),
    ("direct_index_value", "account_value"),
    ("short_term_gain", "unrealized_gain"),
    ("unrealized_gain", "account_value"),
    ("account_value", "household_value"),
    ("household_managed_accounts", "household_accounts"),
    ("taxable_equity_accounts", "household_accounts"),
)


def _parts(facts: Facts) -> Iterator[Contradiction]:
    for part, whole in _PARTS:
        value, limit = facts.get(part), facts.get(whole)
        if value is not None and limit is not None and value > limit + _ROUNDING:
            of = _said(whole, limit, inside=True)
            yield Contradiction(
                (part, whole) if part != "account_value" else (whole, part),
                f"{_said(part, value)} cannot exceed {of}, of which it is a part. Correct one of them.",
            )


def _marks(facts: Facts) -> Iterator[Contradiction]:
    restricted, kept = facts.get("restricted_share"), facts.get("legacy_retention_share")
    if restricted is not None and kept is not None and restricted + kept > 1 + _ROUNDING:
        first, second = "legacy_retention_share", "restricted_share"
        both = f"{_said(first, kept)} and {_said(second, restricted, inside=True)}"
        yield Contradiction(
            (first, second),
            f"{both} are together more than the account. Count each holding once.",
        )
    if facts.get("restriction_reason") == "none" and (restricted or 0) > 0:
        yield Contradiction(
            ("restriction_reason", "restricted_share"),
            f"{_said('restricted_share', restricted)}, but no reason is given. Choose one, or enter 0.",
        )


def _flows(facts: Facts) -> Iterator[Contradiction]:
    names = ("planned_withdrawals", "account_value", "planned_contributions")
    out, value, into = (facts.get(name) for name in names)
    if out is not None and value is not None and out > value + (into or 0):
        yield Contradiction(
            names,
            f"{_said(names[0], out)} are more than there is to withdraw "
            f"({fact_words('account_value', value + (into or 0))} with contributions). Correct the amount.",
        )


def _said(name: str, value: Any, *, inside: bool = False) -> str:
    label = LABELS[name]
    return f"{label[0].lower() + label[1:] if inside else label} ({fact_words(name, value)})"
