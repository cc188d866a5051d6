"""One rule of the policy as an entry of the page of rules."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from implementation.reference.facts import link
from implementation.reference.markdown import listed
from implementation.rule_words import rule_allowed, sentence, speaks
from implementation.rules.checks.reasons import ENGINE_REASONS
from implementation.rules.checks.rules import Rule, placed
from implementation.rules.factors import LABELS, MEASURES
from implementation.rules.parameters import Parameter
from implementation.rules.policy import Policy

_BY_ENGINE = {
    "need.nothing_asks": "the need test, where none of its rules asks for direct indexing",
    "eligibility.no_program": "the eligibility tests, where the shelf has no program of a structure",
}


class Entries:
    """Every rule of a policy, ready to be told part by part.

    Args:
        curves: key of a rule -> path of its picture.
    """

    def __init__(self, policy: Policy, curves: Mapping[str, str]) -> None:
        self.policy, self.curves = policy, curves
        self.rules = placed(policy)

    def of_part(self, part: str, side: str) -> list[str]:
        """Lines about the rules of the need test or of a factor, for one side of it."""
        own = [rule for rule in self.rules if (rule.part, rule.side) == (part, side)]
        return [line for rule in own for line in self._entry(rule)]

    def who_says(self, code: str) -> str:
        """What gives a reason."""
        if code in ENGINE_REASONS:
            return _BY_ENGINE.get(code, "the eligibility tests")
        said = [self._label(rule.parameter, rule.part) for rule in self.rules if rule.parameter.says == code]
        return "; ".join(dict.fromkeys(said))

    def _label(self, parameter: Parameter, part: str) -> str:
        return f"{LABELS.get(part, 'Need')}: {parameter.label}"

    def _entry(self, rule: Rule) -> list[str]:
        parameter = rule.parameter
        lines = [f"**{parameter.label}** (`{parameter.key}`)", ""]
        if picture := self.curves.get(parameter.key):
            lines += [f"![{parameter.label}]({picture})", ""]
        lines += [sentence(parameter, rule.span.value[0]), ""]
        lines += [f"- {point}" for point in self._points(rule)]
        return [*lines, ""]

    def _points(self, rule: Rule) -> list[str]:
        parameter, given, basis = rule.parameter, rule.given, rule.parameter.basis
        reads, gives = parameter.unit
        points = [f"Reads {self._made_of(rule, given.facts, given.rules)} ({reads}); gives {gives}."]
        if scale := self._made_of(rule, given.times_facts, given.times_rules):
            points.append(f"Scaled by {scale}.")
        if parameter.says:
            text = self.policy.reasons[parameter.says].text
            points.append(f"Says `{parameter.says}` {speaks(parameter)}: “{text}”")
        if parameter.monotone:
            points.append(f"Declared {parameter.monotone}: results never turn back.")
        if parameter.same_as:
            what = "Its bound is" if parameter.same_as.startswith("numbers.") else "The same rule as"
            points.append(f"{what} `{parameter.same_as}`; stated there alone.")
        points.append(f"Why: {basis.rationale}")
        source = basis.source
        points.append(f"Source: {source.title}, {source.date} ({source.evidence}).")
        may_be = rule_allowed(parameter)
        told = f"Allowed: {'; '.join(may_be)}. " if may_be else ""
        points.append(f"{told}Review by {basis.review_by}.")
        return points

    def _made_of(self, rule: Rule, facts: Sequence[str], rules: Sequence[str]) -> str:
        """Facts, measures and results of other rules that a value is made of."""
        names = [f"`{name}`" if name in MEASURES else link(name) for name in facts]
        labels = [self._rule_named(rule.part, rule.side, name) for name in rules]
        told = [f"*{label}*" for label in labels if label]
        return listed([*names, *dict.fromkeys(told)])

    def _rule_named(self, part: str, side: str, name: str) -> str:
        """The label of another rule of the same part, on this side or on both; empty where it has none."""
        for rule in self.rules:
            same = rule.part == part and rule.side in (side, "both")
            if same and rule.parameter.key.endswith(f".{name}"):
                return rule.parameter.label
        return ""
