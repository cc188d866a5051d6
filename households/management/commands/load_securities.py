"""``manage.py load_securities FILE``: a CSV into the security master, all of it or nothing.

Exit code 0: stored (or, with ``--dry-run``, could be); 1: not, with everything that is wrong; 2: wrong use.
"""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from households.foundation.errors import DomainError
from households.management.asking import user_who_asks
from households.models import User
from households.securities.loading import load_securities
from households.securities.permissions import OWNERS
from households.securities.reading import FileFaulty

SHOWN = 200
"""Problems printed; beyond them only their number."""


class Command(BaseCommand):
    """See the module."""

    help = "Load a CSV into the security master; docs/securities.md describes its columns."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", metavar="FILE", help="a CSV file; see docs/securities.md")
        parser.add_argument(
            "--by", metavar="EMAIL", help="who loads it; needed where several people own the list"
        )
        parser.add_argument("--dry-run", action="store_true", help="judge everything; nothing is stored")

    def handle(self, *args: Any, **options: Any) -> None:
        path = Path(options["file"])
        if not path.is_file():
            raise CommandError(f"There is no file {path}.", returncode=2)
        by, dry_run = user_who_asks(options["by"], OWNERS), options["dry_run"]
        try:
            self.load(by, path.read_bytes(), path.name, dry_run)
        except FileFaulty as refused:
            for problem in refused.problems[:SHOWN]:
                self.stdout.write(f"  {problem}")
            if refused.count > SHOWN:
                self.stdout.write(f"  and {refused.count - SHOWN:,} more")
            raise CommandError(f"{refused.problem} {refused.remedy}") from None
        except DomainError as error:
            raise CommandError(str(error)) from None
        if dry_run:
            self.stdout.write("Dry run: nothing was stored.")

    def load(self, by: User, content: bytes, name: str, dry_run: bool) -> None:
        """Load and say what was done."""
        loaded = load_securities(by=by, content=content, name=name, dry_run=dry_run)
        self.stdout.write(
            f"Added {len(loaded.added):,}, changed {len(loaded.changed):,}, unchanged {loaded.same:,}."
        )
        self.stdout.write(
            f"Symbols matched: {loaded.matched:,}. Households whose facts changed: {loaded.households:,}."
        )
