"""The firm's people as they are today, to be copied into records: names in a record never change later."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import QuerySet

from households.foundation.databases import among
from households.models import Household, User


@dataclass(frozen=True)
class People:
    """Who advises a household, by name, and when it is due for review."""

    advisor_id: UUID
    advisor_name: str
    office_name: str
    supervisor_name: str
    review_due: date | None


def people_of(household_ids: set[UUID]) -> dict[UUID, People]:
    """Who advises each household, by name as it is today; two queries."""
    households = among(Household.objects.all(), "id", household_ids).order_by()
    advisors = {advisor.pk: advisor for advisor in _advisors_of(household_ids)}
    found = {}
    for key, advisor_id, review_due in households.values_list("id", "advisor_id", "review_due"):
        advisor = advisors[advisor_id]
        found[key] = People(
            advisor_id=advisor_id,
            advisor_name=str(advisor),
            office_name=advisor.office.name if advisor.office else "",
            supervisor_name=str(advisor.supervisor or ""),
            review_due=review_due,
        )
    return found


def _advisors_of(household_ids: set[UUID]) -> QuerySet[User]:
    theirs = among(Household.objects.all(), "id", household_ids).order_by().values("advisor_id")
    return User.objects.filter(pk__in=theirs).select_related("office", "supervisor")
