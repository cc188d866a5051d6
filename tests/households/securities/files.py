"""Short ways to write down a file of the master in a test."""

from datetime import date
from typing import Any

from households.models import User
from households.securities.loading import Loaded, load_securities

HEADER = "symbol,cusip,isin,name,issuer,kind,asset_class,sector,source,as_of"
TODAY = date(2026, 11, 20)
GOOG = "GOOG,,,Alphabet Inc. Class C,Alphabet Inc.,stock,equity,Communication Services,Test,2026-11-01"
GOOGL = "GOOGL,,,Alphabet Inc. Class A,Alphabet Inc.,stock,equity,Communication Services,Test,2026-11-01"
APPLE = (
    "AAPL,037833100,US0378331005,Apple Inc.,Apple Inc.,stock,equity,Information Technology,Test,2026-11-01"
)
FUND = "VTI,,,Vanguard Total Stock Market ETF,,fund,equity,,Test,2026-11-01"
KO = "KO,,,The Coca-Cola Company,The Coca-Cola Company,stock,equity,Consumer Staples,Test,2026-11-01"


def a_file(*lines: str, header: str = HEADER) -> bytes:
    return "\n".join([header, *lines, ""]).encode()


def load(by: User, *lines: str, **options: Any) -> Loaded:
    return load_securities(by=by, content=a_file(*lines), name="test.csv", as_of=TODAY, **options)
