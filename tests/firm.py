"""A small firm for tests: every role, two books that must not see each other."""

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

from django.contrib.auth.hashers import make_password

from households.foundation.roles import Role
from households.models import Account, Household, Intake, Office, Person, TaxUnit, Team, User

PASSWORD = "correct horse battery"


@dataclass
class Firm:
    """The records most tests begin with."""

    advisor: User
    assistant: User
    stranger: User
    supervisor: User
    compliance: User
    operations: User
    administrator: User
    examiner: User
    household: Household
    account: Account
    others_household: Household
    others_account: Account

    def user(self, role: str) -> User:
        """The firm's user of a role."""
        return getattr(self, role)


@cache
def _hashed_password() -> str:
    """Hashed once: hashing is slow on purpose, and every test would pay for seven users."""
    return make_password(PASSWORD)


def _user(email: str, role: Role, office: Office, **extra: object) -> User:
    first, last = email.split("@")[0].title(), "Tester"
    return User.objects.create(
        email=email, password=_hashed_password(), role=role, office=office, first_name=first, last_name=last,
        **extra,
    )  # fmt: skip


def _household(name: str, advisor: User) -> tuple[Household, Account]:
    household = Household.objects.create(name=name, advisor=advisor)
    unit = TaxUnit.objects.create(
        household=household, name="Joint return", kind=TaxUnit.Kind.JOINT, short_term_rate=0.408,
        long_term_rate=0.238, gains_elsewhere=2_000_000, short_term_gain_fraction=0.25, loss_carryforward=0,
    )  # fmt: skip
    person = Person.objects.create(household=household, name="Pat Example", tax_unit=unit)
    account = Account.objects.create(
        household=household, name="Joint brokerage", number_ending="4321", registration="joint",
        custodian="schwab", platform="none", owner=person, tax_unit=unit, current_structure="brokerage",
        current_cost_bps=0, exit_cost=0,
    )  # fmt: skip
    Intake.objects.create(account=account)
    return household, account


def build_firm() -> Firm:
    """Create the firm in the test database."""
    east, west = Office.objects.create(name="East"), Office.objects.create(name="West")
    supervisor = _user("supervisor@test.example", Role.SUPERVISOR, east)
    team = Team.objects.create(name="East team", office=east)
    advisor = _user("advisor@test.example", Role.ADVISOR, east, supervisor=supervisor, team=team)
    stranger = _user("stranger@test.example", Role.ADVISOR, west)
    household, account = _household("Example household", advisor)
    others_household, others_account = _household("Stranger household", stranger)
    return Firm(
        advisor=advisor,
        assistant=_user("assistant@test.example", Role.ASSISTANT, east, team=team),
        stranger=stranger,
        supervisor=supervisor,
        compliance=_user("compliance@test.example", Role.COMPLIANCE, east),
        operations=_user("operations@test.example", Role.OPERATIONS, east),
        administrator=_user("administrator@test.example", Role.ADMINISTRATOR, east),
        examiner=_user(
            "examiner@test.example", Role.EXAMINER, east, access_expires=date.today() + timedelta(days=30)
        ),
        household=household,
        account=account,
        others_household=others_household,
        others_account=others_account,
    )
