"""Whose an account is when losses and purchases are set against each other: its taxpayer.

The one definition of the wash-sale group: facts and pages read it here (docs/relations.md).
"""

from collections.abc import Collection, Hashable
from typing import NamedTuple

IRAS = frozenset({"traditional_ira", "roth_ira"})
PLANS = frozenset({"employer_plan"})
CHARITIES = frozenset({"private_foundation", "public_charity", "donor_advised"})
FIDUCIARIES = frozenset({"non_grantor_trust", "estate"})
"""Trusts and estates that are taxpayers of their own."""
OWN_TAXPAYERS = CHARITIES | FIDUCIARIES | {"entity"}
"""Registrations whose owner is no person."""
COUPLE = frozenset({"primary", "spouse"})

Party = tuple[str, Hashable]
"""``couple``, ``unit``, ``person`` or ``account``, and which one."""


class Standing(NamedTuple):
    """What decides whose an account is.

    Attributes:
        registration: None where nobody has said.
        owner, relation, owner_unit: the owner, what they are to the household, the return they file.
        unit: the return that the account's gains land on.
        controlled: of an entity, whether it is a corporation that client or spouse controls; None unknown.
    """

    account: Hashable
    household: Hashable
    registration: str | None
    owner: Hashable | None
    relation: str | None
    owner_unit: Hashable | None
    unit: Hashable | None
    controlled: bool | None = None


def taxpayer(standing: Standing, couple: Collection[Hashable]) -> Party | None:
    """Who an account's owner is before the law on wash sales; None where nobody has said who owns it.

    The couple counts as one: a spouse's purchase is one's own (IRS Publication 550), jointly filed or not. A
    grantor trust is its grantor's. A custodial account is the child's, whoever signs for it. An entity counts
    with the couple where they control it as a corporation, or where its gains land on their own return.

    Args:
        couple: tax units that the household's primary client or spouse files in.
    """
    s = standing
    if s.registration in CHARITIES:
        return "account", s.account
    if s.registration in FIDUCIARIES:
        return _of_its_own(s)
    if s.registration == "entity":
        with_couple = s.controlled or s.unit in couple
        return ("couple", s.household) if with_couple else _of_its_own(s)
    if s.registration == "custodial_minor":
        return _child(s, couple)
    if s.relation in COUPLE or s.unit in couple or s.owner_unit in couple:
        return "couple", s.household
    if s.owner is not None:
        return ("unit", s.owner_unit) if s.owner_unit else ("person", s.owner)
    return ("unit", s.unit) if s.unit else None


def _of_its_own(s: Standing) -> Party:
    return ("unit", s.unit) if s.unit else ("account", s.account)


def _child(s: Standing, couple: Collection[Hashable]) -> Party:
    if s.owner is not None and s.relation not in COUPLE:
        own = s.owner_unit if s.owner_unit not in couple else None
        return ("unit", own) if own else ("person", s.owner)
    return _of_its_own(s if s.unit not in couple else s._replace(unit=None))


def wash_group(standing: Standing, couple: Collection[Hashable]) -> Party | None:
    """With whom an account counts in `wash_group_overlap_share`: as its taxpayer, but employer plans alone.

    No ruling names plans; a page may call them a matter of judgment, a number should not rest on it.
    """
    return ("account", standing.account) if standing.registration in PLANS else taxpayer(standing, couple)


def is_open_entity(standing: Standing, couple: Collection[Hashable]) -> bool:
    """Whether it could be a corporation that the couple controls, and nobody has said."""
    return standing.registration == "entity" and standing.controlled is None and standing.unit not in couple
