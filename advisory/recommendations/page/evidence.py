"""Below the first screen: eligibility tests, what each factor added and from which facts, all inputs."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

from advisory.recommendations.words import FACT_LABELS, FACTOR_LABELS, fact_label, fact_words
from households.foundation.formats import UNKNOWN, bps, count, decimal, dollars, percent, signed, yes_no
from households.foundation.svg import Chart, Contribution, diverging_bars
from households.intake.codes import CODES, LEVELS, code_word
from households.provenance import QUALITIES
from implementation.rules.eligibility import TESTS
from implementation.rules.factors import FITS, MEASURES, reads
from implementation.rules.facts import FACTS
from implementation.rules.wording import money as money_words
from implementation.rules.wording import worth_telling

Links = Callable[[str], str]
"""Fact name -> address of the field where it is answered; "" where there is none."""
MONEY_FACTS = ("account_value", "direct_index_value", "planned_withdrawals", "planned_contributions")
"""What stands behind the measures of headroom over a minimum."""
_TESTS = {
    "initial_minimum": "Initial minimum",
    "maintenance_minimum": "Minimum after withdrawals",
    "sleeve_minimum": "Sleeve minimum",
    "custodian": "Custodian",
    "registration": "Registration",
    "strategy": "Target exposure",
    "options_overlay": "Options overlay",
    "alternatives": "Alternatives",
    "fixed_income_discretion": "Bond manager's discretion",
    "maximum_restrictions": "Excluded securities",
    "legacy_retention": "Keeping legacy holdings",
    "lots_known": "Tax lots known",
}
_KINDS = {test.name: FACTS[test.fact].kind for test in TESTS}
_NEUTRAL = 50  # the fit that the points of the rules are added to
_LEAST_SHOWN = 0.005
_TONES = {"pass": "ok", "fail": "bad", "unknown": "warn"}
_VERDICTS = {"pass": "Passes", "fail": "Fails", "unknown": "Cannot be told"}


# --- eligibility ----------------------------------------------------------------------------------------


def eligibility(result: Mapping[str, Any], links: Links) -> dict[str, Any]:
    """One group a program: those that represent their structures first, the others apart."""
    chosen = set(result["programs"].values())
    groups: dict[str, dict[str, Any]] = {}
    for entry in result["eligibility"]:
        group = groups.setdefault(
            entry["program"],
            {
                "name": entry["program_name"],
                "structure": entry["structure"],
                "represents": entry["program"] in chosen,
                "tests": [],
            },
        )
        group["tests"].append(_test(entry, links))
    for group in groups.values():
        verdicts = [test["verdict"] for test in group["tests"]]
        worst = next((verdict for verdict in ("fail", "unknown") if verdict in verdicts), "pass")
        failed = verdicts.count("fail")
        group["tone"] = _TONES[worst]
        group["words"] = {
            "pass": "Open to this account",
            "fail": f"Not open: {failed} test{'' if failed == 1 else 's'} failed",
            "unknown": "Cannot be told yet",
        }[worst]
        group["short"] = any(test["gap"] for test in group["tests"])
    return {
        "first": [group for group in groups.values() if group["represents"]],
        "others": [group for group in groups.values() if not group["represents"]],
    }


def _test(entry: Mapping[str, Any], links: Links) -> dict[str, Any]:
    name, fact = entry["test"], entry["fact"]
    money = _KINDS.get(name) == "money"
    return {
        "label": _TESTS.get(name, name.replace("_", " ").capitalize()),
        "fact": fact_label(fact),
        "link": links(fact),
        "verdict": entry["verdict"],
        "tone": _TONES[entry["verdict"]],
        "words": _VERDICTS[entry["verdict"]],
        "value": _value(name, fact, entry["value"]),
        "threshold": _threshold(name, fact, entry["threshold"]),
        "gap": money_words(entry["gap"]) if money and entry["gap"] else "",
        "missing": _missing(entry["missing"]) if entry["missing"] else "",
    }


def _value(test: str, fact: str, value: Any) -> str:
    words = fact_words(fact, value)
    if _KINDS.get(test) == "flag" and value is not None:
        return "Needed" if value else "Not needed"
    return words


def _threshold(test: str, fact: str, threshold: Any) -> str:
    """What the program asks, in words; no threshold means that it accepts anything."""
    kind = _KINDS.get(test)
    if test == "lots_known":
        return "Not asked" if threshold is None else f"At least {percent(threshold)}"
    if test == "maximum_restrictions":
        return "No limit" if threshold is None else f"At most {count(threshold)}"
    if threshold is None:
        return "Any" if kind == "code" else "Not stated"
    if kind == "code":
        return ", ".join(code_word(fact, code) or code for code in threshold)
    if kind == "money":
        return f"At least {dollars(threshold)}" if threshold else "No minimum"
    return "Offered" if threshold else "Not offered"


def _missing(name: str) -> str:
    """``house_uma.fees`` or a fact, in words."""
    _, dot, field = name.partition(".")
    return f"the program's {field.replace('_', ' ')}" if dot else fact_label(name).lower()


# --- factors --------------------------------------------------------------------------------------------


def factor_chart(result: Mapping[str, Any], logic: Mapping[str, Any]) -> Chart:
    """What each factor adds, with the net fit and the band in which either fits."""
    bars = [
        Contribution(
            label=FACTOR_LABELS.get(entry["factor"], entry["label"]),
            value=entry["contribution"],
            note="does not apply" if _inert(entry) else "",
        )
        for entry in result["factors"]
    ]
    return diverging_bars(bars, net=result["net_fit"], tolerance=logic["either_within"])


def _inert(entry: Mapping[str, Any]) -> bool:
    """Tax coordination in an account whose gains are not taxed: it weighs nothing, on purpose."""
    return entry["contribution"] == 0 and any(code.endswith(".not_taxable") for code in entry["reasons"])


def factors(
    result: Mapping[str, Any], inputs: Sequence[Mapping[str, Any]], links: Links
) -> list[dict[str, Any]]:
    """Fits, weight and points of each factor, the facts that it read, and its arithmetic."""
    values = {entry["name"]: entry["value"] for entry in inputs}
    rows = []
    for entry in result["factors"]:
        rows.append(
            {
                "label": FACTOR_LABELS.get(entry["factor"], entry["label"]),
                "fit_sma": entry["fit_sma"],
                "fit_uma": entry["fit_uma"],
                "weight": entry["weight"],
                "points": entry["contribution"],
                "bounds": entry["bounds"],
                "inert": _inert(entry),
                "facts": [
                    {
                        "label": fact_label(name),
                        "value": fact_words(name, values.get(name)),
                        "link": links(name),
                    }
                    for name in _read_by(entry["factor"])
                ],
                "steps": [line for step in entry["trace"] if (line := _line(step))] + cuts(entry),
            }
        )
    return rows


def cuts(entry: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Fits of a factor that were held to their range, each with what that takes from the points of its rules.

    Empty for minimums, whose tightest line alone counts, where a missing fact leaves the points open, and for
    documents of before the lines had points.
    """
    if entry["factor"] == "minimums":
        return []
    found = []
    for structure, fit, sign in (("SMA", entry["fit_sma"], 1), ("UMA", entry["fit_uma"], -1)):
        if fit not in (0.0, 100.0):
            continue
        given = [
            step["points"] for step in entry["trace"] if "points" in step and step["structure"] == structure
        ]
        sums = [points for points in given if points is not None]
        if not sums or any(isinstance(points, list) for points in sums):
            continue
        taken = sign * (fit - _NEUTRAL) * entry["weight"] - sum(sums)
        if abs(taken) >= _LEAST_SHOWN:
            limit = "100, the most" if fit else "0, the least"
            text = f"Held to {limit} that a fit can be"
            found.append({"structure": structure, "label": text, "value": "", "points": signed(taken, 2)})
    return found


def _line(step: Mapping[str, Any]) -> dict[str, Any] | None:
    """One rule of a factor: what it looked at, what it found, and what that adds to the net fit.

    None for what gave no points. Documents of before the lines had fields of their own have a text alone.
    """
    if step["gives"] != "points" or not step.get("counts", True):
        return None
    if "points" not in step:
        return {"structure": step["structure"], "text": step["text"]}
    return {
        "structure": step["structure"],
        "label": _label(step),
        "value": _read(step["kind"], step["value"]),
        "points": _ends(step["points"], lambda points: signed(points, 2)),
    }


def need_lines(result: Mapping[str, Any]) -> list[dict[str, Any]]:
    """What the need test looked at and whether it asks for direct indexing; empty in older documents."""
    lines = []
    for step in result.get("need_trace") or ():
        if step["gives"] != "note":
            continue
        asks = None if isinstance(step.get("result"), list) and not step["counts"] else bool(step["counts"])
        lines.append({"label": _label(step), "value": _read(step["kind"], step["value"]), "asks": asks})
    return lines


def _label(step: Mapping[str, Any]) -> str:
    """What a rule looked at: a fact by its own name, anything worked out by the rule's."""
    fact, (rule, _, _) = step.get("fact"), step["text"].partition(": ")
    return FACT_LABELS.get(fact, rule) if fact else rule


def _read(kind: str, value: Any) -> str:
    """What a rule read, with its unit."""
    if isinstance(value, str):
        return next((words for codes in CODES.values() for code, words in codes if code == value), value)
    if isinstance(value, list) and (None in value or not worth_telling(kind, *value)):
        return "not known"
    told = _ends(value, _WRITERS.get(kind, decimal))
    return f"not known, {told}" if isinstance(value, list) else told


def _ends(value: Any, write: Callable[[float], str]) -> str:
    """A number, or the span in which it lies where a fact is missing."""
    if not isinstance(value, list):
        return UNKNOWN if value is None else write(value)
    low, high = ("no limit" if end is None else write(end) for end in value)
    return f"{low} to {high}"


def _level(value: float) -> str:
    return LEVELS[round(value)]


_WRITERS: Mapping[str, Callable[[float], str]] = {
    "money": dollars,
    "share": percent,
    "signed_share": percent,
    "rate": percent,
    "bps": bps,
    "count": count,
    "level": _level,
    "flag": lambda value: yes_no(bool(value)),
    "years": lambda value: f"{decimal(value)} years",
    "ratio": lambda value: f"{decimal(value, 2)} times",
}


def _read_by(factor: str) -> tuple[str, ...]:
    names = reads(FITS[factor]) if factor in FITS else ()
    behind = MONEY_FACTS if any(name.startswith("headroom") for name in names) else ()
    return (*behind, *(name for name in names if name not in MEASURES))


# --- inputs ---------------------------------------------------------------------------------------------


def input_rows(inputs: Sequence[Mapping[str, Any]], links: Links) -> list[dict[str, Any]]:
    """Every fact with where it came from, as recorded."""
    return [
        {
            "label": fact_label(entry["name"]),
            "value": fact_words(entry["name"], entry["value"]),
            "link": links(entry["name"]),
            "provenance": {
                "source": entry["source"],
                "date": date.fromisoformat(entry["source_date"]) if entry["source_date"] else None,
            },
            "quality": QUALITIES.get(entry["quality"], entry["quality"].replace("_", " ")),
            "missing": entry["value"] is None,
        }
        for entry in inputs
    ]
