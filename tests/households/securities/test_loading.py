"""Loading the master: strict, whole or not at all, twice the same as once, with its history."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from households.models import Security, SecurityChange
from households.securities.loading import load_securities
from households.securities.reading import FileFaulty
from tests.firm import Firm
from tests.households.securities.files import (
    APPLE,
    FUND,
    GOOG,
    GOOGL,
    HEADER,
    TODAY,
    a_file,
    load,
)


def problems(firm: Firm, *lines: str, header: str = HEADER) -> list[tuple[int, str, str]]:
    """Line, field and value of everything that is wrong with a file."""
    with pytest.raises(FileFaulty) as refused:
        load_securities(
            by=firm.operations, content=a_file(*lines, header=header), name="test.csv", as_of=TODAY
        )
    assert not Security.objects.exists()
    assert all(problem.remedy and problem.problem for problem in refused.value.problems)
    return [(problem.line, problem.field, problem.value) for problem in refused.value.problems]


def test_rows_are_stored_as_the_file_has_them(firm: Firm) -> None:
    loaded = load(firm.operations, APPLE, FUND)
    assert (loaded.added, loaded.changed, loaded.same) == (["AAPL", "VTI"], [], 0)
    apple = Security.objects.get(key="AAPL")
    told = (apple.cusip, apple.isin, apple.kind, apple.issuer, apple.sector, apple.as_of.isoformat())
    assert told == (
        "037833100", "US0378331005", "stock", "Apple Inc.", "Information Technology", "2026-11-01",
    )  # fmt: skip
    fund = Security.objects.get(key="VTI")
    assert (fund.cusip, fund.isin, fund.issuer, fund.asset_class) == (None, None, "", "equity")
    added = SecurityChange.objects.get(security=apple)
    assert (added.field, added.new, added.by) == ("added", "stock, Apple Inc.", firm.operations)
    assert added.source.startswith("test.csv sha256 ")


def test_loading_twice_changes_nothing(firm: Firm) -> None:
    load(firm.operations, APPLE, GOOG)
    before = list(Security.objects.values_list())
    loaded = load(firm.operations, APPLE, GOOG)
    assert (loaded.added, loaded.changed, loaded.same) == ([], [], 2)
    assert list(Security.objects.values_list()) == before
    assert SecurityChange.objects.count() == 2


def test_a_change_is_noted_field_by_field_and_the_rest_stays(firm: Firm) -> None:
    load(firm.operations, APPLE, GOOG)
    loaded = load(firm.operations, GOOG.replace("Alphabet Inc.,stock", "Google LLC,stock"))
    assert (loaded.added, loaded.changed) == ([], ["GOOG"])
    change = SecurityChange.objects.exclude(field="added").get()
    assert (change.field, change.old, change.new) == ("issuer", "Alphabet Inc.", "Google LLC")
    assert Security.objects.count() == 2


def test_the_isin_alone_brings_the_cusip_it_holds(firm: Firm) -> None:
    load(firm.operations, APPLE.replace("037833100", "", 1))
    assert Security.objects.get().cusip == "037833100"


def test_everything_that_is_wrong_is_told_at_once(firm: Firm) -> None:
    found = problems(
        firm,
        APPLE.replace("037833100", "037833101", 1),  # line 2: a wrong check digit
        ",,,,,share,,,,11/01/2026",  # 3: no symbol, name, source; no such kind, no such date
        "ABCX,,,Abc,,stock,fixed_income,Tech,Test,2026-11-01",  # 4: class, sector, no issuer
        "VTI,,,A fund,,fund,equity,Energy,Test,2026-11-21",  # 5: a sector, a day to come
        "vti,,,Again,,fund,,,Test,2026-11-01",  # 6: line 5 once more, in another spelling
        "A,B",  # 7: cells are missing
    )
    assert found == [
        (2, "cusip", "037833101"),
        (3, "symbol", ""), (3, "name", ""), (3, "source", ""), (3, "kind", "share"),
        (3, "as_of", "11/01/2026"),
        (4, "asset_class", "fixed_income"), (4, "sector", "Tech"), (4, "issuer", ""),
        (5, "sector", "Energy"), (5, "as_of", "2026-11-21"),
        (6, "symbol", "VTI"),
        (7, "line", "A,B"),
    ]  # fmt: skip


def test_a_cusip_that_is_not_the_isins_is_a_contradiction(firm: Firm) -> None:
    """38259P508 is a good CUSIP, and not the one inside Apple's ISIN."""
    assert problems(firm, APPLE.replace("037833100", "38259P508", 1)) == [(2, "isin", "US0378331005")]


@pytest.mark.parametrize(
    ("header", "found"),
    [
        (HEADER.replace("kind", "type"), [(1, "header", "type"), (1, "header", "kind")]),
        (f"{HEADER},symbol", [(1, "header", "symbol")]),
    ],
)
def test_columns_are_named_exactly(firm: Firm, header: str, found: Any) -> None:
    assert problems(firm, header=header) == found


@pytest.mark.parametrize(
    "content",
    [b"", b"\xff\xfe\x00", b"symbol\x00", HEADER.encode(), f'{HEADER}\n"AAPL,'.encode()],
    ids=["empty", "not utf-8", "binary", "no rows", "open quotation"],
)
def test_what_is_no_master_is_refused(firm: Firm, content: bytes) -> None:
    with pytest.raises(FileFaulty):
        load_securities(by=firm.operations, content=content, name="x", as_of=TODAY)


def test_a_number_of_another_row_is_refused_and_two_rows_may_swap(firm: Firm) -> None:
    other = "GOOG,38259P508,,Alphabet Inc. Class C,Alphabet Inc.,stock,equity,,Test,2026-11-01"
    load(firm.operations, APPLE, other)
    with pytest.raises(FileFaulty) as refused:
        load(firm.operations, GOOGL.replace(",,,", ",037833100,,", 1))
    assert [(p.line, p.field, p.value) for p in refused.value.problems] == [(2, "cusip", "037833100")]
    load(
        firm.operations,
        APPLE.replace("037833100,US0378331005", "38259P508,"),
        other.replace("38259P508", "037833100"),
    )
    assert dict(Security.objects.values_list("key", "cusip")) == {"AAPL": "38259P508", "GOOG": "037833100"}


def test_an_older_row_does_not_unsay_a_newer_one(firm: Firm) -> None:
    load(firm.operations, GOOG)
    with pytest.raises(FileFaulty) as refused:
        load(firm.operations, GOOG.replace("Class C", "Class A").replace("2026-11-01", "2026-10-01"))
    assert [(p.line, p.field) for p in refused.value.problems] == [(2, "as_of")]


def test_a_dry_run_tells_and_stores_nothing(firm: Firm) -> None:
    loaded = load(firm.operations, APPLE, dry_run=True)
    assert loaded.added == ["AAPL"]
    assert not Security.objects.exists()
    assert not SecurityChange.objects.exists()


def test_the_number_of_queries_does_not_grow_with_the_file(firm: Firm) -> None:
    def queries(count: int, start: int) -> int:
        lines = [GOOG.replace("GOOG", f"S{start + n}", 1) for n in range(count)]
        with CaptureQueriesContext(connection) as captured:
            load(firm.operations, *lines)
        return len(captured)

    assert queries(3, 0) == queries(300, 1000)
