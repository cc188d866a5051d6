"""The securities a generated book holds: real names and sectors, but every price is a SAMPLE value.

Prices are rounded, undated orders of magnitude, good for demonstrations and benchmarks only. Municipal bonds
and private funds are fictional. Numbers are arranged so that every position is exact to the cent: stocks and
ETFs trade whole, mutual funds in tenths at prices of whole ten cents, bonds in pieces of $1,000 par.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np

WHOLE = 100  # hundredths of a share in one step: stocks, ETFs, bonds
TENTH = 10  # mutual funds

# symbol, name, sector, sample price in dollars. The count is prime: a stride over it never repeats early.
STOCKS = (
    ("AAPL", "Apple Inc.", "Information Technology", 232),
    ("MSFT", "Microsoft Corporation", "Information Technology", 438),
    ("NVDA", "NVIDIA Corporation", "Information Technology", 148),
    ("AVGO", "Broadcom Inc.", "Information Technology", 214),
    ("ORCL", "Oracle Corporation", "Information Technology", 166),
    ("CSCO", "Cisco Systems, Inc.", "Information Technology", 61),
    ("IBM", "International Business Machines Corporation", "Information Technology", 228),
    ("INTC", "Intel Corporation", "Information Technology", 24),
    ("TXN", "Texas Instruments Incorporated", "Information Technology", 188),
    ("ADBE", "Adobe Inc.", "Information Technology", 446),
    ("CRM", "Salesforce, Inc.", "Information Technology", 271),
    ("QCOM", "Qualcomm Incorporated", "Information Technology", 158),
    ("AMD", "Advanced Micro Devices, Inc.", "Information Technology", 124),
    ("INTU", "Intuit Inc.", "Information Technology", 628),
    ("GOOGL", "Alphabet Inc.", "Communication Services", 176),
    ("META", "Meta Platforms, Inc.", "Communication Services", 585),
    ("DIS", "The Walt Disney Company", "Communication Services", 111),
    ("VZ", "Verizon Communications Inc.", "Communication Services", 42),
    ("T", "AT&T Inc.", "Communication Services", 24),
    ("CMCSA", "Comcast Corporation", "Communication Services", 38),
    ("NFLX", "Netflix, Inc.", "Communication Services", 842),
    ("AMZN", "Amazon.com, Inc.", "Consumer Discretionary", 207),
    ("TSLA", "Tesla, Inc.", "Consumer Discretionary", 262),
    ("HD", "The Home Depot, Inc.", "Consumer Discretionary", 389),
    ("MCD", "McDonald's Corporation", "Consumer Discretionary", 292),
    ("NKE", "NIKE, Inc.", "Consumer Discretionary", 76),
    ("LOW", "Lowe's Companies, Inc.", "Consumer Discretionary", 248),
    ("SBUX", "Starbucks Corporation", "Consumer Discretionary", 93),
    ("TJX", "The TJX Companies, Inc.", "Consumer Discretionary", 121),
    ("PG", "The Procter & Gamble Company", "Consumer Staples", 168),
    ("KO", "The Coca-Cola Company", "Consumer Staples", 64),
    ("PEP", "PepsiCo, Inc.", "Consumer Staples", 158),
    ("COST", "Costco Wholesale Corporation", "Consumer Staples", 924),
    ("WMT", "Walmart Inc.", "Consumer Staples", 91),
    ("CL", "Colgate-Palmolive Company", "Consumer Staples", 92),
    ("KMB", "Kimberly-Clark Corporation", "Consumer Staples", 134),
    ("GIS", "General Mills, Inc.", "Consumer Staples", 63),
    ("JNJ", "Johnson & Johnson", "Health Care", 152),
    ("UNH", "UnitedHealth Group Incorporated", "Health Care", 512),
    ("PFE", "Pfizer Inc.", "Health Care", 26),
    ("MRK", "Merck & Co., Inc.", "Health Care", 98),
    ("ABT", "Abbott Laboratories", "Health Care", 116),
    ("LLY", "Eli Lilly and Company", "Health Care", 774),
    ("TMO", "Thermo Fisher Scientific Inc.", "Health Care", 528),
    ("AMGN", "Amgen Inc.", "Health Care", 284),
    ("BMY", "Bristol-Myers Squibb Company", "Health Care", 57),
    ("MDT", "Medtronic plc", "Health Care", 86),
    ("JPM", "JPMorgan Chase & Co.", "Financials", 243),
    ("BAC", "Bank of America Corporation", "Financials", 46),
    ("WFC", "Wells Fargo & Company", "Financials", 74),
    ("GS", "The Goldman Sachs Group, Inc.", "Financials", 588),
    ("AXP", "American Express Company", "Financials", 298),
    ("BLK", "BlackRock, Inc.", "Financials", 1014),
    ("V", "Visa Inc.", "Financials", 312),
    ("MA", "Mastercard Incorporated", "Financials", 527),
    ("USB", "U.S. Bancorp", "Financials", 51),
    ("PGR", "The Progressive Corporation", "Financials", 258),
    ("TRV", "The Travelers Companies, Inc.", "Financials", 256),
    ("XOM", "Exxon Mobil Corporation", "Energy", 117),
    ("CVX", "Chevron Corporation", "Energy", 156),
    ("COP", "ConocoPhillips", "Energy", 108),
    ("SLB", "Schlumberger Limited", "Energy", 42),
    ("EOG", "EOG Resources, Inc.", "Energy", 127),
    ("GE", "GE Aerospace", "Industrials", 178),
    ("CAT", "Caterpillar Inc.", "Industrials", 384),
    ("HON", "Honeywell International Inc.", "Industrials", 226),
    ("UNP", "Union Pacific Corporation", "Industrials", 236),
    ("DE", "Deere & Company", "Industrials", 402),
    ("LMT", "Lockheed Martin Corporation", "Industrials", 524),
    ("MMM", "3M Company", "Industrials", 129),
    ("UPS", "United Parcel Service, Inc.", "Industrials", 132),
    ("ITW", "Illinois Tool Works Inc.", "Industrials", 268),
    ("EMR", "Emerson Electric Co.", "Industrials", 127),
    ("LIN", "Linde plc", "Materials", 452),
    ("SHW", "The Sherwin-Williams Company", "Materials", 376),
    ("NEM", "Newmont Corporation", "Materials", 44),
    ("ECL", "Ecolab Inc.", "Materials", 246),
    ("NEE", "NextEra Energy, Inc.", "Utilities", 76),
    ("DUK", "Duke Energy Corporation", "Utilities", 113),
    ("SO", "The Southern Company", "Utilities", 88),
    ("AMT", "American Tower Corporation", "Real Estate", 204),
    ("PLD", "Prologis, Inc.", "Real Estate", 116),
    ("O", "Realty Income Corporation", "Real Estate", 57),
)

# symbol, name, kind of fund (as in shapes.FUND_KINDS), steps of quantity, sample price in dollars.
FUNDS = (
    ("VTI", "Vanguard Total Stock Market ETF", "stock", WHOLE, 289),
    ("VOO", "Vanguard S&P 500 ETF", "stock", WHOLE, 538),
    ("SPY", "SPDR S&P 500 ETF Trust", "stock", WHOLE, 585),
    ("IWM", "iShares Russell 2000 ETF", "stock", WHOLE, 228),
    ("QQQ", "Invesco QQQ Trust", "stock", WHOLE, 502),
    ("VXUS", "Vanguard Total International Stock ETF", "stock", WHOLE, 61),
    ("VTV", "Vanguard Value ETF", "stock", WHOLE, 174),
    ("VFIAX", "Vanguard 500 Index Fund Admiral Shares", "stock", TENTH, 541.20),
    ("FXAIX", "Fidelity 500 Index Fund", "stock", TENTH, 204.30),
    ("AGTHX", "American Funds Growth Fund of America", "stock", TENTH, 78.40),
    ("DODGX", "Dodge & Cox Stock Fund", "stock", TENTH, 268.90),
    ("AOR", "iShares Core Growth Allocation ETF", "combination", WHOLE, 58),
    ("VWENX", "Vanguard Wellington Fund Admiral Shares", "combination", TENTH, 78.10),
    ("FBALX", "Fidelity Balanced Fund", "combination", TENTH, 31.60),
    ("GOVT", "iShares U.S. Treasury Bond ETF", "government", WHOLE, 23),
    ("VGIT", "Vanguard Intermediate-Term Treasury ETF", "government", WHOLE, 59),
    ("VFIUX", "Vanguard Intermediate-Term Treasury Fund Admiral Shares", "government", TENTH, 9.90),
    ("BND", "Vanguard Total Bond Market ETF", "other_bond", WHOLE, 73),
    ("LQD", "iShares Investment Grade Corporate Bond ETF", "other_bond", WHOLE, 109),
    ("DODIX", "Dodge & Cox Income Fund", "other_bond", TENTH, 12.60),
    ("MUB", "iShares National Muni Bond ETF", "tax_free", WHOLE, 107),
    ("VTEB", "Vanguard Tax-Exempt Bond ETF", "tax_free", WHOLE, 50),
    ("VWIUX", "Vanguard Intermediate-Term Tax-Exempt Fund Admiral Shares", "tax_free", TENTH, 13.60),
    ("VNQ", "Vanguard Real Estate ETF", "other", WHOLE, 94),
    ("GLD", "SPDR Gold Shares", "other", WHOLE, 245),
    ("PDBC", "Invesco Optimum Yield Diversified Commodity ETF", "other", WHOLE, 13),
)

# Fictional issuers; price in dollars for $1,000 of par. The count is prime, as that of the stocks.
BONDS = (
    ("ALDERWATER-33", "Alderwater Valley School District 4.00% 2033", 1011),
    ("BRACKENCO-31", "Bracken County Sewer Revenue 3.50% 2031", 984),
    ("CINDERHILL-36", "Cinder Hill Airport Authority 5.00% 2036", 1058),
    ("DOVERTON-29", "Doverton General Obligation 3.00% 2029", 978),
    ("EASTMERE-34", "Eastmere Hospital Authority 4.25% 2034", 1004),
    ("FERNLEY-38", "Fernley Bay Toll Bridge Revenue 5.00% 2038", 1062),
    ("GLASSPORT-32", "Glassport Falls Water Revenue 4.00% 2032", 1016),
    ("HOLLOWAY-30", "Holloway Springs General Obligation 2.75% 2030", 962),
    ("INGLENOOK-35", "Inglenook University Revenue 4.50% 2035", 1032),
    ("JUNIPERGRV-33", "Juniper Grove Transit Sales Tax 4.00% 2033", 1009),
    ("KESTRELPT-37", "Kestrel Point Port Authority 5.00% 2037", 1048),
)

# Fictional private funds, which no direct-index program can take over. Price in dollars a unit.
PRIVATE = (
    ("GRANITELEDGE", "Granite Ledge Private Credit Fund", 1000),
    ("LARKSPURTIM", "Larkspur Timber Partners LP", 2500),
    ("NORTHQUAYRE", "North Quay Real Estate Income Fund", 500),
)

CASH_SYMBOL = "CASH"
ASSET_CLASSES = ("cash", "fund", "stock", "bond", "other")
CASH, FUND, STOCK, BOND, OTHER = range(len(ASSET_CLASSES))


@dataclass(frozen=True)
class Securities:
    """The list as columns; cash is number 0.

    Attributes:
        price: cents a share (or $1,000 of par), int64.
        step: hundredths of a share in the smallest quantity traded, int64.
        asset_class: index into ASSET_CLASSES.
        stocks, bonds, private: security numbers of each list.
        funds: for each kind of shapes.FUND_KINDS, its security numbers.
    """

    symbol: tuple[str, ...]
    name: tuple[str, ...]
    sector: tuple[str, ...]
    price: np.ndarray
    step: np.ndarray
    asset_class: np.ndarray
    stocks: np.ndarray
    bonds: np.ndarray
    private: np.ndarray
    funds: tuple[np.ndarray, ...]


@cache
def securities() -> Securities:
    """All securities as columns."""
    from households.generation.shapes import FUND_KINDS

    rows = [(CASH_SYMBOL, "Cash and money market", "", 1.0, 1, CASH)]
    rows += [(symbol, name, sector, price, WHOLE, STOCK) for symbol, name, sector, price in STOCKS]
    rows += [(symbol, name, kind, price, step, FUND) for symbol, name, kind, step, price in FUNDS]
    rows += [(symbol, name, "", price, WHOLE, BOND) for symbol, name, price in BONDS]
    rows += [(symbol, name, "", price, WHOLE, OTHER) for symbol, name, price in PRIVATE]
    symbol, name, sector, price, step, asset_class = zip(*rows, strict=True)
    classes = np.array(asset_class)
    kinds = np.array(sector)
    return Securities(
        symbol=symbol,
        name=name,
        sector=sector,
        price=np.array([round(p * 100) for p in price], dtype=np.int64),
        step=np.array(step, dtype=np.int64),
        asset_class=classes,
        stocks=np.flatnonzero(classes == STOCK),
        bonds=np.flatnonzero(classes == BOND),
        private=np.flatnonzero(classes == OTHER),
        funds=tuple(np.flatnonzero((classes == FUND) & (kinds == kind)) for kind in FUND_KINDS),
    )
