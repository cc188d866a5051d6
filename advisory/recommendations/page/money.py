"""What the alternatives cost the client, and what firm and advisor earn with them."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from households.foundation.formats import UNKNOWN, dollars
from households.foundation.svg import Alternative, Chart, break_even_bars, cost_bars

_KINDS = {"SMA": "sma", "UMA": "uma", "STAY": "stay", "ETF": "etf"}
_AMOUNTS = ("client_cost", "firm_revenue", "advisor_pay")


def cost_rows(result: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Every alternative with its all-in cost; unknown stays unknown."""
    chosen = set(result["programs"].values())
    return [
        {
            "name": entry["name"],
            "kind": _KINDS[entry["structure"]],
            "bps": entry["bps"],
            "dollars": entry["dollars"],
            "eligible": entry["eligible"] if entry["program"] else None,
            "open": bool(entry["program"]) and entry["eligible"] is None,
            "note": _note(entry, result["cost"]),
            "chosen": entry["program"] in chosen and entry["structure"] == result["outcome"],
        }
        for entry in result["cost"]
    ]


def _note(entry: Mapping[str, Any], entries: Sequence[Mapping[str, Any]]) -> str:
    if not entry["cheapest"]:
        return str(entry["note"])
    equals = [one["name"] for one in entries if one["cheapest"] and one is not entry]
    if not equals:
        return f"{entry['note']} The cheapest that is open."
    verb = "costs" if len(equals) == 1 else "cost"
    return f"{entry['note']} Nothing that is open costs less; {' and '.join(equals)} {verb} the same."


def cost_chart(rows: Sequence[Mapping[str, Any]]) -> Chart:
    """The same as bars."""
    return cost_bars(
        [
            Alternative(
                row["name"], row["kind"], row["bps"], row["dollars"], row["eligible"], open=row["open"]
            )
            for row in rows
        ]
    )


_DECIDES_NOTHING = " This looks at cost and tax value alone; the reasons above look at everything."
_BACK = {
    "yes": ("The {dearer} earns its higher cost back, even at the low end.", "ok"),
    "no": ("The {dearer} does not earn its higher cost back, even at the high end.", "warn"),
    "depends": (
        "Whether the {dearer} earns its higher cost back depends on where in the range it comes to lie.",
        "warn",
    ),
}


def break_even(result: Mapping[str, Any]) -> dict[str, Any] | None:
    """What the dearer structure has to earn, beside what it can; None where a cost is unknown.

    Documents of before the limits of an account were worked out have the sourced range alone.
    """
    entry = result["break_even"]
    if not entry:
        return None
    found, here = entry["range_bps"], entry.get("capped_range_bps")
    words, tone = _BACK.get(entry.get("earns_back") or "", ("", ""))
    return {
        "text": entry["text"],
        "chart": break_even_bars(
            needed=entry["bps"],
            dearer=entry["dearer"],
            found=tuple(found) if found else None,
            here=tuple(here) if here else None,
        )
        if entry["dearer"]
        else None,
        "caps": [cap["text"] for cap in entry.get("caps") or ()],
        "verdict": _verdict(words, entry["dearer"], result["outcome"]),
        "tone": tone,
    }


def _verdict(words: str, dearer: str | None, outcome: str) -> str:
    if not dearer:
        return ""
    return words.format(dearer=dearer) + (_DECIDES_NOTHING if words and outcome != dearer else "")


def conflict_rows(conflict: Mapping[str, Any]) -> dict[str, Any]:
    """Client, firm and advisor a year with either structure, and the change both ways.

    Amounts are recorded as text of dollars; null is unknown and stays so in every difference.
    """
    amounts = {
        structure: {name: _dollars(values[name]) for name in _AMOUNTS}
        for structure, values in conflict["structures"].items()
    }
    sma, uma = amounts["SMA"], amounts["UMA"]
    known = [*sma.values(), *uma.values()]
    return {
        "rows": [
            {"label": "With the SMA", "amounts": [dollars(amount) for amount in sma.values()]},
            {"label": "With the UMA", "amounts": [dollars(amount) for amount in uma.values()]},
            {"label": "SMA instead of UMA", "amounts": _difference(sma, uma), "change": True},
            {"label": "UMA instead of SMA", "amounts": _difference(uma, sma), "change": True},
        ],
        "cheapest": conflict["cheapest_eligible"],
        "unknown": any(amount is None for amount in known),
    }


def _dollars(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)


def _difference(of: Mapping[str, Decimal | None], against: Mapping[str, Decimal | None]) -> list[str]:
    return [_signed(of[name], against[name]) for name in _AMOUNTS]


def _signed(of: Decimal | None, against: Decimal | None) -> str:
    if of is None or against is None:
        return UNKNOWN
    return f"+{dollars(of - against)}" if of > against else dollars(of - against)
