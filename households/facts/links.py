"""Who can cause a wash sale for whom, pair by pair and on what basis, from the parties of the accounts."""

from collections.abc import Collection, Hashable, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from households.facts.parties import (
    CHARITIES,
    COUPLE,
    FIDUCIARIES,
    IRAS,
    PLANS,
    Standing,
    is_open_entity,
    taxpayer,
)


class Basis(StrEnum):
    """On what a purchase in one account disallows a loss in another; the last five are no settled law."""

    SAME_TAXPAYER = "same_taxpayer"
    OWN_IRA = "own_ira"
    SPOUSE = "spouse"
    CONTROLLED = "controlled_corporation"
    SPOUSES_IRA = "spouses_ira"
    PLAN = "plan"
    RELATED = "related"
    OPEN_OWNER = "open_owner"
    OPEN_CONTROL = "open_control"


SETTLED = frozenset({Basis.SAME_TAXPAYER, Basis.OWN_IRA, Basis.SPOUSE, Basis.CONTROLLED})
"""Said by the law, a ruling or an IRS publication."""
JUDGMENT = frozenset({Basis.SPOUSES_IRA, Basis.PLAN, Basis.RELATED})
"""No source says so; a careful adviser may count it."""
OPEN = frozenset({Basis.OPEN_OWNER, Basis.OPEN_CONTROL})
"""A missing fact would tell."""


@dataclass(frozen=True)
class Circle:
    """The open accounts of a household, seen as each other's possible wash sales.

    Attributes:
        standings: one an account.
        tax_status: of each, None unknown.
        couple: tax units that the household's primary client or spouse files in.
    """

    standings: Sequence[Standing]
    tax_status: Sequence[str | None]
    couple: Collection[Hashable]

    def basis(self, loss: int, purchase: int) -> Basis | None:
        """On what a purchase in the one disallows a loss in the other; None where it does not.

        Args:
            loss, purchase: row numbers. Where gains are not taxed there is no loss to disallow.
        """
        if loss == purchase or self.tax_status[loss] not in (None, "taxable"):
            return None
        return _basis(self.standings[loss], self.standings[purchase], self.couple)


def circle_of(accounts: Iterable[Any], people: Iterable[Any]) -> Circle:
    """The circle of a household's accounts, as loaded with owner and facts: no query.

    Args:
        accounts: its open `Account` rows.
        people: its `Person` rows.
    """
    rows = list(accounts)
    return Circle(
        standings=[_standing(account) for account in rows],
        tax_status=[getattr(getattr(account, "facts", None), "tax_status", None) for account in rows],
        couple=couple_of(people),
    )


def couple_of(people: Iterable[Any]) -> set[Hashable]:
    """The tax units that the primary client or spouse among these people files in."""
    return {person.tax_unit_id for person in people if person.relation in COUPLE and person.tax_unit_id}


def _standing(account: Any) -> Standing:
    owner = account.owner
    return Standing(
        account=account.pk,
        household=account.household_id,
        registration=account.registration or None,
        owner=account.owner_id,
        relation=owner.relation if owner else None,
        owner_unit=owner.tax_unit_id if owner else None,
        unit=account.tax_unit_id,
        controlled=account.controlled_corporation,
    )


def _basis(loss: Standing, purchase: Standing, couple: Collection[Hashable]) -> Basis | None:
    if loss.registration in CHARITIES or purchase.registration in CHARITIES:
        return None
    sells, buys = taxpayer(loss, couple), taxpayer(purchase, couple)
    if sells is None or buys is None:
        known, party = (loss, sells) if buys is None else (purchase, buys)
        of_couple = party is not None and party[0] == "couple"
        is_own = known.registration in (*FIDUCIARIES, "entity") and not of_couple
        return None if is_own else Basis.OPEN_OWNER
    if sells == buys:
        return _of_one_party(loss, purchase, couple)
    if is_open_entity(purchase, couple) and sells[0] == "couple":
        return Basis.OPEN_CONTROL
    return Basis.RELATED if _are_related(loss, purchase, sells[0], buys[0]) else None


def _of_one_party(loss: Standing, purchase: Standing, couple: Collection[Hashable]) -> Basis:
    if {loss.registration, purchase.registration} & PLANS:
        return Basis.PLAN
    # Publication 550 names what one's corporation buys, not what its owner buys when the corporation sells.
    if _is_corporation(loss, couple):
        return Basis.RELATED
    if _is_corporation(purchase, couple):
        return Basis.CONTROLLED
    same = _is_same_person(loss, purchase)
    if purchase.registration in IRAS:
        return Basis.OWN_IRA if same else Basis.SPOUSES_IRA
    return Basis.SAME_TAXPAYER if same else Basis.SPOUSE


def _is_corporation(s: Standing, couple: Collection[Hashable]) -> bool:
    return s.registration == "entity" and bool(s.controlled) and s.unit not in couple


def _is_same_person(one: Standing, other: Standing) -> bool:
    """Whether one of the couple owns both, at least in part; without owners, whether one return does."""
    if one.owner is None or other.owner is None:
        return (one.unit or one.owner_unit) == (other.unit or other.owner_unit)
    return one.owner == other.owner or "joint" in (one.registration, other.registration)


def _are_related(loss: Standing, purchase: Standing, sells: str, buys: str) -> bool:
    """Whether the couple may be behind both: trust, estate, entity or child's account beside their own."""
    if "couple" not in (sells, buys):
        return False
    if {loss.registration, purchase.registration} & (IRAS | PLANS):
        return False
    theirs = purchase if sells == "couple" else loss
    return theirs.registration in FIDUCIARIES or theirs.registration in ("entity", "custodial_minor")
