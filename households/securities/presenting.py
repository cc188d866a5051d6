"""What pages show of a position's row in the master, and what an account's holdings ask of it."""

from typing import Any
from urllib.parse import urlencode

from django.urls import reverse

from households.foundation import formats
from households.foundation.access import may
from households.foundation.identifiers import symbol_key
from households.models import Account, Position, SecurityProposal
from households.securities.selectors import last_declined, questions_of


def kind_of(position: Position) -> dict[str, Any]:
    """The class that counts, in words (None unknown), and whether it is the master's word."""
    if position.asset_class != Position.AssetClass.UNKNOWN:
        return {"kind": position.get_asset_class_display(), "by_master": False}
    if position.security is not None:
        return {"kind": position.security.get_kind_display(), "by_master": True}
    return {"kind": None, "by_master": False}


def answer_url(user: Any, symbol: str, back: str) -> str:
    """Where this user answers what a symbol is: owners add it, advisors propose; empty for readers."""
    if may(user.role, "securities:add", "GET"):
        return f"{reverse('securities:add')}?{urlencode({'symbol': symbol})}"
    if may(user.role, "securities:propose", "GET"):
        return f"{reverse('securities:propose')}?{urlencode({'symbol': symbol, 'back': back})}"
    return ""


def declined_words(proposal: SecurityProposal | None) -> str:
    """Who declined whose answer, when and why, in a sentence; empty where none was declined."""
    if proposal is None:
        return ""
    return (
        f"{proposal.decided_by} declined the answer of {proposal.by} on {formats.day(proposal.decided_at)}: "
        f"{proposal.reason}"
    )


def symbol_questions(user: Any, account: Account) -> list[dict[str, Any]]:
    """The account's questions, each with where to answer it and why the last answer was declined."""
    back = reverse("households:account", args=[account.pk])
    rows = questions_of(account)
    declined = last_declined((row["symbol"] for row in rows), user) if rows else {}
    return [
        {
            **row,
            "url": answer_url(user, row["symbol"], back),
            "declined": declined_words(declined.get(symbol_key(row["symbol"]))),
        }
        for row in rows
    ]
