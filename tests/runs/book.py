"""A small book for runs: whole households with stated facts, the same for a seed, fast to write."""

import random
from datetime import date

from households.models import Account, Household, Intake, TaxUnit, User
from implementation.services import publish_shipped


def publish_rules() -> None:
    """The shipped policy and shelves, in force."""
    publish_shipped(as_of=date.today())


def build_book(advisor: User, households: int, *, seed: int = 1) -> list[Account]:
    """Households of one to four accounts whose intakes state enough to be scored, some of it left unknown."""
    draw = random.Random(seed)
    rows = [Household(name=f"Household {n:05}", advisor=advisor) for n in range(households)]
    Household.objects.bulk_create(rows)
    units = [
        TaxUnit(household=row, name="Joint return", kind=TaxUnit.Kind.JOINT, short_term_rate=0.408,
                long_term_rate=0.238, gains_elsewhere=draw.choice([0, 2_000_000, None]),
                short_term_gain_fraction=0.25, loss_carryforward=0)
        for row in rows
    ]  # fmt: skip
    TaxUnit.objects.bulk_create(units)
    accounts = [
        Account(household=row, name=f"Account {n}", registration="joint", custodian="schwab", platform="none",
                tax_unit=unit, current_structure="brokerage", current_cost_bps=0, exit_cost=0)
        for row, unit in zip(rows, units, strict=True)
        for n in range(draw.randint(1, 4))
    ]  # fmt: skip
    Account.objects.bulk_create(accounts)
    Intake.objects.bulk_create([_intake(account, draw) for account in accounts])
    return accounts


def _intake(account: Account, draw: random.Random) -> Intake:
    cash = draw.choice([0.0, 0.25, 1.0])
    stock = draw.choice([0.0, round(1.0 - cash, 2)])
    value = draw.randrange(40_000, 3_000_000) * 100
    return Intake(
        account=account, account_value=value, direct_index_value=value, strategy="us_large", cash_share=cash,
        stock_share=stock, fund_share=round(1.0 - cash - stock, 2), bond_share=0.0, other_share=0.0,
        largest_position_share=draw.choice([0.0, stock]), unrealized_gain_share=draw.choice([0.0, 0.4, None]),
        planned_withdrawals=draw.choice([0, 5_000_000]), planned_contributions=0,
        tax_sensitivity=draw.randrange(5), needs_options_overlay=False, needs_alternatives=False,
        needs_fixed_income_discretion=False,
        security_restrictions=draw.randrange(3), sector_tilts=0, esg_screens=0,
    )  # fmt: skip
