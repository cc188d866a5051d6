"""The ground floor's columns and lists against the rules' contract, which this floor does not import."""

from households.intake.codes import CODES
from households.models.facts import FACT_FIELDS, FACT_NAMES
from implementation.rules.facts import FACTS

# How a column's short unit is written in the contract.
UNITS = {
    "USD": {"USD", "USD a year"},
    "share": {"share of 1", "share of 1, may be negative"},
    "rate": {"share of 1", "share of 1 a year"},
    "bps": {"basis points a year"},
    "count": {"count"},
    "years": {"years"},
    "0..4": {"level 0 to 4"},
    "flag": {"yes or no"},
    "code": {"code"},
}


def test_names_and_their_order() -> None:
    assert list(FACT_NAMES) == list(FACTS)


def test_kinds() -> None:
    assert {field.name: field.kind for field in FACT_FIELDS} == {
        name: fact.kind for name, fact in FACTS.items()
    }


def test_units() -> None:
    wrong = {
        f.name: (f.unit, FACTS[f.name].unit) for f in FACT_FIELDS if FACTS[f.name].unit not in UNITS[f.unit]
    }
    assert wrong == {}


def test_code_lists() -> None:
    contract = {name: fact.codes for name, fact in FACTS.items() if fact.kind == "code"}
    assert {name: tuple(code for code, _ in choices) for name, choices in CODES.items()} == contract
