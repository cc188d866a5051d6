"""The yearly review of an intake: last year's answers as a start, confirmed one by one or all at once."""

from collections.abc import Iterable

from django.db import transaction
from django.utils import timezone

from households.facts import rebuild_facts
from households.foundation.errors import DomainError
from households.intake.aging import PREVIOUS, to_confirm
from households.models import Account, Household, Intake, User
from households.services.intakes import current_intake
from households.services.recording import Changes, check_open, current


@transaction.atomic
def begin_review(*, by: User, account: Account, version: int) -> Intake:
    """Open the intake again with last year's answers, each to be confirmed; no fact changes by it.

    Raises:
        DomainError: 409, somebody changed the intake since, or the account is closed; or it has no answers.
    """
    household, intake = _held(account, version)
    stated = [name for name, entry in intake.provenance.items() if entry.get("source") in ("typed", PREVIOUS)]
    if not stated:
        raise DomainError(
            "There are no answers to carry over.", remedy="Answer the sections; a review comes next year."
        )
    for name in stated:
        intake.provenance[name] = {**intake.provenance[name], "source": PREVIOUS}
    intake.visited, intake.completed_at, intake.completed_by = [], None, None
    note = (intake.state, "review begun")
    intake.state = Intake.State.OPEN
    _keep(household, intake, by, "review", *note)
    return intake


@transaction.atomic
def confirm_answers(*, by: User, account: Account, version: int, names: Iterable[str] = ()) -> int:
    """Say that answers still hold: they are stated today, by this user; no fact changes its value by it.

    Args:
        names: which; every answer that is last year's otherwise.

    Returns:
        How many were confirmed.

    Raises:
        DomainError: 409, somebody changed the intake since, or the account is closed.
    """
    household, intake = _held(account, version)
    today = timezone.localdate()
    asked = set(names)
    confirmed = [name for name in to_confirm(intake, today) if not asked or name in asked]
    for name in confirmed:
        said = {"source": "typed", "date": today.isoformat(), "by": str(by.pk)}
        intake.provenance[name] = {**intake.provenance[name], **said}
    if confirmed:
        _keep(household, intake, by, "confirmed", None, ", ".join(confirmed))
    return len(confirmed)


def _held(account: Account, version: int) -> tuple[Household, Intake]:
    household = Household.objects.select_for_update().get(pk=account.household_id)
    check_open(current(account))
    return household, current_intake(account, version)


def _keep(household: Household, intake: Intake, by: User, field: str, old: str | None, new: str) -> None:
    """Store the intake with its history; the revision stays, since no fact has changed its value."""
    changes = Changes(household, by, "typed", "")
    changes.note("intake", intake.pk, field, old, new)
    changes.write()
    intake.version += 1
    intake.save()
    rebuild_facts([household.pk])
