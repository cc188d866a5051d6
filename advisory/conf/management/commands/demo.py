"""Load the demo firm, or start it over."""

from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection

from advisory.conf.demo import DEMO_LOGINS, DEMO_PASSWORD, ensure_demo
from households.foundation.databases import is_postgresql


class Command(BaseCommand):
    help = "Load the demo firm into an empty database; with --reset, empty the embedded database first."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--reset", action="store_true", help="delete the embedded database and start over"
        )

    def handle(self, *args: Any, reset: bool, **options: Any) -> None:
        if reset:
            self._delete_embedded_database()
        call_command("migrate", verbosity=0, interactive=False)
        call_command("publish_defaults", verbosity=0)
        if not ensure_demo(say=self.stdout.write):
            raise CommandError(
                "The demo firm is only loaded into an empty database, and never in production."
            )
        self.stdout.write(f"The demo firm is there. Password for all: {DEMO_PASSWORD}")
        for role, email in DEMO_LOGINS:
            self.stdout.write(f"  {role:<16} {email}")

    def _delete_embedded_database(self) -> None:
        if settings.PRODUCTION or is_postgresql(connection):
            raise CommandError("Only the embedded database is ever reset.")
        connection.close()
        for path in settings.VAR_DIR.glob("sleevewise.sqlite3*"):
            path.unlink()
