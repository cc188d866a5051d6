"""What the accounts hold: the household's mix shared out over its accounts, then positions in whole steps."""

from __future__ import annotations

import numpy as np

from households.generation.accounts import is_taxable
from households.generation.plan import Plan
from households.generation.securities import BOND, FUND, OTHER, STOCK, securities
from households.generation.shapes import FUND_KINDS
from households.generation.slots import NUMBER
from households.generation.tables import REGISTRATIONS, Accounts, Positions

CLASSES = 5  # cash, fund, stock, bond, other, as in securities.ASSET_CLASSES
MOST_NAMES = 80
LEAST_PER_NAME, LEAST_PER_BOND = 150_000, 500_000  # cents an account puts into one stock or bond, at least
SMALLEST_FUND = 0.04  # of an account's fund money; smaller parts join the rest
# House judgment: how far an account leans from its household's mix, and who holds a private fund.
LEANS = np.array([
    [1.0, 1.0, 1.0, 1.0], [8.0, 1.0, 0.3, 0.5], [0.3, 0.6, 5.0, 0.3], [0.6, 4.0, 0.4, 1.0],
])  # fmt: skip
STOCK_LEAN, REST_LEAN = np.array([0.05, 0.05, 20.0, 0.05]), np.array([1.0, 1.0, 0.02, 1.0])
LEAN_MASS = np.array([0.4, 0.55, 0.8, 1.0])
PRIVATE_OWNERS, PRIVATE_FROM = 0.05, 50_000_000
ROUNDS = 5


def draw_classes(rng: np.random.Generator, plan: Plan, accounts: Accounts) -> np.ndarray:
    """Cents of each account by asset class, (accounts, CLASSES); rows add up to the account's value.

    Taxable accounts share out the household's own mix, each leaning its way, by iterative proportional
    fitting; retirement, minors' and exempt accounts follow house judgment.
    """
    household = accounts.household
    value = accounts.value.astype(np.float64)
    shared = is_taxable(accounts.registration)
    shared &= accounts.registration != REGISTRATIONS.index("custodial_minor")
    rest = 1 - plan.cash
    mix = np.stack(
        [
            plan.cash,
            rest * (1 - plan.stock) * (1 - plan.bond),
            rest * plan.stock,
            rest * (1 - plan.stock) * plan.bond,
        ],
        axis=1,
    )
    lean = LEANS[np.searchsorted(LEAN_MASS, rng.random(len(value)), side="right")]
    lean = lean * (0.6 + 0.8 * rng.random((len(value), 4)))
    holder = plan.stocks_in[household][:, None]
    apart = np.where(accounts.slot[:, None] == holder, STOCK_LEAN, REST_LEAN)
    lean = np.where(holder >= 0, apart, lean)
    own = _own_mix(rng, accounts, len(value))
    money = np.where(shared[:, None], mix[household] * lean, own)
    money = money / money.sum(axis=1, keepdims=True) * value[:, None]
    pool = np.bincount(household, weights=value * shared, minlength=len(plan))
    for _ in range(ROUNDS):
        for column in range(4):
            total = np.bincount(household, weights=money[:, column] * shared, minlength=len(plan))
            scale = np.divide(mix[:, column] * pool, total, out=np.ones(len(plan)), where=total > 0)
            money[:, column] *= np.where(shared, scale[household], 1.0)
        money *= (value / money.sum(axis=1))[:, None]
    private = shared & (value >= PRIVATE_FROM) & (rng.random(len(value)) < PRIVATE_OWNERS)
    part = np.where(private, 0.05 + 0.15 * rng.random(len(value)), 0.0)
    return np.concatenate([money * (1 - part)[:, None], (value * part)[:, None]], axis=1)


def _own_mix(rng: np.random.Generator, accounts: Accounts, count: int) -> np.ndarray:
    """The mix of accounts that do not share the household's: mostly funds, some rollovers still in cash."""
    uniform = rng.random((4, count))
    fresh = uniform[0] < 0.1
    cash = np.where(fresh, 0.9 + 0.1 * uniform[1], 0.3 * uniform[1] * uniform[1])
    stocks = np.where(~fresh & (uniform[2] < 0.3), 0.1 + 0.5 * uniform[3], 0.0)
    exempt = accounts.registration >= REGISTRATIONS.index("private_foundation")
    bond = np.where(exempt & ~fresh, 0.15, 0.0)
    stocks = np.where(exempt & ~fresh, 0.1 + 0.5 * uniform[3], stocks)
    left = 1 - cash
    funds = left * (1 - stocks)
    return np.stack([cash, funds * (1 - bond), left * stocks, funds * bond], axis=1)


def draw_positions(
    rng: np.random.Generator, plan: Plan, accounts: Accounts, classes: np.ndarray
) -> tuple[Positions, np.ndarray]:
    """Positions in whole steps of quantity, what is left over as cash; and which are led by one old stock.

    Args:
        classes: cents by account and asset class.

    Returns: the positions without cost (all -1), sorted by account; and by position whether it is the
        household's concentrated stock.
    """
    listed = securities()
    parts = [
        _stocks(rng, plan, accounts, classes[:, STOCK]),
        _funds(rng, plan, accounts, classes[:, FUND]),
        _bonds(rng, accounts, classes[:, BOND]),
        _private(rng, classes[:, OTHER]),
    ]
    account, security, target, lead = (np.concatenate(column) for column in zip(*parts, strict=True))
    # Floats that are whole by construction: price * step is a multiple of 100.
    step_value = (listed.price * listed.step // 100)[security]
    steps = np.floor(target / step_value).astype(np.int64)
    kept = steps > 0
    account, security, steps, lead = account[kept], security[kept], steps[kept], lead[kept]
    value = steps * step_value[kept]
    invested = np.zeros(len(accounts.value), dtype=np.int64)
    np.add.at(invested, account, value)
    cash = accounts.value - invested
    holders = np.flatnonzero(cash > 0)
    account = np.concatenate([account, holders])
    security = np.concatenate([security, np.zeros(len(holders), dtype=np.int64)])
    quantity = np.concatenate([steps * listed.step[security[: len(steps)]], cash[holders]])
    value = np.concatenate([value, cash[holders]])
    lead = np.concatenate([lead, np.zeros(len(holders), dtype=bool)])
    order = np.lexsort((security, -value, account))
    account, lead = account[order], lead[order]
    code = np.where(lead, plan.restriction[accounts.household[account]], 0)
    kept_by_client = lead & (code == 0) & (plan.retained & plan.legacy)[accounts.household[account]]
    unknown = np.full(len(order), -1, dtype=np.int64)
    security, quantity, value = security[order], quantity[order], value[order]
    return Positions(account, security, quantity, value, unknown, code, kept_by_client), lead


Part = tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]


def _stocks(rng: np.random.Generator, plan: Plan, accounts: Accounts, money: np.ndarray) -> Part:
    """Stocks of each account: as many names as fitted, smaller by rank, one leading where planned."""
    household, listed = accounts.household, securities().stocks
    pool = np.bincount(household, weights=money, minlength=len(plan))
    share = np.divide(money, pool[household], out=np.zeros_like(money), where=pool[household] > 0)
    names = np.ceil(plan.stock_names[household] * (0.3 + 0.7 * share)).astype(np.int64)
    names = np.clip(names, 1, np.maximum(1, money // LEAST_PER_NAME).astype(np.int64))
    names = np.where(money >= LEAST_PER_NAME, np.minimum(names, MOST_NAMES), 0)
    # One taxable account of the household holds the concentrated stock: the one with most in stocks.
    candidates = np.where(is_taxable(accounts.registration), money, 0.0)
    largest = np.zeros(len(plan))
    np.maximum.at(largest, household, candidates)
    lead_account = (plan.top[household] > 0) & (candidates == largest[household]) & (names > 0)
    account = np.repeat(np.arange(len(money)), names)
    rank = np.arange(len(account)) - np.repeat(np.cumsum(names) - names, names)
    flat = 0.3 + 11.7 * rng.random(len(money)) ** 2
    weight = (0.8 + 0.4 * rng.random(len(account))) / (rank + flat[account])
    lead = lead_account[account] & (rank == 0)
    weight = np.where(lead_account[account] & (rank == 0), 0.0, weight)
    total = np.bincount(account, weights=weight, minlength=len(money))
    # `top` is a share of the account, so that it shows in the account's largest position.
    wanted = np.minimum(plan.top[household] * accounts.value, money)
    leading = np.where(lead_account, np.where(names > 1, wanted, money), 0.0)
    left = (money - leading)[account]
    target = np.where(lead, leading[account], left * weight / np.where(total > 0, total, 1.0)[account])
    # Accounts of a household often hold the same names: they start from the same place in the list.
    start = np.floor(rng.random(len(plan)) * len(listed)).astype(np.int64)[household]
    shifted = rng.random(len(money)) < 0.4
    start = np.where(shifted & ~lead_account, start + np.floor(40 * rng.random(len(money))), start)
    stride = 1 + np.floor(rng.random(len(money)) * (len(listed) - 1)).astype(np.int64)
    security = listed[(start.astype(np.int64)[account] + rank * stride[account]) % len(listed)]
    return account, security, target, lead


def _funds(rng: np.random.Generator, plan: Plan, accounts: Accounts, money: np.ndarray) -> Part:
    """Funds of each account: the household's kinds, no tax-free ones where nothing is taxed."""
    listed = securities().funds
    mix = plan.fund_mix[accounts.household] * (0.4 + 1.2 * rng.random((len(money), len(FUND_KINDS))))
    mix[~is_taxable(accounts.registration), FUND_KINDS.index("tax_free")] = 0.0
    mix[mix.sum(axis=1) == 0, 0] = 1.0
    mix = mix / mix.sum(axis=1, keepdims=True)
    mix = np.where(mix >= SMALLEST_FUND, mix, 0.0)
    mix = mix / mix.sum(axis=1, keepdims=True)
    account, kind = np.nonzero((mix > 0) & (money > 0)[:, None])
    choice = rng.random(len(account))
    sizes = np.array([len(funds) for funds in listed])
    table = np.zeros((len(listed), sizes.max()), dtype=np.int64)
    for row, funds in enumerate(listed):
        table[row, : len(funds)] = funds
    security = table[kind, np.floor(choice * sizes[kind]).astype(np.int64)]
    return account, security, money[account] * mix[account, kind], np.zeros(len(account), dtype=bool)


def _bonds(rng: np.random.Generator, accounts: Accounts, money: np.ndarray) -> Part:
    listed = securities().bonds
    wanted = 1 + np.floor(6 * rng.random(len(money)))
    count = np.minimum(wanted, money // LEAST_PER_BOND).astype(np.int64)
    account = np.repeat(np.arange(len(money)), count)
    rank = np.arange(len(account)) - np.repeat(np.cumsum(count) - count, count)
    start = np.floor(rng.random(len(money)) * len(listed)).astype(np.int64)
    stride = 1 + np.floor(rng.random(len(money)) * (len(listed) - 1)).astype(np.int64)
    security = listed[(start[account] + rank * stride[account]) % len(listed)]
    return account, security, money[account] / count[account], np.zeros(len(account), dtype=bool)


def _private(rng: np.random.Generator, money: np.ndarray) -> Part:
    listed = securities().private
    account = np.flatnonzero(money > 0)
    security = listed[np.floor(rng.random(len(account)) * len(listed)).astype(np.int64)]
    return account, security, money[account], np.zeros(len(account), dtype=bool)


def set_structures(
    rng: np.random.Generator, accounts: Accounts, positions: Positions, classes: np.ndarray
) -> None:
    """Say what each account is invested through today and what that costs, in place.

    On an overlay platform it is a UMA; mostly stocks of many names is often an SMA; nearly all funds a fund
    portfolio; else a brokerage account. Costs are sample values in basis points of the account a year.
    """
    share = classes / accounts.value[:, None]
    listed = securities()
    is_stock = listed.asset_class[positions.security] == STOCK
    names = np.bincount(positions.account, weights=is_stock, minlength=len(accounts.value))
    away = np.isin(accounts.slot, [NUMBER["plan"], NUMBER["spouse_plan"]])
    sma = (share[:, STOCK] > 0.7) & (names >= 12) & (rng.random(len(names)) < 0.6)
    fund = share[:, FUND] > 0.8
    uma = accounts.platform > 0
    # brokerage, fund, sma, uma, held_away
    accounts.structure = np.select([away, uma, sma, fund], [4, 3, 2, 1], 0)
    base = np.array([0.0, 45.0, 75.0, 95.0, 40.0])[accounts.structure]
    funds = np.round(12 * share[:, FUND])
    accounts.cost_bps = base + funds + np.round(10 * rng.random(len(base)))
    leaving = rng.random(len(base)) < 0.15
    accounts.exit_cost = np.where(leaving, 75.0 + 25.0 * np.floor(4 * rng.random(len(base))), 0.0)
