"""What pages show of a position's row in the master, and what an account's holdings ask of it."""

from typing import Any
from urllib.parse import urlencode

from django.urls import reverse

from households.foundation.access import may
from households.models import Account, Position
from households.securities.selectors import questions_of


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


def symbol_questions(user: Any, account: Account) -> list[dict[str, Any]]:
    """The account's questions, each with where to answer it."""
    back = reverse("households:account", args=[account.pk])
    return [{**row, "url": answer_url(user, row["symbol"], back)} for row in questions_of(account)]
