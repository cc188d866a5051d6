"""``manage.py rebuild_status``: derive the cached states of recommendations from the ledger again."""

from typing import Any

from django.core.management.base import BaseCommand

from advisory.recommendations.services import rebuild_status


class Command(BaseCommand):
    help = "Derive every cached state from documents and decisions; say how many had drifted."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"{rebuild_status():,} cached states had drifted and are mended.")
