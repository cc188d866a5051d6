"""`manage.py evaluate FILE`: the pure engine from a terminal, without a database.

JSON in (`{"accounts": [{fact: value}]}`) or CSV (one column per fact), JSON out, one result per account in
order. Exit code 0; 1 when an account or a document could not be read (it says why); 2 on wrong use.
"""

from __future__ import annotations

import csv
import io
import json
import sys
from argparse import ArgumentParser
from datetime import date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from implementation.rules.answer import answer, answer_csv
from implementation.rules.documents.document import DocumentError
from implementation.rules.policy import Policy
from implementation.rules.reading import Unreadable
from implementation.rules.shelf import Shelf

DATA = Path(__file__).resolve().parents[2] / "data"
FAILED, WRONG_USE = 1, 2


class Command(BaseCommand):
    """Evaluates accounts from a file or from standard input."""

    help = "Evaluate accounts with the rules alone: JSON or CSV in, JSON out. No database is read."
    requires_system_checks: list[str] = []
    requires_migrations_checks = False

    def add_arguments(self, parser: ArgumentParser) -> None:
        """FILE and where the documents are."""
        parser.add_argument("file", metavar="FILE", help="JSON or CSV of facts; - reads standard input")
        parser.add_argument("--policy", metavar="FILE", default=str(DATA / "house_policy.yaml"))
        parser.add_argument("--shelf", metavar="FILE", default=str(DATA / "house_shelf.yaml"))
        parser.add_argument(
            "--as-of", metavar="DATE", type=_day, default=None, help="YYYY-MM-DD; default today"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Read, evaluate, print."""
        as_of = options["as_of"] or datetime.now(ZoneInfo(settings.TIME_ZONE)).date()
        text = _read(options["file"])
        try:
            policy, shelf = Policy.load(options["policy"]), Shelf.load(options["shelf"])
        except DocumentError as error:
            raise CommandError(str(error), returncode=FAILED) from error
        if _is_json(options["file"], text):
            result = answer(_accounts(text), shelf, policy, as_of)
        else:
            result = answer_csv(_rows(text), shelf, policy, as_of)
        self.stdout.write(json.dumps(result, indent=2, ensure_ascii=False, allow_nan=False))
        wrong = [str(place + 1) for place, entry in enumerate(result["results"]) if "error" in entry]
        if wrong:
            shown = ", ".join(wrong[:10]) + (", ..." if len(wrong) > 10 else "")
            message = f"{len(wrong)} of {len(result['results'])} accounts could not be read (number {shown})"
            raise CommandError(message, returncode=FAILED)


def _day(text: str) -> date:
    return datetime.strptime(text, "%Y-%m-%d").date()


def _read(name: str) -> str:
    try:
        data = sys.stdin.buffer.read() if name == "-" else Path(name).read_bytes()
    except OSError as error:
        raise CommandError(f"cannot read {name}: {error.strerror}", returncode=WRONG_USE) from error
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        message = f"{name} is not UTF-8 text (byte {error.start}); save it as UTF-8 JSON or CSV"
        raise CommandError(message, returncode=FAILED) from error


def _is_json(name: str, text: str) -> bool:
    suffix = Path(name).suffix.lower()
    if suffix in (".json", ".csv"):
        return suffix == ".json"
    return text.lstrip()[:1] in ("{", "[", '"')


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    seen: dict[str, Any] = {}
    for key, value in pairs:
        seen[key] = Unreadable(value, "is given twice", "Give each fact once.") if key in seen else value
    return seen


def _accounts(text: str) -> list[Any]:
    expected = 'expected {"accounts": [{"account_value": 500000, ...}, ...]}'
    try:
        # parse_constant: NaN and Infinity are no JSON; read as floats they are refused per fact.
        document = json.loads(text, object_pairs_hook=_object)
    except (ValueError, RecursionError) as error:
        raise CommandError(f"not readable as JSON: {error}; {expected}", returncode=FAILED) from error
    if not isinstance(document, dict) or "accounts" not in document:
        raise CommandError(f"not a document of accounts; {expected}", returncode=FAILED)
    if others := sorted(set(document) - {"accounts"}):
        named = ", ".join(others)
        raise CommandError(
            f"the document holds more than accounts: {named}; take it out (day, shelf and policy are given by"
            " --as-of, --shelf and --policy)",
            returncode=FAILED,
        )
    accounts = document["accounts"]
    if not isinstance(accounts, list):
        raise CommandError(f"accounts is not a list; {expected}", returncode=FAILED)
    return accounts


def _rows(text: str) -> list[dict[str, Any]]:
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        header = next(reader, None)
        if not header:
            raise CommandError("the file is empty; the first line names the facts", returncode=FAILED)
        repeated = sorted({name for name in header if header.count(name) > 1})
        if repeated:
            raise CommandError(f"column {', '.join(repeated)} stands twice", returncode=FAILED)
        return [_row(header, cells) for cells in reader if cells]
    except csv.Error as error:
        raise CommandError(
            f"not readable as CSV, line {reader.line_num}: {error}", returncode=FAILED
        ) from error


def _row(header: list[str], cells: list[str]) -> dict[str, Any]:
    row: dict[str, Any] = dict(zip(header, cells, strict=False))
    if len(cells) != len(header):
        problem = f"stands in a row of {len(cells)} cells under a header of {len(header)}"
        row[header[0]] = Unreadable(cells[0], problem, "Give one cell per column, empty where unknown.")
    return row
