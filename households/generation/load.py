"""Write a firm and a slice to the database, set-wise, with ids that follow from seed and date."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time
from typing import Any

import numpy as np
from django.contrib.auth.hashers import make_password
from django.core.management.color import no_style
from django.db import DEFAULT_DB_ALIAS, connections, models, transaction

from households.foundation.databases import insert_columns
from households.foundation.errors import DomainError
from households.generation.draw import EPOCH
from households.generation.firm import Firm
from households.generation.intakes import add_measured, intake_rows, stated_intakes
from households.generation.measure import measured_facts
from households.generation.plan import CODES_OF_RESTRICTION, CUSTODIANS, PLATFORMS
from households.generation.securities import ASSET_CLASSES, BOND, STOCK, securities
from households.generation.tables import NO_DAY, REGISTRATIONS, RELATIONS, STRUCTURES, UNIT_KINDS, Slice
from households.models import (
    Account,
    Household,
    Intake,
    Office,
    Person,
    Position,
    TaxLot,
    TaxUnit,
    Team,
    User,
)

EXAMINER_DAYS = 365  # how long the demo's examiner may look


def load_firm(firm: Firm, *, as_of: date, using: str = DEFAULT_DB_ALIAS) -> list[User]:
    """Write offices, teams and log-ins.

    Returns: the users in the order of the firm's log-ins.

    Raises:
        DomainError: somebody of the firm is there already.
    """
    there = User.objects.using(using).filter(email__in=[login.email for login in firm.logins]).first()
    if there:
        raise DomainError(
            f"{firm.name} has been loaded into this database before",
            value=there.email,
            remedy="Choose another seed, or start from an empty database.",
        )
    with transaction.atomic(using=using):
        offices = [Office.objects.using(using).create(name=name) for name in firm.offices]
        teams = [
            Team.objects.using(using).create(name=name, office=offices[office]) for name, office in firm.teams
        ]
        # One hash for all: the password is the same, and hashing it fourteen times would take seconds.
        password = make_password(firm.password or None)
        users: list[User] = []
        for login in firm.logins:
            users.append(
                User(
                    email=login.email,
                    first_name=login.first_name,
                    last_name=login.last_name,
                    role=login.role,
                    password=password,
                    office=offices[login.office] if login.office >= 0 else None,
                    team=teams[login.team] if login.team >= 0 else None,
                    supervisor=users[login.supervisor] if login.supervisor >= 0 else None,
                    access_expires=_expiry(as_of) if login.role == "examiner" else None,
                )
            )
        User.objects.using(using).bulk_create(users, batch_size=500)
    return users


def _expiry(as_of: date) -> date:
    return date.fromordinal(as_of.toordinal() + EXAMINER_DAYS)


class SliceWriter:
    """Writes one slice's tables; every row number becomes the id of the row."""

    def __init__(self, part: Slice, advisors: Sequence[Any], *, seed: int, as_of: date, using: str) -> None:
        self.part, self.as_of, self.connection = part, as_of, connections[using]
        self.using = using
        self.advisors = [getattr(user, "pk", user) for user in advisors]
        self.now = datetime.combine(as_of, time(12), UTC)
        self._ids = np.random.Generator(np.random.PCG64(np.random.SeedSequence([seed, part.number, 0x1D])))
        self.households = self._new_ids(len(part.households.name))
        self.people = self._new_ids(len(part.people.name))
        self.units = self._new_ids(len(part.tax_units.name))
        self.accounts = self._new_ids(len(part.accounts.name))
        self.counts: dict[str, int] = {}

    def write(self, *, with_lots: np.ndarray) -> dict[str, int]:
        """Write all tables.

        Args:
            with_lots: by account, whether its positions and lots are written.

        Returns: rows written by model name.
        """
        self._insert(Household, self._household_columns())
        self._insert(TaxUnit, self._unit_columns())
        self._insert(Person, self._person_columns())
        self._insert(Account, self._account_columns())
        self._insert(Intake, self._intake_columns(with_lots))
        self._insert_holdings(with_lots)
        return self.counts

    def _insert(self, model: type[models.Model], columns: Mapping[str, Any]) -> None:
        if len(next(iter(columns.values()))):
            written = insert_columns(self.connection, model, columns)
            self.counts[model.__name__] = self.counts.get(model.__name__, 0) + written

    def _new_ids(self, count: int) -> list[str]:
        """UUIDv7 in hexadecimal: a time that rises with the row, the rest from the seed."""
        start = int(self.now.timestamp() * 1000) + self.part.number * 1_000_000
        random = self._ids.integers(0, 2**62, size=(count, 2), dtype=np.uint64)
        packed = np.empty((count, 2), dtype=">u8")
        moment = np.arange(start, start + count, dtype=np.uint64)
        packed[:, 0] = (moment << np.uint64(16)) | np.uint64(0x7000) | (random[:, 0] & np.uint64(0xFFF))
        packed[:, 1] = np.uint64(0x8000000000000000) | random[:, 1]
        text = packed.tobytes().hex()
        return [text[at : at + 32] for at in range(0, 32 * count, 32)]

    def _household_columns(self) -> dict[str, Any]:
        table = self.part.households
        count = len(table.name)
        return {
            "id": self.households,
            "name": table.name,
            "advisor": [self.advisors[row] for row in table.advisor.tolist()],
            "external_id": table.reference,
            "review_due": days(table.review_due),
            "coordination_importance": table.coordination_importance,
            "single_report_wanted": table.single_report_wanted,
            "sleeves_wanted": table.sleeves_wanted,
            "revision": np.ones(count, dtype=np.int64),
            "created_at": [self.now] * count,
        }

    def _unit_columns(self) -> dict[str, Any]:
        table = self.part.tax_units
        return {
            "id": self.units,
            "household": picked(self.households, table.household),
            "name": table.name,
            "kind": picked(UNIT_KINDS, table.kind),
            "short_term_rate": table.short_term_rate,
            "long_term_rate": table.long_term_rate,
            "gains_elsewhere": np.round(table.gains_elsewhere * 100),
            "short_term_gain_fraction": table.short_term_gain_fraction,
            "loss_carryforward": np.round(table.loss_carryforward * 100),
        }

    def _person_columns(self) -> dict[str, Any]:
        table = self.part.people
        return {
            "id": self.people,
            "household": picked(self.households, table.household),
            "name": table.name,
            "relation": picked(RELATIONS, table.relation),
            "birth_date": days(table.birth),
            "tax_unit": picked(self.units, table.tax_unit),
        }

    def _account_columns(self) -> dict[str, Any]:
        table = self.part.accounts
        count, registration = len(table.name), picked(REGISTRATIONS, table.registration)
        return {
            "id": self.accounts,
            "household": picked(self.households, table.household),
            "name": table.name,
            "number_ending": [f"{number:04d}" for number in table.number.tolist()],
            "external_id": [""] * count,
            "registration": registration,
            "custodian": picked(CUSTODIANS, table.custodian),
            "platform": picked(PLATFORMS, table.platform),
            "owner": picked(self.people, table.owner),
            "tax_unit": picked(self.units, table.tax_unit),
            "tax_status": [""] * count,
            "tax_status_reason": [""] * count,
            # The book's entities are LLCs and partnerships by name; of others the question does not arise.
            "controlled_corporation": [False if code == "entity" else None for code in registration],
            "current_structure": picked(STRUCTURES, table.structure),
            "current_cost_bps": table.cost_bps,
            "exit_cost": np.round(table.exit_cost * 100),
            "closed_on": [None] * count,
            "created_at": [self.now] * count,
        }

    def _intake_columns(self, with_lots: np.ndarray) -> dict[str, Any]:
        intakes = stated_intakes(self.part, self.advisors, self.as_of)
        if not with_lots.all():
            add_measured(intakes, measured_facts(self.part, self.as_of), ~with_lots, self.as_of)
        household = self.part.accounts.household
        by = [self.advisors[row] for row in self.part.households.advisor[household].tolist()]
        return intake_rows(intakes, self.accounts, by, self.now)

    def _insert_holdings(self, with_lots: np.ndarray) -> None:
        """Positions and lots of some accounts; position ids go on from the last, so they are set by us."""
        positions, lots, listed = self.part.positions, self.part.lots, securities()
        rows = np.flatnonzero(with_lots[positions.account])
        if not len(rows):
            return
        last = Position.objects.using(self.using).aggregate(last=models.Max("id"))["last"] or 0
        ids = np.zeros(len(positions.account), dtype=np.int64)
        ids[rows] = last + 1 + np.arange(len(rows))
        security = positions.security[rows].tolist()
        issued = np.isin(listed.asset_class[positions.security[rows]], (STOCK, BOND))
        self._insert(
            Position,
            {
                "id": ids[rows],
                "account": picked(self.accounts, positions.account[rows]),
                "symbol": [listed.symbol[number] for number in security],
                "description": [listed.name[number] for number in security],
                "asset_class": picked(ASSET_CLASSES, listed.asset_class[positions.security[rows]]),
                "issuer": [listed.name[n] if own else "" for n, own in zip(security, issued, strict=True)],
                "quantity": positions.quantity[rows] / 100,
                "price": listed.price[positions.security[rows]] / 100,
                "market_value": positions.value[rows],
                "cost_basis": unknown(positions.cost[rows]),
                "restricted": picked(CODES_OF_RESTRICTION, positions.restricted[rows]),
                "retained": positions.retained[rows],
                "as_of": [self.as_of] * len(rows),
            },
        )
        rows = np.flatnonzero(with_lots[positions.account[lots.position]])
        self._insert(
            TaxLot,
            {
                "id": self._new_ids(len(rows)),
                "position": ids[lots.position[rows]],
                "acquired": days(lots.acquired[rows]),
                "quantity": lots.quantity[rows] / 100,
                "market_value": lots.value[rows],
                "cost_basis": lots.cost[rows],
            },
        )
        with self.connection.cursor() as cursor:
            for statement in self.connection.ops.sequence_reset_sql(no_style(), [Position]):
                cursor.execute(statement)


def picked(words: Sequence[Any], rows: np.ndarray) -> list[Any]:
    """The words at some rows; None where the row is -1."""
    return [None if row < 0 else words[row] for row in rows.tolist()]


def days(numbers: np.ndarray) -> list[date | None]:
    """Dates of days since 1970-01-01; None for NO_DAY."""
    dates = np.maximum(numbers, 1 - EPOCH.toordinal()).astype("datetime64[D]").tolist()
    return [None if number == NO_DAY else day for number, day in zip(numbers.tolist(), dates, strict=True)]


def unknown(cents: np.ndarray) -> np.ndarray:
    """Cents as floats with NaN where they are -1; exact up to ninety trillion dollars."""
    return np.where(cents < 0, np.nan, cents)
