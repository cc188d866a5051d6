"""What the dearer structure would have to earn, beside what it is known to bring, here and at most."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from implementation.rules.engine import Evaluation
from implementation.rules.explanation.value_caps import Cap, Span, harvesting_caps, usable_gains
from implementation.rules.facts import Facts
from implementation.rules.policy import Policy
from implementation.rules.programs import Source
from implementation.rules.scoring import Scored
from implementation.rules.shapes import interval_of
from implementation.rules.wording import money, plain, words

Entry = dict[str, Any]

_HARVESTING, _COORDINATION = "harvesting", "coordination"


@dataclass(frozen=True)
class _Brings:
    """What the dearer structure was found to bring, before this account's own limits.

    Attributes:
        what: harvesting or coordination; empty where nothing can be brought, or nobody knows whether.
        span: bps a year, None where it is not known whether anything is brought.
        limit: name of what leaves nothing, empty otherwise.
        text: the same in words.
    """

    what: str
    span: Span | None
    limit: str
    text: str


def break_even(facts: Facts, found: Evaluation, scored: Scored, policy: Policy) -> Entry | None:
    """What the dearer structure has to bring a year on the direct index, beside what it can bring.

    Returns:
        None where a cost or the direct index is unknown. Otherwise
        dearer, dollars, bps: which, by how much a year, and as bps of the direct index;
        range_bps: the sourced range, None where it is not known whether anything is brought at all;
        capped_range_bps: what of it this account can have, bounds where a fact is unknown;
        caps: [{name, bps, text}], what limits it; bps is None where a limit leaves the range as it is or
            hangs on an unknown fact;
        earns_back: "yes" where even the low end exceeds the break-even, "no" where even the high end does
            not, "depends" between, None unknown;
        text: all of it in words, the limits apart.
    """
    bps = float(found.break_even_bps[0])
    if np.isnan(bps):
        return None
    sma, uma = float(found.cost_dollars["SMA"][0]), float(found.cost_dollars["UMA"][0])
    if sma == uma:
        same = "Both cost the same, so nothing has to be earned back."
        return _entry(0.0, None, 0.0, None, None, [], "yes", same)
    dearer, dollars = ("SMA" if sma > uma else "UMA"), abs(sma - uma)
    needed = (
        f"The {dearer} costs {money(dollars)} more a year, which is {words('bps', bps)} of the "
        f"{money(facts['direct_index_value'])} meant for direct indexing."
    )
    brings = _brings(dearer, facts, scored, policy)
    if brings.span is None:
        return _entry(bps, dearer, dollars, None, None, [], None, f"{needed} {brings.text}")
    caps = _caps(brings, brings.span, facts, policy)
    capped = caps[-1].left
    back = _earns_back(bps, capped)
    text = f"{needed} {brings.text} {_told(brings.span, capped, back)}"
    return _entry(bps, dearer, dollars, brings.span, capped, caps, back, text)


def _caps(brings: _Brings, span: Span, facts: Facts, policy: Policy) -> list[Cap]:
    """The limits in their order; each begins from what the one before it leaves."""
    if brings.limit:
        return [Cap(brings.limit, (0.0, 0.0), 0.0, brings.text)]
    if brings.what == _HARVESTING:
        return harvesting_caps(span, facts, policy)
    return [usable_gains(span, facts, policy)]


def _entry(
    bps: float,
    dearer: str | None,
    dollars: float,
    span: Span | None,
    capped: Span | None,
    caps: list[Cap],
    back: str | None,
    text: str,
) -> Entry:
    return {
        "bps": round(bps, 2),
        "dearer": dearer,
        "dollars": round(dollars, 2),
        "range_bps": _rounded(span),
        "capped_range_bps": _rounded(capped),
        "caps": [
            {"name": cap.name, "bps": None if cap.bps is None else round(cap.bps, 2), "text": cap.text}
            for cap in caps
        ],
        "earns_back": back,
        "text": text,
    }


def _rounded(span: Span | None) -> list[float] | None:
    return None if span is None else [round(end, 2) + 0.0 for end in span]


def _earns_back(bps: float, capped: Span) -> str:
    low, high = capped
    return "yes" if low > bps else "no" if high <= bps else "depends"


def _told(span: Span, capped: Span, back: str) -> str:
    low, high = (plain(end, 1) for end in capped)
    here = f"{low} to {high} bps" if low != high else f"{high} bps"
    here = f"For this account that is {here}. " if capped != span else ""
    return (
        here
        + {
            "yes": "Even the low end earns the difference back.",
            "no": "Even the high end does not earn the difference back.",
            "depends": "Whether that earns the difference back depends on where in the range it falls.",
        }[back]
    )


# --- what it is known to bring ----------------------------------------------------------------------------


def _brings(dearer: str, facts: Facts, scored: Scored, policy: Policy) -> _Brings:
    if facts["tax_status"] is None:
        text = "Whether gains here are taxed is not known, and with it whether anything is earned back."
        return _Brings("", None, "", text)
    if facts["tax_status"] != "taxable":
        text = "Gains here are not taxed, so neither coordination nor harvesting earns it back."
        return _Brings("", (0.0, 0.0), "not_taxable", text)
    if dearer == "SMA":
        text = "Harvesting was found to bring {range} ({source})."
        return _sourced(_HARVESTING, text, policy)
    coordinates = _coordinates(facts, scored)
    if coordinates is None:
        return _Brings("", None, "", "Whether an overlay reaches other taxable holdings is not known.")
    if not coordinates:
        text = "No overlay reaches other taxable holdings, so coordination brings nothing here."
        return _Brings("", (0.0, 0.0), "no_reach", text)
    return _sourced(_COORDINATION, "Coordination was found to bring {range} ({source}).", policy)


def _sourced(what: str, text: str, policy: Policy) -> _Brings:
    names = [f"{what}_{end}_bps" for end in ("low", "high")]
    low, high = (policy.numbers[name] for name in names)
    sources = [_cite(policy.bases[f"numbers.{name}"].source) for name in names]
    told = text.format(range=f"{plain(low)} to {plain(high)} bps", source="; ".join(dict.fromkeys(sources)))
    return _Brings(what, (low, high), "", told)


def _cite(source: Source) -> str:
    return f"{source.title}, {source.date}"


def _coordinates(facts: Facts, scored: Scored) -> bool | None:
    """Whether there is something for the overlay to coordinate: sleeves here, or accounts that it reaches.

    None where that is not known.
    """
    sleeves, accounts = facts["sleeves_wanted"], facts["taxable_equity_accounts"]
    reach = interval_of(scored.structures["UMA"].measures["overlay_reach"])
    shares = [facts["group_on_platform_share"], facts["group_movable_share"]]
    across = _all(
        None if accounts is None else accounts >= 2,
        float(reach.low[0]) > 0 or (None if float(reach.high[0]) > 0 else False),
        any(shares) or (None if None in shares else False),
    )
    within = None if sleeves is None else sleeves >= 2
    if within or across:
        return True
    return None if within is None or across is None else False


def _all(*parts: bool | None) -> bool | None:
    """Whether all hold: no as soon as one does not, not known where that alone is open."""
    if False in parts:
        return False
    return None if None in parts else True
