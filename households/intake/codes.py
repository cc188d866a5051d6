"""The closed lists of code facts with their words, as the rules' contract names them.

`other` stands for what a list does not name. A test holds them equal to
``implementation.rules.facts``, which this floor does not import.
"""

from collections.abc import Mapping
from types import MappingProxyType

REGISTRATION = (
    ("individual", "Individual"),
    ("joint", "Joint"),
    ("grantor_trust", "Grantor (revocable) trust"),
    ("non_grantor_trust", "Non-grantor (irrevocable) trust"),
    ("entity", "Entity (LLC, partnership, corporation)"),
    ("estate", "Estate"),
    ("custodial_minor", "Custodial for a minor (UTMA/UGMA)"),
    ("traditional_ira", "Traditional IRA"),
    ("roth_ira", "Roth IRA"),
    ("employer_plan", "Employer plan"),
    ("private_foundation", "Private foundation"),
    ("public_charity", "Public charity"),
    ("donor_advised", "Donor-advised fund"),
)
TAX_STATUS = (
    ("taxable", "Taxable"),
    ("tax_deferred", "Tax-deferred"),
    ("tax_free", "Tax-free"),
    ("tax_exempt", "Tax-exempt"),
)
CUSTODIAN = (
    ("schwab", "Charles Schwab"),
    ("fidelity", "Fidelity"),
    ("pershing", "Pershing"),
    ("vanguard", "Vanguard"),
    ("interactive_brokers", "Interactive Brokers"),
    ("etrade", "E*TRADE"),
    ("merrill", "Merrill"),
    ("lpl", "LPL"),
    ("raymond_james", "Raymond James"),
    ("goldman_sachs", "Goldman Sachs"),
    ("bank_trust", "Bank trust department"),
    ("other", "Another custodian"),
)
PLATFORM = (
    ("none", "On no overlay platform"),
    ("house_overlay", "House overlay"),
    ("envestnet", "Envestnet"),
    ("sei", "SEI"),
    ("orion", "Orion"),
    ("geowealth", "GeoWealth"),
    ("assetmark", "AssetMark"),
    ("edward_jones", "Edward Jones"),
    ("other", "Another platform"),
)
STRATEGY = (
    ("us_large", "US large cap"),
    ("us_total", "US total market"),
    ("us_mid", "US mid cap"),
    ("us_small", "US small cap"),
    ("us_growth", "US growth"),
    ("us_value", "US value"),
    ("us_dividend", "US dividend"),
    ("developed_ex_us", "Developed markets outside the US"),
    ("emerging", "Emerging markets"),
    ("global", "Global equity"),
    ("municipal_bond", "Municipal bonds"),
    ("taxable_bond", "Taxable bonds"),
    ("multi_asset", "Multi-asset"),
    ("other", "Another exposure"),
)
STRUCTURE = (
    ("sma", "Manager-traded SMA"),
    ("uma", "Sleeves in a UMA"),
    ("fund", "Funds or ETFs"),
    ("brokerage", "Plain brokerage holdings"),
    ("held_away", "Held away, not managed here"),
)
RESTRICTION = (
    ("none", "No restriction"),
    ("insider", "Insider of the issuer"),
    ("rule_144", "Restricted or control stock (Rule 144)"),
    ("plan_10b5_1", "Trading plan in force (10b5-1)"),
    ("pledged", "Pledged as collateral"),
    ("never_sell", "The client will never sell"),
)

CODES: Mapping[str, tuple[tuple[str, str], ...]] = MappingProxyType(
    {
        "registration": REGISTRATION,
        "tax_status": TAX_STATUS,
        "custodian": CUSTODIAN,
        "platform": PLATFORM,
        "strategy": STRATEGY,
        "current_structure": STRUCTURE,
        "restriction_reason": RESTRICTION,
    }
)
"""Code fact -> (code, word) in the contract's order."""

LEVELS = ("None", "Low", "Moderate", "High", "Very high")

_WORDS = {fact: dict(choices) for fact, choices in CODES.items()}


def code_word(fact: str, code: str | None) -> str | None:
    """The word of a code; None for unknown. A code no list names is shown as it is."""
    return None if not code else _WORDS[fact].get(code, code)
