"""Write and read the rows of AccountFacts."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any
from uuid import UUID

import numpy as np
from django.db import connections, transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone

from households.facts.consistency import drop_contradictions, drop_excluded
from households.facts.draft import Draft
from households.facts.holdings import HeldFacts, short_term_since
from households.facts.overlap import fill_overlap
from households.facts.reading import Accounts, lock_households, read_accounts, read_holdings, read_lists
from households.facts.relations import fill_relations
from households.facts.stated import fill_account, fill_household_answers, fill_implied, fill_intake
from households.facts.taxes import fill_taxes, fill_usable_gains
from households.foundation.databases import among, insert_columns
from households.models import AccountFacts, Household
from households.models.facts import FACT_NAMES

AT_ONCE = 10_000
"""Households in one pass: a fixed number of queries each, about 40,000 accounts in memory."""
_LATER = ("saleable_largest_share", "usable_gains")
"""Facts for which the intake speaks only after derivation has been tried."""


def rebuild_facts(household_ids: Iterable[UUID], *, as_of: date | None = None) -> int:
    """Rebuild the facts of every open account of these households.

    Args:
        as_of: the day on which lots are judged short- or long-term; today by default.

    Returns:
        The number of accounts written. The number of queries does not depend on the number of households,
        up to AT_ONCE of them. Closed accounts lose their row.
    """
    day = as_of or timezone.localdate()
    ids = list(dict.fromkeys(household_ids))
    passes = range(0, len(ids), AT_ONCE)
    return sum(_rebuild(ids[start : start + AT_ONCE], day) for start in passes)


@transaction.atomic
def _rebuild(household_ids: Sequence[UUID], as_of: date) -> int:
    revisions = lock_households(household_ids)
    accounts = read_accounts(household_ids)
    draft = draft_facts(household_ids, accounts, as_of)
    queryset = AccountFacts.objects.all()
    among(queryset, "account__household_id", household_ids).delete()
    if not draft.rows:
        return 0
    columns: dict[str, Any] = {name: draft.column(name) for name in FACT_NAMES}
    columns |= {
        "account": accounts.ids,
        "provenance": draft.provenance_texts(),
        "oldest_source_date": draft.oldest_days(),
        "as_of": [as_of] * draft.rows,
        "revision": [revisions[key] for key in accounts.household_ids],
        "built_at": [timezone.now()] * draft.rows,
    }
    return insert_columns(connections[queryset.db], AccountFacts, columns)


def draft_facts(household_ids: Sequence[UUID], accounts: Accounts, as_of: date) -> Draft:
    """All facts of these accounts, in the order in which one may rest on another."""
    draft = Draft(len(accounts))
    with np.errstate(invalid="ignore"):
        holdings = read_holdings(household_ids, accounts, short_term_since(as_of))
        held = HeldFacts(draft, holdings)
        fill_account(draft, accounts)
        fill_taxes(draft, accounts)
        fill_household_answers(draft, accounts)
        fill_intake(draft, accounts, tuple(name for name in FACT_NAMES if name not in _LATER))
        drop_excluded(draft, held)
        fill_implied(draft, held)
        drop_contradictions(draft)
        one_sleeve = draft["sleeves_wanted"] == 1
        value = draft["account_value"]
        draft.fill("direct_index_value", value, "derived", draft.day("account_value"), "exact", one_sleeve)
        fill_usable_gains(draft, accounts, held)
        fill_intake(draft, accounts, _LATER)
        drop_contradictions(draft)
        fill_relations(draft, accounts)
        fill_overlap(draft, accounts, holdings, read_lists(draft["strategy"], holdings.key))
    return draft


FACT_ROW = (
    "account_id", "household_id", "revision", "as_of", "built_at", "oldest_source_date", "provenance",
    *FACT_NAMES,
)  # fmt: skip
"""The columns that read_facts answers with."""


def read_facts(
    *, account_ids: Iterable[UUID] | None = None, household_ids: Iterable[UUID] | None = None
) -> dict[str, list[Any]]:
    """Stored facts as columns, in one query, the same for one account and for a million.

    Args:
        account_ids: these accounts; or
        household_ids: all open accounts of these households. Exactly one of the two must be given.

    Returns:
        The columns of FACT_ROW (money in cents, None unknown), rows in the order of household and account.
        An account without a row of facts is not among them (see fresh_facts).
    """
    if (account_ids is None) == (household_ids is None):
        raise TypeError("read_facts takes account_ids or household_ids, and not both.")
    rows: QuerySet[AccountFacts] = AccountFacts.objects.order_by("account__household_id", "account_id")
    if account_ids is not None:
        rows = among(rows, "account_id", list(account_ids))
    else:
        rows = among(rows, "account__household_id", list(household_ids or ()))
    paths = ["account__household_id" if name == "household_id" else name for name in FACT_ROW]
    found = list(rows.values_list(*paths))
    if not found:
        return {name: [] for name in FACT_ROW}
    return {name: list(column) for name, column in zip(FACT_ROW, zip(*found, strict=True), strict=True)}


def stale_households(
    households: QuerySet[Household] | None = None, *, as_of: date | None = None
) -> QuerySet[Household]:
    """Households whose facts are missing, older than their last change, or whose lots may have turned."""
    day = as_of or timezone.localdate()
    # Lots only ever turn from short to long: without short-term gains nothing can have turned.
    turned = Q(accounts__facts__as_of__lt=day) & (
        Q(accounts__facts__short_term_gain__gt=0) | Q(accounts__facts__short_term_gain=None)
    )
    behind = Q(accounts__facts=None) | Q(accounts__facts__revision__lt=F("revision"))
    rows = Household.objects.all() if households is None else households
    there = Q(accounts__isnull=False, accounts__closed_on=None)  # without accounts nothing can be stale
    return rows.filter(there & (behind | turned)).distinct()


def fresh_facts(household_ids: Iterable[UUID], *, as_of: date | None = None) -> int:
    """Rebuild the facts of those of these households whose facts are stale; call it before an evaluation.

    Returns:
        The number of accounts rebuilt: 0, after one query, when all was fresh.
    """
    given = among(Household.objects.all(), "id", list(household_ids))
    stale = list(stale_households(given, as_of=as_of).order_by().values_list("id", flat=True))
    return rebuild_facts(stale, as_of=as_of) if stale else 0
