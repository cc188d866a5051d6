"""Mappings of columns that the firm remembers: found by header; made, changed, deleted, with history."""

import itertools
import re
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.utils import timezone

from households.foundation.access import CLIENT_EDITORS
from households.foundation.errors import DomainError
from households.foundation.roles import Role
from households.imports.formats.column_maps import (
    WORDS,
    ColumnMap,
    column_keys,
    faults_of,
    shown_key,
    signature_of,
    value_among,
)
from households.models import ColumnMapping, ColumnMappingChange, User

NAME_LENGTH = 80


def remembered(signatures: Sequence[str]) -> dict[str, ColumnMap]:
    """The mappings among these signatures that are remembered: firm-wide, whoever made them."""
    found = ColumnMapping.objects.filter(signature__in=set(signatures)).select_related("by")
    return {mapping.signature: column_map(mapping) for mapping in found}


class Remembered:
    """The mappings that files are read by: each as it was first found; whether it still is can be asked."""

    def __init__(self) -> None:
        self._found: dict[str, ColumnMap | None] = {}

    def __call__(self, signatures: Sequence[str]) -> dict[str, ColumnMap]:
        """What :func:`remembered` answered when a signature was first asked for."""
        new = set(signatures) - self._found.keys()
        found = remembered([*new]) if new else {}
        self._found |= {signature: found.get(signature) for signature in new}
        return {signature: told for signature in signatures if (told := self._found[signature])}

    def still(self) -> bool:
        """Whether all that was asked for would be read in the same way now."""
        now = remembered([*self._found])
        return all(_meaning(now.get(signature)) == _meaning(was) for signature, was in self._found.items())


def _meaning(mapping: ColumnMap | None) -> Any:
    return mapping and (mapping.columns, mapping.rows)


def column_map(mapping: ColumnMapping) -> ColumnMap:
    """A remembered mapping as the readers take it."""
    made = timezone.localtime(mapping.created_at).date().isoformat()
    told = {"id": str(mapping.pk), "name": mapping.name, "by": str(mapping.by), "on": made}
    return ColumnMap(mapping.signature, mapping.columns, mapping.rows, told)


def mappings() -> QuerySet[ColumnMapping]:
    """Every remembered mapping by name."""
    return ColumnMapping.objects.select_related("by").order_by("name")


def mapping_of(cells: Sequence[str]) -> ColumnMapping | None:
    """The mapping that is remembered for a header."""
    return mappings().filter(signature=signature_of(cells)).first()


def mapping_for(mapping_id: UUID) -> ColumnMapping:
    """One mapping, or 404."""
    return get_object_or_404(mappings(), pk=mapping_id)


def changes_of(mapping: ColumnMapping) -> QuerySet[ColumnMappingChange]:
    """What happened to a mapping, newest first."""
    return ColumnMappingChange.objects.filter(mapping=mapping).select_related("by").order_by("-at", "-pk")


def free_name(wanted: str) -> str:
    """A name cut to its length, with a number behind it where another mapping has it."""
    wanted = wanted[: NAME_LENGTH - len(" (999)")].strip()
    alike = ColumnMapping.objects.filter(name__istartswith=wanted).values_list("name", flat=True)
    taken = {name.lower() for name in alike}
    numbered = (f"{wanted} ({number})" for number in itertools.count(2))
    return next(name for name in itertools.chain([wanted], numbered) if name.lower() not in taken)


def may_change(user: Any, mapping: ColumnMapping) -> bool:
    """Whether a user may change and delete a mapping: who made it, their team, and operations."""
    if user.role == Role.OPERATIONS or mapping.by_id == user.pk:
        return True
    return user.role in CLIENT_EDITORS and user.team_id is not None and mapping.by.team_id == user.team_id


@transaction.atomic
def remember_mapping(
    *,
    by: User,
    header: Sequence[str],
    columns: Mapping[str, str],
    rows: str,
    name: str,
    seen: int = 0,
) -> ColumnMapping:
    """Remember what the columns under a header are, or change what is remembered.

    Args:
        header: the header's cells, as they stand.
        columns: our column -> key of the file's column.
        rows: what every row is, ``position`` or ``lot``; empty where a column says it.
        name: what to call it.
        seen: the revision that its maker had before them; 0: there was none.

    Raises:
        DomainError: 422, incomplete, or no header; 403, somebody else's; 409, changed in the meantime.
    """
    name = _sound(header, columns, rows, name)
    values = {"name": name, "columns": dict(columns), "rows": rows}
    signature = signature_of(header)
    held = ColumnMapping.objects.select_for_update().filter(signature=signature).first()
    if held is not None and not _differing(held, values):
        return held  # sent twice, or said alike by somebody else
    _refuse_unseen(held, seen)
    taken = ColumnMapping.objects.filter(name__iexact=name).exclude(signature=signature).first()
    if taken is not None:
        raise DomainError(
            f"Another mapping is called {taken.name}.",
            field="name",
            value=name,
            remedy="Choose another name.",
        )
    if held is None:
        return _made(by, signature, header, values)
    _refuse_stranger(by, held)
    for field in _differing(held, values):
        _note(by, held, field, *_told(held, field, getattr(held, field), values[field]))
        setattr(held, field, values[field])
    held.revision += 1
    held.save()
    return held


def _differing(held: ColumnMapping, values: Mapping[str, Any]) -> list[str]:
    return [field for field, value in values.items() if getattr(held, field) != value]


@transaction.atomic
def delete_mapping(*, by: User, mapping: ColumnMapping) -> None:
    """Forget a mapping; the next file with its header asks again. Imports that were read with it stay.

    Raises:
        DomainError: 403, somebody else's.
    """
    _refuse_stranger(by, mapping)
    held = ColumnMapping.objects.select_for_update().filter(pk=mapping.pk).first()
    if held is not None:
        _note(by, held, "deleted", *_told(held, "columns", held.columns, {}))
        held.delete()


def _sound(header: Sequence[str], columns: Mapping[str, str], rows: str, name: str) -> str:
    name = " ".join(name.split())
    if not name or len(name) > NAME_LENGTH:
        raise DomainError(
            "The mapping has no name." if not name else f"The name is longer than {NAME_LENGTH} characters.",
            field="name",
            value=name[:NAME_LENGTH],
            remedy="Call it what the list is, such as Acme Trust holdings.",
        )
    value = value_among(header)
    if value:
        raise DomainError(
            "The line holds values, not the names of columns.",
            field="header",
            value=value,
            remedy="Choose the line with the names; if the file has none, add one above the rows.",
        )
    for fault in faults_of(columns, rows, column_keys(header)):
        raise DomainError(fault.problem, field=fault.field)
    return name


def _refuse_unseen(held: ColumnMapping | None, seen: int) -> None:
    if held is None and seen:
        raise DomainError(
            "Somebody deleted the mapping of these columns in the meantime.",
            remedy="Save yours once more to remember it anew.",
            status=409,
        )
    if held is not None and held.revision != seen:
        raise DomainError(
            f"These columns were mapped in the meantime: {held.name}, by {_last_by(held)}.",
            remedy="Look at that mapping, and save once more if yours is to be in its place.",
            status=409,
        )


def _last_by(mapping: ColumnMapping) -> User:
    change = changes_of(mapping).first()
    return change.by if change is not None else mapping.by


def _refuse_stranger(by: User, mapping: ColumnMapping) -> None:
    if not may_change(by, mapping):
        raise DomainError(
            f"{mapping.by} made the mapping {mapping.name}; only their team and operations can change it.",
            remedy="Ask one of them.",
            status=403,
        )


def _made(by: User, signature: str, header: Sequence[str], values: Mapping[str, Any]) -> ColumnMapping:
    try:
        with transaction.atomic():
            made = ColumnMapping.objects.create(by=by, signature=signature, header=list(header), **values)
    except IntegrityError:
        theirs = ColumnMapping.objects.filter(signature=signature).first()
        if theirs is not None and not _differing(theirs, values):
            return theirs
        raise DomainError(
            "Somebody else mapped these columns at the same moment.",
            remedy="Look at theirs.",
            status=409,
        ) from None
    _note(by, made, "made", *_told(made, "columns", {}, made.columns))
    return made


def _note(by: User, mapping: ColumnMapping, field: str, old: str | None, new: str | None) -> None:
    ColumnMappingChange.objects.create(
        mapping=mapping, name=mapping.name, field=field, old=old, new=new, by=by
    )


_ROWS = {
    "position": "every row is a position",
    "lot": "every row is a tax lot of positions listed elsewhere",
    "held": "every row is one purchase; together they are all that is held",
    "": "a column says it",
}


def _told(mapping: ColumnMapping, field: str, old: Any, new: Any) -> tuple[str | None, str | None]:
    """What a part of a mapping was and is, in words; of columns only those that differ."""
    if field == "columns":
        differing = {ours for ours in {*old, *new} if old.get(ours) != new.get(ours)}
        names = dict(zip(column_keys(mapping.header), mapping.header, strict=True))
        return _listed(old, differing, names), _listed(new, differing, names)
    if field == "rows":
        return _ROWS.get(old, old), _ROWS.get(new, new)
    return str(old), str(new)


def _listed(columns: Mapping[str, str], differing: set[str], names: Mapping[str, str]) -> str | None:
    said = [
        f"{words}: {names.get(key) or shown_key(key)}"
        for ours, words in WORDS.items()
        if ours in differing and (key := columns.get(ours))
    ]
    return "; ".join(said) or None


def change_words(change: ColumnMappingChange) -> str:
    """What a change was, in words: ``Remarks: not read → Description`` for each column of the file."""
    if change.field == "made":
        return change.new or ""
    if change.field not in ("columns", "deleted"):
        return f"{change.old} → {change.new}"
    was, now = _by_their_name(change.old), _by_their_name(change.new)
    theirs = dict.fromkeys([*was, *now])
    told = (f"{name}: {was.get(name, 'not read')} → {now.get(name, 'not read')}" for name in theirs)
    return "; ".join(told)


_OURS = re.compile(rf"(?:^|; )({'|'.join(map(re.escape, WORDS.values()))}): ")


def _by_their_name(listed: str | None) -> dict[str, str]:
    """Of columns as :func:`_listed` tells them, the file's name of each -> ours."""
    _, *parts = _OURS.split(listed or "")
    found: dict[str, list[str]] = {}
    for ours, theirs in zip(parts[::2], parts[1::2], strict=True):
        found.setdefault(theirs, []).append(ours)
    return {theirs: " and ".join(ours) for theirs, ours in found.items()}
