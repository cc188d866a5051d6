"""Which column of a custodian's list is which of the template's, as somebody said by hand; found again by its
header."""

import hashlib
import json
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from households.imports.formats.cells import day, decimal, is_unknown
from households.imports.formats.headers import normal
from households.imports.formats.parsed import CellError
from households.imports.formats.records import Record
from households.imports.formats.sniff import first_records
from households.imports.formats.template import HELD, TEMPLATE

FEWEST_COLUMNS = 3
"""A list has at least a symbol, a quantity and something that says what it is worth."""
NAME_LENGTH = 200
ROW_KINDS = ("position", "lot", HELD)
"""What every row of a list may be: a position, a tax lot of one listed elsewhere, or both at once."""
WORDS = {
    "symbol": "Symbol",
    "quantity": "Quantity",
    "market_value": "Market value",
    "price": "Price",
    "cost_basis": "Cost basis",
    "description": "Description",
    "asset_class": "Kind of security",
    "account": "Account",
    "as_of": "Date of the values",
    "row_type": "What each row is",
    "acquired": "Date of purchase",
    "disallowed_loss": "Disallowed loss",
    "share_of_account": "Share of the account",
}
"""What our columns are called in front of people, the most needed first."""
_LOTS_ONLY = ("acquired", "disallowed_loss")
_REQUIRED = {
    "symbol": "Say which column holds the symbol.",
    "quantity": "Say which column holds the quantity.",
}


@dataclass(frozen=True, slots=True)
class ColumnMap:
    """A mapping of columns.

    ``columns`` is our column -> the key of the file's (:func:`column_keys`); ``rows`` is what every row is,
    one of ROW_KINDS, empty where the column ``row_type`` says it. ``told`` describes the mapping to whoever
    meets it: id, name, by, on.
    """

    signature: str
    columns: Mapping[str, str]
    rows: str = "position"
    told: Mapping[str, str] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """The name that somebody gave it."""
        return self.told.get("name", "")


Known = Callable[[Sequence[str]], Mapping[str, ColumnMap]]
"""The remembered mappings among some signatures."""


def none_known(signatures: Sequence[str]) -> Mapping[str, ColumnMap]:
    """No mapping is remembered."""
    return {}


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with a mapping: at which of our columns (empty: the whole), and what to do."""

    field: str
    problem: str


def column_keys(cells: Sequence[str]) -> tuple[str, ...]:
    """What each column of a header is called, without differences of case and blanks, each in its own way.

    A column without a name, or with one that an earlier column has, is told apart by its place.
    """
    seen: Counter[str] = Counter()
    keys = []
    for place, cell in enumerate(cells, start=1):
        name = normal(cell)
        seen[name] += 1
        keys.append(name if name and seen[name] == 1 else f"{name}\n{place}")
    return tuple(keys)


def signature_of(cells: Sequence[str]) -> str:
    """The header's signature: the same columns, in any order, unless some can only be told by their place."""
    keys = column_keys(cells)
    by_place = any("\n" in key for key in keys)
    text = json.dumps(keys if by_place else sorted(keys))
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()


def may_be_header(record: Record) -> bool:
    """Whether a record has the cells of a header: three or more names, none too long."""
    filled = [cell for cell in record.cells if cell]
    return (
        record.problem is None
        and len(filled) >= FEWEST_COLUMNS
        and all(len(cell) <= NAME_LENGTH for cell in filled)
    )


def value_among(cells: Iterable[str]) -> str:
    """The first number or date among cells that should all be names; empty where there is none."""
    for cell in cells:
        if cell and not is_unknown(cell) and (_is(decimal, cell.lstrip("$")) or _is(day, cell)):
            return cell
    return ""


def _is(parse: Callable[[str], Any], cell: str) -> bool:
    try:
        return parse(cell) is not None
    except CellError:
        return False


def headers_in(text: str) -> list[tuple[Record, str]]:
    """The records among a text's first lines that may be its header, each with its delimiter."""
    return [(record, delimiter) for delimiter, record in first_records(text) if may_be_header(record)]


def find_known(text: str, known: Known) -> tuple[ColumnMap, str] | None:
    """The remembered mapping of the first header that has one, and the delimiter under which it shows."""
    found = [(signature_of(record.cells), delimiter) for record, delimiter in headers_in(text)]
    maps = known([signature for signature, _ in found]) if found else {}
    return next(((maps[signature], delimiter) for signature, delimiter in found if signature in maps), None)


def faults_of(columns: Mapping[str, str], rows: str, keys: Iterable[str]) -> list[Fault]:
    """Everything that is wrong with a mapping for a header with these keys."""
    held = set(keys)
    faults = [
        Fault(name if name in TEMPLATE else "", f"The column {shown_key(key)} is not in the header.")
        for name, key in columns.items()
        if name not in TEMPLATE or key not in held
    ]
    taken: dict[str, str] = {}
    for name, key in columns.items():
        if taken.setdefault(key, name) != name:
            words = WORDS.get(taken[key], taken[key])
            faults.append(Fault(name, f"The column {shown_key(key)} is taken already: {words}."))
    faults += [Fault(name, problem) for name, problem in _REQUIRED.items() if name not in columns]
    if rows not in ("", *ROW_KINDS) or (rows == "") != ("row_type" in columns):
        faults.append(Fault("row_type", "Say what the rows are."))
    if rows != "lot" and not columns.keys() & {"market_value", "price"}:
        faults.append(Fault("market_value", "Say which column holds the market value."))
    if rows == HELD and "acquired" not in columns:
        faults.append(Fault("acquired", "Say which column holds the date of each purchase."))
    if rows == "position":
        faults += [
            Fault(name, "Positions do not have this, purchases do: choose what each row is, or leave it.")
            for name in _LOTS_ONLY
            if name in columns
        ]
    return faults


def shown_key(key: str) -> str:
    """A column's key as a person reads it."""
    name, _, place = key.partition("\n")
    return name if not place else f"{name} (column {place})" if name else f"column {place}"
