"""``manage.py forget_uploads``: delete the files that waited a day for their columns to be mapped.

Any upload does so too; this is for days on which nobody uploads.
"""

from typing import Any

from django.core.management.base import BaseCommand

from households.imports.waiting import forget_stale


class Command(BaseCommand):
    """See the module."""

    help = "Delete uploaded files that waited longer than a day for their columns to be mapped."

    def handle(self, *args: Any, **options: Any) -> None:
        count = forget_stale()
        self.stdout.write(f"{count:,} upload{'s' * (count != 1)} deleted.")
