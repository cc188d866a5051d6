"""A file with one cell broken and mended again is read as the file in which it never was broken."""

import csv
import io
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction

from households.imports.rejected_file import OURS
from households.imports.samples import SAMPLES
from households.imports.uploads import FilesRefused
from households.models import Import, ImportRow
from tests.firm import Firm
from tests.households.imports.files import Upload
from tests.households.imports.formats import acme
from tests.households.imports.formats import test_fidelity_positions as fidelity
from tests.households.imports.formats import test_schwab_realized as realized
from tests.households.imports.formats import test_vanguard_holdings as vanguard
from tests.households.imports.mending import downloaded, mend
from tests.households.imports.steps import stage
from tests.households.imports.test_remembering import make

_OF_THE_BYTES = {"sha256", "bytes"}


def sample(name: str) -> str:
    return SAMPLES[name].path.read_text()


FILES = {
    "positions.csv": sample("schwab-positions.csv"),
    "all.csv": sample("schwab-all-accounts.csv"),
    "template.csv": sample("template-with-lots.csv"),
    "lots.csv": sample("schwab-lots-NVDA.csv"),
    "realized.csv": "\n".join([realized.TITLE, realized.HEADER, realized.LONG, realized.WASHED, ""]),
    "OfxDownload-2026-06-30.csv": "\n".join([vanguard.HEADER, vanguard.ADMIRAL, vanguard.APPLE, ""]),
    "fidelity.csv": fidelity.fidelity(fidelity.STOCK, fidelity.CASH, fidelity.FUND).decode(),
    acme.NAME: acme.acme(acme.FUND, acme.STOCK, acme.CASH, acme.TOTAL).decode(),
}


def broken(text: str) -> Iterator[tuple[int, int, str, str]]:
    """Line, cell, what it says, and the text with that cell broken: a second sign or letters, by turns."""
    lines = text.splitlines()
    for number, line in enumerate(lines):
        cells = next(csv.reader([line]), [])
        if len(cells) < 5 or "Total" in cells[0]:  # a row is never mended into a total
            continue
        for place, cell in enumerate(cells):
            if cell.strip("-"):
                wrong = f"{cell}-" if (number + place) % 2 else f"EUR {cell}"
                changed = io.StringIO()
                csv.writer(changed, lineterminator="").writerow([*cells[:place], wrong, *cells[place + 1 :]])
                whole = "\n".join([*lines[:number], changed.getvalue(), *lines[number + 1 :], ""])
                yield number + 1, place, cell, whole


def everything(import_: Import) -> dict[str, Any]:
    """All that staging knows of an import, but the bytes of its files."""
    import_.refresh_from_db()
    names = ("line", "kind", "label", "account_id", "taken", "values", "field", "value", "problem")
    return {
        "rows": list(ImportRow.objects.filter(source_import=import_).order_by("file", "line").values(*names)),
        "warnings": import_.warnings,
        "files": [{k: v for k, v in file.items() if k not in _OF_THE_BYTES} for file in import_.files],
        "map": import_.account_map,
        "counts": (import_.taken, import_.rejected, import_.as_of),
    }


@pytest.mark.parametrize("name", FILES)
def test_mended_is_as_if_it_never_was_broken(firm: Firm, name: str) -> None:
    text = FILES[name]
    make(firm)  # the columns of Acme's list are mapped
    with transaction.atomic():
        wanted = everything(stage(firm, Upload(name, text.encode())))
        transaction.set_rollback(True)
    tried = 0
    for line, place, cell, wrong in broken(text):
        with transaction.atomic():
            try:
                import_ = stage(firm, Upload(name, wrong.encode()))
            except FilesRefused:  # what was broken is the header
                continue
            lines = downloaded(import_)
            rejected = [found for found in lines if found[2:3] == [str(line)]]
            if import_.rejected == wanted["counts"][1] + 1 and rejected:
                tried += 1
                rejected[0][len(OURS) + place] = cell
                assert mend(firm, import_, lines).rows == 1, (line, place)
                assert everything(import_) == wanted, (line, place)
            transaction.set_rollback(True)
    assert tried >= 3
