"""Whatever the bytes: an answer or a refusal with its remedy; every row accounted for."""

import io

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from households.imports.formats import FORMATS, read
from households.imports.formats.cells import cents
from households.imports.formats.parsed import CellError, FileRefused, ParsedFile
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
}


def _check(file: ParsedFile) -> None:
    assert file.rows_read == file.rows_taken + len(file.rejected)
    lines = [r.line for r in file.rejected]
    lines += [x.line for s in file.accounts for x in [*s.positions, *s.lots]]
    assert len(lines) == len(set(lines)), "a line is taken or rejected once"
    for rejected in file.rejected:
        assert rejected.problems
        assert all(p.problem and p.remedy for p in rejected.problems)
    for section in file.accounts:
        assert all(isinstance(p.market_value, int) and p.symbol for p in section.positions)
        assert all(p.unsupported for p in section.positions if p.market_value < 0 or (p.quantity or 0) < 0)


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    code=st.sampled_from(sorted(FORMATS)),
    lines=st.lists(st.one_of(LINE, QUOTED), max_size=12),
    name=st.booleans(),
)
def test_any_rows_under_a_header(code: str, lines: list[str], name: bool) -> None:
    data = "\n".join([HEADS[code], *lines]).encode("utf-8", "replace")
    try:
        _check(read(io.BytesIO(data), "f.csv", code if name else None))
    except FileRefused as refused:
        assert refused.problem
        assert refused.remedy


@settings(max_examples=300, deadline=None)
@given(data=st.binary(max_size=400), head=st.sampled_from([b"", *[h.encode() for h in HEADS.values()]]))
def test_any_bytes(data: bytes, head: bytes) -> None:
    try:
        _check(read(io.BytesIO(head + b"\n" + data), "f.csv"))
    except FileRefused as refused:
        assert refused.problem
        assert refused.remedy


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
