"""What kind of security a staged row counts as: as its file says, as it is held, else as the list says."""

from collections.abc import Iterable, Sequence

from households.models import ImportRow, Position, Security
from households.securities.matching import securities_of
from households.securities.presenting import kind_of

_UNKNOWN = Position.AssetClass.UNKNOWN


def kinds_of(rows: Iterable[ImportRow]) -> dict[int, str]:
    """Key of each row of a position -> its kind in words, and who says it where the file does not.

    A class that the account's position has already stays, as a plan has it; after it the list is asked as
    facts ask it. Three queries at most.
    """
    positions = [row for row in rows if row.kind == ImportRow.Kind.POSITION]
    unsaid = [row for row in positions if row.values["asset_class"] == _UNKNOWN]
    held, listed = _held(unsaid), listed_as(row.values["symbol"] for row in unsaid)
    told = {}
    for row in positions:
        symbol, own = row.values["symbol"], row.values["asset_class"]
        known = held.get((row.account_id, symbol.upper()))
        if own == _UNKNOWN and known:
            told[row.pk] = f"{Position.AssetClass(known).label}, as the account has it"
            continue
        told[row.pk] = kind_words(own, listed.get(symbol))
    return told


def kind_words(own: str, security: Security | None) -> str:
    """A class as the file says it; where it does not, as the list does: ``Stock, by the list``."""
    said = kind_of(Position(asset_class=own, security=security))
    return (said["kind"] or _UNKNOWN.label) + (", by the list" if said["by_master"] else "")


def listed_as(symbols: Iterable[str]) -> dict[str, Security]:
    """The list's row of each symbol; those that it does not know are left out. Two queries at most."""
    wanted = set(symbols)
    if not wanted:
        return {}
    found = securities_of(wanted)
    securities = Security.objects.in_bulk(set(found.values()))
    return {symbol: securities[key] for symbol, key in found.items()}


def _held(rows: Sequence[ImportRow]) -> dict[tuple[object, str], str]:
    """The class of what the rows' accounts hold already, where it is known."""
    accounts = {row.account_id for row in rows} - {None}
    if not accounts:
        return {}
    symbols = {row.values["symbol"] for row in rows}
    found = Position.objects.filter(account__in=accounts, symbol__in=symbols).exclude(asset_class=_UNKNOWN)
    return {
        (account, symbol.upper()): kind
        for account, symbol, kind in found.values_list("account_id", "symbol", "asset_class")
    }
