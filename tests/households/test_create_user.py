"""Users of a real deployment come from the terminal: the product has no page for them."""

from io import StringIO

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from households.models import Office, User

pytestmark = pytest.mark.django_db
NAMED = ("--first-name", "Ada", "--last-name", "Quill")


def _create(*arguments: str) -> str:
    said = StringIO()
    call_command("create_user", *arguments, stdout=said, stderr=StringIO())
    return said.getvalue().strip()


def test_an_advisor_with_office_team_and_supervisor_can_log_in(client) -> None:
    _create("lead@firm.example", "--role", "supervisor", "--office", "East", *NAMED)
    password = _create(
        "ada@firm.example", "--role", "advisor", "--office", "East", "--team", "Quill & Co",
        "--supervisor", "LEAD@firm.example", *NAMED,
    )  # fmt: skip
    ada = User.objects.get(email="ada@firm.example")
    assert (ada.office.name, ada.team.name, ada.supervisor.email) == (
        "East",
        "Quill & Co",
        "lead@firm.example",
    )
    assert Office.objects.count() == 1
    assert password not in ada.password
    assert client.login(username="ada@firm.example", password=password)


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("x@firm.example", "--role", "advisor"), "--office"),
        (("x@firm.example", "--role", "assistant", "--office", "East"), "--team"),
        (("x@firm.example", "--role", "examiner", "--office", "East"), "last day"),
        (("x@firm.example", "--role", "compliance", "--expires", "2027-01-01"), "last day"),
        (("x@firm.example", "--role", "compliance", "--team", "A"), "--team"),
        (("x@a.test", "--role", "advisor", "--office", "East", "--supervisor", "no@a.test"), "No active"),
        (("not an address", "--role", "compliance"), "valid email"),
        (("OLD@firm.example", "--role", "compliance"), "already"),
    ],
)  # fmt: skip
def test_what_is_missing_is_told_and_nothing_is_kept(arguments: tuple[str, ...], told: str) -> None:
    _create("old@firm.example", "--role", "operations", *NAMED)
    with pytest.raises(CommandError, match=told):
        _create(*arguments, *NAMED)
    assert (User.objects.count(), Office.objects.count()) == (1, 0)
