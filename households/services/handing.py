"""An intake is handed to a person of the team with a note of what is needed, and handed or taken back.

No fact changes by it and nobody is locked out: the household's revision and the intake's version stay.
"""

from django.db import transaction
from django.utils import timezone

from households.foundation.errors import DomainError
from households.handing import people_for, standing_of, unseen_by
from households.models import Account, HandOver, Household, User
from households.services.recording import Changes, check_open, current


@transaction.atomic
def hand_over(*, by: User, account: Account, to: User, note: str) -> HandOver:
    """Give an account's intake to a person of the household's team. Saying it twice changes nothing.

    Args:
        note: what is needed.

    Raises:
        DomainError: somebody who cannot take it, or no note; 409, it is with somebody already, or the account
            is closed.
    """
    household = _held(account)
    note = _note(note)
    if not note:
        raise DomainError(
            "The note is empty.",
            field="note",
            remedy="Say what is needed, such as the lots from the custodian.",
        )
    standing = standing_of(account)
    if standing and (standing.giver_id, standing.receiver_id, standing.note) == (by.pk, to.pk, note):
        return standing
    if standing:
        raise DomainError(
            f"{standing.giver} gave this intake to {standing.receiver} already.",
            remedy="Look at with whom it is, then decide again.",
            status=409,
        )
    if not people_for(household, by).filter(pk=to.pk).exists():
        raise DomainError(
            f"{to} is not of this household's team.",
            field="to",
            value=str(to),
            remedy="Choose a person of it.",
        )
    made = HandOver.objects.create(account=account, giver=by, receiver=to, note=note, given_at=timezone.now())
    _tell(household, by, made, "handed_over", f"{to}: {note}")
    return made


@transaction.atomic
def hand_back(*, by: User, hand_over: HandOver, note: str = "") -> HandOver:
    """The receiver is done, or cannot go on, and says so. Saying it twice changes nothing.

    Raises:
        DomainError: 409, it is with somebody else, or it was taken back.
    """
    household, held = _held(hand_over.account), current(hand_over)
    if by.pk != held.receiver_id:
        raise DomainError(
            f"This intake was given to {held.receiver}, who hands it back.",
            remedy="The person who gave it can take it back.",
            status=409,
        )
    if held.ended_at:
        return _ended_already(held, by)
    _end(held, by, _note(note))
    _tell(
        household, by, held, "handed_back", f"{held.giver}: {held.answer}" if held.answer else str(held.giver)
    )
    return held


@transaction.atomic
def take_back(*, by: User, hand_over: HandOver) -> HandOver:
    """The giver, or the household's advisor, takes the intake back. Saying it twice changes nothing.

    Raises:
        DomainError: 409, somebody else gave it, it is with this user, or it was handed back.
    """
    household, held = _held(hand_over.account), current(hand_over)
    if by.pk == held.receiver_id or by.pk not in (held.giver_id, household.advisor_id):
        raise DomainError(
            f"{held.giver} gave this intake to {held.receiver}.",
            remedy=f"{held.giver} or {household.advisor} can take it back.",
            status=409,
        )
    if held.ended_at:
        return _ended_already(held, by)
    _end(held, by, "")
    _tell(household, by, held, "taken_back", str(held.receiver))
    return held


@transaction.atomic
def see_back(*, by: User, hand_over: HandOver) -> HandOver:
    """The giver has seen what was handed back. Saying it twice changes nothing.

    Raises:
        DomainError: 409, it was not handed back to this user.
    """
    household, held = _held(hand_over.account), current(hand_over)
    if by.pk != held.giver_id or held.ended_by_id != held.receiver_id:
        raise DomainError(
            "This intake was not handed back to you.",
            remedy="Open the intake to see with whom it is.",
            status=409,
        )
    if held in unseen_by(by):
        _tell(household, by, held, "back_seen", str(held.receiver))
    return held


def _held(account: Account) -> Household:
    household: Household = (
        Household.objects.select_for_update(of=("self",))
        .select_related("advisor")
        .get(pk=account.household_id)
    )
    check_open(current(account))
    return household


def _note(text: str) -> str:
    return " ".join(text.split())[: HandOver._meta.get_field("note").max_length]


def _ended_already(held: HandOver, by: User) -> HandOver:
    if held.ended_by_id == by.pk:
        return held
    raise DomainError(
        f"{held.ended_by} ended this hand-over already.",
        remedy="Open the intake to see with whom it is now.",
        status=409,
    )


def _end(held: HandOver, by: User, answer: str) -> None:
    held.ended_at, held.ended_by, held.answer = timezone.now(), by, answer
    held.save(update_fields=["ended_at", "ended_by", "answer"])


def _tell(household: Household, by: User, held: HandOver, field: str, words: str) -> None:
    changes = Changes(household, by, "typed", "")
    changes.note("intake", held.account_id, field, None, words)
    changes.write()
