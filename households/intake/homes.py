"""Where each answer of the intake is stored: once, where its subject is."""

from collections.abc import Mapping
from enum import Enum
from types import MappingProxyType

from households.models.facts import FACT_NAMES


class Home(Enum):
    """The record that keeps an answer."""

    ACCOUNT = "account"
    TAX_UNIT = "tax_unit"
    HOUSEHOLD = "household"
    INTAKE = "intake"


_ELSEWHERE = {
    Home.ACCOUNT: (
        "registration", "custodian", "platform", "current_structure", "current_cost_bps", "exit_cost",
        "tax_unit",
    ),
    Home.TAX_UNIT: (
        "short_term_rate", "long_term_rate", "gains_elsewhere", "short_term_gain_fraction",
        "loss_carryforward",
    ),
    Home.HOUSEHOLD: ("coordination_importance", "single_report_wanted", "sleeves_wanted"),
}  # fmt: skip

HOME: Mapping[str, Home] = MappingProxyType(
    dict.fromkeys(FACT_NAMES, Home.INTAKE)
    | {name: home for home, names in _ELSEWHERE.items() for name in names}
)
"""Answer -> its home. ``tax_unit`` and ``gains_elsewhere`` are answers that facts are made of."""
