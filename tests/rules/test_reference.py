"""The reference page of facts is the one that the code makes."""

from implementation.rules.reference import page, readers
from tests.rules.books import ROOT


def test_the_page_is_current() -> None:
    written = (ROOT / "docs" / "reference" / "facts.md").read_text(encoding="utf-8")
    assert written == page(), "run: python -m implementation.rules.reference > docs/reference/facts.md"


def test_readers_of_a_fact() -> None:
    assert readers()["planned_withdrawals"] == ["tests of minimums"]
    assert readers()["single_report_wanted"] == ["Portfolio context"]
