"""``manage.py import_positions``: what it prints, what it stores, and its exit codes."""

import io
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from households.models import Account, Change, Import, Position, TaxLot
from tests.firm import Firm
from tests.households.imports.files import APPLE, BAD, CASH, FUND, Upload, lots_upload, positions_upload


@pytest.fixture
def run(firm: Firm, tmp_path: Path) -> Any:
    """Write uploads to files and import them into the advisor's household; answers what was printed."""

    def call(*uploads: Upload, **options: Any) -> str:
        paths = []
        for upload in uploads:
            path = tmp_path / upload.name
            path.write_bytes(upload.getvalue())
            paths.append(str(path))
        out = io.StringIO()
        options.setdefault("household", firm.household.name)
        try:
            call_command("import_positions", *paths, stdout=out, **options)
        except CommandError as error:
            error.printed = out.getvalue()  # type: ignore[attr-defined]
            raise
        return out.getvalue()

    return call


def test_a_whole_import(run: Any, firm: Firm) -> None:
    printed = run(positions_upload(APPLE, CASH), lots_upload(), format="schwab_positions")
    assert "Rows taken: 4. Rows rejected: 0." in printed
    assert "Joint, ending 4321 -> Joint brokerage" in printed
    assert "2 new, 0 changed, 0 gone, 0 unchanged; 2 lots" in printed
    assert (Position.objects.count(), TaxLot.objects.count()) == (2, 2)
    assert set(Change.objects.values_list("by", flat=True)) == {firm.advisor.pk}
    assert "Nothing was changed" in run(positions_upload(APPLE, CASH), lots_upload())


def test_a_dry_run_stores_nothing(run: Any) -> None:
    printed = run(positions_upload(APPLE), dry_run=True)
    assert "Rows taken: 1" in printed
    assert "nothing was stored" in printed
    assert Import.objects.count() == Position.objects.count() == 0


def test_rejected_rows_are_printed_with_line_and_reason_and_nothing_is_stored(run: Any) -> None:
    with pytest.raises(CommandError) as caught:
        run(positions_upload(APPLE, BAD))
    assert caught.value.returncode == 1
    assert 'positions.csv, line 5, Market Value "1,234.50-": A sign after the number' in caught.value.printed
    assert "Rows taken: 1. Rows rejected: 1." in caught.value.printed
    assert "1 row was rejected" in str(caught.value)
    assert Import.objects.count() == Position.objects.count() == 0
    with pytest.raises(CommandError, match="1 row was rejected"):
        run(positions_upload(APPLE, BAD), dry_run=True)
    assert "Committed" in run(positions_upload(APPLE, BAD), only_good=True)
    assert Position.objects.count() == 1


def test_files_that_cannot_be_read_are_named(run: Any) -> None:
    with pytest.raises(CommandError, match=r"photo\.csv: The file is a PNG picture") as caught:
        run(Upload("photo.csv", b"\x89PNG\r\n\x1a\n"))
    assert caught.value.returncode == 1


def test_accounts_are_named_on_the_command_line(run: Any, firm: Firm) -> None:
    trust = Account.objects.create(household=firm.household, name="Trust", external_id="T-1")
    other = positions_upload(
        FUND, title='"Positions for account Trust XXXX-9999 as of 06/30/2026"', name="trust.csv"
    )
    with pytest.raises(CommandError, match=r"Trust, ending 9999.*--map DIGITS=ACCOUNT") as caught:
        run(other)
    assert caught.value.returncode == 1
    run(other, account="T-1")
    assert trust.positions.get().symbol == "VTI"
    both = (positions_upload(APPLE), other)
    with pytest.raises(CommandError, match="name each with --map"):
        run(*both, account="T-1")
    with pytest.raises(CommandError, match="names no account of the files"):
        run(*both, map=["77=skip"])
    run(*both, map=["9999=skip"])
    assert firm.account.positions.get().symbol == "AAPL"


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"household": "Nobody"}, "no household Nobody"),
        ({"by": "nobody@test.example"}, "no user nobody@test.example"),
        ({"account": "No such"}, "no open account No such"),
    ],
)
def test_what_does_not_exist_is_wrong_use(run: Any, options: dict[str, str], words: str) -> None:
    with pytest.raises(CommandError, match=words) as caught:
        run(positions_upload(APPLE), **options)
    assert caught.value.returncode == 2
    assert Import.objects.count() == 0


def test_a_household_is_found_by_id_reference_or_name(run: Any, firm: Firm) -> None:
    firm.household.external_id = "H-1"
    firm.household.save()
    for household in (str(firm.household.pk), "H-1", "Example household"):
        assert "Dry run" in run(positions_upload(APPLE), household=household, dry_run=True)


@pytest.mark.parametrize(
    "arguments",
    [[], ["missing.csv"], ["x.csv", "--household", "H", "--format", "nonsense"], ["x.csv", "--nonsense"]],
)
def test_the_process_exits_with_2_on_wrong_use(arguments: list[str]) -> None:
    command = [sys.executable, str(Path(settings.BASE_DIR) / "manage.py"), "import_positions", *arguments]
    done = subprocess.run(command, capture_output=True, text=True, env=os.environ | {"DATABASE_URL": ""})
    assert done.returncode == 2
    assert "Traceback" not in done.stderr


def test_real_files_from_the_terminal(firm: Firm, real_data: Path) -> None:
    """3 positions and 1 + 2 lots are taken; HYLB and IAU are not held, so 2 + 1 lots are rejected."""
    folder = real_data / "custodian" / "schwab"
    names = [
        "Intelligent-Positions-2020-09-25.CSV",
        *(f"lots-2020-09-25-{s}.csv" for s in ("FNDA", "SCHA", "HYLB", "IAU")),
    ]
    out = io.StringIO()
    with pytest.raises(CommandError, match="3 rows were rejected"):
        call_command(
            "import_positions", *[str(folder / n) for n in names], household=firm.household.name,
            format="schwab_positions", stdout=out,
        )  # fmt: skip
    printed = out.getvalue()
    assert "Rows taken: 6. Rows rejected: 3." in printed
    assert "lots-2020-09-25-HYLB.csv, line 4, symbol" in printed
    assert "says 10 shares, but its lots add up to 30" in printed
    assert Position.objects.count() == 0
    call_command(
        "import_positions",
        *[str(folder / n) for n in names],
        household=firm.household.name,
        only_good=True,
        stdout=out,
    )
    held = {p.symbol: (p.market_value, p.lots.count()) for p in firm.account.positions.all()}
    assert held == {"FNDA": (3389, 1), "SCHA": (217680, 2), "Cash & Cash Investments": (1000, 0)}
