"""``manage.py load_securities``: what it prints, and its exit codes."""

import io
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from households.foundation.roles import Role
from households.models import Security, User
from tests.firm import Firm
from tests.households.securities.files import APPLE, FUND, a_file


def run(path: Path, *options: str) -> str:
    out = io.StringIO()
    try:
        call_command("load_securities", str(path), *options, stdout=out)
    except CommandError as error:
        error.printed = out.getvalue()  # type: ignore[attr-defined]
        raise
    return out.getvalue()


@pytest.fixture
def good(tmp_path: Path) -> Path:
    path = tmp_path / "master.csv"
    path.write_bytes(a_file(APPLE, FUND))
    return path


def test_a_load_and_a_dry_run_say_what_they_did(firm: Firm, good: Path) -> None:
    by = ("--by", firm.operations.email)
    printed = run(good, *by, "--dry-run")
    assert "Added 2, changed 0, unchanged 0." in printed
    assert "Dry run: nothing was stored." in printed
    assert not Security.objects.exists()
    assert "Added 2" in run(good, *by)
    assert "Added 0, changed 0, unchanged 2." in run(good, *by)


def test_every_problem_is_printed_with_line_field_value_and_remedy(firm: Firm, tmp_path: Path) -> None:
    path = tmp_path / "bad.csv"
    path.write_bytes(a_file(APPLE.replace("037833100", "037833101", 1), FUND.replace(",fund,", ",etf,")))
    with pytest.raises(CommandError) as refused:
        run(path, "--by", firm.operations.email)
    assert refused.value.returncode == 1
    lines = refused.value.printed.splitlines()  # type: ignore[attr-defined]
    assert lines[0].startswith('  line 2, cusip "037833101": The CUSIP')
    assert lines[1].startswith('  line 3, kind "etf": This is no kind. Use cash, fund,')
    assert (
        str(refused.value)
        == "The file has 2 problems; nothing was stored. Mend each and load the file again."
    )


def test_who_loads_it_must_own_the_master(firm: Firm, good: Path) -> None:
    """Operations and administrator both own it, so somebody has to be named; the advisor does not."""
    for options in ((), ("--by", firm.advisor.email), ("--by", "nobody@test.example")):
        with pytest.raises(CommandError) as refused:
            run(good, *options)
        assert refused.value.returncode == 2
    User.objects.filter(role=Role.ADMINISTRATOR).update(is_active=False)
    assert "Added 2" in run(good)


def test_a_file_that_is_not_there(firm: Firm, tmp_path: Path) -> None:
    with pytest.raises(CommandError) as refused:
        run(tmp_path / "none.csv", "--by", firm.operations.email)
    assert refused.value.returncode == 2
