"""Whether the evidence for a decision is enough. An accept needs it as an override does."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from advisory.recommendations.models import Decision, Recommendation
from advisory.recommendations.reasons import ACCEPTED, BY_CODE, CHOICES, OTHER, overriding
from advisory.recommendations.words import STRUCTURES
from households.foundation.errors import DomainError
from households.models import User

SHORTEST = 40
SHORTEST_OTHER = 80
FEWEST_WORDS = 7
"""Different words: house judgment of what a sentence about one client takes."""
Kind = Decision.Kind


@dataclass(frozen=True)
class Decided:
    """What the advisor says."""

    kind: str
    chosen: str
    reason_codes: list[str]
    rationale: str
    alternatives_viewed: list[str]


def check_decision(
    recommendation: Recommendation, decided: Decided, cost: bool, conflict: bool, by: User
) -> None:
    """Refuse a decision whose evidence is not enough.

    Raises:
        DomainError: 422, with the field it concerns: the first of :func:`problems`.
    """
    for problem in problems(recommendation, decided, cost, conflict, by):
        raise problem


def problems(
    recommendation: Recommendation, decided: Decided, cost: bool, conflict: bool, by: User
) -> Iterator[DomainError]:
    """Everything that the evidence for a decision lacks, in the order of the form."""
    yield from _choice(recommendation.outcome, decided)
    if decided.kind not in Kind.values:
        return
    yield from _reasons(decided)
    yield from _rationale(recommendation, decided, by)
    if decided.kind in (Kind.ACCEPT, Kind.OVERRIDE):
        yield from _alternatives(decided)
        if not cost:
            yield _refused("cost_acknowledged", "Confirm that you have seen what each alternative costs.")
        if not conflict:
            yield _refused("conflict_acknowledged", "Confirm that you have seen what the firm and you earn.")


def _refused(field: str, problem: str, remedy: str = "", value: object = None) -> DomainError:
    return DomainError(problem, field=field, value=value, remedy=remedy)


def possible_choices(kind: str, outcome: str) -> tuple[str, ...]:
    """What may be chosen with a decision of this kind."""
    return {
        Kind.ACCEPT.value: ACCEPTED[outcome],
        Kind.OVERRIDE.value: overriding(outcome),
        Kind.DEFER.value: ("none",),
        Kind.DECLINE.value: ("stay",),
    }[kind]


def _choice(outcome: str, decided: Decided) -> Iterator[DomainError]:
    if decided.kind not in Kind.values:
        yield _refused("kind", "Say what you decide.", value=decided.kind)
        return
    choices = possible_choices(decided.kind, outcome)
    if not choices:
        yield _refused(
            "kind",
            "There is nothing to accept: facts are missing.",
            "Answer the open questions and evaluate again, defer, or override with your reasons.",
        )
        return
    if decided.chosen in choices:
        return
    told = " or ".join(STRUCTURES[choice] for choice in choices)
    if decided.kind == Kind.OVERRIDE and decided.chosen in CHOICES:
        yield _refused(
            "chosen", "An override chooses another structure than the recommended one.", f"Choose {told}."
        )
        return
    yield _refused("chosen", "This choice does not go with that decision.", f"Choose {told}.", decided.chosen)


def _reasons(decided: Decided) -> Iterator[DomainError]:
    if not decided.reason_codes:
        yield _refused("reason_codes", "Choose at least one reason.")
    for code in decided.reason_codes:
        reason = BY_CODE.get(code)
        if reason is None or decided.kind not in reason.kinds:
            told = f"“{reason.label}” is" if reason else "That is"
            yield _refused("reason_codes", f"{told} not a reason for this decision.", value=code)


def _rationale(recommendation: Recommendation, decided: Decided, by: User) -> Iterator[DomainError]:
    """Long enough to say something, not the list's own words, and not what another account was given."""
    least = SHORTEST_OTHER if OTHER in decided.reason_codes else SHORTEST
    if len(decided.rationale) < least:
        because = " because you chose Other" if OTHER in decided.reason_codes else ""
        yield _refused(
            "rationale",
            f"Say in at least {least} characters why this is right for this client{because}.",
            f"You have written {len(decided.rationale)}.",
        )
        return
    words = set(re.findall(r"[a-z']+", decided.rationale.lower()))
    labels = {word for reason in BY_CODE.values() for word in re.findall(r"[a-z']+", reason.label.lower())}
    if len(words) < FEWEST_WORDS or not words - labels:
        yield _refused(
            "rationale",
            "This rationale says nothing about the client.",
            "Name the two or three facts of this client that decide.",
        )
    same = Decision.objects.filter(by=by, rationale__iexact=decided.rationale)
    if same.exclude(recommendation__account_id=recommendation.account_id).exists():
        yield _refused(
            "rationale",
            "You have written exactly this for another account.",
            "Say what is particular to this one.",
        )


def _alternatives(decided: Decided) -> Iterator[DomainError]:
    known = {"SMA", "UMA", "stay", "ETF"}
    if unknown := set(decided.alternatives_viewed) - known:
        yield _refused("alternatives_viewed", "That is not an alternative.", value=sorted(unknown)[0])
    if not set(decided.alternatives_viewed) - {decided.chosen}:
        yield _refused(
            "alternatives_viewed",
            "Mark the alternatives you have looked at, at least one beside your choice.",
        )
