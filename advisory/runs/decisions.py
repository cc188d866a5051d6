"""Decisions that stand while an outcome changes: a run never touches one, it only says so."""

from collections.abc import Sequence
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet

from advisory.recommendations.models import Decision
from advisory.runs.models import RunResult
from households.foundation.databases import among


def _standing() -> QuerySet[Decision]:
    """Decisions that bind (a deferral does not) and were not corrected by a later one."""
    return Decision.objects.filter(corrections=None).exclude(kind=Decision.Kind.DEFER).order_by()


def with_standing_decision(accounts: Sequence[UUID]) -> set[UUID]:
    """Those accounts on which somebody has decided; one query."""
    if not accounts:
        return set()
    found = among(_standing(), "recommendation__account_id", accounts)
    return set(found.values_list("recommendation__account_id", flat=True))


def flips_of_standing_decisions(results: QuerySet[RunResult]) -> QuerySet[RunResult]:
    """Flipped results whose account has a decision in force."""
    decided = _standing().filter(recommendation__account=OuterRef("account"))
    return results.filter(flipped=True).filter(Exists(decided))
