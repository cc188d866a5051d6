"""Run by the owner role after ``migrate``: what the application's own role may do."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import NotSupportedError, connection, transaction

from households.foundation.appendonly import append_only_models
from households.foundation.databases import grant_application_role


class Command(BaseCommand):
    help = "Grant the application role its rights: read and insert on the ledger, never rewrite."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("role", help="an existing PostgreSQL login role")

    def handle(self, *args: Any, role: str, **options: Any) -> None:
        tables = [model._meta.db_table for model in append_only_models()]
        try:
            with transaction.atomic():
                statements = grant_application_role(connection, role, tables)
        except NotSupportedError as error:
            raise CommandError(str(error)) from error
        for statement in statements:
            self.stdout.write(statement)
