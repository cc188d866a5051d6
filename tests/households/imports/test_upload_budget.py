"""Many files at once ask for no more than one may: bytes unpacked and time are an upload's, not a file's."""

from itertools import count
from types import SimpleNamespace

import pytest

from households.imports.formats import workbook
from households.imports.uploads import FilesRefused, read_uploads
from tests.households.imports.files import APPLE, Upload, positions_upload
from tests.households.imports.formats import test_generic_xlsx as xlsx

MEGABYTE = 1024 * 1024


def _workbook(name: str, megabytes: int) -> Upload:
    sheet = xlsx.sheet(xlsx.TEMPLATE, xlsx.POSITION)
    return Upload(name, xlsx.book(sheet, **{f"xl/media/{name}.bin": bytes(megabytes * MEGABYTE)}))


def test_workbooks_share_what_they_may_unpack_to(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbook, "MAX_UNPACKED", 8 * MEGABYTE)
    assert len(read_uploads([_workbook("a.xlsx", 3), _workbook("b.xlsx", 4)])) == 2
    with pytest.raises(FilesRefused) as caught:
        read_uploads([_workbook("a.xlsx", 3), _workbook("b.xlsx", 4), _workbook("c.xlsx", 3)])
    (reason,) = caught.value.refused
    assert reason.file == "c.xlsx"
    assert "The workbooks unpack to more than 8 MB together." in str(reason)
    assert "fewer files" in reason.remedy


def test_what_is_refused_has_used_its_part_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbook, "MAX_UNPACKED", 8 * MEGABYTE)
    with pytest.raises(FilesRefused) as caught:
        read_uploads([_workbook("a.xlsx", 9), _workbook("b.xlsx", 1)])
    assert [reason.file for reason in caught.value.refused] == ["a.xlsx", "b.xlsx"]


def test_files_share_their_time(monkeypatch: pytest.MonkeyPatch) -> None:
    ticks = count(step=50)  # seconds: the budget is made at 0, the files begin at 50 and at 100
    monkeypatch.setattr(workbook, "time", SimpleNamespace(monotonic=lambda: next(ticks)))
    with pytest.raises(FilesRefused, match="too long to read together") as caught:
        read_uploads([positions_upload(APPLE, name="a.csv"), positions_upload(APPLE, name="b.csv")])
    assert [reason.file for reason in caught.value.refused] == ["b.csv"]
