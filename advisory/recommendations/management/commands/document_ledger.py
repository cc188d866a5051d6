"""``manage.py document_ledger``: make the generated parts of docs/ledger.md new."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from advisory.recommendations.reference import filled


class Command(BaseCommand):
    help = "Rewrite the generated parts of docs/ledger.md."

    def handle(self, *args: Any, **options: Any) -> None:
        page = settings.BASE_DIR / "docs/ledger.md"
        page.write_text(filled(page.read_text()))
        self.stdout.write(f"{page.name} is current.")
