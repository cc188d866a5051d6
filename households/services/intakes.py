"""Answers of the intake, stored where they belong with where they come from; and when it is complete."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone

from households.foundation.errors import DomainError
from households.intake.homes import HOME, Home
from households.models import Account, Household, Intake, TaxUnit, User
from households.services.recording import Changes, changes_to, check_members, check_open, current
from households.services.records import touch_intakes


def save_intake(
    *,
    by: User,
    account: Account,
    answers: Mapping[str, Any],
    version: int,
    section: str = "",
    as_of: date | None = None,
) -> Intake:
    """Store answers; None takes an answer back: the fact is unknown again.

    Args:
        answers: question -> value as stored (cents, fractions, codes); see households.intake.homes.
        version: the intake's version that the answers were given on.
        section: the section's slug when somebody has finished it, not on autosave.

    Raises:
        DomainError: 409, somebody changed the intake since, or the account is closed; or an answer of a tax
            unit before one is chosen.
    """
    with changes_to(account.household_id, by=by, as_of=as_of) as changes:
        check_open(current(account))
        intake = current_intake(account, version)
        check_members(changes.household, answers)
        by_home = {home: {n: v for n, v in answers.items() if HOME[n] == home} for home in Home}
        changes.update("account", account, by_home[Home.ACCOUNT])
        if of_unit := by_home[Home.TAX_UNIT]:
            unit = _unit_of(account, of_unit)
            if changes.update("tax_unit", unit, of_unit):
                touch_intakes({"rates"}, but=intake, account__tax_unit=unit)
        if changes.update("household", changes.household, by_home[Home.HOUSEHOLD]):
            touch_intakes({"answers"}, but=intake, account__household=account.household_id)
        _state(changes, intake, by_home[Home.INTAKE], by)
        visited = section and section not in intake.visited
        if changes or visited:
            if visited:
                intake.visited = [*intake.visited, section]
            intake.version += 1
            intake.save()
        return intake


def current_intake(account: Account, version: int) -> Intake:
    """The intake, locked, as it was when the caller looked.

    Raises:
        DomainError: 409, somebody changed it since.
    """
    intake: Intake
    intake, _ = Intake.objects.select_for_update().get_or_create(account=account)
    if intake.version != version:
        raise DomainError(
            "Somebody changed this intake while you were working on it.",
            field="version",
            value=version,
            remedy="Look at what was changed, then decide again.",
            status=409,
        )
    return intake


def _unit_of(account: Account, answers: Mapping[str, Any]) -> TaxUnit:
    if account.tax_unit is None:
        raise DomainError(
            "It is not said on whose return the gains of this account land.",
            field=next(iter(answers)),
            remedy="Choose the return first; its rates and carryforwards belong to it.",
        )
    unit: TaxUnit = TaxUnit.objects.select_for_update().get(pk=account.tax_unit_id)
    return unit


def _state(changes: Changes, intake: Intake, answers: Mapping[str, Any], by: User) -> None:
    today = timezone.localdate().isoformat()
    for name in changes.set("intake", intake, answers):
        value = answers[name]
        if value is None:
            intake.provenance.pop(name, None)
        else:
            entry = {"source": "typed", "date": today, "by": str(by.pk), "quality": "stated"}
            intake.provenance[name] = entry


def complete_intake(*, by: User, account: Account, version: int) -> Intake:
    """Say that all that can be said now has been said; what is unknown stays unknown.

    Raises:
        DomainError: 409, somebody changed the intake since, or the account is closed.
    """
    with transaction.atomic():
        household = Household.objects.select_for_update().get(pk=account.household_id)
        check_open(current(account))
        intake = current_intake(account, version)
        # No fact changes, so the revision stays: a recommendation does not age by being told so.
        changes = Changes(household, by, "typed", "")
        changes.note("intake", intake.pk, "state", intake.state, Intake.State.COMPLETE)
        changes.write()
        intake.state = Intake.State.COMPLETE
        intake.completed_at, intake.completed_by = timezone.now(), by
        intake.save(update_fields=["state", "completed_at", "completed_by", "updated_at"])
        return intake
