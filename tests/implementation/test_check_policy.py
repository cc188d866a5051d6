"""``manage.py check_policy``: exit codes, and every error and warning on a line of its own."""

from __future__ import annotations

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from tests.rules.books import DATA

HOUSE = DATA / "house_policy.yaml"
UNDATED = [
    f"warning: house_policy.yaml: sources.{name}.date: found 'undated'; expected the day or year of the "
    "source, if it has one"
    for name in ("concentration", "irs_550")
]


def checked(*arguments: object) -> str:
    out = StringIO()
    call_command("check_policy", *map(str, arguments), stdout=out)
    return out.getvalue()


def refused(*arguments: object) -> CommandError:
    with pytest.raises(CommandError) as caught:
        checked(*arguments)
    return caught.value


def test_the_shipped_policy_can_be_published() -> None:
    assert checked(HOUSE, "--as-of", "2026-11-22").splitlines() == [
        *UNDATED,
        "house_policy.yaml: policy house 2026.13, 80 rules, 57 reasons: no errors, 2 warnings",
    ]


def test_reviews_are_held_against_the_day_that_is_given() -> None:
    assert "14 warnings" in checked(HOUSE, "--as-of", "2027-11-02").splitlines()[-1]


def test_every_error_is_listed_with_exit_code_1(tmp_path: Path) -> None:
    file = tmp_path / "mine.yaml"
    text = HOUSE.read_text(encoding="utf-8")
    for before, after in (
        ("{value: 12, unit", "{value: 30, unit"),
        ("[0.10, 0], [0.20, 10]", "[0.30, 0], [0.20, 10]"),
    ):
        assert before in text
        text = text.replace(before, after)
    file.write_text(text, encoding="utf-8")
    error = refused(file)
    assert error.returncode == 1
    assert str(error).splitlines() == [
        "mine.yaml: numbers.either_within.value: found 30; expected a number from 8 to 20",
        "mine.yaml: factors.funding.sma.concentrated.points: found [[0.3, 0], [0.2, 10], [0.4, 27], "
        "[0.6, 37], "
        "[0.8, 42]]; expected a list of at least 2 pairs [value, result], values rising",
        "mine.yaml: 2 errors",
    ]


def test_what_is_no_document_is_an_error_of_the_document(tmp_path: Path) -> None:
    file = tmp_path / "mine.yaml"
    file.write_text("a: [1", encoding="utf-8")
    assert refused(file).returncode == 1
    assert "mine.yaml: 1 error" in str(refused(file))


def test_wrong_use_is_2(tmp_path: Path) -> None:
    missing = refused(tmp_path / "gone.yaml")
    assert missing.returncode == 2 and "is not a file" in str(missing)
    assert refused(tmp_path).returncode == 2
    assert "3 is not a date as YYYY-MM-DD" in str(refused(HOUSE, "--as-of", "3"))
    assert "FILE" in str(refused())
