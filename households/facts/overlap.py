"""What the rest of a wash-sale group has in the market of this account's target.

By the list of what the target strategy buys, where the firm has loaded one and the holdings settle it;
otherwise estimated from the targets of the other accounts. A stated, working definition: docs/facts.md.
"""

from collections.abc import Mapping

import numpy as np

from households.facts.draft import Draft, Floats
from households.facts.holdings import FULL
from households.facts.parties import Party, Standing, is_open_entity, wash_group
from households.facts.reading import Accounts, Holdings
from households.facts.relations import (
    EQUITY,
    UNIVERSES,
    among,
    equity_value,
    household_days,
    numbered,
    others,
)

Lists = Mapping[str, frozenset[str]]
"""Strategy -> the symbols it buys, in the master's spelling; only strategies of which there is a list."""
_FACT = "wash_group_overlap_share"
_NO_STOCKS = ("fixed_income", "commodity", "cash")
"""What a fund can invest in without holding a stock."""


def fill_overlap(draft: Draft, accounts: Accounts, holdings: Holdings, lists: Lists) -> None:
    """The share of the group's other equity that is in the target's market."""
    day = household_days(draft, accounts)
    equity = equity_value(draft)
    standings = _standings(draft, accounts)
    groups = [wash_group(standing, accounts.couple) for standing in standings]
    group = numbered(groups)
    elsewhere = others(group, equity)
    # An account that nobody owns could be in the couple's group, and so could its equity.
    ownerless = np.where(group < 0, np.where(np.isnan(equity), 1.0, equity), 0.0)
    nearby = others(accounts.household, ownerless) > 0
    alone = among(accounts.household, np.ones(draft.rows)) == 1
    doubtful = np.isnan(elsewhere) | nearby | ((group < 0) & ~alone)
    doubtful |= _open_entities(accounts, standings, groups, equity)
    estimate = _by_targets(draft, group, equity, elsewhere)
    if lists:
        low, high = _by_lists(draft, group, equity, elsewhere, holdings, lists)
        settled = np.where(doubtful | (high - low > FULL), np.nan, low)
        draft.fill(_FACT, settled, "derived", day, "exact")
        # An estimate that the holdings contradict is none.
        estimate = np.where((estimate < low - FULL) | (estimate > high + FULL), np.nan, estimate)
    draft.fill(_FACT, np.where(doubtful, np.nan, estimate), "derived", day, "estimate")


def _standings(draft: Draft, accounts: Accounts) -> list[Standing]:
    columns = (
        accounts.ids, accounts.household_ids, draft["registration"], accounts.owner, accounts.relation,
        accounts.owner_unit, accounts.unit, accounts.controlled,
    )  # fmt: skip
    return [Standing(*row) for row in zip(*columns, strict=True)]


def _open_entities(
    accounts: Accounts, standings: list[Standing], groups: list[Party | None], equity: Floats
) -> np.ndarray:
    """Accounts whose group would be another if an entity were a corporation that the couple controls."""
    entity = np.array([is_open_entity(s, accounts.couple) for s in standings], dtype=bool)
    if not entity.any():
        return entity
    couple = np.array([group is not None and group[0] == "couple" for group in groups], dtype=bool)
    weight = np.where(np.isnan(equity), 1.0, equity)
    beside = others(accounts.household, np.where(entity, weight, 0.0)) > 0
    of_couple = others(accounts.household, np.where(couple, weight, 0.0)) > 0
    return np.asarray((couple & beside) | (entity & (of_couple | beside)))


def _by_targets(draft: Draft, group: np.ndarray, equity: Floats, elsewhere: Floats) -> Floats:
    """The part in accounts whose target buys in the segments of this one's; NaN where a target is unknown."""
    strategy, inside = draft["strategy"], np.zeros(draft.rows)
    none: frozenset[str] = frozenset()
    for name in UNIVERSES:
        in_group = others(group, np.where(strategy == name, np.nan_to_num(equity), 0.0))
        meets = np.array([bool(UNIVERSES.get(code, none) & UNIVERSES[name]) for code in strategy], dtype=bool)
        inside += np.where(meets, in_group, 0.0)
    known = np.isin(strategy, tuple(UNIVERSES))
    vague = np.where(known, 0.0, np.nan_to_num(equity))
    share = np.divide(inside, elsewhere, out=np.zeros(draft.rows), where=elsewhere > 0)
    unclear = (elsewhere > 0) & (~known | (others(group, vague) > 0))
    return np.where(unclear, np.nan, share)


def _by_lists(
    draft: Draft, group: np.ndarray, equity: Floats, elsewhere: Floats, holdings: Holdings, lists: Lists
) -> tuple[Floats, Floats]:
    """The least and the most that can be in the target's list; NaN where there is none of it."""
    low, high = np.full(draft.rows, np.nan), np.full(draft.rows, np.nan)
    for name, symbols in lists.items():
        aims = draft["strategy"] == name
        if not aims.any():
            continue
        inside, doubt = _of_account(draft, equity, holdings, name, symbols)
        least, most = others(group, inside), others(group, inside + doubt)
        for target, cents in ((low, least), (high, most)):
            share = np.divide(cents, elsewhere, out=np.zeros(draft.rows), where=elsewhere > 0)
            target[aims] = np.minimum(share, 1.0)[aims]
    return low, high


def _of_account(
    draft: Draft, equity: Floats, holdings: Holdings, name: str, symbols: frozenset[str]
) -> tuple[Floats, Floats]:
    """Cents of each account's equity that are in the list, and cents that may be or may not.

    A stock is in it or not. A fund is in it where the list names it; what it holds is not guessed. Cash waits
    for the account's own target; equity that no position shows could be anything.
    """
    rows, h = draft.rows, holdings
    listed = np.array([key in symbols for key in h.key], dtype=bool)
    stock, fund = h.asset_class == "stock", h.asset_class == "fund"
    nameless = h.key == np.array(None)
    open_ = (stock & nameless) | (fund & ~listed & ~np.isin(h.invests_in, _NO_STOCKS))
    inside = np.bincount(h.account, weights=h.value * ((stock | fund) & listed), minlength=rows)
    doubt = np.bincount(h.account, weights=h.value * open_, minlength=rows)
    held = np.bincount(h.account, minlength=rows) > 0
    strategy = draft["strategy"]
    aims = np.isin(strategy, EQUITY)
    waiting = np.where(aims, np.nan_to_num(draft["account_value"] * draft["cash_share"]), 0.0)
    none: frozenset[str] = frozenset()
    meets = np.array([bool(UNIVERSES.get(code, none) & UNIVERSES.get(name, none)) for code in strategy])
    inside += np.where(strategy == name, waiting, 0.0)
    doubt += np.where((strategy != name) & meets, waiting, 0.0)
    counted = np.nan_to_num(equity)
    return np.where(held, inside, 0.0), np.where(held, doubt, counted)
