"""The same seed and date draw the same book: in every run, every process, on every platform."""

import os
import subprocess
import sys
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from households.generation.draw import SLICE_ACCOUNTS, Book, draw_book, draw_demo, draw_slices
from tests.households.generation.conftest import AS_OF

RECORDED = ("1330ec6139745363", "6404187db9b0ca42")
PROGRAM = """
from datetime import date
from households.generation.draw import draw_book, draw_demo
print(draw_demo(as_of=date(2026, 11, 20)).checksum(), draw_book(500, 7, date(2026, 11, 20)).checksum())
"""


def _in_a_process(hash_seed: str) -> list[str]:
    root = Path(__file__).parents[3]
    environment = {**os.environ, "PYTHONHASHSEED": hash_seed, "PYTHONPATH": str(root)}
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM], env=environment, cwd=root, capture_output=True, text=True, check=True
    )
    return done.stdout.split()


def test_two_processes_with_different_hash_seeds_draw_the_same(demo: Book) -> None:
    first, second = _in_a_process("1"), _in_a_process("4242")
    assert first == second
    assert first == [demo.checksum(), draw_book(500, 7, AS_OF).checksum()]


def test_other_platforms_and_pythons_draw_what_this_one_drew(demo: Book) -> None:
    """Recorded on Linux, x86-64, Python 3.11. Record anew when what is drawn changes on purpose."""
    assert (demo.checksum()[:16], draw_book(500, 7, AS_OF).checksum()[:16]) == RECORDED


def test_seed_and_date_both_matter(demo: Book) -> None:
    others = {draw_demo(3, as_of=AS_OF).checksum(), draw_demo(as_of=date(2026, 11, 19)).checksum()}
    assert demo.checksum() not in others
    assert len(others) == 2


def test_a_changed_number_changes_the_checksum() -> None:
    book = draw_book(50, 7, AS_OF)
    before = book.checksum()
    book.slices[0].lots.cost[3] += 1
    assert book.checksum() != before
    book.slices[0].lots.cost[3] -= 1
    assert book.checksum() == before


@pytest.mark.parametrize("wanted", [1, 2, 149, SLICE_ACCOUNTS, SLICE_ACCOUNTS + 1])
def test_exactly_as_many_accounts_as_asked_for(wanted: int) -> None:
    slices = draw_slices(wanted, 5, AS_OF, 3)
    drawn = [(len(part.accounts.name), len(part.households.name), part.households.advisor) for part in slices]
    assert sum(accounts for accounts, _, _ in drawn) == wanted
    assert all(accounts <= SLICE_ACCOUNTS for accounts, _, _ in drawn)
    assert {int(row) for _, _, advisors in drawn for row in advisors} <= {0, 1, 2}


def test_the_demo_has_exactly_what_is_promised(demo: Book) -> None:
    (part,) = demo.slices
    assert (len(part.households.name), len(part.accounts.name)) == (40, 150)
    assert len(demo.firm.offices) == 3
    roles = [login.role for login in demo.firm.logins]
    assert {role: roles.count(role) for role in sorted(set(roles))} == {
        "administrator": 1, "advisor": 6, "assistant": 1, "compliance": 2, "examiner": 1,
        "operations": 1, "supervisor": 3,
    }  # fmt: skip
    assert {demo.firm.logins[row].office for row in demo.firm.advisors} == {0, 1, 2}
    assert np.bincount(part.households.advisor, minlength=6).min() >= 6
    assert np.unique(part.accounts.household).tolist() == list(range(40))


def test_any_seed_gives_a_demo_of_that_size() -> None:
    for seed in range(20, 26):
        (part,) = draw_demo(seed, as_of=AS_OF).slices
        assert (len(part.households.name), len(part.accounts.name)) == (40, 150)


def test_slices_differ_from_each_other() -> None:
    first, second = draw_slices(SLICE_ACCOUNTS + 500, 5, AS_OF, 3)
    assert first.households.name[:50] != second.households.name[:50]


def test_no_book_without_accounts() -> None:
    with pytest.raises(ValueError, match="at least one account"):
        list(draw_slices(0, 5, AS_OF, 1))
