"""Add somebody of the firm; the password is made here and shown once."""

import secrets
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from households.foundation.roles import Role
from households.models import Office, Team, User

OF_AN_OFFICE = (Role.ADVISOR, Role.ASSISTANT, Role.SUPERVISOR, Role.EXAMINER)
"""Roles that see clients by their office, or are told apart by it."""
OF_A_TEAM = (Role.ADVISOR, Role.ASSISTANT)


class Command(BaseCommand):
    help = "Add a user with a role. The password is shown once; the user changes it after the first log-in."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email")
        parser.add_argument("--role", required=True, choices=Role.values)
        parser.add_argument("--first-name", required=True)
        parser.add_argument("--last-name", required=True)
        parser.add_argument("--office", default="", help="its name; made where it is new")
        parser.add_argument("--team", default="", help="who share a book; made where it is new")
        parser.add_argument("--supervisor", default="", metavar="EMAIL", help="an advisor's supervisor")
        parser.add_argument("--expires", type=date.fromisoformat, metavar="DATE", help="examiner's last day")

    def handle(self, *args: Any, email: str, **options: Any) -> None:
        role = Role(options["role"])
        _refuse_what_is_missing(role, options)
        if User.objects.filter(email__iexact=email).exists():
            raise CommandError(f"There is a user with the address {email} already.")
        password = secrets.token_urlsafe(16)
        with transaction.atomic():
            office = Office.objects.get_or_create(name=options["office"])[0] if options["office"] else None
            user = User(
                email=User.objects.normalize_email(email),
                role=role,
                first_name=options["first_name"],
                last_name=options["last_name"],
                office=office,
                team=_team(options["team"], office),
                supervisor=_supervisor(options["supervisor"]),
                access_expires=options["expires"],
            )
            user.set_password(password)
            try:
                user.full_clean()
            except ValidationError as error:
                raise CommandError("; ".join(error.messages), returncode=2) from error
            user.save()
        self.stdout.write(password)
        self.stderr.write(f"Shown once: the password of {user}, {role.label.lower()}.")


def _refuse_what_is_missing(role: Role, options: dict[str, Any]) -> None:
    if role in OF_AN_OFFICE and not options["office"]:
        raise CommandError(
            f"This role belongs to an office: say --office ({role.label.lower()}).", returncode=2
        )
    if (role == Role.EXAMINER) != (options["expires"] is not None):
        raise CommandError("Examiners, and nobody else, have a last day: --expires DATE.", returncode=2)
    if options["team"] and role not in OF_A_TEAM:
        raise CommandError(
            "Only advisors and client associates share a book: leave out --team.", returncode=2
        )
    if role == Role.ASSISTANT and not options["team"]:
        raise CommandError("A client associate sees the clients of a team: say --team.", returncode=2)


def _team(name: str, office: Office | None) -> Team | None:
    if not name:
        return None
    team, _ = Team.objects.get_or_create(name=name, defaults={"office": office})
    if team.office != office:
        raise CommandError(f"The team {name} belongs to the office {team.office}.")
    return team


def _supervisor(email: str) -> User | None:
    if not email:
        return None
    found = User.objects.filter(email__iexact=email, role=Role.SUPERVISOR, is_active=True).first()
    if found is None:
        raise CommandError(f"No active supervisor has the address {email}.")
    return found
