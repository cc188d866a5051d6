"""The sheet that charts are drawn on.

Positions across are percentages of the width, positions down are pixels, and there is no viewBox: the picture
fits any width while its text keeps its size, down to 320 px, with no script.
"""

from dataclasses import dataclass

from django.utils.safestring import SafeString


@dataclass(frozen=True)
class Chart:
    """A picture and its numbers.

    Attributes:
        svg: the picture, safe to put into a page.
        title: what it shows.
        description: what it says, in a sentence or two written from the numbers.
        columns: the headings of the data table.
        rows: its rows, as text; the first cell names the row.
    """

    svg: SafeString
    title: str
    description: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
