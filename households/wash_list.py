"""Who can cause a wash sale for whom, as an account's page lists it: basis, direction, what it costs."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from households.facts.links import JUDGMENT, Basis, Circle
from households.facts.parties import CHARITIES, taxpayer
from households.models import Account

EITHER, HERE, THERE = "either", "here", "there"
"""Whose loss is meant: either's, this account's, or the other's."""


class Words(NamedTuple):
    """A basis in words: what it is called, on what it rests, what becomes of the loss."""

    label: str
    source: str
    effect: str


WORDS = {
    Basis.SAME_TAXPAYER: Words(
        "Same taxpayer", "IRC section 1091", "Deferred: it goes into the cost of what was bought."
    ),
    Basis.OWN_IRA: Words("Own IRA", "Rev. Rul. 2008-5", "Lost for good."),
    Basis.SPOUSE: Words("Spouse", "IRS Publication 550", "Disallowed; deferred into what the spouse bought."),
    Basis.CONTROLLED: Words("Controlled corporation", "IRS Publication 550", "Disallowed."),
    Basis.SPOUSES_IRA: Words(
        "Spouse's IRA",
        "No source names it: Publication 550 says spouse, Rev. Rul. 2008-5 says own IRA",
        "Taken as lost for good.",
    ),
    Basis.PLAN: Words(
        "Employer plan",
        "No source names it: Rev. Rul. 2008-5 says IRA",
        "Taken as lost for good, where the purchase is one's own choice.",
    ),
    Basis.RELATED: Words(
        "Related taxpayer", "No source names it; the same people may decide both", "Ask a tax adviser."
    ),
    Basis.OPEN_OWNER: Words("Not known", "Nobody has said who owns {}", ""),
    Basis.OPEN_CONTROL: Words(
        "Not known", "Is {} a corporation that they control? Then IRS Publication 550 names it", ""
    ),
}
_ASKED = {Basis.OPEN_OWNER: "owner", Basis.OPEN_CONTROL: "controlled_corporation"}
_ORDER = {basis: place for place, basis in enumerate(Basis)}


@dataclass(frozen=True)
class Row:
    """One other account and one basis.

    Attributes:
        loss: whose loss is meant: EITHER, HERE or THERE.
        settled_at: of an open basis, the account of which the missing fact is: the other, or this one.
    """

    account: Account
    basis: Basis
    loss: str
    settled_at: Account | None = None

    @property
    def words(self) -> Words:
        """The basis in words."""
        words = WORDS[self.basis]
        return words._replace(source=words.source.format(self.settled_at.name)) if self.settled_at else words

    @property
    def field(self) -> str:
        """The missing fact, as the form of the account calls it; empty where none is missing."""
        return _ASKED.get(self.basis, "")

    @property
    def direction(self) -> str:
        """Where the purchase and the loss are."""
        if self.loss == EITHER:
            return "Either way"
        return "A purchase there, a loss here" if self.loss == HERE else "A purchase here, a loss there"

    @property
    def is_judgment(self) -> bool:
        """Whether no source says so."""
        return self.basis in JUDGMENT


@dataclass(frozen=True)
class WashList:
    """Everybody's part in an account's wash sales.

    Attributes:
        rows: settled ones first.
        apart: names of the other accounts that have none.
        charities: those of them that are charities.
        asks_marriage: a spouse counts who files another return, and may be a partner instead.
    """

    rows: tuple[Row, ...]
    apart: tuple[str, ...]
    charities: tuple[str, ...]
    asks_marriage: bool


def wash_list(circle: Circle, accounts: Sequence[Account], account: Account) -> WashList:
    """The list of one account among its household's.

    Args:
        accounts: the rows that the circle was made of.
    """
    here = next(row for row, other in enumerate(accounts) if other.pk == account.pk)
    rows: list[Row] = []
    apart = []
    for there, other in enumerate(accounts):
        if there == here:
            continue
        found = [
            replace(row, settled_at=_settled_at(circle, row, (account, here), (other, there)))
            for row in _rows(other, circle.basis(here, there), circle.basis(there, here))
        ]
        rows += found
        if not found:
            apart.append(other)
    rows.sort(key=lambda row: (_ORDER[row.basis], row.account.name))
    return WashList(
        rows=tuple(rows),
        apart=tuple(other.name for other in apart if other.registration not in CHARITIES),
        charities=tuple(other.name for other in apart if other.registration in CHARITIES),
        asks_marriage=any(
            row.basis is Basis.SPOUSE and _return(row.account) != _return(account) for row in rows
        ),
    )


def _rows(other: Account, of_ours: Basis | None, of_theirs: Basis | None) -> list[Row]:
    if of_ours is not None and of_ours is of_theirs:
        return [Row(other, of_ours, EITHER)]
    pair = ((of_ours, HERE), (of_theirs, THERE))
    return [Row(other, basis, loss) for basis, loss in pair if basis is not None]


def _settled_at(
    circle: Circle, row: Row, ours: tuple[Account, int], theirs: tuple[Account, int]
) -> Account | None:
    """The account whose form asks what the row leaves open."""
    if row.basis is Basis.OPEN_CONTROL:  # it is asked of who purchases
        return theirs[0] if row.loss == HERE else ours[0]
    if row.basis is Basis.OPEN_OWNER:
        other, at = theirs
        return other if taxpayer(circle.standings[at], circle.couple) is None else ours[0]
    return None


def _return(account: Account) -> object:
    return account.tax_unit_id or (account.owner.tax_unit_id if account.owner else None)
