"""Short ways to write down a household, its accounts, positions and lots in a test. Money is dollars here."""

from datetime import date
from typing import Any

from households.facts import read_facts, rebuild_facts
from households.models import Account, Household, Intake, Person, Position, TaxLot, TaxUnit, User

AS_OF = date(2026, 11, 20)


def cents(dollars: float) -> int:
    return round(dollars * 100)


def a_household(advisor: User, name: str = "The Adler household", **values: Any) -> Household:
    return Household.objects.create(name=name, advisor=advisor, **values)


def a_couple(household: Household, **unit: Any) -> tuple[Person, Person, TaxUnit]:
    """Two people on one joint return at 40.8% and 23.8%."""
    rates = {
        "short_term_rate": 0.408, "long_term_rate": 0.238, "gains_elsewhere": cents(20_000),
        "short_term_gain_fraction": 0.25, "loss_carryforward": 0,
    }  # fmt: skip
    joint = TaxUnit.objects.create(
        household=household, name="Joint return", kind=TaxUnit.Kind.JOINT, **(rates | unit)
    )
    people = [
        Person.objects.create(household=household, name=name, relation=relation, tax_unit=joint)
        for name, relation in (("Ann Adler", "primary"), ("Ben Adler", "spouse"))
    ]
    return people[0], people[1], joint


def an_account(household: Household, registration: str = "individual", **values: Any) -> Account:
    """An account with its intake; values that are facts only the intake has go there (money in dollars)."""
    kept = {field.name for field in Account._meta.get_fields()}
    own = {name: value for name, value in values.items() if name in kept}
    stated = {name: value for name, value in values.items() if name not in kept}
    own.setdefault("custodian", "schwab")
    own.setdefault("platform", "none")
    own.setdefault("current_structure", "brokerage")
    own.setdefault("name", f"{registration} account")
    account = Account.objects.create(household=household, registration=registration, **own)
    Intake.objects.create(account=account, **stated)
    return account


def a_position(
    account: Account,
    symbol: str,
    asset_class: str,
    value: float,
    *lots: tuple[str | None, float, float | None],
    **extra: Any,
) -> Position:
    """A position of 100 shares; lots are (acquired, value, basis), and share its quantity by value."""
    extra.setdefault("as_of", AS_OF)
    position = Position.objects.create(
        account=account, symbol=symbol, asset_class=asset_class, market_value=cents(value), **extra
    )
    for acquired, lot_value, basis in lots:
        TaxLot.objects.create(
            position=position,
            acquired=date.fromisoformat(acquired) if acquired else None,
            quantity=1,
            market_value=cents(lot_value),
            cost_basis=None if basis is None else cents(basis),
        )
    return position


def facts_of(account: Account, as_of: date = AS_OF) -> dict[str, Any]:
    """The account's facts after a rebuild of its household: the stored columns, money in cents."""
    rebuild_facts([account.household_id], as_of=as_of)
    rows = read_facts(account_ids=[account.pk])
    assert rows["account_id"] == [account.pk]
    return {name: column[0] for name, column in rows.items()}
