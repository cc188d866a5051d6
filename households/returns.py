"""On which return an account's gains would land, by what it is and whose: proposed, never stored unasked."""

from collections.abc import Collection, Iterable
from typing import Any, NamedTuple

from households.facts.parties import COUPLE, FIDUCIARIES
from households.facts.taxes import TAX_STATUS_OF
from households.models import Account, Person, TaxUnit

_OWNERS = frozenset({"individual", "joint", "grantor_trust", "custodial_minor"})
_PERSONAL = frozenset({TaxUnit.Kind.JOINT, TaxUnit.Kind.SINGLE})
_PART = {"grantor_trust": "grantor", "custodial_minor": "child"}


class Proposal(NamedTuple):
    """A return to propose, and why: ``the return of its owner, Ann Adler``."""

    unit: TaxUnit
    why: str

    @property
    def words(self) -> str:
        """As a form says it."""
        return f"Proposed: {self.unit.name}, {self.why}. It counts once you choose it."


def proposed_return(
    registration: str | None, owner: Person | None, units: Iterable[TaxUnit]
) -> Proposal | None:
    """The return to propose; None where nothing speaks for one, or no gains land on any.

    A grantor trust files with its grantor; a custodial account's gains are the child's, so that of an adult
    who signs for it none is proposed; trusts, estates and entities file their own, where there is just one.

    Args:
        units: the household's returns.
    """
    if registration in _OWNERS:
        if owner is None or owner.tax_unit is None:
            return None
        if registration == "custodial_minor" and owner.relation in COUPLE:
            return None
        part = _PART.get(registration, "owner")
        return Proposal(owner.tax_unit, f"the return of its {part}, {owner.name}")
    own = [unit for unit in units if unit.kind == registration and unit.kind not in _PERSONAL]
    return Proposal(own[0], "the only return of that kind here") if len(own) == 1 else None


def lands_on_none(registration: str | None, tax_status: str | None) -> bool:
    """Whether its gains are known to land on no return."""
    return (tax_status or TAX_STATUS_OF.get(registration or "", "taxable")) != "taxable"


def remark(account: Account, couple: Collection[Any], units: Iterable[TaxUnit]) -> str:
    """What there is to say about an account's return: a doubt, or a proposal where none is recorded.

    Args:
        account: with owner, tax unit and facts loaded; couple, units: as below and above.
    """
    if lands_on_none(account.registration, account.facts.tax_status):
        return ""
    if account.tax_unit is None:
        proposal = proposed_return(account.registration, account.owner, units)
        return proposal.words if proposal else "On which return its gains land is not known."
    return doubt_about_return(account, couple)


def doubt_about_return(account: Account, couple: Collection[Any]) -> str:
    """What speaks against the return that is recorded, in a sentence; empty where nothing does.

    Args:
        account: with owner and tax unit loaded.
        couple: tax units that the household's primary client or spouse files in.
    """
    unit, owner = account.tax_unit, account.owner
    if unit is None:
        return ""
    if account.registration in FIDUCIARIES and unit.kind in _PERSONAL:
        return f"It is a taxpayer of its own, but {unit.name} is a person's return."
    if account.registration == "custodial_minor" and unit.pk in couple:
        return f"Gains of a custodial account are the child's, but {unit.name} is the parents' return."
    if account.registration not in _OWNERS or owner is None or owner.tax_unit_id in (None, unit.pk):
        return ""
    if account.registration == "joint" and unit.pk in couple:
        return ""  # half of it is the spouse's
    if account.registration == "custodial_minor" and owner.relation in COUPLE:
        return ""  # who signs is not whose it is
    return f"Its {_PART.get(account.registration, 'owner')}, {owner.name}, files on another return."
