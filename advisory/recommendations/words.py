"""How facts, factors and verdicts of a record are called and written for a reader."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from households.foundation import formats
from households.intake.codes import LEVELS, code_word
from implementation.rules.facts import FACTS
from implementation.rules.labels import FACT_LABELS

FACTOR_LABELS: Mapping[str, str] = MappingProxyType(
    {
        "minimums": "Account minimums",
        "funding": "How the account is funded",
        "tax": "Tax coordination",
        "context": "Portfolio context",
        "customization": "Customization",
        "cost": "Cost",
    }
)
STRUCTURES: Mapping[str, str] = MappingProxyType(
    {
        "SMA": "Manager-traded SMA",
        "UMA": "Model-delivered sleeve in a UMA",
        "stay": "Stay as is",
        "none": "No structure",
    }
)
CHOSEN_WORDS: Mapping[str, str] = MappingProxyType(
    {"SMA": "SMA", "UMA": "UMA", "stay": "stay as is", "none": "no structure"}
)
DECIDED_BY: Mapping[str, str] = MappingProxyType(
    {
        "need": "whether direct indexing is needed at all",
        "eligibility": "eligibility alone",
        "net_fit": "how well each structure fits",
        "missing_facts": "facts that are missing",
    }
)
VERDICTS: Mapping[int, str] = MappingProxyType({1: "yes", 0: "no", -1: "not certain"})


def fact_label(name: str) -> str:
    """What a fact is called on pages; a fact of an older contract keeps its own name, in words."""
    return FACT_LABELS.get(name) or name.replace("_", " ").capitalize()


def fact_words(name: str, value: Any) -> str:
    """A fact's value as the rules hold it (dollars, shares), written with its unit; unknown is a dash.

    Money and rates may come as the text that documents hold.
    """
    fact = FACTS.get(name)
    if value is None or fact is None:
        return formats.UNKNOWN if value is None else str(value)
    if fact.kind == "code":
        return code_word(name, value) or formats.UNKNOWN
    if fact.kind == "flag":
        return formats.yes_no(bool(value))
    number = float(value)
    if fact.kind == "level":
        return LEVELS[int(number)]
    if fact.kind == "years":
        whole = number.is_integer()
        return f"{formats.decimal(number, 0 if whole else 1)} {'year' if number == 1 else 'years'}"
    writers = {"money": formats.dollars, "bps": formats.bps, "count": formats.count}
    return writers.get(fact.kind, formats.percent)(number)


def stored_words(name: str, value: Any) -> str:
    """As :func:`fact_words`, from a stored value (money in cents)."""
    if value is not None and FACTS[name].kind == "money":
        value = value / 100
    return fact_words(name, value)
