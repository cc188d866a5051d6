"""Checks of the reason catalog: every reason is said by something, and its text can be filled."""

from __future__ import annotations

from typing import TYPE_CHECKING

from implementation.rules.checks.findings import Finding, Findings
from implementation.rules.contract import FACTS
from implementation.rules.documents.document import MISSING
from implementation.rules.eligibility import TESTS
from implementation.rules.explanation.text_names import TEXT_KINDS
from implementation.rules.wording import counted_in, names_in, without_names

if TYPE_CHECKING:
    from implementation.rules.policy import Policy

ENGINE_REASONS: dict[str, str] = {
    "need.nothing_asks": "neither",
    "eligibility.no_program": "neither",
    **{
        f"eligibility.{structure}_{test.reason}": other
        for structure, other in (("sma", "UMA"), ("uma", "SMA"))
        for test in TESTS
    },
}
"""Reasons that the engine gives itself, and what each favors."""


def reason_faults(policy: Policy) -> Findings:
    """What is wrong with the catalog."""
    said = {parameter.says for parameter in policy.rules.values()} | set(ENGINE_REASONS)
    for code, favors in ENGINE_REASONS.items():
        if code not in policy.reasons:
            yield Finding("reasons", MISSING, f"the reason {code}, which the engine gives")
        elif policy.reasons[code].favours != favors:
            where = f"reasons[{list(policy.reasons).index(code)}].favours"
            yield Finding(where, policy.reasons[code].favours, f"{favors}, for {code}")
    for place, reason in enumerate(policy.reasons.values()):
        if reason.code not in said:
            where = f"reasons[{place}].code"
            yield Finding(where, reason.code, "a reason that some rule says, or that the engine gives")
        yield from _text(f"reasons[{place}].text", reason.text)
        if reason.unknown:
            yield from _text(f"reasons[{place}].unknown", reason.unknown)


def _text(where: str, text: str) -> Findings:
    for name in sorted(names_in(text) - set(FACTS) - set(TEXT_KINDS)):
        yield Finding(where, f"{{{name}}}", "names of facts, or of what is measured beside them")
    for name in sorted(counted_in(text)):
        if name in FACTS and FACTS[name].kind != "count":
            yield Finding(where, f"{{{name}|...|...}}", f"a number of things, not {FACTS[name].unit}")
    rest = without_names(text)
    if "{" in rest or "}" in rest:
        expected = "braces around names alone, like {account_value} or {lot_count|tax lot|tax lots}"
        yield Finding(where, text, expected)
    if not text.endswith("."):
        yield Finding(where, text, "sentences, the last one with its period")
