"""`manage.py bench`: how fast the rules are, beside the same rules in other hands, with equal results.

Text to standard output, and JSON where asked. No database is read. Exit code 0; 1 when results differ or a
measurement failed (it says which); 2 on wrong use.
"""

from __future__ import annotations

import json
from argparse import ArgumentParser, ArgumentTypeError
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from implementation.bench.engines import ENGINES
from implementation.bench.report import table
from implementation.bench.session import NAMES, BenchError, Plan, run

FAILED, WRONG_USE = 1, 2
_SIZES = (100_000, 1_000_000)
_MOST = 10_000_000


class Command(BaseCommand):
    """Measures the core beside its peers and checks that they agree."""

    help = "Measure the rules beside hand-written numpy, pandas and other engines, account by account equal."
    requires_system_checks: list[str] = []
    requires_migrations_checks = False

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Sizes, rounds, who takes part, and where the JSON goes."""
        parser.add_argument(
            "--accounts",
            metavar="N,N",
            type=_sizes,
            default=_SIZES,
            help="default 100000,1000000",
        )
        parser.add_argument("--rounds", metavar="N", type=_rounds, default=3, help="default 3")
        parser.add_argument(
            "--only", metavar="NAMES", type=_names, default=NAMES, help=f"some of {','.join(NAMES)}"
        )
        parser.add_argument("--seed", metavar="N", type=_seed, default=7, help="of the book; default 7")
        parser.add_argument("--json", metavar="FILE", help="write the report as JSON; - for standard output")

    def handle(self, *args: Any, **options: Any) -> None:
        """Run, print, and fail where results differ."""
        plan = Plan(options["accounts"], options["rounds"], options["only"], options["seed"])
        named = options["only"] is not NAMES
        absent = [one for one in map(ENGINES.get, plan.names) if one is not None and not one.installed]
        if named and absent:
            packages = ", ".join(one.package for one in absent)
            raise CommandError(f"not installed: {packages}", returncode=FAILED)
        try:
            report = run(plan, self._tell)
        except BenchError as error:
            raise CommandError(str(error), returncode=FAILED) from error
        written = json.dumps(report, indent=2)
        if options["json"] == "-":
            self.stdout.write(written)
        else:
            self.stdout.write(table(report))
        if options["json"] not in (None, "-"):
            _write(options["json"], written)
        if not report["equal"]:
            raise CommandError("results differ", returncode=FAILED)

    def _tell(self, text: str) -> None:
        if self.stderr.isatty():
            self.stderr.write(text, style_func=lambda plain: plain)


def _write(name: str, text: str) -> None:
    try:
        Path(name).write_text(text + "\n", encoding="utf-8")
    except OSError as error:
        raise CommandError(f"cannot write {name}: {error.strerror}", returncode=WRONG_USE) from error


def _sizes(text: str) -> tuple[int, ...]:
    return tuple(sorted({_whole(part, 1, _MOST) for part in text.split(",")}))


def _rounds(text: str) -> int:
    return _whole(text, 1, 99)


def _seed(text: str) -> int:
    return _whole(text, 0, 2**32 - 1)


def _whole(text: str, least: int, most: int) -> int:
    if not text.strip().isdecimal() or not least <= int(text) <= most:
        raise ArgumentTypeError(f"{text!r} is not a whole number from {least:,} to {most:,}")
    return int(text)


def _names(text: str) -> tuple[str, ...]:
    names = tuple(part.strip() for part in text.split(","))
    unknown = [name for name in names if name not in NAMES]
    if unknown:
        raise ArgumentTypeError(f"no engine {', '.join(unknown)}; there are {', '.join(NAMES)}")
    return names
