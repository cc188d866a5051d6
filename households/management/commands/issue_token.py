"""Issue an API token; it is shown once."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from households.models import User
from households.tokens import LIFETIME, issue_token


class Command(BaseCommand):
    help = "Issue an API token to a user. It is shown once and kept only as a hash."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email")
        parser.add_argument("name", help="what it is for")

    def handle(self, *args: Any, email: str, name: str, **options: Any) -> None:
        user = User.objects.filter(email__iexact=email, is_active=True).first()
        if user is None:
            raise CommandError(f"No active user has the address {email}.")
        self.stdout.write(issue_token(user=user, name=name))
        self.stderr.write(f"Shown once; expires in {LIFETIME.days} days.")
