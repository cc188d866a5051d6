"""Files are read before anything is locked; what changed meanwhile is found out behind the locks."""

from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection

from households.foundation.errors import DomainError
from households.imports import arriving, formats, kept_files, mending
from households.imports.arriving import read_again, receive
from households.imports.commits import discard_import
from households.imports.formats import workbook
from households.imports.staging import map_accounts
from households.imports.waiting import forget_upload
from households.models import Account, ColumnMapping, Import, ImportMend, Position, WaitingUpload
from tests.firm import Firm
from tests.households.imports.files import APPLE, BAD, Upload, positions_upload
from tests.households.imports.formats import test_generic_xlsx as xlsx
from tests.households.imports.formats.acme import FUND, NAME, STOCK, acme
from tests.households.imports.formats.build import row
from tests.households.imports.mending import downloaded, mend, with_cells
from tests.households.imports.steps import commit, stage
from tests.households.imports.test_remembering import make

WORSE = row("VTI", "4", "$250.00", "$1,000.00-", "$900.00", "$100.00", kind="ETFs & Closed End Funds")


def waiting_for_columns(firm: Firm) -> WaitingUpload:
    """A list that nobody knows, kept; a mapping is made for it afterwards."""
    found = receive(by=firm.advisor, household=firm.household, uploads=[Upload(NAME, acme(FUND, STOCK))])
    assert found.waiting is not None
    make(firm)
    return found.waiting


def meanwhile(monkeypatch: pytest.MonkeyPatch, module: Any, name: str, act: Callable[[], Any]) -> None:
    """Let somebody act once, when a module has read its files."""
    original, acts = getattr(module, name), [act]

    def acting(*args: Any, **named: Any) -> Any:
        found = original(*args, **named)
        if acts:
            acts.pop()()
        return found

    monkeypatch.setattr(module, name, acting)


@pytest.mark.django_db(transaction=True)
def test_nothing_is_read_in_a_transaction(
    firm: Firm, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    read = []
    decode = formats.decode

    def watched(*args: Any) -> Any:
        read.append(connection.in_atomic_block)
        return decode(*args)

    monkeypatch.setattr(formats, "decode", watched)
    import_ = stage(firm, positions_upload(APPLE, BAD))
    mend(firm, import_, with_cells(downloaded(import_), 5, Market_Value="$5.00"))
    read_again(by=firm.advisor, waiting=waiting_for_columns(firm))
    path = tmp_path / "positions.csv"
    path.write_bytes(positions_upload(APPLE).getvalue())
    call_command("import_positions", str(path), household=str(firm.household.pk))
    assert read == [False] * len(read)
    assert len(read) == 7  # upload; download; original and mended rows; arrival; once more; terminal


def test_rows_mended_by_another_meanwhile_stay_mended(firm: Firm, monkeypatch: pytest.MonkeyPatch) -> None:
    import_ = stage(firm, positions_upload(APPLE, BAD, WORSE))
    lines = downloaded(import_)
    theirs = with_cells(lines, 6, Market_Value="$1,000.00")
    meanwhile(monkeypatch, mending, "disturbed", lambda: mend(firm, import_, theirs))
    assert mend(firm, import_, with_cells(lines[:2], 5, Market_Value="$5.00")).still == 0
    import_.refresh_from_db()
    assert (import_.taken, import_.rejected, ImportMend.objects.count()) == (3, 0, 2)


def test_accounts_chosen_meanwhile_stay_chosen(firm: Firm, monkeypatch: pytest.MonkeyPatch) -> None:
    other = Account.objects.create(household=firm.household, name="IRA", number_ending="7777")
    import_ = stage(firm, positions_upload(APPLE, BAD))
    chosen = dict.fromkeys(import_.account_map, str(other.pk))
    meanwhile(
        monkeypatch,
        mending,
        "disturbed",
        lambda: map_accounts(by=firm.advisor, import_=import_, account_map=chosen),
    )
    mend(firm, import_, with_cells(downloaded(import_), 5, Market_Value="$5.00"))
    import_.refresh_from_db()
    assert import_.account_map == chosen
    assert set(import_.rows.values_list("account", flat=True)) == {other.pk}


def test_what_was_committed_meanwhile_is_not_mended(firm: Firm, monkeypatch: pytest.MonkeyPatch) -> None:
    import_ = stage(firm, positions_upload(APPLE, BAD))
    lines = with_cells(downloaded(import_), 5, Market_Value="$5.00")
    meanwhile(monkeypatch, mending, "disturbed", lambda: commit(firm, import_, only_good=True))
    with pytest.raises(DomainError, match="This import is committed") as told:
        mend(firm, import_, lines)
    assert told.value.status == 409
    assert list(Position.objects.values_list("symbol", flat=True)) == ["AAPL"]
    assert not ImportMend.objects.exists()


@pytest.mark.parametrize("still", ["kept", "forgotten", "mapped otherwise", "settled"])
def test_what_became_of_waiting_files_while_they_were_read(
    firm: Firm, monkeypatch: pytest.MonkeyPatch, still: str
) -> None:
    waiting = waiting_for_columns(firm)
    first = read_again(by=firm.advisor, waiting=waiting)
    mapping = ColumnMapping.objects.get()
    fewer = {name: key for name, key in mapping.columns.items() if name != "cost_basis"}
    make(firm, columns=fewer, seen=1)
    acts: dict[str, Callable[[], Any]] = {
        "kept": lambda: None,
        "forgotten": lambda: forget_upload(by=firm.advisor, waiting=waiting),
        "mapped otherwise": lambda: make(firm, columns=mapping.columns, seen=2),
        "settled": lambda: discard_import(by=firm.advisor, import_=first),
    }
    meanwhile(monkeypatch, arriving, "read_arrivals", acts[still])
    if still == "kept":
        assert read_again(by=firm.advisor, waiting=waiting).pk != first.pk
        first.refresh_from_db()
        assert first.state == "discarded"
        return
    with pytest.raises(DomainError) as told:
        read_again(by=firm.advisor, waiting=waiting)
    assert told.value.status == 409
    assert list(Import.objects.values_list("pk", flat=True)) == [first.pk]


def broken_workbook(name: str, account: str) -> Upload:
    """A workbook of the template whose second row is rejected."""
    rows = [(account, *xlsx.POSITION[1:]), (account, *xlsx.POSITION[1:8], "lots of money")]
    return Upload(name, xlsx.book(xlsx.sheet(xlsx.TEMPLATE, *rows)))


def test_every_file_of_a_request_is_opened_once_by_one_budget(
    firm: Firm, monkeypatch: pytest.MonkeyPatch
) -> None:
    import_ = stage(firm, broken_workbook("a.xlsx", "XXXX-4321"), broken_workbook("b.xlsx", "XXXX-9999"))
    opened: list[tuple[str, Any]] = []
    scan = workbook._scan

    def watched(data: bytes, name: str, limits: Any, budget: Any) -> None:
        opened.append((name, budget))
        scan(data, name, limits, budget)

    monkeypatch.setattr(workbook, "_scan", watched)
    lines = downloaded(import_)
    assert [name for name, _ in opened] == ["a.xlsx", "b.xlsx"]
    assert len({id(budget) for _, budget in opened}) == 1
    opened.clear()
    mend(firm, import_, with_cells(lines, 3, market_value="$1.00"))
    assert [name for name, _ in opened] == ["a.xlsx", "b.xlsx"]
    assert len({id(budget) for _, budget in opened}) == 1


class Clock:
    """Time that passes only while files are read."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, module: Any, name: str, seconds: float) -> None:
        self.now, self.reads = 0.0, 0
        monkeypatch.setattr(workbook, "time", SimpleNamespace(monotonic=lambda: self.now))
        read = getattr(module, name)

        def slowly(*args: Any, **named: Any) -> Any:
            self.now, self.reads = self.now + seconds, self.reads + 1
            return read(*args, **named)

        monkeypatch.setattr(module, name, slowly)


@pytest.mark.parametrize(("seconds", "reads"), [(60, 2), (100, 1)])
def test_reading_files_again_takes_of_the_time_of_the_request(
    firm: Firm, monkeypatch: pytest.MonkeyPatch, seconds: float, reads: int
) -> None:
    """Each of two files takes so long, of 90 seconds: what would be read next is refused."""
    import_ = stage(firm, positions_upload(APPLE, BAD), positions_upload(WORSE, name="others.csv"))
    lines = with_cells(downloaded(import_), 5, Market_Value="$5.00")
    clock = Clock(monkeypatch, kept_files, "read_opened", seconds)
    with pytest.raises(DomainError, match="The files take too long to read together") as told:
        mend(firm, import_, lines)
    assert told.value.status == 422
    assert clock.reads == reads
    assert not ImportMend.objects.exists()


def test_rows_are_looked_up_in_the_time_of_the_request(firm: Firm, monkeypatch: pytest.MonkeyPatch) -> None:
    import_ = stage(firm, positions_upload(BAD), positions_upload(APPLE, BAD, name="others.csv"))
    lines = downloaded(import_)
    clock = Clock(monkeypatch, kept_files, "rows_at", 100)
    for act in (lambda: downloaded(import_), lambda: mend(firm, import_, lines)):
        with pytest.raises(DomainError, match="The files take too long to read together"):
            act()
    assert clock.reads == 2


def test_those_who_mend_at_once_have_the_time_of_one_request_each(
    firm: Firm, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Somebody is always first: an attempt reads the file twice, 15 seconds each; the fourth is too many."""
    import_ = stage(firm, positions_upload(APPLE, BAD))
    lines = with_cells(downloaded(import_), 5, Market_Value="$5.00")
    clock = Clock(monkeypatch, kept_files, "read_opened", 15)
    monkeypatch.setattr(mending, "_stored", lambda *args: None)
    with pytest.raises(DomainError, match="The files take too long to read together"):
        mend(firm, import_, lines)
    assert clock.reads == 6


def test_sheets_of_a_request_share_the_text_they_may_hold(
    firm: Firm, monkeypatch: pytest.MonkeyPatch
) -> None:
    import_ = stage(firm, broken_workbook("a.xlsx", "XXXX-4321"), broken_workbook("b.xlsx", "XXXX-9999"))
    monkeypatch.setattr(workbook, "MAX_TEXT", 350)  # a sheet has some 300 characters
    with pytest.raises(DomainError, match="The workbooks hold more text than is read together"):
        downloaded(import_)
