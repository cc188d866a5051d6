"""A household as its page draws it: whose return gains land on, and where a loss can be disallowed.

Everything is read from rows that the page has loaded already.
"""

import re
from collections.abc import Hashable, Iterable, Mapping, Sequence
from typing import NamedTuple

from households.facts.links import JUDGMENT, OPEN, Circle, circle_of, couple_of
from households.facts.parties import IRAS, PLANS, Party, taxpayer
from households.foundation import svg
from households.foundation.svg.household import COUNTS, JUDGED, LOST
from households.foundation.svg.household import OPEN as NOT_SETTLED
from households.intake.codes import code_word
from households.models import Account, Person, TaxUnit
from households.returns import remark

NO_PLATFORM = "No overlay platform"
_CONTROL = (
    "Is it a corporation that client or spouse controls? Until somebody says, it is not known whether it "
    "belongs to the wash-sale line.",
    "controlled_corporation",
)
_OWNER = (
    "Who owns it? Until somebody says, it is not known whether it belongs to a wash-sale line.",
    "owner",
)
_IN_BRACKETS = re.compile(r" \([^)]*\)")
_UNTAXED = {
    "retirement": ("Retirement accounts", "No gains land on a return"),
    "exempt": ("Exempt from tax", "No gains land on a return"),
    "open": ("Return not known yet", "Nobody has said whose"),
}


def household_chart(
    accounts: Sequence[Account], people: Sequence[Person], units: Iterable[TaxUnit]
) -> svg.Chart | None:
    """The picture; None without accounts. No query.

    Args:
        accounts: the open ones, with owner, tax unit and facts loaded; the largest first.
        units: the household's returns.
    """
    if not accounts:
        return None
    circle = circle_of(accounts, people)
    lines, marks = _lines(circle, accounts, people)
    boxes = _boxes(accounts, people, units, marks)
    return svg.household_picture(boxes, lines, title="Returns, accounts and wash sales")


class Remark(NamedTuple):
    """What is to be settled of an account, and the field of its forms that answers it."""

    account: Account
    words: str
    field: str


def remarks(accounts: Sequence[Account], people: Sequence[Person], units: Sequence[TaxUnit]) -> list[Remark]:
    """What to settle about the accounts' returns, and what the picture marks as not known. No query."""
    couple = couple_of(people)
    _, marks = _lines(circle_of(accounts, people), accounts, people)
    found = []
    for account, on in zip(accounts, marks, strict=True):
        if words := remark(account, couple, units):
            found.append(Remark(account, words, "tax_unit"))
        if NOT_SETTLED in on.values():
            found.append(Remark(account, *(_CONTROL if account.registration == "entity" else _OWNER)))
    return found


# --- lines -------------------------------------------------------------------------------------------------


def _lines(
    circle: Circle, accounts: Sequence[Account], people: Sequence[Person]
) -> tuple[list[str], list[dict[int, str]]]:
    """What each line is called, and by account its mark on each."""
    parties = [taxpayer(standing, circle.couple) for standing in circle.standings]
    joined: dict[Party, dict[int, str]] = {}
    for row, party in enumerate(parties):
        if party is not None:
            joined.setdefault(party, {})[row] = _own_mark(accounts[row])
    for row in range(len(accounts)):
        for party, mark in _judged(circle, parties, row).items():
            joined[party].setdefault(row, mark)
    shown = [
        (party, on)
        for party, on in joined.items()
        if any(_meets(circle, loss, purchase) for loss in on for purchase in on)
    ]
    marks: list[dict[int, str]] = [{} for _ in accounts]
    for number, (_, on) in enumerate(shown):
        for row, mark in on.items():
            marks[row][number] = mark
    return [_line_name(party, on, accounts, people) for party, on in shown], marks


def _own_mark(account: Account) -> str:
    return LOST if account.registration in IRAS else JUDGED if account.registration in PLANS else COUNTS


def _meets(circle: Circle, loss: int, purchase: int) -> bool:
    return circle.basis(loss, purchase) is not None


def _judged(circle: Circle, parties: Sequence[Party | None], row: int) -> dict[Party, str]:
    """Parties of others on whose line an account stands by judgment, or because nobody has settled it."""
    found: dict[Party, str] = {}
    for other, party in enumerate(parties):
        # The couple's line takes in who is related to them, not the other way round.
        may_join = parties[row] is None or (party is not None and party[0] == "couple")
        if party is None or party == parties[row] or not may_join:
            continue
        bases = {circle.basis(row, other), circle.basis(other, row)}
        if bases & OPEN:
            found[party] = NOT_SETTLED
        elif bases & JUDGMENT:
            found.setdefault(party, JUDGED)
    return found


def _line_name(
    party: Party, on: Mapping[int, str], accounts: Sequence[Account], people: Sequence[Person]
) -> str:
    kind, key = party
    if kind == "couple":
        names = [person.name for person in people if person.relation in ("primary", "spouse")]
        return " and ".join(names) or "the client"
    if kind == "person":
        return next((person.name for person in people if person.pk == key), "another person")
    units: dict[Hashable, str] = {a.tax_unit_id: a.tax_unit.name for a in accounts if a.tax_unit is not None}
    units |= {person.tax_unit_id: person.name for person in people if person.tax_unit_id}
    return units.get(key) or accounts[min(on)].name


# --- boxes -------------------------------------------------------------------------------------------------


def _boxes(
    accounts: Sequence[Account],
    people: Sequence[Person],
    units: Iterable[TaxUnit],
    marks: Sequence[Mapping[int, str]],
) -> list[svg.Unit]:
    """Returns first, the one with most in it before the others; then what lands on none."""
    held: dict[Hashable, list[svg.Holding]] = {}
    value: dict[Hashable, int] = {}
    for account, on in zip(accounts, marks, strict=True):
        key = _box_of(account)
        held.setdefault(key, []).append(_holding(account, on))
        value[key] = value.get(key, 0) + (account.facts.account_value or 0)
    boxes = []
    for unit in sorted(units, key=lambda unit: (-value.get(unit.pk, -1), unit.name)):
        filed_by = [person.name for person in people if person.tax_unit_id == unit.pk]
        note = ", ".join(filed_by) or unit.get_kind_display()
        boxes.append(svg.Unit(unit.name, note, tuple(held.get(unit.pk, ()))))
    for key, (name, note) in _UNTAXED.items():
        if key in held:
            boxes.append(svg.Unit(name, note, tuple(held[key])))
    return boxes


def _box_of(account: Account) -> Hashable:
    status = account.facts.tax_status
    if status == "tax_exempt":
        return "exempt"
    if status in ("tax_deferred", "tax_free"):
        return "retirement"
    return account.tax_unit_id or "open"


def _holding(account: Account, marks: Mapping[int, str]) -> svg.Holding:
    value = account.facts.account_value
    platform = NO_PLATFORM if account.platform == "none" else code_word("platform", account.platform)
    registration = code_word("registration", account.registration) or ""
    return svg.Holding(
        name=account.name,
        owner=account.owner.name if account.owner else "",
        what=_IN_BRACKETS.sub("", registration),
        held_at=code_word("custodian", account.custodian) or "",
        platform=platform or "",
        value=None if value is None else value / 100,
        marks=marks,
    )
