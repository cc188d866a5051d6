"""What pages and services read of clients: always begins with what the user may see; a stranger gets 404."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Sum
from django.shortcuts import get_object_or_404
from django.utils import timezone

from households.facts import fresh_facts
from households.foundation.access import CLIENT_EDITORS
from households.foundation.databases import among
from households.foundation.roles import Role
from households.intake.state import IntakeState
from households.models import (
    Account,
    AccountFacts,
    Change,
    Household,
    Intake,
    Person,
    Position,
    TaxUnit,
    User,
)


def may_edit(user: Any) -> bool:
    """Whether this user changes client records; everybody else reads."""
    return user.role in CLIENT_EDITORS


def households_for(user: Any) -> QuerySet[Household]:
    """The households this user may see, with their advisors."""
    rows: QuerySet[Household] = Household.objects.visible_to(user).select_related("advisor")
    return rows


def household_for(user: Any, household_id: UUID) -> Household:
    """One household, or 404."""
    found: Household = get_object_or_404(households_for(user), pk=household_id)
    return found


def person_for(user: Any, person_id: UUID) -> Person:
    """One person with the household, or 404."""
    rows = Person.objects.visible_to(user).select_related("household")
    found: Person = get_object_or_404(rows, pk=person_id)
    return found


def tax_unit_for(user: Any, tax_unit_id: UUID) -> TaxUnit:
    """One tax unit with the household, or 404."""
    rows = TaxUnit.objects.visible_to(user).select_related("household")
    found: TaxUnit = get_object_or_404(rows, pk=tax_unit_id)
    return found


def account_for(user: Any, account_id: UUID) -> Account:
    """One account with household, owner and tax unit, or 404."""
    rows = Account.objects.visible_to(user).select_related("household__advisor", "owner", "tax_unit")
    found: Account = get_object_or_404(rows, pk=account_id)
    return found


def position_for(user: Any, position_id: int) -> Position:
    """One position with its account, or 404."""
    rows = Position.objects.visible_to(user).select_related("account__household", "security")
    found: Position = get_object_or_404(rows, pk=position_id)
    return found


def advisors_of(user: Any) -> QuerySet[User]:
    """Advisors whose households this user sees; more than one makes a filter worth having."""
    books = Household.objects.visible_to(user).filter(advisor=OuterRef("pk"))
    return User.objects.filter(Exists(books)).order_by("first_name", "last_name")


def colleagues_of(user: User) -> QuerySet[User]:
    """Advisors into whose book this advisor may put a household: their own team, or themselves."""
    own = Q(pk=user.pk)
    team = Q(team=user.team_id, role=Role.ADVISOR, is_active=True) if user.team_id else own
    return User.objects.filter(own | team).order_by("first_name", "last_name")


# --- the book ---------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class BookRow:
    """What a row of the book adds to its household. Money in cents, None unknown."""

    accounts: int
    value: int | None
    taxable_value: int | None
    complete: int
    unvalued: int
    maybe_taxable: int


def book_rows(household_ids: Iterable[UUID]) -> dict[UUID, BookRow]:
    """Accounts, values and intake states of these households: one query, for the rows of one page."""
    taxable = Q(facts__tax_status="taxable")
    rows = (
        among(Account.objects.filter(closed_on=None), "household_id", list(household_ids))
        .order_by()
        .values("household_id")
        .annotate(
            accounts=Count("id"),
            value=Sum("facts__account_value"),
            taxable_value=Sum("facts__account_value", filter=taxable),
            complete=Count("id", filter=Q(intake__state=Intake.State.COMPLETE)),
            unvalued=Count("id", filter=Q(facts__account_value=None)),
            maybe_taxable=Count("id", filter=taxable | Q(facts__tax_status=None)),
        )
    )
    return {row.pop("household_id"): BookRow(**row) for row in rows}


# --- one household, one account -------------------------------------------------------------------------


def accounts_of(household: Household, *, closed: bool = False) -> QuerySet[Account]:
    """Its open (or closed) accounts with facts and intake; the largest first."""
    rows: QuerySet[Account] = (
        household.accounts.filter(closed_on__isnull=not closed)
        .select_related("owner__tax_unit", "tax_unit", "facts", "intake")
        .order_by("-facts__account_value", "name")
    )
    return rows


def people_of(household: Household) -> QuerySet[Person]:
    """Its people with the returns they file."""
    rows: QuerySet[Person] = household.people.select_related("tax_unit")
    return rows


def positions_of(account: Account) -> QuerySet[Position]:
    """Its positions with their lots, the largest first: two queries."""
    rows: QuerySet[Position] = account.positions.select_related("source_import").prefetch_related("lots")
    return rows


def intake_state(account: Account) -> IntakeState:
    """Everything the account's intake pages show; facts are rebuilt first where they are stale."""
    fresh_facts([account.household_id])
    intake, _ = Intake.objects.get_or_create(account=account)
    facts = AccountFacts.objects.filter(account=account).first()
    if facts is None:  # a closed account keeps no facts of its own
        facts = AccountFacts(account=account)
    writers = {entry.get("by", "") for entry in intake.provenance.values()}
    return IntakeState(
        account=account,
        intake=intake,
        facts=facts,
        has_positions=account.positions.exists(),
        names_of_users=names_of_users(writers),
        told_on=_told_on(account),
    )


def _told_on(account: Account) -> dict[str, date]:
    """When the answers that are no facts of their own were last changed."""
    keys = [str(account.pk), str(account.tax_unit_id)]
    rows = Change.objects.filter(
        household=account.household_id, entity_id__in=keys, field__in=("gains_elsewhere", "tax_unit")
    )
    return {
        field: timezone.localtime(at).date() for field, at in rows.order_by("at").values_list("field", "at")
    }


def names_of_users(keys: Iterable[str]) -> dict[str, str]:
    """Id -> name of those of the ids that are users'."""
    ids = set()
    for key in keys:
        try:
            ids.add(UUID(key))
        except ValueError:
            continue
    return {str(user.pk): str(user) for user in User.objects.filter(pk__in=ids)} if ids else {}


def changes_since(account: Account, moment: datetime) -> list[Change]:
    """What others changed of an account's intake, its tax unit and its household's answers since then."""
    keys = [str(key) for key in (account.pk, account.tax_unit_id, account.household_id) if key]
    rows = Change.objects.filter(household=account.household_id, entity_id__in=keys, at__gt=moment)
    return list(rows.select_related("by").order_by("at", "id"))


def last_changes(household_id: UUID, keys: Iterable[str], fields: Iterable[str]) -> dict[str, Change]:
    """Field -> who changed it last, of the household's records with these keys; one query."""
    rows = Change.objects.filter(household=household_id, entity_id__in=list(keys), field__in=list(fields))
    return {change.field: change for change in rows.select_related("by").order_by("at", "id")}


def recent_changes(household: Household, count: int = 200) -> list[Change]:
    """The newest changes of a household, newest first."""
    rows = Change.objects.filter(household=household).select_related("by")
    return list(rows.order_by("-at", "-id")[:count])


def changed_by_imports(household: Household, sources: Iterable[str]) -> dict[str, tuple[int, int]]:
    """Source of changes -> how many positions and lots its import changed, in how many accounts."""
    acts = {source for source in sources if source.startswith(("import ", "undo "))}
    rows = Change.objects.filter(household=household, source__in=acts)
    counted = rows.exclude(entity="import").order_by().values_list("source")
    return {
        source: (changes, accounts)
        for source, changes, accounts in counted.annotate(
            changes=Count("id"), accounts=Count("entity_id", distinct=True)
        )
    }
