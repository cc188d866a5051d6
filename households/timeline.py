"""Change rows as events a reader can follow: what belongs to one act is one event."""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

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
    "taken_back": "Intake taken back",
}  # fmt: skip
NO_ANSWERS = frozenset(_ACTS)
"""Fields of an intake's changes that are steps, not answers."""
_HANDING = {"handed_over": "To ", "handed_back": "To ", "taken_back": "From "}
_RECORDS = {"household": "Household", "person": "Person", "tax_unit": "Return"}


def events(changes: Iterable[Change], accounts: Mapping[str, str]) -> list[dict[str, Any]]:
    """Timeline events of changes given newest first.

    Args:
        accounts: account id -> name.
    """
    groups: list[list[Change]] = []
    for change in changes:
        last = groups[-1][-1] if groups else None
        if last and _key(last) == _key(change) and last.at - change.at <= _TOGETHER:
            groups[-1].append(change)
        else:
            groups.append([change])
    return [_event(group, accounts) for group in groups]


def _key(change: Change) -> tuple[Any, ...]:
    if change.source.startswith(_ACTS_OF_IMPORTS):
        return (change.source, change.by_id)
    if change.entity == "security":
        return (change.entity, change.by_id)
    return (change.entity, change.entity_id, change.by_id)


def _event(group: list[Change], accounts: Mapping[str, str]) -> dict[str, Any]:
    first = group[0]
    told = _net_words(group)
    more = len(told) - _SHOWN
    text = "; ".join(told[:_SHOWN]) + (f"; and {more} more" if more > 0 else "")
    imported = first.source.startswith(_ACTS_OF_IMPORTS)
    undone = first.source.startswith("undo")
    done = "Import undone" if undone else "Holdings imported"
    return {
        "title": done if imported else _title(group, accounts),
        "when": first.at,
        "who": str(first.by),
        "text": f"{len(told)} changes" if imported and len(told) > _SHOWN else text,
        "icon": _ICONS.get("import" if imported else first.entity, "dot"),
        "tone": "info" if imported else "plain",
    }


def _net_words(group: list[Change]) -> list[str]:
    """What a group changed in all, oldest first: of a field changed several times first and last value."""
    net: dict[tuple[str, str], tuple[str | None, str | None]] = {}
    for change in reversed(group):
        key = (change.entity_id, change.field)
        net[key] = (net[key][0] if key in net else change.old, change.new)
    lasting = {key: values for key, values in net.items() if values[0] != values[1]}
    return [_words(field, old, new) for (_, field), (old, new) in lasting.items()] or [
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
        return "Security master changed"
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
