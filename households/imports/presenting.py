"""What the page of an import shows, in words and numbers for a reader."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from households.foundation.formats import MINUS, money
from households.imports.formats import label_of
from households.imports.formats.totals import plain
from households.imports.kinds import kinds_of
from households.imports.mapping import SKIP, UNDECIDED
from households.imports.plans import Plan
from households.imports.staged_rows import StagedPosition, own_lot, staged_lot, staged_position
from households.models import Change, Household, Import, ImportFile, ImportRow, Position

SHOWN_CHANGES = 200
"""Lines of differences on a page; beyond them only the number is told."""


@dataclass(frozen=True, slots=True)
class Line:
    """One position before and after; cents, None where it was or is not.

    ``notes`` tell what changed besides quantity and value, in words.
    """

    symbol: str
    what: str
    tone: str
    quantity_before: str
    quantity_after: str
    value_before: int | None
    value_after: int | None
    notes: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class PlanView:
    """A plan as the page shows it."""

    plan: Plan
    lines: list[Line]
    more: int

    @property
    def summary(self) -> str:
        """``2 new, 1 changed, 1 gone, 3 unchanged; 4 lots``."""
        plan = self.plan
        unchanged = len(plan.same) + len(plan.withheld)
        words = (
            f"{len(plan.new)} new, {len(plan.changed)} changed, {len(plan.gone)} gone, {unchanged} unchanged"
        )
        return f"{words}; {plan.lot_count} lot{'s' * (plan.lot_count != 1)}"

    @property
    def values(self) -> str:
        """``Value $1,000.00 before, $1,200.00 after``; holding nothing is no value of zero."""
        plan = self.plan
        after = len(plan.held) - len(plan.gone) + len(plan.new)
        told = [
            money(value, 2) if held else "nothing held"
            for held, value in ((plan.held, plan.value_before), (after, plan.value_after))
        ]
        return f"{'Value ' if plan.held else ''}{told[0]} before, {told[1]} after".capitalize()


def _quantity(holding: Any) -> str:
    return "" if holding.quantity is None else plain(holding.quantity).replace("-", MINUS)


def _lines(plan: Plan) -> Iterator[Line]:
    for staged in plan.new:
        yield Line(staged.symbol, "New", "ok", "", _quantity(staged), None, staged.market_value)
    for old, staged in plan.changed:
        before, after = _quantity(old), _quantity(staged)
        values = (old.market_value, staged.market_value)
        yield Line(old.symbol, "Changed", "info", before, after, *values, _notes(old, staged))
    for gone in plan.gone:
        yield Line(gone.symbol, "Gone", "warn", _quantity(gone), "", gone.market_value, None)


def _notes(old: Position, staged: StagedPosition) -> list[str]:
    """What changes besides quantity and value; the price only where those stay."""
    stays = (old.quantity, old.market_value) == (staged.quantity, staged.market_value)
    return [
        f"{words}: {_told(name, getattr(old, name))} → {_told(name, getattr(staged, name))}"
        for name, words in _NOTED.items()
        if getattr(old, name) != getattr(staged, name) and (stays or name != "price")
    ]


_NOTED = {"description": "Name", "asset_class": "Kind", "cost_basis": "Cost", "price": "Price"}


def _told(name: str, value: Any) -> str:
    if value is None or value == "":
        return "not known"
    if name == "cost_basis":
        return money(value, 2)
    if name == "price":
        return f"${plain(value)}"
    return Position.AssetClass(value).label if name == "asset_class" else str(value)


def plan_view(plan: Plan) -> PlanView:
    """A plan with its differences, the first of them in full."""
    lines = list(_lines(plan))
    return PlanView(plan, lines[:SHOWN_CHANGES], max(0, len(lines) - SHOWN_CHANGES))


def file_rows(import_: Import) -> list[dict[str, Any]]:
    """The files of an import with the words for their formats, how surely they were recognized, and where
    the original is."""
    originals = dict(ImportFile.objects.filter(source_import=import_).values_list("name", "pk"))
    return [
        file
        | {
            "label": label_of(file["format"]),
            "sure": REMEMBERED if _by_itself(file) else SURENESS.get(file.get("confidence")),
            "original": originals.get(file["name"]),
        }
        for file in import_.files
    ]


SURENESS = {
    3: ("Recognized by its title or its whole header", "ok"),
    2: ("Recognized by its header alone", "info"),
    1: ("Recognized by a part of its header", "warn"),
    0: ("Format chosen by hand", "plain"),
}
"""How surely a file was recognized, in words and in a tone."""


REMEMBERED = ("Recognized by its columns, as they are remembered", "ok")
"""Of a file that a remembered mapping read, and nobody chose that."""


def _by_itself(file: Mapping[str, Any]) -> bool:
    return bool(file.get("mapping")) and file["asked"] is None


def problems_of(row: ImportRow) -> list[Mapping[str, str]]:
    """Everything wrong with a rejected row."""
    listed: list[Mapping[str, str]] = row.values.get("problems", [])
    return listed or [{"field": row.field, "value": row.value, "problem": row.problem, "remedy": row.remedy}]


def rejected_lines(rows: Iterable[ImportRow]) -> Iterator[dict[str, Any]]:
    """Rejected rows for the page: where, and every problem."""
    for row in rows:
        yield {"file": row.file, "line": row.line, "label": row.label, "problems": problems_of(row)}


def taken_lines(rows: Iterable[ImportRow], left_out: Collection[str] = ()) -> Iterator[dict[str, Any]]:
    """Rows that were taken, for the page: what the row says in a few words.

    Args:
        left_out: labels of accounts whose rows are not stored.
    """
    listed = list(rows)
    kinds = kinds_of(listed)
    for row in listed:
        shown = {"file": row.file, "line": row.line, "label": row.label, "kind": row.get_kind_display()}
        shown["left_out"] = row.label in left_out
        if row.kind == ImportRow.Kind.LOT:
            lot = staged_lot(row.values)
            detail = {"quantity": _quantity(lot), "value": lot.market_value, "cost": lot.cost_basis}
            yield shown | detail | {"symbol": lot.symbol, "acquired": lot.acquired}
        else:
            held = staged_position(row.values)
            lot = own_lot(row.values)
            yield shown | {
                "symbol": held.symbol,
                "asset_class": kinds[row.pk],
                "unsupported": held.unsupported,
                "acquired": lot and lot.acquired,
                "quantity": _quantity(held),
                "value": held.market_value,
                "cost": held.cost_basis,
            }


def undo_views(household: Household, found: Iterable[Any]) -> list[dict[str, Any]]:
    """What an undo puts back, account by account: the first differences in full, of the others the number."""
    names = {str(pk): name for pk, name in household.accounts.values_list("pk", "name")}
    by_account: dict[str, list[Any]] = {}
    for difference in found:
        by_account.setdefault(difference.account, []).append(difference)
    return [
        {"name": names[key], "lines": lines[:SHOWN_CHANGES], "more": max(0, len(lines) - SHOWN_CHANGES)}
        for key, lines in by_account.items()
    ]


def realized_rows(import_: Import) -> list[dict[str, Any]]:
    """What was realized, an account and file a row, in cents: as the files say it; no fact rests on it."""
    return [
        told
        | {
            "label": account["label"],
            "file": file["name"],
            "first": told["from"] and date.fromisoformat(told["from"]),
            "last": told["to"] and date.fromisoformat(told["to"]),
            "net": told["short_term"] + told["long_term"] + told["term_unknown"],
        }
        for file in import_.files
        for account in file["accounts"]
        if (told := account.get("realized"))
    ]


def changes_of(import_: Import) -> Any:
    """What a committed import changed, from the history it wrote, account by account."""
    source = f"import {import_.pk.hex}"
    changes = Change.objects.filter(household_id=import_.household_id, source=source)
    return changes.exclude(entity="import").order_by("entity_id", "-entity", "field")


def change_lines(import_: Import, changes: Iterable[Change]) -> Iterator[dict[str, Any]]:
    """Changes for the page, each with the name of its account."""
    names = {str(pk): name for pk, name in import_.household.accounts.values_list("pk", "name")}
    for change in changes:
        account = names.get(change.entity_id, "an account of another household now")
        yield {"change": change, "account": account}


def next_step(import_: Import) -> str:
    """What stands between a staged import and its commit; empty where nothing does."""
    undecided = [label for label, account in import_.account_map.items() if account == UNDECIDED]
    if undecided:
        if len(undecided) == 1:
            return f"Choose which account {undecided[0]} belongs to, or leave it out."
        listed = f"{', '.join(undecided[:-1])} and {undecided[-1]}"
        return f"Choose which accounts {listed} belong to, or leave them out."
    if set(import_.account_map.values()) <= {SKIP}:
        return "Every account of the files is left out; choose one for at least one of them."
    if not import_.taken:
        return "No row could be taken. Mend the file and upload it again."
    return ""
