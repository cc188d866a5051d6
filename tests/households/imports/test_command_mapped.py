"""``manage.py import_positions`` with lists that nobody knows: read by a mapping, or told where to map."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from households.imports.remembering import remember_mapping
from households.models import Import, Position, WaitingUpload
from tests.firm import Firm
from tests.households.imports.formats.acme import FUND, HEADER, STOCK, acme, guessed


@pytest.fixture
def listed(tmp_path: Path) -> str:
    """A file of a custodian that nobody knows."""
    path = tmp_path / "acme.csv"
    path.write_bytes(acme(FUND, STOCK))
    return str(path)


def run(firm: Firm, *files: str, **options: Any) -> None:
    call_command("import_positions", *files, household=firm.household.name, **options)


def remember(firm: Firm) -> None:
    columns, header = guessed().columns, HEADER.split(",")
    remember_mapping(by=firm.operations, header=header, columns=columns, rows="position", name="Acme Trust")


def test_a_remembered_mapping_is_used(firm: Firm, listed: str, capsys: pytest.CaptureFixture[str]) -> None:
    remember(firm)
    run(firm, listed, as_of=date(2026, 6, 30))
    printed = capsys.readouterr().out
    assert "acme.csv: Columns mapped by hand, as of 2026-06-30" in printed
    assert "read with the mapping Acme Trust, made by Operations Tester on " in printed
    assert {(p.symbol, p.market_value) for p in Position.objects.all()} == {
        ("VTI", 250_000),
        ("MSFT", 80_000),
    }
    run(firm, listed, as_of=date(2026, 6, 30))
    assert "Nothing was changed" in capsys.readouterr().out
    assert not WaitingUpload.objects.exists()


def test_an_unknown_list_is_refused_with_where_to_map_it(firm: Firm, listed: str) -> None:
    with pytest.raises(CommandError) as refused:
        run(firm, listed)
    assert "of no format that is known" in str(refused.value)
    assert f"on the page /households/{firm.household.pk}/imports/new/ and map its columns there" in str(
        refused.value
    )
    assert refused.value.returncode == 1
    assert not Import.objects.exists()


def test_a_date_that_is_missing_needs_no_mapping(firm: Firm, listed: str) -> None:
    remember(firm)
    with pytest.raises(CommandError, match="what date its values are of") as refused:
        run(firm, listed)
    assert "map its columns" not in str(refused.value)


def test_formats_are_named_as_before(firm: Firm, listed: str) -> None:
    with pytest.raises(CommandError, match="invalid choice: 'mapped'"):
        run(firm, listed, "--format=mapped")
