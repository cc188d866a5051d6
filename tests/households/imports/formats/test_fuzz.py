"""Whatever the bytes: an answer or a refusal with its remedy; every row accounted for."""

import io

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from households.imports.formats import FORMATS, read
from households.imports.formats.cells import cents
from households.imports.formats.parsed import CellError, FileRefused, ParsedFile
from tests.households.imports.formats import (
    test_fidelity_positions,
    test_ibkr_flex,
    test_ofx,
    test_schwab_realized,
    test_vanguard_holdings,
)
from tests.households.imports.formats.build import HEADER, LOT_HEADER, LOT_TITLE, TEMPLATE_HEADER, TITLE

ODD_CELLS = [
    "", "--", "N/A", "AAPL", "Cash & Cash Investments", "Account Total", "Total", "$1,234.50", "1,234.50-",
    "10", "-10", "0", "2026-06-30", "06/30/2026", "position", "lot", "stock", "Equity", "1.2", "13.6%", '"',
    '""', "a\nb", "($5.00)", "=1+1", "\0", "XXXX-1234", "Symbol",
    "Positions for account X XXXX-1 as of 06/30/2026",
]  # fmt: skip
CELL = st.one_of(
    st.sampled_from(ODD_CELLS),
    st.text(max_size=12),
    st.decimals(allow_nan=False, allow_infinity=False, places=2).map(str),
)  # fmt: skip
LINE = st.lists(CELL, max_size=16).map(lambda cells: ",".join(cells))
QUOTED = st.lists(CELL, max_size=16).map(lambda cells: ",".join(f'"{c}"' for c in cells))
HEADS = {
    "schwab_positions": f"{TITLE}\n\n{HEADER}",
    "schwab_lots": f"{LOT_TITLE}\n\n{LOT_HEADER}",
    "generic_csv": TEMPLATE_HEADER,
    "generic_xlsx": TEMPLATE_HEADER,
    "schwab_realized": f"{test_schwab_realized.TITLE}\n{test_schwab_realized.HEADER}",
    "fidelity_positions": test_fidelity_positions.HEADER,
    "vanguard_holdings": test_vanguard_holdings.HEADER,
}
NAME = "file-2026-06-30.csv"
"""Bears the date that some files do not say."""
STATEMENTS = {
    "flex": test_ibkr_flex.flex(test_ibkr_flex.APPLE, test_ibkr_flex.LOT),
    "ofx": test_ofx.ofx(test_ofx.APPLE, test_ofx.FUND),
    "ofx 2": test_ofx.as_xml(test_ofx.ofx(test_ofx.APPLE, test_ofx.FUND)),
    "fidelity": test_fidelity_positions.fidelity(test_fidelity_positions.STOCK, test_fidelity_positions.CASH),
    "realized": test_schwab_realized.realized(test_schwab_realized.LONG, test_schwab_realized.WASHED),
}


def test_every_format_is_tried() -> None:
    assert set(HEADS) | {"ibkr_flex", "ofx"} == set(FORMATS)


def _check(file: ParsedFile) -> None:
    assert file.rows_read == file.rows_taken + len(file.rejected)
    lines = [r.line for r in file.rejected]
    lines += [x.line for s in file.accounts for x in [*s.positions, *s.lots, *s.realized]]
    if file.format not in ("ofx", "ibkr_flex"):  # there a line may hold any number of rows
        assert len(lines) == len(set(lines)), "a line is taken or rejected once"
    for rejected in file.rejected:
        assert rejected.problems
        assert all(p.problem and p.remedy for p in rejected.problems)
    for section in file.accounts:
        assert all(isinstance(p.market_value, int) and p.symbol for p in section.positions)
        assert all(p.unsupported for p in section.positions if p.market_value < 0 or (p.quantity or 0) < 0)


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    code=st.sampled_from(sorted(HEADS)),
    lines=st.lists(st.one_of(LINE, QUOTED), max_size=12),
    name=st.booleans(),
)
def test_any_rows_under_a_header(code: str, lines: list[str], name: bool) -> None:
    data = "\n".join([HEADS[code], *lines]).encode("utf-8", "replace")
    try:
        _check(read(io.BytesIO(data), NAME, code if name else None))
    except FileRefused as refused:
        assert refused.problem
        assert refused.remedy


@settings(max_examples=300, deadline=None)
@given(data=st.binary(max_size=400), head=st.sampled_from([b"", *[h.encode() for h in HEADS.values()]]))
def test_any_bytes(data: bytes, head: bytes) -> None:
    try:
        _check(read(io.BytesIO(head + b"\n" + data), NAME))
    except FileRefused as refused:
        assert refused.problem
        assert refused.remedy


def _answered(data: bytes) -> None:
    try:
        _check(read(io.BytesIO(data), NAME))
    except FileRefused as refused:
        assert refused.problem
        assert refused.remedy


@settings(max_examples=200, deadline=None)
@given(kind=st.sampled_from(sorted(STATEMENTS)), part=st.floats(0, 1))
def test_files_that_end_anywhere(kind: str, part: float) -> None:
    whole = STATEMENTS[kind]
    cut = int(len(whole) * part)
    _answered(whole[:cut])
    if kind in ("flex", "ofx", "ofx 2") and cut < len(whole.rstrip()):
        with pytest.raises(FileRefused):
            read(io.BytesIO(whole[:cut]), NAME)


@settings(max_examples=300, deadline=None)
@given(
    kind=st.sampled_from(sorted(STATEMENTS)),
    place=st.floats(0, 1),
    put=st.one_of(
        st.binary(max_size=20),
        st.sampled_from(
            [b"<", b">", b"&", b"]]>", b"<![CDATA[", b"<!DOCTYPE x>", b"</OFX>", b"<INVPOS>", b"\0"]
        ),
    ),
    drop=st.integers(0, 30),
)
def test_files_with_something_else_anywhere(kind: str, place: float, put: bytes, drop: int) -> None:
    whole = STATEMENTS[kind]
    at = int(len(whole) * place)
    _answered(whole[:at] + put + whole[at + drop :])


MONEY = st.integers(1, 10**9)


@settings(max_examples=100, deadline=None)
@given(held=st.lists(st.tuples(st.integers(1, 10**6), MONEY, MONEY), min_size=1, max_size=30))
def test_what_is_written_is_read_back(held: list[tuple[int, int, int]]) -> None:
    """The same holdings as Fidelity, Vanguard, Flex and OFX write them: every value and cost to the cent."""

    def dollars(cents: int) -> str:
        return f"{cents // 100}.{cents % 100:02d}"

    expected = [(f"S{n}", quantity, value) for n, (quantity, value, _) in enumerate(held)]
    fidelity = test_fidelity_positions.fidelity(
        *(
            f"Z1234,Joint,S{n},X INC,{q},,,${dollars(v)},,,,,,${dollars(c)},,Cash,"
            for n, (q, v, c) in enumerate(held)
        )
    )
    vanguard = "\n".join(
        [
            test_vanguard_holdings.HEADER,
            *(f"1234,X INC,S{n},{q},,{dollars(v)}," for n, (q, v, _) in enumerate(held)),
        ]
    ).encode()
    flex = test_ibkr_flex.flex(
        *(
            test_ibkr_flex.APPLE
            | {
                "symbol": f"S{n}",
                "position": f"{q}",
                "positionValue": dollars(v),
                "costBasisMoney": dollars(c),
            }
            for n, (q, v, c) in enumerate(held)
        ),
        extra="",
    )
    ofx = test_ofx.ofx(
        *(test_ofx.position(f"C{n}", f"{q}", "", dollars(v)) for n, (q, v, _) in enumerate(held)),
        securities="".join(test_ofx.security(f"C{n}", f"S{n}", "X INC") for n in range(len(held))),
        balance="",
    )
    for data, costed in ((fidelity, True), (vanguard, False), (flex, True), (ofx, False)):
        file = read(io.BytesIO(data), NAME)
        assert file.rejected == []
        (section,) = file.accounts
        assert [(p.symbol, p.quantity, p.market_value) for p in section.positions] == expected
        assert [p.cost_basis for p in section.positions] == [c if costed else None for _, _, c in held]


@settings(max_examples=500, deadline=None)
@given(text=st.text(alphabet="0123456789.,-+$()% eE\u2212", max_size=14))
def test_an_amount_is_read_in_one_way_or_not_at_all(text: str) -> None:
    try:
        value = cents(text)
    except CellError:
        return
    digits = [c for c in text if c.isdigit()]
    if value is None:
        assert not digits
    else:
        assert digits
        assert (value < 0) <= any(c in "-(\u2212" for c in text)


@settings(max_examples=200, deadline=None)
@given(value=st.integers(min_value=-(10**13), max_value=10**13))
def test_amounts_survive_every_way_of_writing_them(value: int) -> None:
    plain = f"{abs(value) // 100:,}.{abs(value) % 100:02d}"
    ways = (
        [f"${plain}", plain.replace(",", "")]
        if value >= 0
        else [f"-${plain}", f"(${plain})", f"$-{plain}", f"-{plain}"]
    )
    assert {cents(way) for way in ways} == {value}
