"""Small files of the custodians' kinds, written for the tests; sums are plain by eye."""

import io

from households.imports.formats import read
from households.imports.formats.content import Limits
from households.imports.formats.parsed import ParsedFile

TITLE = '"Positions for account Individual XXXX-1234 as of 04:00 PM ET, 06/30/2026"'
HEADER = (
    '"Symbol","Description","Quantity","Price","Market Value","Cost Basis","Gain/Loss $","Security Type",'
)
NEWER_HEADER = (
    '"Symbol","Description","Qty (Quantity)","Price","Price Chng $ (Price Change $)",'
    '"Mkt Val (Market Value)","Cost Basis","Gain $ (Gain/Loss $)","% of Acct (% of Account)","Asset Type",'
)
LOT_TITLE = '"AAPL Lot Details for XXXX-1234 as of 04:00 PM ET, 06/30/2026"'
LOT_HEADER = (
    '"Open Date","Quantity","Price","Cost/Share","Market Value","Cost Basis","Gain/Loss $","Gain/Loss %",'
    '"Holding Period",'
)
TEMPLATE_HEADER = (
    "account,as_of,row_type,symbol,description,asset_class,quantity,price,market_value,cost_basis,"
    "share_of_account,acquired,disallowed_loss"
)


def row(
    symbol: str, quantity: str, price: str, value: str, cost: str, gain: str, kind: str = "Equity"
) -> str:
    """A line under :data:`HEADER`."""
    return (
        ",".join(f'"{c}"' for c in (symbol, f"{symbol} INC", quantity, price, value, cost, gain, kind)) + ","
    )


def positions(*lines: str, title: str = TITLE, header: str = HEADER) -> bytes:
    """A Schwab positions file."""
    return "\r\n".join([title, "", header, *lines, ""]).encode()


def lots(*lines: str, title: str = LOT_TITLE, header: str = LOT_HEADER) -> bytes:
    """A Schwab lot file."""
    return "\r\n".join([title, "", header, *lines, ""]).encode()


def template(*lines: str, header: str = TEMPLATE_HEADER) -> bytes:
    """A file in the product's own template."""
    return "\n".join([header, *lines, ""]).encode()


def parse(data: bytes, name: str = "file.csv", format: str | None = None, **limits: int) -> ParsedFile:
    """Read bytes as an upload of that name."""
    return read(io.BytesIO(data), name, format, Limits(**limits) if limits else None)


def codes(file: ParsedFile) -> list[str]:
    """The codes of a file's warnings, in order."""
    return [warning.code for warning in file.warnings]
