"""What pages read of the master, and what holdings ask of it, as far as the user may see them."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, Max, Q, QuerySet, Sum
from django.db.models.functions import Upper
from django.shortcuts import get_object_or_404

from households.foundation.identifiers import symbol_key
from households.models import Account, Position, Security, SecurityChange, SecurityProposal, Universe
from households.securities.columns import ISSUED
from households.securities.permissions import OWNERS

UNKNOWN_KIND = Q(asset_class="unknown", security=None)
UNNAMED = Q(asset_class__in=ISSUED, issuer="") & (Q(security=None) | Q(security__issuer=""))
_HELD_UP = Q(account__facts__stock_share=None) | Q(account__facts__largest_position_share=None)


def securities() -> QuerySet[Security]:
    """The master: the firm's, open to every role."""
    return Security.objects.all()


def sample_rows() -> int:
    """How many rows of the master are those of the shipped sample."""
    return Security.objects.filter(source__startswith="SAMPLE").count()


def universes() -> QuerySet[Universe]:
    """The lists of what target strategies buy, each with its number of symbols."""
    return Universe.objects.annotate(count=Count("members"))


def security_for(security_id: UUID) -> Security:
    """One row, or 404."""
    found: Security = get_object_or_404(Security, pk=security_id)
    return found


def history_of(security: Security, since: datetime | None = None) -> list[SecurityChange]:
    """Its changes, newest first; all of them, or those after a moment."""
    rows = security.changes.select_related("by").order_by("-at", "field")
    return list(rows.filter(at__gt=since) if since else rows)


def open_questions() -> QuerySet[Position]:
    """Positions of open accounts of which neither anybody here nor the master says kind or issuer."""
    return Position.objects.filter(UNKNOWN_KIND | UNNAMED, account__closed_on=None)


def unknown_symbols(user: Any) -> QuerySet[Any, Any]:
    """One dict a symbol among the holdings this user may see.

    ``accounts`` hold it, for ``held`` cents; in ``held_up`` of them, worth ``behind`` cents, shares or the
    largest issuer are not known; ``unkind`` counts where even the kind is unknown.
    """
    rows = open_questions().filter(pk__in=Position.objects.visible_to(user).values("pk")).order_by()
    return (
        rows.values(shown=Upper("symbol"))
        .annotate(
            description=Max("description"),
            unkind=Count("id", filter=UNKNOWN_KIND),
            accounts=Count("account", distinct=True),
            held=Sum("market_value"),
            held_up=Count("account", distinct=True, filter=_HELD_UP),
            behind=Sum("account__facts__account_value", filter=_HELD_UP),
        )
        .order_by("-held_up", "-held", "shown")
    )


def questions_of(account: Account) -> list[dict[str, Any]]:
    """What an account's holdings ask: symbol, value, whether the kind is unknown, and who proposed what."""
    if account.closed_on:
        return []
    rows = open_questions().filter(account=account).order_by("-market_value", "symbol")
    asked = [
        {
            "symbol": row.symbol,
            "position": row.pk,
            "value": row.market_value,
            "kind_unknown": row.asset_class == Position.AssetClass.UNKNOWN,
        }
        for row in rows
    ]
    waiting = open_proposals(row["symbol"] for row in asked) if asked else {}
    return [{**row, "proposal": waiting.get(symbol_key(row["symbol"]))} for row in asked]


def open_proposals(symbols: Iterable[str]) -> dict[str, SecurityProposal]:
    """Proposals that wait, by the key of their symbol: one query."""
    keys = [symbol_key(symbol) for symbol in symbols]
    rows = SecurityProposal.objects.filter(state=SecurityProposal.State.OPEN, key__in=keys)
    return {row.key: row for row in rows.select_related("by")}


def last_declined(symbols: Iterable[str], user: Any) -> dict[str, SecurityProposal]:
    """The last proposal that was declined, by the key of its symbol: one query.

    As far as the user may read them: their own, their team's, and for the master's owners all.
    """
    rows = SecurityProposal.objects.filter(
        state=SecurityProposal.State.DECLINED, key__in=[symbol_key(symbol) for symbol in symbols]
    )
    if user.role not in OWNERS:
        rows = rows.filter(Q(by=user) | Q(by__team=user.team_id) if user.team_id else Q(by=user))
    return {row.key: row for row in rows.select_related("by", "decided_by").order_by("decided_at")}


def proposals(state: str = SecurityProposal.State.OPEN) -> QuerySet[SecurityProposal]:
    """Proposals in one state, the oldest first."""
    rows: QuerySet[SecurityProposal] = SecurityProposal.objects.filter(state=state).select_related("by")
    return rows


def proposal_for(proposal_id: UUID) -> SecurityProposal:
    """One proposal, or 404."""
    found: SecurityProposal = get_object_or_404(SecurityProposal, pk=proposal_id)
    return found
