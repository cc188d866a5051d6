"""The registry of formats: modules with ``CODE``, ``LABEL``, ``detect`` and ``read``; which a text is of."""

from collections.abc import Callable
from dataclasses import dataclass

from households.imports.formats import (
    fidelity_positions,
    generic_csv,
    generic_xlsx,
    ibkr_flex,
    mapped,
    ofx,
    schwab_lots,
    schwab_positions,
    schwab_realized,
    standing,
    vanguard_holdings,
)
from households.imports.formats.column_maps import Known
from households.imports.formats.content import Limits, Text
from households.imports.formats.headers import Columns
from households.imports.formats.parsed import FileRefused, ParsedFile

SAMPLE_CHARACTERS = 64 * 1024


@dataclass(frozen=True, slots=True)
class Format:
    """A kind of file that can be read."""

    code: str
    label: str
    detect: Callable[[str], int]
    read: Callable[[Text, str, Limits], ParsedFile]
    columns: Columns | None = None
    """Of a list of rows; a statement has none."""


FORMATS: dict[str, Format] = {
    module.CODE: Format(
        module.CODE, module.LABEL, module.detect, module.read, getattr(module, "COLUMNS", None)
    )
    for module in (
        schwab_positions,
        schwab_lots,
        schwab_realized,
        fidelity_positions,
        vanguard_holdings,
        ibkr_flex,
        ofx,
        generic_csv,
        generic_xlsx,
    )
}
COMPANIONS = {schwab_positions.CODE: (schwab_lots.CODE, schwab_realized.CODE)}
"""Formats that accompany another: lot files are recognized beside the positions file that was named."""
SURE = 3


def label_of(code: str) -> str:
    """What a file of a format is called."""
    return mapped.LABEL if code == mapped.CODE else FORMATS[code].label


def is_list(code: str) -> bool:
    """Whether files of a format are lists of rows; a statement is none."""
    return code == mapped.CODE or FORMATS[code].columns is not None


def layout_of(code: str, text: str, known: Known) -> standing.Layout | None:
    """How the rows of a list stand in its text.

    Returns:
        None for a statement, and where the mapping of a list's columns is not remembered any more.
    """
    if code == mapped.CODE:
        return mapped.layout_of(text, known)
    columns = FORMATS[code].columns
    return columns and standing.layout_of(text, columns)


def recognize(text: str, encoding: str) -> tuple[str | None, int]:
    """The format that a text is of, and how surely: 3 to 1, or none and 0."""
    text = text[:SAMPLE_CHARACTERS]
    strength, code = max(
        ((found.detect(text), code) for code, found in FORMATS.items()), key=lambda pair: pair[0]
    )
    if code == generic_csv.CODE and encoding == "xlsx":
        code = generic_xlsx.CODE
    return (code, strength) if strength else (None, 0)


def choose(text: Text, name: str, format: str | None, found: str | None) -> str:
    """The code of the format to read a text as: the one that was asked for, or the one it was recognized as.

    Raises:
        FileRefused: there is no such format, or the text is of none.
    """
    if format is not None:
        if format not in FORMATS:
            raise FileRefused(
                f"There is no format {format}.",
                file=name,
                value=format,
                remedy=f"Use one of {', '.join(FORMATS)}.",
            )
        return found if found is not None and found in COMPANIONS.get(format, ()) else format
    if found is None:
        labels = "; ".join(known.label for known in FORMATS.values())
        raise FileRefused(
            "The file is of no format that is known.",
            file=name,
            value=text.text.lstrip()[:60].partition("\n")[0],
            remedy=f"These are read: {labels}. Choose the format, map the columns by hand on the page Import "
            "holdings, or copy the rows into the template.",
            mappable=True,
        )
    return found
