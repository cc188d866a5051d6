"""Mappings by themselves: what a signature overlooks, what is wrong with one, what is guessed."""

import pytest

from households.imports.formats.column_maps import (
    column_keys,
    faults_of,
    headers_in,
    signature_of,
    value_among,
)
from households.imports.formats.guessing import guess_columns, guess_header, header_at
from tests.households.imports.formats.acme import HEADER, LOT_HEADER, STOCK, acme

CELLS = HEADER.split(",")


@pytest.mark.parametrize(
    "cells",
    [
        [cell.upper() for cell in CELLS],
        [f"  {cell.replace(' ', '   ')} " for cell in CELLS],
        ["\ufeff" + CELLS[0], *CELLS[1:]],
        [f"{cell}:" for cell in CELLS],
        CELLS[::-1],
    ],
    ids=["capitals", "blanks", "byte order mark", "colons", "another order"],
)
def test_a_signature_overlooks(cells: list[str]) -> None:
    assert signature_of(cells) == signature_of(CELLS)


@pytest.mark.parametrize(
    "cells", [CELLS[:-1], [*CELLS, "Yield"], ["Account", *CELLS[1:]]], ids=["one less", "one more", "renamed"]
)
def test_a_signature_tells_apart(cells: list[str]) -> None:
    assert signature_of(cells) != signature_of(CELLS)


def test_columns_of_the_same_name_are_told_apart_by_their_place() -> None:
    """So their order counts: the second Value of the one is the first of the other."""
    one = ["Symbol", "Value", "Shares", "Value", ""]
    assert column_keys(one) == ("symbol", "value", "shares", "value\n4", "\n5")
    assert signature_of(one) != signature_of(["Value", "Symbol", "Shares", "Value", ""])
    assert signature_of(one) == signature_of(["SYMBOL", "value", "shares", "value", ""])


def test_values_are_no_names() -> None:
    assert value_among(STOCK.split(",")) == "1234-4321" or value_among(STOCK.split(",")) == "2"
    assert value_among(["Symbol", "10/30/2026", "Shares"]) == "10/30/2026"
    assert value_among(["Symbol", "$1,200.00"]) == "$1,200.00"
    assert value_among([*CELLS, "--", "N/A", "Value 10/30/2026"]) == ""


def faults(columns: dict[str, str], rows: str = "position", keys: tuple[str, ...] = ()) -> list[str]:
    return [fault.field for fault in faults_of(columns, rows, keys or tuple(columns.values()))]


WHOLE = {"symbol": "a", "quantity": "b", "market_value": "c"}


def test_what_is_wrong_with_a_mapping() -> None:
    assert faults(WHOLE) == []
    assert faults({}) == ["symbol", "quantity", "market_value"]
    assert faults({"symbol": "a", "quantity": "b", "price": "c"}) == []
    assert faults({"symbol": "a", "quantity": "b"}, "lot") == []
    assert faults(WHOLE | {"acquired": "d", "disallowed_loss": "e"}) == ["acquired", "disallowed_loss"]
    assert faults(WHOLE | {"acquired": "d"}, "lot") == []
    assert faults(WHOLE | {"price": "c"}) == ["price"]
    assert faults(WHOLE, "trade") == faults(WHOLE, "") == ["row_type"]
    assert faults(WHOLE | {"row_type": "d"}, "") == []
    assert faults(WHOLE | {"row_type": "d"}, "lot") == ["row_type"]
    assert faults(WHOLE, keys=("a", "b")) == ["market_value"]
    assert faults(WHOLE | {"yield": "d"}) == [""]


def test_columns_are_guessed_by_their_words() -> None:
    assert guess_columns(CELLS) == (
        {
            "account": "acct #", "symbol": "ticker", "description": "security name",
            "asset_class": "asset type", "quantity": "shares", "price": "unit price",
            "market_value": "market value (usd)", "cost_basis": "tax cost",
        },
        "position",
    )  # fmt: skip
    assert guess_columns(LOT_HEADER.split(",")) == (
        {
            "symbol": "ticker", "acquired": "date acquired", "quantity": "shares", "cost_basis": "tax cost",
            "disallowed_loss": "wash sale",
        },
        "lot",
    )  # fmt: skip


def test_a_column_is_guessed_once_and_by_the_surest_word() -> None:
    columns, rows = guess_columns(
        ["Value", "Market_Value ($)", "Cost", "Cost Basis", "Position", "Qty", "Wash Sale"]
    )
    assert columns == {"market_value": "market_value ($)", "cost_basis": "cost basis", "quantity": "qty"}
    assert rows == "position"
    assert guess_columns(["Foo", "Bar", ""]) == ({}, "position")
    assert guess_columns(["Record Type", "Symbol"])[1] == ""
    assert guess_columns(["Qty (Quantity)", "Mkt Val (Market Value)", "Value (as of 10/30/2026)"])[0] == {
        "quantity": "qty (quantity)", "market_value": "mkt val (market value)",
    }  # fmt: skip


def test_the_header_is_guessed_and_can_be_another_line() -> None:
    text = acme(STOCK, STOCK).decode()
    record, delimiter = guess_header(text)  # type: ignore[misc]
    assert (record.line, delimiter) == (3, ",")
    assert [found.line for found, _ in headers_in(text)] == [3, 4, 5]
    assert header_at(text, 4)[0].cells[1] == "MSFT"  # type: ignore[index]
    assert header_at(text, 1) is None
    assert guess_header("a letter\nto somebody, in words\n") is None


@pytest.mark.parametrize("delimiter", ["\t", ";", "|"])
def test_the_delimiter_is_found_with_the_header(delimiter: str) -> None:
    text = acme(STOCK).decode().replace(",", delimiter)
    record, found = guess_header(text)  # type: ignore[misc]
    assert (record.cells, found) == (CELLS, delimiter)
