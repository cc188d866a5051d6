"""What a household plan gives: where each account goes, with whom, and what that is worth."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Worth:
    """What one way to place the accounts is worth.

    Attributes:
        points: net fit and credit, averaged by value over the accounts that the plan places; None unknown.
        dollars: all-in cost a year of those accounts; None where a price is unknown.
        coordinated: USD in accounts that earn the credit; None where that is not known.
    """

    points: float | None
    dollars: float | None
    coordinated: float | None


@dataclass(frozen=True)
class Placement:
    """Where one account goes.

    Attributes:
        value: USD, None unknown.
        own: its own answer, one of OUTCOMES.
        program: index into the shelf's programs; None where the account stays as it is.
        structure: SMA, UMA, or empty where it stays as it is.
        fit: own net fit, rules about other accounts left out; the middle where an unknown fact moves it.
        credit: points of coordination that it earns here.
        company: index into the plan's companies, None where it is coordinated with nobody.
        relation: `same` as its own answer, `settled` (either fits on its own), `differs`, or `fixed`.
        why: in words.
        dollars, dollars_today: all-in cost a year here and today; None unknown.
    """

    name: str
    value: float | None
    own: str
    program: int | None
    structure: str
    fit: float
    credit: float
    company: int | None
    relation: str
    why: str
    dollars: float | None
    dollars_today: float | None


@dataclass(frozen=True)
class Company:
    """Accounts of one tax unit that one overlay coordinates.

    Attributes:
        platform: code of the platform, or of the program where it is on none.
        accounts: row numbers.
    """

    platform: str
    unit: int
    accounts: tuple[int, ...]


@dataclass(frozen=True)
class Coverage:
    """Whether an overlay coordinates an account in this plan, and if not why not.

    Attributes:
        code: `covered`; `alone` or `not_worth_it` where an overlay could; or why none can: `not_taxable`,
            `no_equities`, `no_return`, `unknown`, `held_away`, `no_scope`, `unknown_scope`, `custodian`,
            `fixed`, `not_open`.
    """

    code: str
    text: str


@dataclass(frozen=True)
class Plan:
    """The household's plan.

    Attributes:
        placements, coverage: one entry an account, in the order given.
        plan, own, today: what the plan, everyone's own answer and staying as is are worth.
        provisional: a fact that moves the fit of a placed account is unknown.
        stands: no completion of the unknown facts makes another plan worth more.
        method: how it was found, in words; exact: whether every assignment was weighed.
        notes: what must be said beside it.
    """

    placements: tuple[Placement, ...]
    companies: tuple[Company, ...]
    coverage: tuple[Coverage, ...]
    plan: Worth
    own: Worth
    today: Worth
    provisional: bool
    stands: bool
    exact: bool
    method: str
    notes: tuple[str, ...]
