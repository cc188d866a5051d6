"""What mended rows change besides themselves: nothing may, and what would is told."""

from collections.abc import Iterator, Sequence
from typing import Any

from households.imports.formats import ParsedFile
from households.imports.kept_files import Place
from households.models import ImportRow


def disturbed(before: Sequence[ParsedFile], after: Sequence[ParsedFile], mended: set[Place]) -> Iterator[str]:
    """What the mended rows would change besides themselves, a sentence each."""
    for old, new in zip(before, after, strict=True):
        name = new.name
        rejected = {row.line: row for row in new.rejected}
        taken = _taken(new)
        for line in sorted(line for file, line in mended if file == name):
            if line not in rejected and line not in {at for _, at in taken}:
                yield f"Line {line} of {name} would not be read as a row. Keep its cells in their columns."
        for (kind, line), row in _taken(old).items():
            if (name, line) in mended or taken.get((kind, line)) == row:
                continue
            why = rejected[line].problems[0].problem if line in rejected else "It would read differently."
            yield f"Line {line} of {name} was taken and must stay as it is. With the mended rows: {why}"
        if (old.format, old.rows_read) != (new.format, new.rows_read) or _sections(old).items() - _sections(
            new
        ).items():
            yield f"The mended rows would change which list {name} is, or its date. Check their first cells."


def _taken(file: ParsedFile) -> dict[tuple[str, int], Any]:
    """Kind and line of the rows that were taken, with their account and what they say."""
    found: dict[tuple[str, int], Any] = {}
    for section in file.accounts:
        for kind in (ImportRow.Kind.POSITION, ImportRow.Kind.LOT, "realized"):
            rows = {"position": section.positions, "lot": section.lots}.get(kind, section.realized)
            found |= {(str(kind), row.line): (section.label, row) for row in rows}
    return found


def _sections(file: ParsedFile) -> dict[str, Any]:
    """What the accounts are of which rows were taken; of others there is nothing to disturb."""
    return {
        s.label: (s.as_of, s.holds_positions, s.reference, s.period)
        for s in file.accounts
        if s.positions or s.lots or s.realized
    }
