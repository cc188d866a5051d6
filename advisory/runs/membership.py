"""Which households and accounts a run is about."""

from collections.abc import Iterator
from uuid import UUID

from django.db.models import QuerySet
from django.http import QueryDict

from advisory.runs.chunks import Household, grouped
from advisory.runs.models import Run, RunResult
from households.filters import BookFilter
from households.foundation.errors import DomainError
from households.models import Account, User
from households.models import Household as HouseholdRow

READ_AT_ONCE = 5_000


def households_matching(user: User, querystring: str) -> QuerySet[HouseholdRow]:
    """The households of the book that a querystring chooses, as far as this user may see them.

    Raises:
        DomainError: a filter that the book does not have, or a value that it refuses; a review must never
            quietly take the whole book instead.
    """
    asked = QueryDict(querystring)
    chosen = BookFilter(asked, queryset=HouseholdRow.objects.visible_to(user), user=user)
    known = {name for key in chosen.form.fields for name in _names(chosen, key)}
    if strange := sorted(set(asked) - known - {"sort", "page"}):
        raise DomainError(
            f"The book has no filter named {strange[0]}.", field="filter", value=strange[0],
            remedy=f"Use one of {', '.join(chosen.form.fields)}.",
        )  # fmt: skip
    if not chosen.is_valid():
        field, problems = next(iter(chosen.errors.items()))
        raise DomainError(
            f"The filter {field} cannot be read: {problems[0]}", field="filter", value=asked.get(field),
            remedy="Choose the filter again in the book.",
        )  # fmt: skip
    return chosen.qs


def _names(chosen: BookFilter, key: str) -> list[str]:
    """Querystring names of one filter field; a range has one for each end."""
    suffixes = getattr(chosen.form.fields[key].widget, "suffixes", ())
    return [key, *(f"{key}_{suffix}" for suffix in suffixes)]


def accounts_of(user: User, run: Run) -> QuerySet[Account]:
    """The open accounts that a run would take now."""
    accounts = Account.objects.visible_to(user).filter(closed_on=None)
    if run.retry_of_id:
        failed = RunResult.objects.filter(run=run.retry_of_id, kind=RunResult.Kind.FAILED)
        return accounts.filter(pk__in=failed.values("account_id"))
    if not run.filter:
        return accounts
    chosen = households_matching(user, run.filter).order_by().values("pk")
    return accounts.filter(household__in=chosen)


def members_of(user: User, run: Run) -> Iterator[Household]:
    """Households with their accounts, in a fixed order; streamed."""
    pairs = accounts_of(user, run).order_by("household_id", "pk").values_list("household_id", "pk")
    return grouped(_streamed(pairs))


def _streamed(pairs: QuerySet) -> Iterator[tuple[UUID, UUID]]:
    yield from pairs.iterator(chunk_size=READ_AT_ONCE)
