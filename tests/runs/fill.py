"""A migrated database with rules in force, two operators and a book; called in a process of its own."""

from django.core.management import call_command

from households.foundation.roles import Role
from households.models import Office, User
from tests.runs.book import build_book, publish_rules


def fill(households: int) -> int:
    """Fill an empty database; the number of accounts."""
    call_command("migrate", verbosity=0, interactive=False)
    publish_rules()
    office = Office.objects.create(name="East")
    advisor = User.objects.create_user("advisor@test.example", None, role=Role.ADVISOR, office=office)
    for name in ("operations", "second"):
        User.objects.create_user(f"{name}@test.example", None, role=Role.OPERATIONS, office=office)
    return len(build_book(advisor, households))
