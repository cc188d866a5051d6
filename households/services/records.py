"""Households, their people and their tax units."""

from collections.abc import Collection
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import F
from django.db.models.functions import Now

from households.models import Household, Intake, Person, TaxUnit, User
from households.services.recording import Changes, changes_to, check_members, current


def create_household(*, by: User, advisor: User, name: str, **values: Any) -> Household:
    """A new household in an advisor's book.

    Args:
        values: other fields of the household.
    """
    with transaction.atomic():
        household = Household.objects.create(advisor=advisor, name=name, **values)
        changes = Changes(household, by, "typed", "")
        changes.created("household", household, {"name": name, "advisor": advisor, **values})
        changes.write()
        return household


def update_household(
    *, by: User, household: Household, as_of: date | None = None, **values: Any
) -> Household:
    """Change fields of a household; answers that all its accounts share count as answers of their intakes."""
    with changes_to(household.pk, by=by, as_of=as_of) as changes:
        changed = changes.update("household", changes.household, values)
        touch_intakes(changed & SHARED_ANSWERS, account__household=household)
        return changes.household


def create_person(*, by: User, household: Household, **values: Any) -> Person:
    """A new member of the household.

    Raises:
        DomainError: a tax unit of another household.
    """
    check_members(household, values)
    with changes_to(household.pk, by=by) as changes:
        person = Person.objects.create(household=household, **values)
        changes.created("person", person, values)
        return person


def update_person(*, by: User, person: Person, **values: Any) -> Person:
    """Change fields of a person.

    Raises:
        DomainError: a tax unit of another household; 409, the person is gone.
    """
    check_members(person.household, values)
    with changes_to(person.household_id, by=by) as changes:
        current(person)
        changes.update("person", person, values)
        return person


def create_tax_unit(*, by: User, household: Household, **values: Any) -> TaxUnit:
    """A new return that gains can land on; money in cents, rates as fractions."""
    with changes_to(household.pk, by=by) as changes:
        unit = TaxUnit.objects.create(household=household, **values)
        changes.created("tax_unit", unit, values)
        return unit


def update_tax_unit(*, by: User, tax_unit: TaxUnit, as_of: date | None = None, **values: Any) -> TaxUnit:
    """Change fields of a tax unit, for all its accounts."""
    with changes_to(tax_unit.household_id, by=by, as_of=as_of) as changes:
        current(tax_unit)
        changed = changes.update("tax_unit", tax_unit, values)
        touch_intakes(changed - {"name", "kind"}, account__tax_unit=tax_unit)
        return tax_unit


SHARED_ANSWERS = frozenset({"coordination_importance", "single_report_wanted", "sleeves_wanted"})
"""Answers kept on the household that every account's intake shows."""


def touch_intakes(changed: Collection[str], *, but: Intake | None = None, **of: Any) -> None:
    """A shared answer changed: whoever has another of these intakes open must not overwrite it unseen."""
    if changed:
        others = Intake.objects.filter(**of)
        others = others.exclude(pk=but.pk) if but else others
        others.update(version=F("version") + 1, updated_at=Now())
