"""Saved what-ifs: kept beside a record for those who may see it, no part of the ledger."""

from collections.abc import Sequence
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils import timezone

from advisory.recommendations.models import Recommendation, Scenario
from advisory.recommendations.what_if.working import Step, steps_as_json
from households.foundation.errors import DomainError
from households.models import User
from households.services.recording import Changes

COMPARED = 3
"""Scenarios that fit beside the record."""


def scenarios_of(user: User, recommendation: Recommendation) -> QuerySet[Scenario]:
    """The scenarios of a record, oldest first."""
    kept = Scenario.objects.visible_to(user).filter(recommendation=recommendation, deleted_at=None)
    return kept.select_related("by").order_by("created_at", "id")


def chosen(user: User, recommendation: Recommendation, ids: Sequence[UUID]) -> list[Scenario]:
    """The scenarios to compare, in their order.

    Raises:
        DomainError: 422, too many are chosen; 404, one is not there.
    """
    if len(set(ids)) > COMPARED:
        raise DomainError(
            f"At most {COMPARED} scenarios fit beside the record.",
            field="scenario",
            value=len(set(ids)),
            remedy=f"Choose up to {COMPARED}.",
        )
    found = list(scenarios_of(user, recommendation).filter(pk__in=ids))
    if len(found) != len(set(ids)):
        raise DomainError(
            "One of the scenarios is not there any more.", remedy="Choose again from the list.", status=404
        )
    return found


@transaction.atomic
def save_scenario(*, by: User, recommendation: Recommendation, name: str, steps: Sequence[Step]) -> Scenario:
    """Keep a what-if under a name.

    Raises:
        DomainError: 422 with the field, nothing is changed, the name is empty or taken.
    """
    if not steps:
        raise DomainError(
            "Nothing is changed yet, so there is nothing to keep.",
            field="name",
            remedy="Move a slider or type another value first.",
        )
    scenario = Scenario(
        recommendation=recommendation, name=_named(name), changes=steps_as_json(steps), by=by, by_name=str(by)
    )
    _store(scenario)
    return scenario


@transaction.atomic
def rename_scenario(*, by: User, scenario: Scenario, name: str) -> Scenario:
    """Give one's own scenario another name; the household's history keeps the one before.

    Raises:
        DomainError: 403 for others; 422, the name is empty or taken.
    """
    _refuse_others(by, scenario)
    scenario.refresh_from_db(from_queryset=Scenario.objects.select_for_update())
    # No revision and no facts: a note's name makes no recommendation stale.
    renaming = Changes(scenario.recommendation.household, by, "typed", "")
    renaming.set("scenario", scenario, {"name": _named(name)})
    _store(scenario)
    renaming.write()
    return scenario


@transaction.atomic
def delete_scenario(*, by: User, scenario: Scenario) -> None:
    """Take one's own scenario off the page; the row stays.

    Raises:
        DomainError: 403 for others.
    """
    _refuse_others(by, scenario)
    scenario.deleted_at = timezone.now()
    scenario.save(update_fields=["deleted_at"])


def _named(name: str) -> str:
    name = " ".join(name.split())
    longest = Scenario._meta.get_field("name").max_length
    if not 0 < len(name) <= longest:
        raise DomainError(
            "A scenario needs a name." if not name else f"A name has at most {longest} letters.",
            field="name",
            value=name[:longest],
            remedy="Name it by what it asks, such as: half the stock sold.",
        )
    return name


def _store(scenario: Scenario) -> None:
    try:
        with transaction.atomic():
            scenario.save()
    except IntegrityError as error:
        raise DomainError(
            f"This record has a scenario named {scenario.name} already.",
            field="name",
            value=scenario.name,
            remedy="Choose another name.",
        ) from error


def _refuse_others(by: User, scenario: Scenario) -> None:
    if scenario.by_id != by.pk:
        raise DomainError(
            f"This scenario is {scenario.by_name}'s.",
            remedy="Save one of your own from the what-if; it can start from this one.",
            status=403,
        )
