"""Positions to the master's rows: by CUSIP, by ISIN, by symbol; never by a likeness of names.

Cash and option contracts are matched to nothing: what a custodian calls CASH is no bank's stock.
"""

from collections.abc import Iterable, Mapping, Sequence
from uuid import UUID

from django.db import connections
from django.db.models import Q, QuerySet

from households.foundation.databases import hold_name
from households.foundation.identifiers import cusip_in, is_cusip, is_isin, isins_of, symbol_key
from households.foundation.updates import chunks
from households.models import Position, Security

UNMATCHED = Q(security=None) & ~Q(asset_class__in=(Position.AssetClass.CASH, Position.AssetClass.OPTION))
"""Positions that the master does not know, though it could."""


def hold_master(*, shared: bool = False) -> None:
    """Until the transaction ends nobody else changes the master; nor, unless ``shared``, imports positions.

    Without it an import that is under way would look for rows that are not there yet, and the load that adds
    them for positions that are not there yet. To be taken before the lock of any household.
    """
    hold_name(connections["default"], "securities", shared=shared)


def unmatched() -> QuerySet[Position]:
    """What is held and the master does not know, though it could."""
    return Position.objects.filter(UNMATCHED)


def match_household(household_id: UUID) -> None:
    """Match what one household holds, whatever the number of its positions: three statements."""
    rows = list(unmatched().filter(account__household=household_id).order_by().values_list("pk", "symbol"))
    found = securities_of({symbol for _, symbol in rows})
    _set("id", [(found[symbol], key) for key, symbol in rows if symbol in found])


def waiting() -> dict[str, UUID]:
    """Symbols of unmatched positions of the firm that the master knows by now -> their security."""
    return securities_of(unmatched().order_by().values_list("symbol", flat=True).distinct())


def match_all() -> dict[str, UUID]:
    """Match every unmatched position of the firm that the master knows by now.

    Returns:
        The positions' symbols -> their security.
    """
    found = waiting()
    _set("symbol", [(security, symbol) for symbol, security in found.items()])
    return found


def known_by(numbers: Iterable[str]) -> set[UUID]:
    """Rows whose symbol is one of these CUSIPs and ISINs, or an ISIN that holds one of these CUSIPs.

    A number comes before a symbol: their positions belong to the row that has the number now.
    """
    keys = {key for number in numbers for key in (number, *(isins_of(number) if len(number) == 9 else ()))}
    found: set[UUID] = set()
    for part in chunks(sorted(keys)):
        found |= set(Security.objects.filter(key__in=part).values_list("pk", flat=True))
    return found


def _set(column: str, pairs: Sequence[tuple[UUID, object]]) -> None:
    if not pairs:
        return
    connection = connections["default"]
    field = Position._meta.get_field("security")
    sql = (
        f'UPDATE "{Position._meta.db_table}" SET "security_id" = %s WHERE "{column}" = %s '  # noqa: S608 - own
        "AND \"security_id\" IS NULL AND \"asset_class\" NOT IN ('cash', 'option')"
    )
    values = [[field.get_db_prep_save(security, connection), key] for security, key in pairs]
    with connection.cursor() as cursor:
        cursor.executemany(sql, values)


def securities_of(symbols: Iterable[str]) -> dict[str, UUID]:
    """The master's row of each symbol as a position has it; those that are not in the master are left out."""
    listed = list(symbols)
    found: list[Security] = []
    for part in chunks(listed):
        texts = [text.strip().upper() for text in part]
        cusips = [text for text in texts if is_cusip(text)]
        isins = [text for text in texts if is_isin(text)]
        wanted = Q(key__in=[symbol_key(text) for text in texts])
        if cusips or isins:
            held = [held for held in map(cusip_in, isins) if held]
            wanted |= Q(cusip__in=[*cusips, *held]) | Q(isin__in=isins)
        found += Security.objects.filter(wanted).only("id", "key", "cusip", "isin")
    return _found(listed, _index(found))


def known_as(symbol: str) -> Security | None:
    """The row that a symbol, a CUSIP or an ISIN finds."""
    return Security.objects.filter(pk__in=securities_of([symbol]).values()).first()


def _index(securities: Iterable[Security]) -> dict[tuple[str, str], UUID]:
    index: dict[tuple[str, str], UUID] = {}
    for security in securities:
        index["symbol", security.key] = security.pk
        if security.isin:
            index["isin", security.isin] = security.pk
        if security.cusip:
            index["cusip", security.cusip] = security.pk
    return index


def _found(symbols: Iterable[str], index: Mapping[tuple[str, str], UUID]) -> dict[str, UUID]:
    found: dict[str, UUID] = {}
    for symbol in symbols:
        text = symbol.strip().upper()
        keys = [("cusip", text)] if is_cusip(text) else []
        if is_isin(text):
            keys = [("isin", text), ("cusip", cusip_in(text))]
        for key in (*keys, ("symbol", symbol_key(text))):
            if key in index:
                found[symbol] = index[key]
                break
    return found
