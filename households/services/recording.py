"""The one way a household changes: locked, recorded field by field, one revision on, facts rebuilt."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date, datetime
from typing import Any, TypeVar
from uuid import UUID

from django.db import models, transaction
from django.db.models import F

from households.facts import rebuild_facts
from households.foundation.columns import SHARE_DIGITS, MoneyColumn
from households.foundation.errors import DomainError
from households.models import Account, Change, Household, User

Kept = TypeVar("Kept", bound=models.Model)


def written(of: models.Model | type[models.Model], name: str, value: Any) -> str | None:
    """A value as a change row keeps it: money in dollars and cents, dates as ISO, unknown as None."""
    field = of._meta.get_field(name)
    if value is None or value == "":
        return None
    if isinstance(field, MoneyColumn):
        sign = "-" if value < 0 else ""
        return f"{sign}{abs(value) // 100}.{abs(value) % 100:02d}"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, date | datetime):
        return value.isoformat()
    return f"{value:.6f}".rstrip("0").rstrip(".") if isinstance(value, float) else str(value)


def _differs(before: Any, after: Any) -> bool:
    if isinstance(before, float) and isinstance(after, float):
        return round(before, SHARE_DIGITS) != round(after, SHARE_DIGITS)
    return bool(before != after)


class Changes:
    """What one act changes in a household."""

    def __init__(self, household: Household, by: User, source: str, reason: str) -> None:
        self.household = household
        self._by, self._source, self._reason = by, source, reason
        self._rows: list[Change] = []

    def __bool__(self) -> bool:
        return bool(self._rows)

    def note(self, entity: str, key: Any, field: str, old: str | None, new: str | None) -> None:
        """One thing before and after."""
        of = {"entity": entity, "entity_id": str(key), "field": field[:64], "old": old, "new": new}
        told = {"source": self._source, "reason": self._reason, "by": self._by}
        self._rows.append(Change(household=self.household, **of, **told))

    def created(self, entity: str, instance: models.Model, names: Mapping[str, Any]) -> None:
        """The fields that a new record starts with."""
        for name in names:
            value = written(instance, name, getattr(instance, name))
            if value is not None:
                self.note(entity, instance.pk, name, None, value)

    def update(self, entity: str, instance: models.Model, values: Mapping[str, Any]) -> set[str]:
        """As :meth:`set`, and save."""
        changed = self.set(entity, instance, values)
        if changed:
            instance.save(update_fields=sorted(changed))
        return changed

    def set(self, entity: str, instance: models.Model, values: Mapping[str, Any]) -> set[str]:
        """Set the fields that differ and note each.

        Returns:
            Their names.
        """
        changed = {name for name, value in values.items() if _differs(getattr(instance, name), value)}
        for name in sorted(changed):
            before, after = getattr(instance, name), values[name]
            self.note(
                entity, instance.pk, name, written(instance, name, before), written(instance, name, after)
            )
            setattr(instance, name, after)
        return changed

    def write(self) -> None:
        """Append the rows."""
        Change.objects.bulk_create(self._rows)


@contextmanager
def changes_to(
    household_id: UUID, *, by: User, source: str = "typed", reason: str = "", as_of: date | None = None
) -> Iterator[Changes]:
    """A transaction around one act: on leaving it, history is written, revision raised and facts rebuilt.

    Nothing of that happens when nothing changed.
    """
    with transaction.atomic():
        household = Household.objects.select_for_update().get(pk=household_id)
        changes = Changes(household, by, source, reason)
        yield changes
        if changes:
            changes.write()
            Household.objects.filter(pk=household_id).update(revision=F("revision") + 1)
            rebuild_facts([household_id], as_of=as_of)


@contextmanager
def held(household_id: UUID) -> Iterator[None]:
    """A transaction in which nobody else changes the household: what is read in it stays so."""
    with transaction.atomic():
        Household.objects.select_for_update().get(pk=household_id)
        yield


def current(record: Kept) -> Kept:
    """The record as it stands under the household's lock; what was read before it may be out of date.

    Raises:
        DomainError: 409, it is gone.
    """
    try:
        record.refresh_from_db()
    except type(record).DoesNotExist:  # type: ignore[attr-defined]
        raise DomainError(
            f"{record} is not there any more.", remedy="Reload the page to see what is.", status=409
        ) from None
    return record


def check_open(account: Account) -> None:
    """Refuse changes to a closed account.

    Raises:
        DomainError: 409, says since when.
    """
    if account.closed_on:
        raise DomainError(
            f"This account was closed on {account.closed_on:%B %-d, %Y}.",
            remedy="It keeps its history, and is not changed any more.",
            status=409,
        )


def check_members(household: Household, values: Mapping[str, Any]) -> None:
    """Refuse an owner or a tax unit of another household.

    Raises:
        DomainError: names the one that does not belong.
    """
    for name, word in (("owner", "owner"), ("tax_unit", "tax unit")):
        member = values.get(name)
        if member is not None and member.household_id != household.pk:
            raise DomainError(
                f"The {word} belongs to another household.",
                field=name,
                value=str(member),
                remedy=f"Choose a {word} of {household.name}.",
            )
