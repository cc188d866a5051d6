"""Operations' way: preview a bulk review of a part of the book, run it, see what flipped and why."""

import csv
import io
import os
import pty
import re
import subprocess
import sys
import termios
from collections.abc import Callable

import pytest
from django.conf import settings
from playwright.sync_api import Page, expect

from households.intake.sections import BY_SLUG
from tests.journeys import steps
from tests.journeys.cases import answers_of
from tests.journeys.stack import Stack
from tests.journeys.visitor import Visitor

pytestmark = pytest.mark.browser
ADVISOR, NAME = "advisor5@demo.example", "Marisol Corvane"
"""Nobody else leaves an account that was never evaluated in this book: it would be one more change."""
HOUSEHOLD = "The Quennell household"
RUN_SECONDS = 60


def test_a_bulk_review_of_a_part_of_the_book(visit: Callable[..., Visitor]) -> None:
    an_account_is_about_to_flip(visit("operations-before"))
    visitor = visit("operations")
    visitor.log_in("operations@demo.example")
    visitor.heading("Bulk reviews")
    visitor.look("bulk reviews")
    accounts = a_part_is_previewed(visitor, "After the withdrawal")
    the_preview_shows_the_flip(visitor)
    it_runs_to_the_end(visitor)
    assert figures(visitor.page) == {
        "Outcome changed": 1,
        "Confirmed unchanged": accounts - 1,
        "Could not be evaluated": 0,
    }
    visitor.look("complete")
    the_flip_is_told_and_taken_along(visitor, accounts)
    assert a_part_is_previewed(visitor, "Once more") == accounts
    it_runs_to_the_end(visitor)
    assert figures(visitor.page) == {
        "Outcome changed": 0,
        "Confirmed unchanged": accounts,
        "Could not be evaluated": 0,
    }
    visitor.nothing_went_wrong()


def an_account_is_about_to_flip(visitor: Visitor) -> None:
    """$80,000 in cash is a UMA by eligibility; with $40,000 going out it is below the minimum of both."""
    visitor.log_in(ADVISOR)
    steps.add_household(visitor, HOUSEHOLD)
    steps.add_return(visitor)
    steps.add_account(visitor, "Brokerage", ending="7741")
    steps.fill_intake(visitor, answers_of(1))
    expect(steps.evaluate(visitor)).to_contain_text("UMA")
    steps.open_account(visitor, HOUSEHOLD, "Brokerage")
    steps.change(visitor, BY_SLUG["funding"], planned_withdrawals=40_000)
    expect(visitor.page.get_by_text("Facts have changed since.")).to_be_visible()
    visitor.nothing_went_wrong()


def a_part_is_previewed(visitor: Visitor, title: str) -> int:
    """The book of one advisor; how many accounts that is."""
    page = visitor.page
    visitor.go("/runs/")
    visitor.follow("New bulk review")
    page.get_by_label("Advisor").select_option(label=NAME)
    visitor.press("Apply")
    extent = page.get_by_role("heading", name=re.compile(r"^\d+ accounts in \d+ households$"))
    accounts = int(extent.inner_text().split()[0])
    assert 1 < accounts < 100
    page.get_by_label("Name of this bulk review").fill(title)
    if title == "After the withdrawal":
        visitor.look("new bulk review")
    visitor.press("Preview")
    visitor.heading(title)
    return accounts


def the_preview_shows_the_flip(visitor: Visitor) -> None:
    page = visitor.page
    expect(page.get_by_role("heading", name="Preview: nothing is recorded yet")).to_be_visible()
    flips = page.get_by_role("region", name="Largest accounts whose outcome would change").get_by_role("row")
    expect(flips).to_have_count(2)
    for words in (HOUSEHOLD, "$80,000", "UMA", "Neither"):
        expect(flips.nth(1)).to_contain_text(words)
    visitor.look("preview")


def it_runs_to_the_end(visitor: Visitor) -> None:
    """Nobody reloads the page: it follows the work by itself and shows other buttons at the end."""
    page = visitor.page
    visitor.press("Start")
    visitor.confirm("Start")
    expect(page.get_by_text("Complete", exact=True)).to_be_visible(timeout=RUN_SECONDS * 1000)
    expect(page.get_by_role("button", name="Seal")).to_be_visible()
    bar = page.get_by_role("progressbar", name="Accounts evaluated")
    assert bar.get_attribute("value") == bar.get_attribute("max")


def figures(page: Page) -> dict[str, int]:
    """The counts of a run that has ended."""
    found = {}
    for name in ("Outcome changed", "Confirmed unchanged", "Could not be evaluated"):
        entry = page.locator("dl.stats > div").filter(has=page.get_by_text(name, exact=True))
        found[name] = int(entry.get_by_role("definition").inner_text().split("\n")[0].replace(",", ""))
    return found


def taken_along(page: Page, name: str) -> list[dict[str, str]]:
    """The rows of a downloaded file."""
    with page.expect_download() as coming:
        page.get_by_role("link", name=name).click()
    return list(csv.DictReader(io.StringIO(coming.value.path().read_text(encoding="utf-8-sig"))))


def the_flip_is_told_and_taken_along(visitor: Visitor, accounts: int) -> None:
    page = visitor.page
    (row,) = taken_along(page, "Changed outcomes (CSV)")
    assert (row["household"], row["account"], row["account number ending"]) == (
        HOUSEHOLD,
        "Brokerage",
        "7741",
    )
    assert (row["outcome before"], row["outcome after"]) == ("UMA", "Neither")
    assert "withdrawals" in row["why"].lower()
    everything = taken_along(page, "All results (CSV)")
    assert len(everything) == accounts
    assert len({row["recommendation"] for row in everything}) == accounts
    page.get_by_role("link", name="Account by account").click()
    visitor.heading("Results")
    page.get_by_label("Show").select_option(label="Another outcome than before")
    visitor.press("Apply")
    rows = page.get_by_role("region", name="Results of the bulk review").get_by_role("row")
    expect(rows).to_have_count(2)
    expect(rows.nth(1)).to_contain_text(HOUSEHOLD)
    expect(rows.nth(1)).to_contain_text(re.compile("withdrawals", re.IGNORECASE))
    visitor.look("results")


def on_a_terminal(stack: Stack, *arguments: str) -> tuple[int, str]:
    """A management command at a terminal; its exit code and what the terminal showed."""
    ours, its = pty.openpty()
    termios.tcsetwinsize(its, (24, 100))
    process = subprocess.Popen(
        [sys.executable, "manage.py", *arguments],
        cwd=settings.BASE_DIR, env=stack.environment, stdout=its, stderr=its, close_fds=True,
    )  # fmt: skip
    os.close(its)
    shown = b""
    try:
        while block := os.read(ours, 4096):
            shown += block
    except OSError:  # the terminal closes when the command has ended
        pass
    finally:
        os.close(ours)
    return process.wait(timeout=RUN_SECONDS), shown.decode()


def test_a_bulk_review_from_the_terminal(stack: Stack) -> None:
    """The same from a terminal, with a bar that fills; the workers of the running product carry it out."""
    code, shown = on_a_terminal(stack, "review_accounts", "--filter", "value=over-5m", "--wait")
    assert code == 0, shown
    assert re.search(r"100%\|█+\|", shown), shown
    assert re.search(r"Failed\s+0\b", shown), shown
    assert stack.manage("verify_ledger").returncode == 0
