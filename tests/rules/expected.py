"""What a golden case expects, held against an answer: every difference as one line of words.

An expectation mirrors the answer. A mapping holds where each of its keys does; a list of mappings where each
is found among the entries of the answer; texts where the answer's text contains them; numbers to the digits
that the answer shows. Beside the answer's own keys:

    outcome: [A, B]          any of several
    contributions            factor -> points of net fit
    fits                     factor -> [fit of the SMA, fit of the UMA]
    reasons                  codes that must be among the reasons; mappings as everywhere
    no_reasons               codes that no rule may give
    first_reason             the code said before all others
    shown                    role -> how many reasons are said in it
    first_question           the fact asked first
    trace                    lines of the traces; `rule` as factor.rule, or need.rule with no structure
    fragile_unless, provisional_unless    an outcome without which it must be so
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from tests.rules.goldens import Answer, Case, Rule

_HALF_A_DIGIT = 0.000051  # traces show four digits
_TEXTS = ("text", "why_not", "note", "problem", "remedy")


def check(case: Case, result: Answer) -> None:
    """Raise with every difference between a case and its answer, in words."""
    problems = [line for key, wanted in case.expect.items() for line in _problems(key, wanted, result)]
    problems += [line for rule in case.rules for line in _of_rule(rule, result)]
    if problems:
        raise AssertionError("\n".join([f"{case.file}: {case.name}", *problems, f"Why: {case.why}"]))


def _problems(key: str, wanted: Any, result: Answer) -> list[str]:
    if key in _SPECIAL:
        return _SPECIAL[key](wanted, result)
    if key not in result:
        return [f"{key}: the answer has no such part"]
    return _differences(key, wanted, result[key])


def _differences(where: str, wanted: Any, got: Any) -> list[str]:
    if isinstance(wanted, Mapping) and isinstance(got, Mapping):
        return [line for key in wanted for line in _differences(f"{where}.{key}", wanted[key], got.get(key))]
    if isinstance(wanted, list) and wanted and isinstance(wanted[0], Mapping) and isinstance(got, list):
        return [line for entry in wanted for line in _not_found(where, entry, got)]
    return (
        [] if same(where.rsplit(".", 1)[-1], wanted, got) else [f"{where}: expected {wanted!r}, got {got!r}"]
    )


def same(key: str, wanted: Any, got: Any) -> bool:
    """Whether one value is as expected."""
    if isinstance(wanted, bool) or isinstance(got, bool):
        return wanted is got
    if isinstance(wanted, int | float) and isinstance(got, int | float):
        return abs(wanted - got) < _HALF_A_DIGIT
    if isinstance(wanted, list) and isinstance(got, list):
        return len(wanted) == len(got) and all(same(key, a, b) for a, b in zip(wanted, got, strict=True))
    if key in _TEXTS and isinstance(wanted, str) and isinstance(got, str):
        return wanted in got
    return bool(wanted == got)


def _not_found(where: str, wanted: Mapping[str, Any], entries: list[Any]) -> list[str]:
    """The differences from the entry that comes nearest."""
    if not entries:
        return [f"{where}: expected {dict(wanted)}, got nothing"]
    tries = [_differences(where, wanted, entry) for entry in entries if isinstance(entry, Mapping)]
    return min(tries, key=len)


def _contributions(wanted: Mapping[str, float], result: Answer) -> list[str]:
    got = {entry["factor"]: entry["contribution"] for entry in result["factors"]}
    return _differences("contributions", wanted, got)


def _fits(wanted: Mapping[str, Any], result: Answer) -> list[str]:
    got = {entry["factor"]: [entry["fit_sma"], entry["fit_uma"]] for entry in result["factors"]}
    return _differences("fits", wanted, got)


def _reasons(wanted: list[Any], result: Answer) -> list[str]:
    got = [reason["code"] for reason in result["reasons"]]
    lines = [
        f"reasons: expected {code}, got {got}" for code in wanted if isinstance(code, str) and code not in got
    ]
    entries = [entry for entry in wanted if not isinstance(entry, str)]
    return lines + (_differences("reasons", entries, result["reasons"]) if entries else [])


def given(result: Answer) -> set[str]:
    """Every reason code in the answer, shown or behind a factor."""
    codes = {reason["code"] for reason in result["reasons"]}
    return codes.union(*(entry["reasons"] for entry in result["factors"]))


def _no_reasons(wanted: list[str], result: Answer) -> list[str]:
    return [f"reasons: expected no {code}, got it" for code in wanted if code in given(result)]


def _shown(wanted: Mapping[str, int], result: Answer) -> list[str]:
    roles = [reason["role"] for reason in result["reasons"]]
    return _differences("shown", wanted, {role: roles.count(role) for role in wanted})


def _first(part: str, key: str) -> Callable[[Any, Answer], list[str]]:
    def problems(wanted: Any, result: Answer) -> list[str]:
        got = [entry[key] for entry in result[part]]
        return [] if got[:1] == [wanted] else [f"first of {part}: expected {wanted}, got {got}"]

    return problems


def lines_of(result: Answer) -> list[dict[str, Any]]:
    """Every line of the traces of need and factors, its rule named as factor.rule."""
    traces = [("need", result["need_trace"])]
    traces += [(entry["factor"], entry["trace"]) for entry in result["factors"]]
    return [{**line, "rule": f"{part}.{line['rule']}"} for part, lines in traces for line in lines]


def _trace(wanted: list[Mapping[str, Any]], result: Answer) -> list[str]:
    lines = lines_of(result)
    found: list[str] = []
    for line in wanted:
        names = {key: line[key] for key in ("rule", "structure") if key in line}
        own = [entry for entry in lines if all(entry[key] == name for key, name in names.items())]
        found += _not_found(f"trace of {names}", line, own)
    return found


def _unless(part: str) -> Callable[[Any, Answer], list[str]]:
    def problems(outcome: Any, result: Answer) -> list[str]:
        fine = result["outcome"] == outcome or result[part] is True
        return [] if fine else [f"{part}: expected it with outcome {result['outcome']}, got {result[part]}"]

    return problems


def _outcome(wanted: Any, result: Answer) -> list[str]:
    right = wanted if isinstance(wanted, list) else [wanted]
    got = result.get("outcome", result.get("error"))
    return [] if got in right else [f"outcome: expected {' or '.join(right)}, got {got}"]


def _of_rule(rule: Rule, result: Answer) -> list[str]:
    where = f"{rule.structure or ''} {rule.key} of {rule.reads}".strip()
    lines = [ln for ln in lines_of(result) if (ln["rule"], ln["structure"]) == (rule.key, rule.structure)]
    if not lines:
        return [f"{where}: expected a line, got none"]
    wanted = {
        "value": float(rule.reads) if isinstance(rule.reads, bool) else rule.reads,
        "result": rule.gives,
    }
    return [problem for line in lines for problem in _differences(where, wanted, line)]


_SPECIAL: dict[str, Callable[[Any, Answer], list[str]]] = {
    "outcome": _outcome,
    "contributions": _contributions,
    "fits": _fits,
    "reasons": _reasons,
    "no_reasons": _no_reasons,
    "shown": _shown,
    "first_reason": _first("reasons", "code"),
    "first_question": _first("questions", "fact"),
    "trace": _trace,
    "fragile_unless": _unless("fragile"),
    "provisional_unless": _unless("provisional"),
}
