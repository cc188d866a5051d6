"""``manage.py publish_defaults``: what ships with the product, published where the firm has nothing yet."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from households.foundation.errors import DomainError
from implementation.rules.documents.document import DocumentError
from implementation.services import publish_shipped


class Command(BaseCommand):
    help = "Publish the shipped policy and shelves where the firm has none under that name."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--update", action="store_true", help="publish newer shipped documents too, in force from today"
        )

    def handle(self, *args: Any, update: bool, verbosity: int, **options: Any) -> None:
        try:
            done = publish_shipped(as_of=timezone.localdate(), update=update)
        except (DomainError, DocumentError) as error:
            raise CommandError(str(error)) from error
        for document in done:
            if document.published:
                line = f"Published {document.version} ({document.file})."
            elif document.waiting:
                line = (
                    f"{document.version} ({document.file}) is newer than what is in force. "
                    "Publish it with --update."
                )
            else:
                line = f"{document.version} ({document.file}) is published already."
            if verbosity or document.waiting:
                self.stdout.write(line)
