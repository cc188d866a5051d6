"""``manage.py load_universe FILE``: lists of what target strategies buy, all of a file or nothing.

Exit code 0: stored (or, with ``--dry-run``, could be); 1: not, with everything that is wrong; 2: wrong use.
"""

from households.management.commands.load_securities import Command as LoadSecurities
from households.models import User
from households.securities.universes import load_universes


class Command(LoadSecurities):
    """See the module."""

    help = "Load lists of what target strategies buy; docs/securities.md describes their columns."

    def load(self, by: User, content: bytes, name: str, dry_run: bool) -> None:
        loaded = load_universes(by=by, content=content, name=name, dry_run=dry_run)
        for strategy, (added, removed) in loaded.changed.items():
            self.stdout.write(f"{strategy}: {added:,} in, {removed:,} out.")
        self.stdout.write(
            f"Lists unchanged: {loaded.same:,}. Households whose facts changed: {loaded.households:,}."
        )
