"""Everything the facts of some households are made of, read in a fixed number of queries, as columns."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

import numpy as np
from django.db.models import Count, F, Q, Sum
from django.utils import timezone

from households.facts.draft import Codes, Days, Floats, codes, days, floats
from households.foundation.databases import among
from households.foundation.identifiers import is_number, symbol_key
from households.models import Account, Change, Household, Person, Position, TaxLot, Universe, UniverseMember
from households.models.facts import FACT_NAMES

_ACCOUNT = (
    "id", "household_id", "tax_unit_id", "created_at", "owner_id", "owner__tax_unit_id", "owner__relation",
    "controlled_corporation",
)  # fmt: skip
OF_ACCOUNT = (
    "registration", "tax_status", "custodian", "platform", "current_structure", "current_cost_bps",
    "exit_cost",
)  # fmt: skip
"""Facts kept on the account itself."""
OF_TAX_UNIT = ("short_term_rate", "long_term_rate", "short_term_gain_fraction", "loss_carryforward")
"""Facts kept on the tax unit; ``gains_elsewhere`` stands beside them and is no fact of its own."""
OF_HOUSEHOLD = ("coordination_importance", "single_report_wanted", "sleeves_wanted")
"""Facts kept on the household."""

_KEYS_AT_ONCE = 5_000
Told = dict[tuple[str, str, str], tuple[str, date]]
"""(entity, id, field) -> source and day of its newest change."""


@dataclass
class Accounts:
    """Open accounts of whole households, in the order of household and account.

    Attributes:
        household: row number of the household among `households`, one an account.
        unit: tax unit, None where none is assigned; owner_unit, relation: of the owner.
        controlled: of an entity, whether it is a corporation that client or spouse controls.
        of: name -> column, of OF_ACCOUNT, OF_TAX_UNIT, OF_HOUSEHOLD and ``gains_elsewhere``.
        stated: fact -> column of the intake; provenance: the intake's, one dict an account.
        couple: tax units that a household's primary client or spouse files in.
    """

    ids: list[UUID]
    household_ids: list[UUID]
    household: np.ndarray
    unit: list[UUID | None]
    owner: list[UUID | None]
    owner_unit: list[UUID | None]
    relation: list[str | None]
    controlled: list[bool | None]
    account_day: Days
    household_day: Days
    of: dict[str, np.ndarray]
    stated: dict[str, np.ndarray]
    provenance: list[dict[str, Any]]
    couple: set[UUID]
    told: Told

    def __len__(self) -> int:
        return len(self.ids)


@dataclass
class Holdings:
    """Positions of those accounts in a fixed order, each with its lots summed up. Money in cents.

    Attributes:
        account: row number of the account.
        asset_class: as the position says; where it does not, as the security master says.
        issuer: number of the issuer within all of them (account and issuer together).
        named: whether somebody said who the issuer is; where not, the symbol has a number of its own.
        key: the symbol in the master's spelling; of a number that the master does not know, None.
        invests_in: of what the master knows, its asset class there.
        lots, lots_without_basis, undated_gains: counts; undated are lots with a gain and no date.
        lot_quantity, lot_value: of lots whose basis is known.
        gain, loss, short_gain: gross over lots whose basis is known.
    """

    account: np.ndarray
    asset_class: Codes
    issuer: np.ndarray
    named: np.ndarray
    key: Codes
    invests_in: Codes
    quantity: Floats
    value: Floats
    basis: Floats
    restricted: Codes
    retained: np.ndarray
    as_of: Days
    lots: Floats
    lots_without_basis: Floats
    undated_gains: Floats
    lot_quantity: Floats
    lot_value: Floats
    gain: Floats
    loss: Floats
    short_gain: Floats


def lock_households(household_ids: Sequence[UUID]) -> dict[UUID, int]:
    """The households' revisions, held still until the transaction ends; they give the order of all else."""
    rows = among(Household.objects.all(), "id", household_ids).order_by("id").select_for_update()
    return dict(rows.values_list("id", "revision"))


def read_accounts(household_ids: Sequence[UUID]) -> Accounts:
    """Open accounts with their owners, tax units, households and intakes: three queries."""
    facts = {
        **{name: name for name in OF_ACCOUNT},
        **{name: f"tax_unit__{name}" for name in (*OF_TAX_UNIT, "gains_elsewhere")},
        **{name: f"household__{name}" for name in OF_HOUSEHOLD},
    }
    stated = [f"intake__{name}" for name in FACT_NAMES]
    names = [*_ACCOUNT, "household__created_at", "intake__provenance", *facts.values(), *stated]
    rows = (
        among(Account.objects.filter(closed_on=None), "household_id", household_ids)
        .order_by("household_id", "id")
        .values_list(*names)
    )
    columns = dict(zip(names, zip(*rows, strict=True), strict=True)) if rows else dict.fromkeys(names, ())
    numbers = {key: number for number, key in enumerate(dict.fromkeys(columns["household_id"]))}
    return Accounts(
        ids=list(columns["id"]),
        household_ids=list(columns["household_id"]),
        household=np.array([numbers[key] for key in columns["household_id"]], dtype=np.int64),
        unit=list(columns["tax_unit_id"]),
        owner=list(columns["owner_id"]),
        owner_unit=list(columns["owner__tax_unit_id"]),
        relation=list(columns["owner__relation"]),
        controlled=list(columns["controlled_corporation"]),
        account_day=_local_days(columns["created_at"]),
        household_day=_local_days(columns["household__created_at"]),
        of={name: _column(name, columns[path]) for name, path in facts.items()},
        stated={name: _column(name, columns[f"intake__{name}"]) for name in FACT_NAMES},
        provenance=[value or {} for value in columns["intake__provenance"]],
        couple=_couple_units(household_ids),
        told=_told(household_ids),
    )


def _column(name: str, values: Sequence[Any]) -> np.ndarray:
    from households.facts.draft import KINDS

    return codes(values) if KINDS.get(name) == "code" else floats(values)


def _local_days(moments: Sequence[Any]) -> Days:
    return days([timezone.localtime(moment).date() for moment in moments])


def _couple_units(household_ids: Sequence[UUID]) -> set[UUID]:
    pair = (Person.Relation.PRIMARY, Person.Relation.SPOUSE)
    people = Person.objects.filter(relation__in=pair, tax_unit__isnull=False)
    return set(among(people, "household_id", household_ids).values_list("tax_unit_id", flat=True))


def _told(household_ids: Sequence[UUID]) -> Told:
    """When and how the answers kept on accounts, tax units and households were last changed."""
    fields = (*OF_ACCOUNT, *OF_TAX_UNIT, *OF_HOUSEHOLD, "gains_elsewhere")
    changes = Change.objects.filter(entity__in=("account", "tax_unit", "household"), field__in=fields)
    rows = among(changes, "household_id", household_ids).order_by("at", "id")
    told: Told = {}
    for entity, key, field, source, at in rows.values_list("entity", "entity_id", "field", "source", "at"):
        word = "imported" if source.startswith("import") else source
        told[entity, key, field] = (word, timezone.localtime(at).date())
    return told


_GAINS = Q(cost_basis__lt=F("market_value"))
_LOSSES = Q(cost_basis__gt=F("market_value"))
_BASIS = Q(cost_basis__isnull=False)


def _lots(household_ids: Sequence[UUID], short_from: date) -> dict[int, tuple[Any, ...]]:
    lots = TaxLot.objects.filter(position__account__closed_on=None).order_by()
    rows = among(lots, "position__account__household_id", household_ids).values_list("position_id")
    gain = F("market_value") - F("cost_basis")
    summed = rows.annotate(
        count=Count("id"),
        without_basis=Count("id", filter=~_BASIS),
        undated=Count("id", filter=_GAINS & Q(acquired=None)),
        known_quantity=Sum("quantity", filter=_BASIS),
        known_value=Sum("market_value", filter=_BASIS),
        gain=Sum(gain, filter=_GAINS),
        loss=Sum(F("cost_basis") - F("market_value"), filter=_LOSSES),
        short=Sum(gain, filter=_GAINS & Q(acquired__gte=short_from)),
    )
    return {key: sums for key, *sums in summed}


def read_holdings(household_ids: Sequence[UUID], accounts: Accounts, short_from: date) -> Holdings:
    """Positions and their lots: two queries.

    Args:
        short_from: lots acquired on this day or later are held one year or less.
    """
    number = {key: row for row, key in enumerate(accounts.ids)}
    names = (
        "id", "account_id", "symbol", "issuer", "asset_class", "quantity", "market_value", "cost_basis",
        "restricted", "retained", "as_of", "security__kind", "security__issuer",
        "security__key", "security__asset_class",
    )  # fmt: skip
    positions = Position.objects.filter(account__closed_on=None).order_by("account_id", "symbol")
    rows = list(among(positions, "account__household_id", household_ids).values_list(*names))
    columns = dict(zip(names, zip(*rows, strict=True), strict=True)) if rows else dict.fromkeys(names, ())
    summed = _lots(household_ids, short_from)
    none = (0, 0, 0, 0, 0, 0, 0, 0)
    lots = floats([[value or 0 for value in summed.get(key, none)] for key in columns["id"]])
    lots = lots.reshape(len(rows), len(none)).T
    account = np.array([number[key] for key in columns["account_id"]], dtype=np.int64)
    issuer, named = _issuers(account, columns)
    return Holdings(
        account=account,
        asset_class=codes(_classes(columns)),
        issuer=issuer,
        named=named,
        key=codes(_keys(columns)),
        invests_in=codes(columns["security__asset_class"]),
        quantity=floats(columns["quantity"]),
        value=floats(columns["market_value"]),
        basis=floats(columns["cost_basis"]),
        restricted=codes(columns["restricted"]),
        retained=np.array(columns["retained"], dtype=bool),
        as_of=days(columns["as_of"]),
        lots=lots[0],
        lots_without_basis=lots[1],
        undated_gains=lots[2],
        lot_quantity=lots[3],
        lot_value=lots[4],
        gain=lots[5],
        loss=lots[6],
        short_gain=lots[7],
    )


def read_lists(strategies: Codes, keys: Codes) -> dict[str, frozenset[str]]:
    """What these target strategies buy, as far as it is held here and the firm has a list: one query or two.

    Returns:
        Strategy -> symbols in the master's spelling; a strategy without a list is not among them.
    """
    listed = list(Universe.objects.filter(strategy__in={*strategies} - {None}).values_list("pk", flat=True))
    if not listed:
        return {}
    members = UniverseMember.objects.filter(universe__in=listed)
    held = {*keys} - {None}
    if len(held) <= _KEYS_AT_ONCE:  # beyond them whole lists are the shorter way
        members = members.filter(key__in=held)
    found: dict[str, set[str]] = {name: set() for name in listed}
    for name, key in members.values_list("universe_id", "key"):
        found[name].add(key)
    return {name: frozenset(symbols) for name, symbols in found.items()}


def _classes(columns: Mapping[str, Sequence[Any]]) -> list[str]:
    """What the custodian or somebody here said; where nobody did, what the master says; else unknown."""
    said = zip(columns["asset_class"], columns["security__kind"], strict=True)
    return [kind if own == "unknown" and kind else own for own, kind in said]


def _issuers(account: np.ndarray, columns: Mapping[str, Sequence[Any]]) -> tuple[np.ndarray, np.ndarray]:
    """Each position's issuer as a number, and whether it is named: here, or by the master."""
    numbers: dict[tuple[int, str, bool], int] = {}
    issuer, named = [], []
    held = zip(
        account.tolist(), columns["issuer"], columns["security__issuer"], columns["symbol"], strict=True
    )
    for row, own, of_master, symbol in held:
        name = own or of_master or ""
        key = (row, _spelled(name or symbol), bool(name))
        issuer.append(numbers.setdefault(key, len(numbers)))
        named.append(bool(name))
    return np.array(issuer, dtype=np.int64), np.array(named, dtype=bool)


def _spelled(text: str) -> str:
    """A name without what spellings differ in: case, blanks, points and commas."""
    return " ".join(text.upper().replace(".", " ").replace(",", " ").split())


def _keys(columns: Mapping[str, Sequence[Any]]) -> list[str | None]:
    held = zip(columns["security__key"], columns["symbol"], strict=True)
    return [of_master or (None if is_number(symbol) else symbol_key(symbol)) for of_master, symbol in held]
