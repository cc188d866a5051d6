"""What is older and says the same takes nothing back; and what a store of many numbers costs."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.test import Client
from stdnum import isin

from households.models import Security, SecurityChange, Universe
from households.securities import loading
from households.securities.reading import FileFaulty, MasterFile, read_master
from tests.firm import Firm
from tests.households.securities.files import APPLE, load
from tests.households.securities.test_universes import lines, put


def test_an_older_row_that_says_the_same_takes_no_day_back(firm: Firm) -> None:
    """Stored as of the 10th; the same of the 1st is the same; otherwise of the 5th is older."""
    load(firm.operations, APPLE.replace("11-01", "11-10"))
    loaded = load(firm.operations, APPLE.replace(",Test,", ",Another source,"))
    assert (loaded.changed, loaded.same) == ([], 1)
    apple = Security.objects.get()
    assert (apple.as_of.isoformat(), apple.source) == ("2026-11-10", "Test")
    assert SecurityChange.objects.count() == 1
    with pytest.raises(FileFaulty) as refused:
        load(firm.operations, APPLE.replace("Apple Inc.,stock", "Apple,stock").replace("11-01", "11-05"))
    told = "The list of securities has AAPL as of 2026-11-10, which is later, and says something else of it."
    assert refused.value.problems[0].problem == told


def test_a_newer_row_that_says_the_same_has_its_day(firm: Firm) -> None:
    load(firm.operations, APPLE)
    assert load(firm.operations, APPLE.replace("11-01", "11-10")).changed == ["AAPL"]
    assert Security.objects.get().as_of.isoformat() == "2026-11-10"


def test_an_older_list_of_the_same_symbols_is_the_same_list(firm: Firm) -> None:
    put(firm, *lines("KO", "PEP", as_of="2026-11-10"))
    loaded = put(firm, *lines("PEP", "KO", as_of="2026-11-01"))
    assert (loaded.changed, loaded.same) == ({}, 1)
    assert Universe.objects.get().as_of.isoformat() == "2026-11-10"
    with pytest.raises(FileFaulty) as refused:
        put(firm, *lines("KO", as_of="2026-11-05"))
    assert [(p.line, p.field, p.value) for p in refused.value.problems] == [(2, "as_of", "2026-11-05")]
    told = "The list of us_large in place is of 2026-11-10, which is later, and has other symbols."
    assert refused.value.problems[0].problem == told


class Counted(list[Any]):
    """A list that counts what is read of it in turn."""

    read = 0

    def __iter__(self) -> Iterator[Any]:
        for item in super().__iter__():
            Counted.read += 1
            yield item


def test_the_work_for_stored_numbers_grows_as_their_number(
    firm: Firm, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each row is looked at a few times, not once for every number that is stored (60 rows: 1,830)."""
    bodies = [f"XS{number:09d}" for number in range(60)]
    rows = [
        f"S{number},,{body}{isin.calc_check_digit(body)},Note {number},,fund,,,Test,2026-11-01"
        for number, body in enumerate(bodies)
    ]

    def counted(*given: Any) -> MasterFile:
        file = read_master(*given)
        file.rows = Counted(file.rows)
        return file

    load(firm.operations, *rows)
    monkeypatch.setattr(loading, "read_master", counted)
    Counted.read = 0
    assert load(firm.operations, *rows).same == 60
    assert Counted.read <= 10 * 60


def test_what_was_exported_is_loaded_again_as_it_was(firm: Firm, signed_in: Callable[[str], Client]) -> None:
    load(
        firm.operations, "BEAR,,,-3x Bear Fund,,fund,,,=Test,2026-11-01", "ODD,,,''-x,,fund,,,'tis,2026-11-01"
    )
    before = list(Security.objects.values_list())
    response = signed_in("operations").get("/securities/export.csv")
    content = b"".join(response.streaming_content)  # type: ignore[attr-defined]
    assert b"'-3x Bear Fund" in content
    loaded = loading.load_securities(by=firm.operations, content=content, name="securities.csv")
    assert (loaded.added, loaded.changed, loaded.same) == ([], [], 2)
    assert list(Security.objects.values_list()) == before
