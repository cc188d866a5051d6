"""``manage.py verify_ledger``: is every row of the ledger what was written?"""

from typing import Any

from django.core.management.base import BaseCommand

from advisory.recommendations.verification import Broken, verify

TOLD = 20


class Command(BaseCommand):
    help = "Walk all chains of the ledger; name the first broken row and exit 1 if there is one."

    def handle(self, *args: Any, verbosity: int, **options: Any) -> None:
        broken: list[Broken] = []
        for found in verify():
            if isinstance(found, Broken):
                broken.append(found)
                if len(broken) <= TOLD:
                    self.stderr.write(str(found))
            elif verbosity:
                self.stdout.write(f"{found.table}: {found.rows:,} rows walked")
        if broken:
            self.stderr.write(f"The ledger is broken in {len(broken):,} places; first: {broken[0]}")
            raise SystemExit(1)
        self.stdout.write("The ledger is whole.")
