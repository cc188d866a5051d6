"""With whom intakes are, and who may take one."""

from collections.abc import Iterable
from datetime import timedelta
from uuid import UUID

from django.db.models import F, Max, Q, QuerySet
from django.shortcuts import get_object_or_404
from django.utils import timezone

from households.foundation.access import CLIENT_EDITORS
from households.models import Account, Change, HandOver, Household, User
from households.timeline import NO_ANSWERS

SHOWN_AFTER = timedelta(days=30)
"""How long what was handed back, and was seen, stays on the giver's list."""


def people_for(household: Household, giver: User) -> QuerySet[User]:
    """Who can take an intake of a household: the rest of its advisor's team."""
    advisor = household.advisor
    team = Q(team=advisor.team_id) if advisor.team_id else Q(pk=advisor.pk)
    people = User.objects.filter(team, role__in=CLIENT_EDITORS, is_active=True)
    return people.exclude(pk=giver.pk).order_by("first_name", "last_name")


def _rows() -> QuerySet[HandOver]:
    return HandOver.objects.select_related("giver", "receiver", "ended_by", "account__household__advisor")


def standing_of(account: Account) -> HandOver | None:
    """The hand-over of an account's intake that stands; None when it is with nobody in particular."""
    return _rows().filter(account=account, ended_at=None).first()


def standing_among(account_ids: Iterable[UUID]) -> dict[UUID, HandOver]:
    """Account id -> its standing hand-over, where there is one; one query."""
    return {row.account_id: row for row in _rows().filter(account__in=list(account_ids), ended_at=None)}


def last_answer(account: Account) -> HandOver | None:
    """The hand-over that was ended last, if its receiver handed it back lately."""
    ended = _rows().filter(account=account, ended_at__gte=timezone.now() - SHOWN_AFTER)
    last = ended.order_by("-ended_at", "-id").first()
    return last if last and last.ended_by_id == last.receiver_id else None


def hand_over_for(user: User, hand_over_id: UUID) -> HandOver:
    """A hand-over of a household this user may see, or 404."""
    found: HandOver = get_object_or_404(_rows() & HandOver.objects.visible_to(user), pk=hand_over_id)
    return found


def _of_open_accounts(user: User) -> QuerySet[HandOver]:
    rows: QuerySet[HandOver] = _rows() & HandOver.objects.visible_to(user)
    return rows.filter(account__closed_on=None)


def with_user(user: User) -> QuerySet[HandOver]:
    """Intakes that are with a user, the oldest first."""
    return _of_open_accounts(user).filter(receiver=user, ended_at=None).order_by("given_at", "id")


def given_by(user: User) -> QuerySet[HandOver]:
    """Intakes a user gave that are still with somebody, the oldest first."""
    return _of_open_accounts(user).filter(giver=user, ended_at=None).order_by("given_at", "id")


def _handed_back_to(user: User) -> QuerySet[HandOver]:
    """What its receiver handed back to a user, the newest first; what was taken back is no answer."""
    rows = _of_open_accounts(user).filter(giver=user, ended_by=F("receiver"))
    return rows.order_by("-ended_at", "-id")


def unseen_by(user: User) -> list[HandOver]:
    """What was handed back to a user who has taken no step with that intake since; two queries."""
    rows = list(_handed_back_to(user))
    if not rows:
        return []
    steps = Change.objects.filter(
        household__in={row.account.household_id for row in rows}, by=user, entity="intake",
        entity_id__in={str(row.account_id) for row in rows}, field__in=NO_ANSWERS,
    )  # fmt: skip
    last = dict(steps.values_list("entity_id").annotate(Max("at")))
    return [row for row in rows if (at := last.get(str(row.account_id))) is None or at < row.ended_at]


def seen_by(user: User, unseen: Iterable[HandOver]) -> QuerySet[HandOver]:
    """What else was handed back to a user lately.

    Args:
        unseen: as :func:`unseen_by` tells it.
    """
    lately = _handed_back_to(user).filter(ended_at__gte=timezone.now() - SHOWN_AFTER)
    return lately.exclude(pk__in=[row.pk for row in unseen])
