"""Which overlay of the shelf reaches which account today: by scope, custodians covered, and platform.

Nothing here says that wash sales are watched: an overlay sees the accounts it coordinates, and only those.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from households.facts.links import Circle
from households.facts.taxes import TAX_STATUS_OF
from households.models import Account
from implementation.rules.household.choices import coordinates, covers
from implementation.rules.programs import Program
from implementation.rules.shelf import Shelf

ON, COULD, ALONE, OWN, UNSTATED, CUSTODIAN, AWAY, UNTAXED, NO_RETURN, NO_CUSTODIAN, NO_PLATFORM = (
    "on", "could", "alone", "own", "unstated", "custodian", "away", "untaxed", "no_return", "no_custodian",
    "no_platform",
)  # fmt: skip
WORDS = {
    ON: "On it, coordinated",
    ALONE: "On it, beside no other",
    COULD: "Could be moved to it",
    OWN: "Acts within one account only",
    UNSTATED: "How far it reaches is not stated",
    CUSTODIAN: "Does not cover the custodian",
    AWAY: "Held away: out of reach until it moves",
    UNTAXED: "Out of its scope: no gains are taxed here",
    NO_RETURN: "Tax return not known",
    NO_CUSTODIAN: "Custodian not known",
    NO_PLATFORM: "Platform not known",
}
_ASKED = {
    NO_RETURN: ("taxes", "tax_unit"),
    NO_CUSTODIAN: ("account", "custodian"),
    NO_PLATFORM: ("account", "platform"),
}


@dataclass(frozen=True)
class Reach:
    """How one overlay stands to one account.

    Attributes:
        code: one of WORDS.
    """

    code: str

    @property
    def words(self) -> str:
        """As a page says it."""
        return WORDS[self.code]

    @property
    def asked(self) -> tuple[str, str] | None:
        """Section and question of the intake that would tell; None where nothing is missing."""
        return _ASKED.get(self.code)


@dataclass(frozen=True)
class Overlay:
    """One program's overlay over a household.

    Attributes:
        reaches: one an account.
        groups: rows of the accounts that it coordinates with each other today, two at least in each.
    """

    program: Program
    reaches: tuple[Reach, ...]
    groups: tuple[tuple[int, ...], ...]

    @property
    def scope(self) -> str:
        """How far it acts, in words."""
        if "overlay_scope" in self.program.unknowns:
            return "Scope not stated"
        return {
            "none": "No overlay", "account": "Within one account",
            "tax_unit": "Over accounts of one return", "household": "Over the household",
        }[self.program.overlay_scope]  # fmt: skip

    def sees_both(self, one: int, other: int) -> bool:
        """Whether it coordinates these two today."""
        return any(one in group and other in group for group in self.groups)


def overlays(shelf: Shelf, accounts: Sequence[Account]) -> list[Overlay]:
    """The overlays of the shelf's UMA programs, each with how it stands to every account.

    Args:
        accounts: open accounts of one household, with facts loaded.
    """
    return [_overlay(program, accounts) for program in shelf.programs if program.structure == "UMA"]


def unlisted_platforms(shelf: Shelf, accounts: Sequence[Account]) -> dict[str, list[str]]:
    """Platforms in use of which the shelf has no program: code -> names of the accounts on it."""
    listed = {program.platform for program in shelf.programs}
    found: dict[str, list[str]] = {}
    for account in accounts:
        if account.platform and account.platform != "none" and account.platform not in listed - {"other"}:
            found.setdefault(account.platform, []).append(account.name)
    return found


def seen_together(found: Sequence[Overlay], circle: Circle, row: int) -> tuple[list[int], list[int]]:
    """Accounts with which a wash sale is possible: those that one overlay sees beside this one, and the rest.

    Args:
        row: the account's number in the circle, whose accounts the overlays were made of.
    """
    linked = [
        other
        for other in range(len(circle.standings))
        if circle.basis(row, other) is not None or circle.basis(other, row) is not None
    ]
    seen = [other for other in linked if any(overlay.sees_both(row, other) for overlay in found)]
    return seen, [other for other in linked if other not in seen]


def _overlay(program: Program, accounts: Sequence[Account]) -> Overlay:
    codes = [_code(program, account) for account in accounts]
    together: dict[object, list[int]] = {}
    for row, (code, account) in enumerate(zip(codes, accounts, strict=True)):
        if code == ON:
            whole = program.overlay_scope == "household"
            together.setdefault("household" if whole else account.tax_unit_id, []).append(row)
    groups = tuple(tuple(rows) for rows in together.values() if len(rows) > 1)
    grouped = {row for rows in groups for row in rows}
    codes = [ALONE if code == ON and row not in grouped else code for row, code in enumerate(codes)]
    return Overlay(program, tuple(Reach(code) for code in codes), groups)


def _code(program: Program, account: Account) -> str:
    """How the account stands by itself: ON where the overlay acts on it today."""
    if "overlay_scope" in program.unknowns:
        return UNSTATED
    if not coordinates(program):
        return OWN
    if account.current_structure == "held_away":
        return AWAY
    if program.overlay_scope == "tax_unit" and (outside := _outside(account)):
        return outside
    if not account.custodian:
        return NO_CUSTODIAN
    if not covers(program, account.custodian):
        return CUSTODIAN
    if program.platform and program.platform != "other" and account.platform == program.platform:
        return ON
    return COULD if account.platform else NO_PLATFORM


def _outside(account: Account) -> str:
    """Why an overlay over the accounts of one return leaves it out, empty where it does not."""
    status = account.facts.tax_status or TAX_STATUS_OF.get(account.registration)
    if status is not None and status != "taxable":
        return UNTAXED
    return "" if account.tax_unit_id else NO_RETURN
