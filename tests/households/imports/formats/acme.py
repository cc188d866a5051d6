"""Lists of a custodian that no reader knows, written for the tests; sums are plain by eye."""

import io
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from households.imports.formats import read
from households.imports.formats.column_maps import ColumnMap, signature_of
from households.imports.formats.guessing import guess_columns
from households.imports.formats.parsed import ParsedFile

HEADER = "Acct #,Ticker,Security Name,Asset Type,Shares,Unit Price,Market Value (USD),Tax Cost"
FUND = '1234-4321,VTI,Vanguard Total Stock Market ETF,ETF,10,250.00,"2,500.00",2000'
STOCK = "1234-4321,MSFT,Microsoft Corp,Common Stock,2,400,800,500"
CASH = "1234-4321,,Cash balance,Cash,,,100.50,"
TOTAL = 'Total,,,,,,"3,400.50",2500'
"""2,500.00 + 800 + 100.50; 2000 + 500."""
LOT_HEADER = "Ticker,Date Acquired,Shares,Tax Cost,Wash Sale"
NAME = "acme-2026-06-30.csv"


def acme(*rows: str, header: str = HEADER) -> bytes:
    """A file of the custodian's, with two lines above its header."""
    return "\n".join(["Acme Trust Company", "", header, *rows, ""]).encode()


def guessed(header: str = HEADER, name: str = "Acme Trust holdings", delimiter: str = ",") -> ColumnMap:
    """The mapping that is guessed for a header."""
    cells = header.split(delimiter)
    columns, rows = guess_columns(cells)
    told = {"id": "1", "name": name, "by": "Ann", "on": "2026-07-01"}
    return ColumnMap(signature_of(cells), columns, rows, told)


def knowing(*maps: ColumnMap) -> Any:
    """A memory of these mappings."""

    def known(signatures: Sequence[str]) -> Mapping[str, ColumnMap]:
        return {found.signature: found for found in maps if found.signature in signatures}

    return known


def parse_mapped(
    data: bytes, column_map: ColumnMap, name: str = NAME, dated: date | None = None
) -> ParsedFile:
    """Read bytes by a mapping that is remembered."""
    return read(io.BytesIO(data), name, dated=dated, known=knowing(column_map))
