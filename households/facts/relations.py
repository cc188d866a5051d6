"""Facts that one account owes to the others: household, tax unit, overlay platforms, wash-sale group.

Each is a stated, working definition (docs/facts.md); what the advisor states in the intake comes first.
"""

from collections.abc import Hashable, Sequence

import numpy as np

from households.facts.draft import NO_DAY, Draft, FactColumns, Floats, known
from households.facts.reading import Accounts
from households.facts.taxes import taxable

_US_SEGMENTS = frozenset({"us_large", "us_mid", "us_small"})
UNIVERSES: dict[str, frozenset[str]] = {
    "us_large": frozenset({"us_large"}),
    "us_mid": frozenset({"us_mid"}),
    "us_small": frozenset({"us_small"}),
    "us_total": _US_SEGMENTS,
    "us_growth": frozenset({"us_large", "us_mid"}),
    "us_value": frozenset({"us_large", "us_mid"}),
    "us_dividend": frozenset({"us_large", "us_mid"}),
    "developed_ex_us": frozenset({"developed"}),
    "emerging": frozenset({"emerging"}),
    "global": frozenset({"us_large", "us_mid", "developed", "emerging"}),
    "municipal_bond": frozenset(),
    "taxable_bond": frozenset(),
    "multi_asset": _US_SEGMENTS | {"developed", "emerging"},
}
"""Strategy -> the segments of the equity market it buys in; `other` is not known."""
EQUITY = tuple(name for name, segments in UNIVERSES.items() if segments)


def numbered(keys: Sequence[Hashable]) -> np.ndarray:
    """Equal keys to equal numbers from 0; None to -1."""
    seen: dict[Hashable, int] = {}
    numbers = (-1 if key is None else seen.setdefault(key, len(seen)) for key in keys)
    return np.fromiter(numbers, dtype=np.int64, count=len(keys))


def among(group: np.ndarray, values: Floats) -> Floats:
    """The sum over each row's group, itself included; rows of group -1 are alone."""
    if not len(group):
        return values.copy()
    sums = np.bincount(np.maximum(group, 0), weights=np.where(group < 0, 0.0, values))
    return np.where(group < 0, values, sums[np.maximum(group, 0)])


def others(group: np.ndarray, values: Floats) -> Floats:
    """The sum over each row's group without the row itself; unknown where another's value is."""
    counted = np.nan_to_num(values)
    open_ = np.isnan(values) * 1.0
    sums = np.where(group < 0, 0.0, among(group, counted) - counted)
    return np.where((group >= 0) & (among(group, open_) - open_ > 0), np.nan, sums)


def _greatest(group: np.ndarray, values: Floats) -> Floats:
    """The greatest value of each row's group."""
    most = np.zeros(int(group.max(initial=0)) + 1)
    np.maximum.at(most, np.maximum(group, 0), np.where(group < 0, 0.0, values))
    return np.where(group < 0, values, most[np.maximum(group, 0)])


def fill_relations(draft: Draft, accounts: Accounts) -> None:
    """All facts about related accounts."""
    day = household_days(draft, accounts)
    equity = equity_value(draft)
    _fill_household(draft, accounts, day)
    _fill_tax_unit(draft, accounts, equity, day)


def household_days(draft: Draft, accounts: Accounts) -> np.ndarray:
    """By account the oldest day for which its household's values are known."""
    count = int(accounts.household.max(initial=-1)) + 1
    least = np.full(count, NO_DAY, dtype=np.int32)
    np.minimum.at(least, accounts.household, draft.day("account_value"))
    own = least[accounts.household] if count else least
    return np.where(own == NO_DAY, accounts.household_day, own)


def equity_value(draft: FactColumns) -> Floats:
    """Whole cents of equity: stocks and funds, and the cash of an account whose target is an equity strategy.

    A file does not say what a fund holds; all funds count. Unknown where value or a share is.
    """
    aims = np.isin(draft["strategy"], EQUITY)
    cash = np.where(draft["cash_share"] == 0, 0.0, np.where(aims, draft["cash_share"], 0.0))
    cash = np.where(known(draft["strategy"]) | (draft["cash_share"] == 0), cash, np.nan)
    share = draft["stock_share"] + draft["fund_share"] + cash
    value = draft["account_value"]
    return np.where((value == 0) | (share == 0), 0.0, np.rint(value * share))


def holds_equity(draft: FactColumns) -> Floats:
    """Whether an account holds equities, or is meant for them: above 0 where it does, 0 not, NaN unknown."""
    equity = equity_value(draft)
    return np.where(np.isin(draft["strategy"], EQUITY), 1.0, np.where(equity > 0, 1.0, equity))


def _fill_household(draft: Draft, accounts: Accounts, day: np.ndarray) -> None:
    ones = np.ones(draft.rows)
    household = accounts.household
    draft.fill("household_value", among(household, draft["account_value"]), "derived", day, "exact")
    draft.fill("household_accounts", among(household, ones), "derived", day, "exact")
    structure = draft["current_structure"]
    away = np.where(known(structure), structure == "held_away", np.nan).astype(np.float64)
    # The account at hand is to be managed, whatever it is today.
    managed = others(household, 1 - away) + 1
    draft.fill("household_managed_accounts", managed, "derived", day, "exact")


def _fill_tax_unit(draft: Draft, accounts: Accounts, equity: Floats, day: np.ndarray) -> None:
    """Taxable equity accounts of the unit, and how much of their equity shares a platform or could."""
    unit = numbered(accounts.unit)
    taxed = taxable(draft)
    holds = holds_equity(draft)
    member = np.where((taxed == 0) | (holds == 0), 0.0, taxed * holds)
    perhaps = np.where(np.isnan(member), 1.0, member)
    # An account without a tax unit could belong to any of the household's.
    loose = np.where(unit < 0, perhaps, 0.0)
    rivals = np.where(unit < 0, others(accounts.household, perhaps), others(accounts.household, loose))
    doubtful = (rivals > 0) & ~((unit < 0) & (taxed == 0))
    count = np.where(doubtful, np.nan, among(unit, member))
    draft.fill("taxable_equity_accounts", count, "derived", day, "estimate")
    weight = np.where(member == 0, 0.0, equity)
    total = np.where(doubtful, np.nan, among(unit, weight))
    on, movable = _platform_shares(draft, accounts, unit, member, weight, total)
    draft.fill("group_on_platform_share", on, "derived", day, "estimate")
    draft.fill("group_movable_share", movable, "derived", day, "estimate")


def _platform_shares(
    draft: Draft, accounts: Accounts, unit: np.ndarray, member: Floats, weight: Floats, total: Floats
) -> tuple[Floats, Floats]:
    """Shares of each unit's equity on one platform now, and at one custodian, whence it could move to one.

    Where a unit has several accounts, one alone on a platform coordinates with nothing: two must be there.
    """
    unit_key = [key if key is not None else own for key, own in zip(accounts.unit, accounts.ids, strict=True)]
    group = numbered(unit_key)
    several = among(group, np.nan_to_num(member)) > 1
    platform, custodian = draft["platform"], draft["custodian"]
    away = draft["current_structure"]
    shares = []
    for place, stays in ((platform, platform == "none"), (custodian, away == "held_away")):
        # Two "other" platforms or custodians need not be the same one.
        keys = [
            (key, own if code == "other" else code)
            for key, own, code in zip(unit_key, accounts.ids, place, strict=True)
        ]
        here = numbered(keys)
        counts = np.where(stays | (member != 1), 0.0, 1.0)
        together = among(here, np.where(counts == 1, weight, 0.0))
        enough = np.where(several, among(here, counts) > 1, True)
        best = _greatest(group, np.where(enough & (counts == 1), together, 0.0))
        # Whose tax status nobody knows may or may not be of the group: half counted, it would be neither.
        unknown = np.isnan(member) | ((member != 0) & ~known(place))
        if place is custodian:
            unknown |= (member != 0) & ~known(away)
        best = np.where(among(group, unknown * 1.0) > 0, np.nan, best)
        shares.append(np.divide(best, total, out=np.zeros(draft.rows), where=total != 0))
    on, movable = shares
    # On a platform that nobody has named there could be more than at one custodian, but never more than all.
    all_of_it = (on == 1) | (movable == 1)
    movable = np.where(all_of_it, 1.0, np.maximum(movable, on))
    return np.minimum(on, 1.0), np.minimum(movable, 1.0)
