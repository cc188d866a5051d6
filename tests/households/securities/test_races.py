"""Loads of the master beside those who import or mark positions, in real threads on PostgreSQL."""

import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connections

from households.imports import commits
from households.imports.staging import stage_import
from households.models import Account, Household, Position
from households.securities import loading
from households.services import holdings
from tests.firm import Firm
from tests.households.book import AS_OF, a_position, facts_of
from tests.households.imports.files import positions_upload
from tests.households.imports.formats.build import row
from tests.households.securities.files import FUND, load

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.only_on("postgresql"),  # writers in parallel
]
A_MOMENT = 1.0
"""Seconds that one waits in the middle of its work, for the other to come as far as it can."""
VTI = row("VTI", "4", "$250.00", "$1,000.00", "$900.00", "$100.00", kind="--")
LATER = row("VTI", "5", "$250.00", "$1,250.00", "$900.00", "$100.00", kind="--")


def beside(first: Callable[[], Any], inside: threading.Event, second: Callable[[], Any]) -> list[Any]:
    """The second begins when the first is in the middle of its work; what each answered, or its error."""
    found: list[Any] = [None, None]

    def run(number: int, work: Callable[[], Any]) -> None:
        try:
            if number:
                inside.wait(30)
            found[number] = work()
        except Exception as error:
            found[number] = error
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=each) for each in enumerate((first, second))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    return found


def slowed(
    monkeypatch: pytest.MonkeyPatch, module: Any, name: str, *, after: bool = False
) -> tuple[threading.Event, threading.Event]:
    """Make a function tell that it is reached and wait a moment there, before its work or after."""
    inside, go, real = threading.Event(), threading.Event(), getattr(module, name)

    def slow(*args: Any, **kwargs: Any) -> Any:
        answer = real(*args, **kwargs) if after else None
        inside.set()
        go.wait(A_MOMENT)
        return answer if after else real(*args, **kwargs)

    monkeypatch.setattr(module, name, slow)
    return inside, go


def an_import(firm: Firm, line: str) -> Callable[[], Any]:
    staged = stage_import(
        by=firm.advisor, household=firm.household, uploads=[positions_upload(line)], as_of=AS_OF
    )
    return lambda: commits.commit_import(by=firm.advisor, import_=staged, as_of=AS_OF)


def matched(account: Account) -> list[str | None]:
    return list(Position.objects.filter(account=account).values_list("security__key", flat=True))


def test_an_import_and_a_load_of_what_it_holds_do_not_wait_in_a_circle(
    firm: Firm, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The import has its household and will write its positions; the load adds the row they wait for."""
    an_import(firm, VTI)()
    again = an_import(firm, LATER)
    inside, _ = slowed(monkeypatch, commits, "carry_out")
    committed, loaded = beside(again, inside, lambda: load(firm.operations, FUND))
    assert not isinstance(committed, Exception), committed
    assert (loaded.added, loaded.matched) == (["VTI"], 1), loaded
    assert matched(firm.account) == ["VTI"]
    assert facts_of(firm.account)["fund_share"] == 1


@pytest.mark.parametrize("load_first", [True, False])
def test_what_is_imported_while_its_row_is_loaded_is_matched(
    firm: Firm, monkeypatch: pytest.MonkeyPatch, load_first: bool
) -> None:
    work, rows = an_import(firm, VTI), lambda: load(firm.operations, FUND)
    if load_first:
        inside, go = slowed(monkeypatch, loading, "follow", after=True)
        found = beside(rows, inside, lambda: (work(), go.set()))
    else:
        inside, go = slowed(monkeypatch, commits, "match_household", after=True)
        found = beside(work, inside, lambda: (rows(), go.set()))
    assert not [error for error in found if isinstance(error, Exception)], found
    assert matched(firm.account) == ["VTI"]


def test_marking_a_position_and_loading_its_row_do_not_wait_in_a_circle(
    firm: Firm, monkeypatch: pytest.MonkeyPatch
) -> None:
    position = a_position(firm.account, "VTI", "unknown", 1_000)
    inside, _ = slowed(monkeypatch, holdings, "check_open")

    def mark() -> None:
        holdings.mark_position(by=firm.advisor, position=position, retained=True)

    marked, loaded = beside(mark, inside, lambda: load(firm.operations, FUND))
    assert (marked, loaded.matched) == (None, 1), (marked, loaded)
    position.refresh_from_db()
    assert (position.retained, position.security.key) == (True, "VTI")
    assert Household.objects.get(pk=firm.household.pk).revision == 3


def test_two_who_load_in_opposite_orders_wait_for_each_other(
    firm: Firm, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The other's row is there by then, so both are stored."""
    inside, _ = slowed(monkeypatch, loading, "_check_stored")
    found = beside(lambda: load(firm.operations, FUND), inside, lambda: load(firm.administrator, FUND))
    assert [(done.added, done.same) for done in found] == [(["VTI"], 0), ([], 1)], found
