"""What an account can have of a sourced range of tax value: harvesting fades, and losses need gains."""

from __future__ import annotations

import itertools
from dataclasses import dataclass

from implementation.rules.facts import Facts
from implementation.rules.policy import Policy
from implementation.rules.wording import money, percent, words

Span = tuple[float, float]

_PER_BPS = 10_000.0
_RATES = ("short_term_rate", "long_term_rate", "short_term_gain_fraction")
_SAVES = ("usable_gains", "loss_carryforward", *_RATES)
"""Facts that say how much tax losses can save."""


@dataclass(frozen=True)
class Cap:
    """One limit.

    Attributes:
        left: what is left of the range under it, bps a year.
        bps: the most it allows; None where it leaves the range as it is or hangs on an unknown fact.
    """

    name: str
    left: Span
    bps: float | None
    text: str


def harvesting_caps(span: Span, facts: Facts, policy: Policy) -> list[Cap]:
    """The limits of harvesting in their order; each begins from what the one before it leaves.

    Args:
        span: what harvesting was found to bring, bps a year.
    """
    fading = _fading(span, facts, policy)
    gains = usable_gains(fading.left, facts, policy)
    return [fading, gains, Cap("deferral", gains.left, None, _deferral(facts))]


def _fading(span: Span, facts: Facts, policy: Policy) -> Cap:
    """Harvesting fades in a straight line to nothing; what is left is the average over the holding period.

    Something that refreshes the losses keeps the high end up, but the low end stays faded.
    """
    years, fades = facts["holding_horizon_years"], policy.numbers["harvest_fades_years"]
    longest = policy.ranges["holding_horizon_years"][1]
    least = _average_left(longest if years is None else years, fades)
    refreshed = _refreshed(facts)
    lasts = refreshed is not False or years is None
    high = span[1] if lasts else span[1] * least
    return Cap(
        "fading", (span[0] * least, high), None if lasts else high, _faded(facts, fades, least, refreshed)
    )


def _faded(facts: Facts, fades: float, left: float, refreshed: bool | None) -> str:
    years = facts["holding_horizon_years"]
    fading = (
        f"Harvesting fades to about nothing in {words('years', fades)} without short-term gains or new money"
    )
    if refreshed:
        fading += "; some are expected here, so the high end may last"
    elif refreshed is None:
        fading += "; whether there will be any is not known"
    if years is None:
        return f"{fading}. How much is left on average hangs on a holding period that is not known."
    verb = "is" if refreshed is False else "would otherwise be"
    return f"{fading}. Over {words('years', years)}, {percent(left)} of it {verb} left on average."


def _average_left(years: float, fades: float) -> float:
    """The average over `years` of what falls from all to nothing in a straight line over `fades` years."""
    return 1 - years / (2 * fades) if years <= fades else fades / (2 * years)


def _refreshed(facts: Facts) -> bool | None:
    """Whether short-term gains, new money or gifts of appreciated stock keep losses coming."""
    gains, short = facts["usable_gains"], facts["short_term_gain_fraction"]
    nothing = gains == 0 or short == 0
    short_term = False if nothing else None if gains is None or short is None else True
    others = [facts["planned_contributions"], facts["annual_gifting"]]
    parts = [short_term, *(None if amount is None else amount > 0 for amount in others)]
    return True if True in parts else None if None in parts else False


def usable_gains(span: Span, facts: Facts, policy: Policy) -> Cap:
    """Losses are worth at most the tax on what they offset: usable gains, and a little ordinary income."""
    offset = policy.numbers["ordinary_income_offset"]
    low, high = (
        dollars / facts["direct_index_value"] * _PER_BPS for dollars in _most_saved(facts, policy, offset)
    )
    left = min(span[0], low), min(span[1], high)
    if all(facts[name] is not None for name in _SAVES):
        text = (
            f"It is worth at most the tax on what it offsets, {words('bps', high)} a year: "
            f"{_offsets(facts, offset)}."
        )
    else:
        text = (
            f"It is worth at most the tax on what it offsets, usable gains and {money(offset)} of ordinary "
            "income a year; not all of that is known here."
        )
    if facts["loss_carryforward"]:
        text += f" The {money(facts['loss_carryforward'])} of losses carried forward are used first."
    return Cap("usable_gains", left, high if low == high else None, text)


def _offsets(facts: Facts, offset: float) -> str:
    gains, carried = facts["usable_gains"], facts["loss_carryforward"]
    short, long, fraction = (facts[name] for name in _RATES)
    parts = ["no usable gains"]
    if gains:
        parts = [f"{money(gains)} of usable gains at {percent(_rate(short, long, fraction))}"]
    if _offset_is_free(carried, gains):
        parts.append(f"{money(offset)} of ordinary income at {percent(short)}")
    return " and ".join(parts)


def _most_saved(facts: Facts, policy: Policy, offset: float) -> Span:
    """The least and the most dollars of tax a year that losses can save, over what is unknown."""
    saved = []
    # It rises or falls with each of them alone, so the corners bound it.
    ends = [policy.ranges[name] if facts[name] is None else (facts[name],) for name in _SAVES]
    for gains, carried, short, long, fraction in itertools.product(*ends):
        ordinary = offset * short if _offset_is_free(carried, gains) else 0.0
        saved.append(gains * _rate(short, long, fraction) + ordinary)
    return min(saved), max(saved)


def _rate(short: float, long: float, fraction: float) -> float:
    return long + fraction * (short - long)


def _offset_is_free(carried: float, gains: float) -> bool:
    """Whether new losses may use ordinary income: a carryforward that gains do not use up comes first."""
    return not carried or gains > 0


def _deferral(facts: Facts) -> str:
    if facts["step_up_expected"]:
        return (
            "A step-up in basis is expected. It forgives the tax that was put off, so what is harvested "
            "before it is saved for good, and who holds with little basis may do best by holding."
        )
    return "Most of it is deferral: the tax comes back when the holdings are sold."
