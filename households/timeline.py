"""Change rows as events a reader can follow: what belongs to one act is one event."""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.urls import reverse

from households.foundation import formats
from households.intake.codes import CODES, code_word
from households.intake.questions import KIND_OF
from households.intake.sections import LABELS
from households.intake.words import fact_words
from households.models import Change, Person, TaxUnit

_ACTS_OF_IMPORTS = ("import ", "undo ")
_TOGETHER = timedelta(minutes=20)
_SHOWN = 3
_ICONS = {
    "household": "house-door", "person": "person", "tax_unit": "receipt", "account": "wallet2",
    "intake": "ui-checks", "position": "tag", "lots": "tags", "import": "file-earmark-arrow-down",
    "security": "tags",
}  # fmt: skip
_FIELDS = {
    "name": "Name", "advisor": "Advisor", "external_id": "Reference", "review_due": "Review due",
    "relation": "Relation", "birth_date": "Date of birth", "tax_unit": "Return", "kind": "Kind",
    "number_ending": "Last digits", "owner": "Owner",
    "tax_status": "Tax status", "tax_status_reason": "Why the tax status differs", "closed_on": "Closed on",
    "state": "State", "controlled_corporation": "Corporation that they control",
}  # fmt: skip
_CHOICES = {"relation": dict(Person.Relation.choices), "kind": dict(TaxUnit.Kind.choices)}
_DAYS = frozenset({"birth_date", "review_due", "closed_on"})
_ACTS = {
    "state": "Intake complete", "review": "Yearly review begun", "confirmed": "Answers confirmed",
    "handed_over": "Intake handed over", "handed_back": "Intake handed back",
    "taken_back": "Intake taken back", "back_seen": "Handed-back intake seen",
}  # fmt: skip
NO_ANSWERS = frozenset(_ACTS)
"""Fields of an intake's changes that are steps, not answers."""
_HANDING = {"handed_over": "To ", "handed_back": "To ", "taken_back": "From ", "back_seen": "From "}
_RECORDS = {"household": "Household", "person": "Person", "tax_unit": "Return"}


def events(
    changes: Iterable[Change],
    accounts: Mapping[str, str],
    counts: Mapping[str, tuple[int, int]] | None = None,
) -> list[dict[str, Any]]:
    """Timeline events of changes given newest first.

    Args:
        accounts: account id -> name.
        counts: of imports, as :func:`households.selectors.changed_by_imports` says; needed where ``changes``
            may end before those of an import do.
    """
    groups: list[list[Change]] = []
    for change in changes:
        last = groups[-1][-1] if groups else None
        if last and _key(last) == _key(change) and last.at - change.at <= _TOGETHER:
            groups[-1].append(change)
        else:
            groups.append([change])
    return [_event(group, accounts, counts or {}) for group in groups]


def _key(change: Change) -> tuple[Any, ...]:
    if change.source.startswith(_ACTS_OF_IMPORTS):
        return (change.source, change.by_id)
    if change.entity == "security":
        return (change.entity, change.by_id)
    return (change.entity, change.entity_id, change.by_id)


def _event(
    group: list[Change], accounts: Mapping[str, str], counts: Mapping[str, tuple[int, int]]
) -> dict[str, Any]:
    first = group[0]
    event = {"when": first.at, "who": str(first.by), "icon": _ICONS.get(first.entity, "dot"), "tone": "plain"}
    if first.source.startswith(_ACTS_OF_IMPORTS):
        return event | _event_of_import(group, accounts, counts)
    if first.entity == "import":
        url = reverse("households:import_detail", args=[UUID(first.entity_id)])
        return event | {"title": f"Import {first.new}", "text": "", "url": url}
    told = _net_words(group)
    more = len(told) - _SHOWN
    text = "; ".join(told[:_SHOWN]) + (f"; and {more} more" if more > 0 else "")
    return event | {"title": _title(group, accounts), "text": text}


def _event_of_import(
    group: list[Change], accounts: Mapping[str, str], counts: Mapping[str, tuple[int, int]]
) -> dict[str, Any]:
    """A commit or its undoing, by the positions and lots it changed; few are told, of many the number."""
    act, _, import_id = group[0].source.partition(" ")
    changed = [change for change in reversed(group) if change.entity != "import"]
    touched = {change.entity_id for change in changed}
    number, held_in = counts.get(group[0].source, (len(changed), len(touched)))
    if number > _SHOWN:
        names = [accounts[key] for key in touched if key in accounts]
        where = f"{held_in} accounts" if held_in > 1 else "".join(names)
        text = f"{formats.count(number)} changes" + (f" in {where}" if where else "")
    else:
        told = accounts if len(touched) > 1 else {}
        text = "; ".join(_holding_words(change, told.get(change.entity_id)) for change in changed)
    return {
        "title": "Import undone" if act == "undo" else "Holdings imported",
        "text": text or "No position or lot changed",
        "icon": _ICONS["import"],
        "tone": "info",
        "url": reverse("households:import_detail", args=[UUID(import_id)]),
    }


def _holding_words(change: Change, account: str | None) -> str:
    """``Lots of MSFT in IRA: 1 lot → 2 lots``; what was not there before is told by what there is now."""
    lots = change.entity == "lots"
    what = ("Lots of " if lots else "") + change.field + (f" in {account}" if account else "")
    gone = "none known" if lots else "no longer held"
    return f"{what}: " + " → ".join(
        [*([change.old] if change.old is not None else []), gone if change.new is None else change.new]
    )


def _net_words(group: list[Change]) -> list[str]:
    """What a group changed in all, oldest first: of a field changed several times first and last value."""
    net: dict[tuple[str, str, str], tuple[str | None, str | None]] = {}
    for change in reversed(group):
        key = (change.entity, change.entity_id, change.field)
        net[key] = (net[key][0] if key in net else change.old, change.new)
    lasting = {key: values for key, values in net.items() if values[0] != values[1]}
    return [_words(field, old, new) for (_, _, field), (old, new) in lasting.items()] or [
        "Changed and changed back"
    ]


def _title(group: list[Change], accounts: Mapping[str, str]) -> str:
    first = group[-1]
    name = accounts.get(first.entity_id, "an account")
    started = any(change.field == "name" and change.old is None for change in group)
    if first.entity == "account":
        return f"Account added: {name}" if started else f"Account changed: {name}"
    if first.entity == "intake":
        fields = {change.field for change in group}
        acts = [words for field, words in _ACTS.items() if field in fields]
        return f"{acts[0] if acts else 'Intake answered'}: {name}"
    if first.entity == "position":
        return f"Position marked: {name}"
    if first.entity == "security":
        return "List of securities changed"
    record = _RECORDS.get(first.entity, first.entity.capitalize())
    return f"{record} added" if started else f"{record} changed"


def change_words(change: Change) -> str:
    """``Custodian: Fidelity → Schwab``; a first value stands alone."""
    return _words(change.field, change.old, change.new)


def _words(field: str, old: str | None, new: str | None) -> str:
    if field == "confirmed" and new:
        return "Confirmed: " + ", ".join(field_label(name) for name in new.split(", "))
    if field == "review":
        return "Last year's answers are to be confirmed"
    if field in _HANDING:
        return f"{_HANDING[field]}{new}"
    after = f"{field_label(field)}: "
    if old is not None:
        after += f"{value_words(field, old)} → "
    return after + value_words(field, new)


def field_label(name: str) -> str:
    """What a changed field is called."""
    return (
        LABELS.get(name)
        or _FIELDS.get(name)
        or (name if ":" in name else name.replace("_", " ").capitalize())
    )


def value_words(name: str, text: str | None) -> str:
    """A value as a change row keeps it, written with its unit."""
    if text is None:
        return "not known"
    if name in _CHOICES:
        return _CHOICES[name].get(text, text)
    if name in _DAYS:
        return formats.day(date.fromisoformat(text))
    kind = KIND_OF.get(name, "")
    if kind in ("code", "unit", "flag", ""):
        return (code_word(name, text) or text) if name in CODES else text
    try:
        number = Decimal(text)
    except ArithmeticError:
        return text
    stored = (
        int(number * 100) if kind == "money" else int(number) if kind in ("level", "count") else float(number)
    )
    return fact_words(name, stored) or text
