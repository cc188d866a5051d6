"""Run as a process of its own: the first sheet with anything in it, from standard input to CSV on standard
output.

A reader of workbooks asks for memory by what the file claims, and dies where it gets none. Here it may: its
memory and time are limited, and whoever started it only sees that it did not come back. Nothing of the
project is imported, so that it starts quickly.

Arguments: columns, lines, characters a cell, characters in all. On standard error one line of JSON: the
sheet, the other sheets, or the problem.
"""

import csv
import io
import json
import sys
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

MEMORY_BYTES = 1024 * 1024 * 1024
CPU_SECONDS = 60


def limit() -> None:
    """Bound memory and time, where the system knows how."""
    try:
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
        resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    except (ImportError, OSError, ValueError):
        return  # the scan before this process holds everywhere


def cell_text(value: Any, most: int) -> str:
    """A cell as a person would type it: numbers with the 15 digits Excel keeps, dates as 2026-10-30."""
    if isinstance(value, str):
        return (
            " ".join(value[: most + 1].splitlines()) if "\n" in value or "\r" in value else value[: most + 1]
        )
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        text = f"{value:.15g}"
        return format(Decimal(text), "f") if "e" in text else text
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(" ", "seconds")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, timedelta):
        return str(value)
    return "" if value is None else str(value)[: most + 1]


def copy(columns: int, lines: int, most: int, characters: int) -> dict[str, Any]:
    """Write the sheet, and answer what is to be said of it."""
    from python_calamine import CalamineWorkbook

    book = CalamineWorkbook.from_filelike(io.BytesIO(sys.stdin.buffer.read()))
    others: list[str] = []
    chosen = ""
    out = io.TextIOWrapper(sys.stdout.buffer, encoding="utf-8", newline="")
    for name in book.sheet_names:
        sheet = book.get_sheet_by_name(name)
        if sheet.end is None:
            continue
        if chosen:
            others.append(name[:60])
            continue
        chosen = name[:60]
        if sheet.end[0] >= lines or sheet.end[1] >= columns:
            return {"problem": "large", "lines": sheet.end[0] + 1, "columns": sheet.end[1] + 1}
        writer, written = csv.writer(out, lineterminator="\n"), 0
        for row in sheet.iter_rows():
            texts = [
                value
                if type(value) is str and len(value) <= most and value.isprintable()
                else f"{value:.15g}"
                if type(value) is float and (1e-4 <= abs(value) < 1e15 or not value)
                else cell_text(value, most)
                for value in row
            ]
            written += sum(map(len, texts))
            if written > characters:
                return {"problem": "long"}
            writer.writerow(texts)
    out.flush()
    return {"sheet": chosen, "others": others} if chosen else {"problem": "empty"}


def main() -> None:
    """Copy, and say how it went."""
    limit()
    try:
        said = copy(*map(int, sys.argv[1:5]))
    except MemoryError:
        said = {"problem": "memory"}
    except BaseException as error:  # a panic of the reader is no Exception
        said = {"problem": "unreadable", "kind": type(error).__name__}
    print(json.dumps(said), file=sys.stderr)


if __name__ == "__main__":
    main()
