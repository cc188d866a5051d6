"""What kind of thing a security is, by what the custodian says. Never a guess: unsaid is ``unknown``.

Some files have no column for it. There the file's own name of the security may still say it in so many words
(``ETF``, ``FUND``; ``COM``, ``INC``), and its ticker by the exchange's rule for mutual funds; nothing else
does.
"""

import re

_TYPES = {
    "cash": (
        "cash", "cash and money market", "cash & money market", "money market", "money market fund",
        "money market funds", "cash & cash investments", "cash and cash investments", "bank sweep",
        "cash equivalents",
    ),
    "fund": (
        "fund", "etf", "etfs", "etfs & closed end funds", "etfs and closed end funds", "exchange traded fund",
        "exchange traded funds", "mutual fund", "mutual funds", "closed end fund", "closed end funds",
        "closed-end fund", "closed-end funds", "etf & closed end funds",
    ),
    "stock": (
        "stock", "stocks", "equity", "equities", "common stock", "common stocks", "preferred stock", "adr",
        "reit",
    ),
    "bond": (
        "bond", "bonds", "fixed income", "corporate bond", "corporate bonds", "municipal bond",
        "municipal bonds", "treasury", "treasuries", "treasury bond", "us treasury", "government bond",
    ),
    "option": ("option", "options"),
    "other": (
        "other", "futures", "schwab futures", "alternative investment", "alternative investments", "annuity",
        "limited partnership", "private placement", "cryptocurrency", "digital asset",
    ),
}  # fmt: skip
_CLASS_OF = {name: asset_class for asset_class, names in _TYPES.items() for name in names}

_OPTION_SYMBOL = re.compile(
    r"[A-Z0-9.$/]{1,8} +[0-9]{2}/[0-9]{2}/[0-9]{2,4} +[0-9]*\.?[0-9]+ +[CP]"  # SMAL 04/01/2020 32.00 P
    r"|[A-Z0-9.$/]{1,6} *[0-9]{6}[CP][0-9]{8}"  # OCC: AAPL  240119C00150000
    r"|-?[A-Z]{1,6}[0-9]{6}[CP][0-9]{1,5}(\.[0-9]{1,3})?"  # Fidelity: -AAPL240119C150
)
_CASH_SYMBOL = re.compile(r"cash (&|and) cash investments", re.IGNORECASE)


_MONEY_FUND_TICKER = re.compile(r"[A-Z]{3}XX")
_FUND_TICKER = re.compile(r"[A-Z]{4}X")  # Nasdaq's fifth letter X: a mutual fund; XX: a money market fund
_MONEY = re.compile(r"\bMONEY (MARKET|MKT)\b|\bCASH RESERVES?\b|\bHELD IN (FCASH|MONEY MARKET)\b")
_FUND = re.compile(r"\b(ETFS?|ETNS?|FUNDS?|FDS?|ISHARES|SPDR|PROSHARES|INDEX TRUST|INDEX TR|UNIT SER)\b")
_STOCK = re.compile(
    r"\b(INC|CORP|CORPORATION|CO|COMPANY|PLC|LTD|COM|COMMON|ADR|ADS|REIT|ORD|CL(ASS)? [A-C]|AG|SE|S A|N V|"
    r"ORDINARY SHARES|COMMON STOCK|PREFERRED STOCK)\b|S\.A\.|N\.V\."
)
_BOND = re.compile(
    r"\bTREAS(URY)? (BILL|NOTE|BOND)S?\b|\bUNITED STATES TREAS\b|\bDUE [0-9]{2}/[0-9]{2}/[0-9]{2,4}\b"
    r"|[0-9]\.[0-9]{2,5}% ?[0-9]{2}/[0-9]{2}/[0-9]{2,4}"
)


def class_of_name(symbol: str, name: str) -> str:
    """The asset class that a security's name or ticker says in so many words; else ``unknown``.

    A name that says both is a fund's (``BLACKROCK MUNI FUND INC``): its words are the narrower ones.
    """
    name = " ".join(name.upper().replace(",", " ").replace("-", " ").split())
    if _MONEY_FUND_TICKER.fullmatch(symbol) or _MONEY.search(name):
        return "cash"
    if _FUND_TICKER.fullmatch(symbol) or _FUND.search(name):
        return "fund"
    if _BOND.search(name):
        return "bond"
    return "stock" if _STOCK.search(name) else "unknown"


def class_of_type(security_type: str) -> str:
    """The asset class that a custodian's security type names; ``unknown`` where it is not one we know."""
    return _CLASS_OF.get(" ".join(security_type.lower().split()), "unknown")


def is_option_symbol(symbol: str) -> bool:
    """Whether a symbol is an option contract's, by its shape (underlying, expiry, strike, C or P)."""
    return _OPTION_SYMBOL.fullmatch(symbol) is not None


def is_cash_symbol(symbol: str) -> bool:
    """Whether a symbol is Schwab's word for the cash balance (``CASH`` alone is a listed bank's ticker)."""
    return _CASH_SYMBOL.fullmatch(symbol) is not None


def unsupported(asset_class: str, quantity_negative: bool, value_negative: bool) -> str:
    """Why a holding is kept but not evaluated; empty where it is evaluated."""
    if asset_class == "option":
        return "option"
    if quantity_negative:
        return "short position"
    if value_negative:
        return "negative value"
    return ""


def told_by_name(count: int) -> str:
    """That the kind of so many securities rests on names and tickers, as a warning says it."""
    whose, them = ("1 security is taken from its", "it") if count == 1 else (
        f"{count:,} securities is taken from their", "them"
    )  # fmt: skip
    words = "such as ETF, FUND, INC or COM"
    return f"The kind of {whose} name or ticker, by words {words}; look at {them} before committing."
