"""How the codes of programs and policies are written for a reader."""

from collections.abc import Iterable

_WHOLE = {
    "tax_unit": "the taxable accounts of one tax unit",
    "household": "the accounts of the household",
    "account": "the sleeves of the account",
    "plan_10b5_1": "Plan 10b5-1",
    "developed_ex_us": "Developed ex US",
    "house_overlay": "House overlay",
    "geowealth": "GeoWealth",
    "assetmark": "AssetMark",
    "etrade": "E*TRADE",
    "platform": "Platform and overlay",
    "bundled": "Bundled fee",
    "trading_away": "Trades placed away, estimate",
}
_CAPITALS = {"us": "US", "ira": "IRA", "sei": "SEI", "lpl": "LPL", "sma": "SMA", "uma": "UMA", "etf": "ETF"}


def words(code: str) -> str:
    """``traditional_ira`` -> ``Traditional IRA``."""
    if code in _WHOLE:
        return _WHOLE[code]
    parts = [_CAPITALS.get(part, part) for part in code.split("_")]
    text = " ".join(parts)
    return text[:1].upper() + text[1:]


def listed(codes: Iterable[str]) -> str:
    """Codes as one sorted list: ``Entity, Individual, Joint``."""
    return ", ".join(sorted(words(code) for code in codes))
