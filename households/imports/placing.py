"""Lots need their position: in the same upload, or already stored. A lot without one is rejected.

Depends on which account a section is mapped to, so it runs again whenever the mapping changes.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from django.db.models import Count, Q

from households.imports.mapping import SKIP, UNDECIDED
from households.models import Import, ImportRow, Position

_NO_POSITION = (
    "There is no position {symbol}, neither in these files nor in the account.",
    "Upload the positions file of the same date together with its lot files.",
)
_NO_VALUE = (
    "The lot has no market value, and its position {symbol} has no price to work it out.",
    "Fill in the market value or the price.",
)
_EMPTY = {"field": "", "value": "", "problem": "", "remedy": ""}
_CHUNK = 500
_AT_ONCE = 2_000


def place_lots(import_: Import) -> None:
    """Judge every lot anew by the import's mapping, then count rows taken and rejected."""
    symbols = _symbols(import_)
    for rows in _lots(import_):
        changed = [row for row in rows if _place(row, symbols)]
        ImportRow.objects.bulk_update(changed, ["taken", "values", *_EMPTY], batch_size=_CHUNK)
    count_rows(import_)


def _place(row: ImportRow, symbols: Mapping[str, Mapping[str, bool]]) -> bool:
    """Judge one lot; whether that changed it."""
    taken, fault = _judge(row.values, symbols.get(row.label))
    if taken == row.taken:
        return False
    row.taken = taken
    row.values["unplaced"] = not taken
    texts = _EMPTY
    if fault is not None:
        symbol = row.values["symbol"]
        problem, remedy = fault[0].format(symbol=symbol), fault[1]
        texts = {"field": "symbol", "value": symbol, "problem": problem, "remedy": remedy}
    for name, text in texts.items():
        setattr(row, name, text)
    return True


def _lots(import_: Import) -> Iterator[list[ImportRow]]:
    """Lots that could be read: taken now, or held back by an earlier mapping. A few at a time, by their
    keys."""
    rows = import_.rows.filter(Q(kind=ImportRow.Kind.LOT), Q(taken=True) | Q(values__unplaced=True)).order_by(
        "pk"
    )
    part = list(rows[:_AT_ONCE])
    while part:
        yield part
        part = list(rows.filter(pk__gt=part[-1].pk)[:_AT_ONCE])


def _judge(
    values: Mapping[str, Any], known: Mapping[str, bool] | None
) -> tuple[bool, tuple[str, str] | None]:
    if known is None:
        return True, None
    symbol = values["symbol"].upper()
    if symbol not in known:
        return False, _NO_POSITION
    if values["market_value"] is None and not known[symbol]:
        return False, _NO_VALUE
    return True, None


def _symbols(import_: Import) -> dict[str, dict[str, bool]]:
    """Per label, the symbols a lot may belong to, and whether their lots can be valued.

    A label that lists positions has those alone: the file says what is held. One that does not has what its
    account gets from another label, else what it holds; undecided or left out it is not judged, and absent.
    """
    listed: dict[str, dict[str, bool]] = {}
    held_by_label = {
        account["label"]
        for file in import_.files
        for account in file["accounts"]
        if account["holds_positions"]
    }
    rows = import_.rows.filter(kind=ImportRow.Kind.POSITION, taken=True, label__in=held_by_label)
    for label in held_by_label:
        listed[label] = {}
    for label, values in rows.values_list("label", "values").iterator(_AT_ONCE):
        valued = values["price"] is not None or bool(values["quantity"] and float(values["quantity"]))
        symbol = values["symbol"].upper()
        listed[label][symbol] = listed[label].get(symbol, False) or valued
    for label, account in import_.account_map.items():
        if label in listed or account in (UNDECIDED, SKIP):
            continue
        peers = [peer for peer in held_by_label if import_.account_map.get(peer) == account]
        if peers:
            listed[label] = listed[peers[0]]
            continue
        stored = Position.objects.filter(account_id=account).values_list("symbol", "price", "quantity")
        listed[label] = {symbol.upper(): price is not None or bool(n) for symbol, price, n in stored}
    return listed


def count_rows(import_: Import) -> None:
    """Set the counts of the import and of its files from its rows, and save them."""
    realized = {
        file["name"]: sum(account.get("realized", {}).get("rows", 0) for account in file["accounts"])
        for file in import_.files
    }
    counted = {
        name: (taken, rejected)
        for name, taken, rejected in import_.rows.order_by()
        .values("file")
        .annotate(good=Count("pk", filter=Q(taken=True)), bad=Count("pk", filter=Q(taken=False)))
        .values_list("file", "good", "bad")
    }
    for file in import_.files:
        good, bad = counted.get(file["name"], (0, 0))
        file["taken"], file["rejected"] = good + realized[file["name"]], bad
    import_.taken = sum(file["taken"] for file in import_.files)
    import_.rejected = sum(file["rejected"] for file in import_.files)
    import_.save(update_fields=["files", "taken", "rejected"])
