"""Answers to an unknown symbol: who knows the client proposes, who owns the master decides."""

from collections.abc import Mapping

from django.db import transaction
from django.utils import timezone

from households.foundation.errors import DomainError
from households.foundation.identifiers import is_cusip, is_isin, symbol_key
from households.models import Security, SecurityProposal, User
from households.securities.columns import COLUMNS, judge
from households.securities.loading import KnownAlready, add_security, stored_alone
from households.securities.matching import known_as
from households.securities.states import PROPOSAL

STATED = ("symbol", "name", "kind", "issuer", "source")
"""What a proposal states of a row; the rest of it is not known, or the owners add it."""


def cells_of(stated: Mapping[str, str]) -> dict[str, str]:
    """A row's cells of what was stated today: a symbol that is a CUSIP or an ISIN is that number as well."""
    cells = {name: str(stated.get(name) or "").strip() for name in COLUMNS}
    symbol = cells["symbol"].upper()
    if is_cusip(symbol):
        cells["cusip"] = cells["cusip"] or symbol
    elif is_isin(symbol):
        cells["isin"] = cells["isin"] or symbol
    cells["as_of"] = cells["as_of"] or timezone.localdate().isoformat()
    return cells


@transaction.atomic
def propose_security(*, by: User, stated: Mapping[str, str]) -> SecurityProposal:
    """Say what a symbol is; nothing follows until an owner of the master accepts it.

    Args:
        stated: STATED, as typed.

    Raises:
        DomainError: a field is wrong; or 409, the master knows the symbol, or a proposal for it waits.
    """
    values, faults = judge(cells_of(stated), timezone.localdate())
    if faults:
        first = faults[0]
        raise DomainError(first.problem, field=first.field, value=first.value, remedy=first.remedy)
    key = symbol_key(values["symbol"])
    if there := known_as(values["symbol"]):
        raise KnownAlready(values["symbol"], there, "If it is wrong there, tell operations.")
    waiting = SecurityProposal.objects.filter(key=key, state=SecurityProposal.State.OPEN).first()
    if waiting:
        raise DomainError(
            f"{waiting.by} has proposed {values['symbol']} already.",
            field="symbol",
            value=values["symbol"],
            remedy="Operations will decide about it.",
            status=409,
        )
    with stored_alone():
        made: SecurityProposal = SecurityProposal.objects.create(
            by=by, key=key, **{name: values[name] for name in STATED}
        )
    return made


@transaction.atomic
def accept_proposal(*, by: User, proposal: SecurityProposal) -> Security:
    """Take a proposal into the master; the facts of those who hold the symbol follow.

    Raises:
        DomainError: 409, it is decided already, or the master has come to know the symbol.
    """
    proposal = _settle(by, proposal, "accepted")
    values, _ = judge(cells_of({name: getattr(proposal, name) for name in STATED}), timezone.localdate())
    values["key"] = proposal.key
    proposal.save(update_fields=["state", "decided_by", "decided_at", "reason"])
    try:
        return add_security(by=by, values=values, source=f"proposed by {proposal.by}"[:200])
    except KnownAlready as there:
        there.remedy = "Decline the proposal, or change the row."
        raise


@transaction.atomic
def decline_proposal(*, by: User, proposal: SecurityProposal, reason: str) -> SecurityProposal:
    """Turn a proposal down; the symbol stays unknown.

    Raises:
        DomainError: no reason is given; or 409, it is decided already.
    """
    if not reason.strip():
        raise DomainError(
            "A proposal is declined with a reason.", field="reason", remedy="Say what is wrong."
        )
    proposal = _settle(by, proposal, "declined")
    proposal.reason = reason.strip()[:300]
    proposal.save(update_fields=["state", "decided_by", "decided_at", "reason"])
    return proposal


def _settle(by: User, proposal: SecurityProposal, event: str) -> SecurityProposal:
    found: SecurityProposal = (
        SecurityProposal.objects.select_for_update(of=("self",)).select_related("by").get(pk=proposal.pk)
    )
    found.state = PROPOSAL.after(found.state, event)
    found.decided_by, found.decided_at = by, timezone.now()
    return found
