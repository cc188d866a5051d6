"""`manage.py check_policy FILE`: everything that is wrong with a policy, and what should be looked at.

Exit code 0 where it can be published, warnings or not; 1 where it cannot (every error is listed); 2 on wrong
use. No database is read.
"""

from __future__ import annotations

from argparse import ArgumentParser, ArgumentTypeError
from datetime import date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from implementation.rules.checks.policy import doubts_of
from implementation.rules.documents.document import DocumentError
from implementation.rules.policy import Policy

FAILED, WRONG_USE = 1, 2


class Command(BaseCommand):
    """Checks a policy before it is published."""

    help = "Check a policy: what keeps it from being published, and what should be looked at."
    requires_system_checks: list[str] = []
    requires_migrations_checks = False

    def add_arguments(self, parser: ArgumentParser) -> None:
        """FILE, and the day that review dates are held against."""
        parser.add_argument("file", metavar="FILE", type=Path, help="the policy, as YAML")
        parser.add_argument(
            "--as-of", metavar="DATE", type=_day, default=None, help="YYYY-MM-DD; default today"
        )

    def handle(self, *args: Any, file: Path, as_of: date | None, **options: Any) -> None:
        """Read, check, list."""
        if not file.is_file():
            raise CommandError(f"{file} is not a file", returncode=WRONG_USE)
        try:
            policy = Policy.load(file)
        except DocumentError as error:
            found = [str(one) for one in (error, *error.others)]
            count = "1 error" if len(found) == 1 else f"{len(found)} errors"
            raise CommandError("\n".join([*found, f"{file.name}: {count}"]), returncode=FAILED) from error
        today = as_of or datetime.now(ZoneInfo(settings.TIME_ZONE)).date()
        doubts = [DocumentError(file.name, *doubt) for doubt in doubts_of(policy, today)]
        for doubt in doubts:
            self.stdout.write(f"warning: {doubt}")
        warnings = {0: "no warnings", 1: "1 warning"}.get(len(doubts), f"{len(doubts)} warnings")
        counted = f"{len(policy.rules)} rules, {len(policy.reasons)} reasons"
        self.stdout.write(
            f"{file.name}: policy {policy.name} {policy.version}, {counted}: no errors, {warnings}"
        )


def _day(text: str) -> date:
    try:
        return datetime.strptime(text, "%Y-%m-%d").date()
    except ValueError as error:
        raise ArgumentTypeError(f"{text} is not a date as YYYY-MM-DD") from error
