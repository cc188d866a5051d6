"""What was said on account, tax unit, household and in the intake, and what follows from it at once."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

import numpy as np

from households.facts.draft import EPOCH, NO_DAY, Days, Draft, known, oldest
from households.facts.holdings import FUNDING_SHARES, HeldFacts
from households.facts.reading import OF_ACCOUNT, OF_HOUSEHOLD, Accounts
from households.models.facts import FACT_NAMES

OVERRIDABLE = (
    "household_value", "household_accounts", "household_managed_accounts", "taxable_equity_accounts",
    "wash_group_overlap_share", "group_on_platform_share", "group_movable_share",
)  # fmt: skip
"""Facts about related accounts: the records may not hold them all, so what the advisor states comes first."""
_SUM_SLACK = 1e-6


def told_days(accounts: Accounts, entity: str, field: str) -> tuple[list[str], Days]:
    """Source and day of a field kept on account, tax unit or household.

    Without a recorded change: typed, on the day the account or household was opened here.
    """
    keys: Sequence[UUID | None]
    if entity == "account":
        keys, fallback = accounts.ids, accounts.account_day
    elif entity == "household":
        keys, fallback = accounts.household_ids, accounts.household_day
    else:
        keys, fallback = accounts.unit, accounts.household_day
    sources, days = ["typed"] * len(accounts), fallback.copy()
    if accounts.told:
        for row, key in enumerate(keys):
            if found := accounts.told.get((entity, str(key), field)):
                sources[row] = found[0]
                days[row] = found[1].toordinal() - EPOCH.toordinal()
    return sources, days


def fill_kept(draft: Draft, accounts: Accounts, entity: str, name: str) -> None:
    """A fact kept on the account, its tax unit or its household."""
    sources, days = told_days(accounts, entity, name)
    draft.fill(name, accounts.of[name], draft.words(sources, "typed"), days, "stated")


def fill_account(draft: Draft, accounts: Accounts) -> None:
    """Registration, custodian and the rest of what the account itself keeps (tax status apart)."""
    for name in OF_ACCOUNT:
        if name != "tax_status":
            fill_kept(draft, accounts, "account", name)


def fill_household_answers(draft: Draft, accounts: Accounts) -> None:
    """What was answered once for the whole household."""
    for name in OF_HOUSEHOLD:
        fill_kept(draft, accounts, "household", name)


def fill_intake(draft: Draft, accounts: Accounts, names: tuple[str, ...] = FACT_NAMES) -> None:
    """What the intake states, wherever nothing stronger has been said."""
    memo: dict[str, int] = {}
    for name in names:
        values = _credible(draft, name, accounts.stated[name])
        rows = np.flatnonzero(known(values) & ~draft.known(name))
        if not len(rows):
            continue
        sources = np.zeros(len(accounts), dtype=np.int16)
        qualities = np.zeros(len(accounts), dtype=np.int16)
        days = np.full(len(accounts), NO_DAY, dtype=np.int32)
        for row in rows.tolist():
            given: dict[str, Any] = accounts.provenance[row].get(name) or {}
            sources[row] = draft.word(str(given.get("source") or ""), "typed")
            qualities[row] = draft.word(str(given.get("quality") or ""), "stated")
            days[row] = _day(given.get("date"), memo)
        draft.fill(name, values, sources, days, qualities)


def _credible(draft: Draft, name: str, values: np.ndarray) -> np.ndarray:
    """A household is worth at least this account; a smaller statement is out of date and does not count."""
    if name != "household_value":
        return values
    return np.where(values < draft["account_value"], np.nan, values)


def _day(text: Any, memo: dict[str, int]) -> int:
    if not text:
        return NO_DAY
    key = str(text)
    if key not in memo:
        try:
            memo[key] = date.fromisoformat(key[:10]).toordinal() - EPOCH.toordinal()
        except ValueError:
            memo[key] = NO_DAY
    return memo[key]


def fill_implied(draft: Draft, held: HeldFacts) -> None:
    """What follows from the shares: the last of five, no concentration without stocks, no gains in cash."""
    _fill_last_shares(draft)
    stock, bond, cash = draft["stock_share"], draft["bond_share"], draft["cash_share"]
    day = oldest(draft.day("stock_share"), draft.day("bond_share"), draft.day("cash_share"))
    zero, one = np.zeros(draft.rows), np.ones(draft.rows)
    _imply(draft, "largest_position_share", zero, day, (stock == 0) & (bond == 0))
    _imply(draft, "stock_gain_share", zero, day, stock == 0)
    for name in ("unrealized_gain_share", "unrealized_gain", "unrealized_loss", "lot_count"):
        _imply(draft, name, zero, day, cash == 1)
    _imply(draft, "lots_known_share", one, day, cash == 1)
    no_gain = draft["unrealized_gain"] == 0
    _imply(draft, "short_term_gain", zero, draft.day("unrealized_gain"), no_gain)
    _imply(draft, "restricted_share", zero, day, cash == 1)
    _imply(draft, "legacy_retention_share", zero, day, cash == 1)
    _fill_saleable(draft, held)
    free = draft["restricted_share"] == 0
    reason = np.full(draft.rows, "none", dtype=object)
    _imply(draft, "restriction_reason", reason, draft.day("restricted_share"), free)


def _imply(draft: Draft, name: str, values: np.ndarray, day: Days, where: np.ndarray) -> None:
    draft.fill(name, values, "derived", day, "exact", where)


def _fill_last_shares(draft: Draft) -> None:
    """The five shares sum to 1: an only unknown one follows, and where the known ones do, the rest are 0."""
    shares = np.stack([draft[name] for name in FUNDING_SHARES])
    day = oldest(*(draft.day(name) for name in FUNDING_SHARES))
    open_, total = np.isnan(shares), np.nansum(shares, axis=0)
    rest = np.where(np.abs(1 - total) <= _SUM_SLACK, 0.0, 1 - total)
    follows = (open_.sum(axis=0) == 1) | (open_.any(axis=0) & (rest == 0))
    for name in FUNDING_SHARES:
        _imply(draft, name, rest, day, follows & (rest >= 0))


def _fill_saleable(draft: Draft, held: HeldFacts) -> None:
    """The part of the largest position that may be sold, once restriction and retention are both settled.

    With positions, marks settle it, or a stated zero. Without, nothing restricted or retained means all.
    """
    name, largest = "saleable_largest_share", draft["largest_position_share"]
    day = oldest(*(draft.day(n) for n in ("largest_position_share", "restricted_share")))
    restricted, retained = draft["restricted_share"], draft["legacy_retention_share"]
    settled = (held.flagged_restricted | (restricted == 0)) & (held.flagged_retained | (retained == 0))
    sound = known(held.largest_free)
    _imply(draft, name, held.largest_free, day, held.held & sound & (settled | (held.largest_free == 0)))
    _imply(draft, name, largest, day, ~held.held & (restricted == 0) & (retained == 0))
    _imply(draft, name, np.zeros(draft.rows), day, largest == 0)
