"""A what-if beside its record: what would come out, and what of it is different."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from advisory.recommendations.page.verdict import lead, signs
from advisory.recommendations.what_if.working import Worked
from advisory.recommendations.words import FACTOR_LABELS, fact_label, fact_words
from households.foundation.formats import UNKNOWN, bps, dollars, is_known, signed
from households.foundation.svg import Chart, fit_gauge
from households.templatetags.sleevewise import OUTCOMES

Result = Mapping[str, Any]
STRUCTURES = ("SMA", "UMA")
_GAINS = (
    "unrealized_gain_share",
    "stock_gain_share",
    "unrealized_gain",
    "unrealized_loss",
    "short_term_gain",
)
_SLACK = 0.02
"""Of the value: shares and amounts of one statement are not rounded alike."""
_OPEN = {"pass": "Open to this account", "fail": "Not open", "unknown": "Cannot be told"}


def brief(result: Result) -> dict[str, Any]:
    """Outcome, net fit and how sure, in words."""
    return {
        "outcome": result["outcome"],
        "outcome_words": OUTCOMES[result["outcome"]][0],
        "lead": lead(result),
        "net_fit": fit_words(result),
        "signs": signs(result),
    }


def fit_words(result: Result) -> str:
    """The net fit, or the span in which it lies."""
    if result["net_fit"] is not None:
        return signed(result["net_fit"])
    low, high = result["bounds"]
    return f"{signed(low)} to {signed(high)}"


def beside(recorded: Result, worked: Worked, tolerance: float) -> dict[str, Any]:
    """What the page tells of a what-if.

    Args:
        recorded: the record's own result.
        tolerance: within how many points either fits.
    """
    found = worked.result
    return {
        "recorded": brief(recorded),
        "now": brief(found),
        "any": bool(worked.steps),
        "flipped": found["outcome"] != recorded["outcome"],
        "sentence": sentence(recorded, worked),
        "gauge": _gauge(recorded, found, tolerance, bool(worked.steps)),
        "changes": changes_of(worked),
        "along": [
            {"label": fact_label(name), "before": _known(name, was), "after": _known(name, now)}
            for name, was in worked.along.items()
            for now in [worked.facts[name]]
        ],
        "left": [{"label": fact_label(name), "value": _known(name, found)} for name, found in _left(worked)],
        "factors": list(_factors(recorded, found)),
        "costs": list(_costs(recorded, found)),
        "access": [row for row in _access(recorded, found) if row["differs"]],
    }


def _left(worked: Worked) -> list[tuple[str, Any]]:
    """Facts of the gains that stayed as recorded although they no longer add up with what was changed."""
    moved = {*worked.along, *(step.fact for step in worked.steps)}
    before = {**worked.facts, **worked.along, **worked.before}
    if not moved & {*_GAINS, "account_value"} or not _add_up(before) or _add_up(worked.facts):
        return []
    return [
        (name, worked.facts[name]) for name in _GAINS if name not in moved and is_known(worked.facts[name])
    ]


def _add_up(facts: Mapping[str, Any]) -> bool:
    """Whether the gains agree: all of them net are gross gains less losses, those of stocks lie between."""
    value, gain, loss = (facts[name] for name in ("account_value", "unrealized_gain", "unrealized_loss"))
    if not value or gain is None or loss is None:
        return True
    slack = _SLACK * value
    net, stocks = (facts[name] for name in ("unrealized_gain_share", "stock_gain_share"))
    return (net is None or abs(net * value - (gain - loss)) <= slack) and (
        stocks is None or -loss - slack <= stocks * value <= gain + slack
    )


def _known(name: str, value: Any) -> str:
    return "not known" if value is None else fact_words(name, value)


def changes_of(worked: Worked) -> list[dict[str, str]]:
    """The facts set by hand, in the order in which they were."""
    return [
        {"label": fact_label(step.fact), "after": fact_words(step.fact, worked.facts[step.fact])}
        for step in worked.steps
    ]


def sentence(recorded: Result, worked: Worked) -> str:
    """What becomes of the outcome, in one sentence."""
    found = worked.result
    was, now = (OUTCOMES[result["outcome"]][0] for result in (recorded, found))
    if not worked.steps:
        return f"As recorded: {now}."
    if was != now:
        return f"The outcome would be {now}, not {was}."
    before, after = recorded["margin"], found["margin"]
    if is_known(before) and is_known(after) and abs(after - before) >= 0.05:
        return f"The outcome stays {now}, {'further from' if after > before else 'closer to'} a change."
    return f"The outcome stays {now}."


def _gauge(recorded: Result, found: Result, tolerance: float, changed: bool) -> Chart:
    low, high = found["bounds"]
    was = recorded["net_fit"] if changed else None
    return fit_gauge(
        net=found["net_fit"], low=low, high=high, tolerance=tolerance, recorded=was,
        title="Net fit, what if" if changed else "Net fit",
    )  # fmt: skip


def _factors(recorded: Result, found: Result) -> Iterator[dict[str, Any]]:
    before = {entry["factor"]: entry for entry in recorded["factors"]}
    for entry in found["factors"]:
        was = before.get(entry["factor"], {}).get("contribution")
        now = entry["contribution"]
        yield {
            "label": FACTOR_LABELS.get(entry["factor"], entry["label"]),
            "recorded": signed(was, 2),
            "now": signed(now, 2),
            "change": signed(now - was, 2) if is_known(was) and is_known(now) else UNKNOWN,
            "differs": was != now,
        }


def _costs(recorded: Result, found: Result) -> Iterator[dict[str, Any]]:
    """What the client would pay a year with either structure and with staying."""
    for structure in (*STRUCTURES, "STAY"):
        was, now = cost_of(recorded, structure), cost_of(found, structure)
        if was is None and now is None:
            continue
        before, after = (None if cost is None else cost["dollars"] for cost in (was, now))
        yield {
            "label": _cost_label(structure, found),
            "recorded": dollars(before),
            "now": dollars(after),
            "now_bps": bps(now["bps"]) if now else UNKNOWN,
            "change": _change(before, after),
            "differs": before != after,
        }


def _cost_label(structure: str, found: Result) -> str:
    if structure == "STAY":
        return "Stay as is"
    return structure if found["eligible"][structure] != "fail" else f"{structure} (not open)"


def cost_of(result: Result, structure: str) -> Mapping[str, Any] | None:
    """The cost of the program that represents a structure, or of staying."""
    program = result["programs"].get(structure)
    entries: Sequence[Mapping[str, Any]] = [
        entry for entry in result["cost"] if entry["structure"] == structure
    ]
    own = [entry for entry in entries if entry["program"] == program]
    return next(iter(own), None) if program or structure == "STAY" else None


def _change(before: float | None, after: float | None) -> str:
    if before is None or after is None:
        return UNKNOWN
    change = after - before
    return f"+{dollars(change)}" if change > 0 else dollars(change)


def _access(recorded: Result, found: Result) -> Iterator[dict[str, Any]]:
    """Whether each structure is open to the account, before and after."""
    for structure in STRUCTURES:
        was, now = recorded["eligible"][structure], found["eligible"][structure]
        yield {
            "label": f"The {structure}",
            "recorded": _OPEN[was],
            "now": _OPEN[now],
            "why": _refusal(found, structure) if now != "pass" else "",
            "differs": was != now,
        }


def _refusal(result: Result, structure: str) -> str:
    """The first test that the structure's representing program does not pass."""
    program = result["programs"].get(structure)
    failing = [
        entry
        for entry in result["eligibility"]
        if entry["structure"] == structure and entry["verdict"] != "pass"
    ]
    own = [entry for entry in failing if entry["program"] == program] or failing
    return str(own[0]["text"]) if own else ""
