"""A fact has one name: the intake asks for it by the label that recommendations tell it by."""

from households.intake.sections import LABELS
from implementation.rules.labels import FACT_LABELS

ASKED = {
    "needs_options_overlay", "needs_alternatives", "needs_fixed_income_discretion", "step_up_expected",
    "coordination_importance", "standalone_mandate", "single_report_wanted",
    "client_requests_direct_indexing",
}  # fmt: skip
"""Facts that the intake asks for in a whole question, which is no name for an answer."""


def test_the_intake_and_the_recommendation_call_a_fact_the_same() -> None:
    both = LABELS.keys() & FACT_LABELS.keys()
    assert both == FACT_LABELS.keys()
    apart = {name for name in both if LABELS[name] != FACT_LABELS[name]}
    assert apart == ASKED == {name for name in both if LABELS[name].endswith("?")}


def test_no_two_facts_are_called_the_same_and_none_hangs_on_another() -> None:
    assert len(set(FACT_LABELS.values())) == len(FACT_LABELS)
    hanging = [label for label in FACT_LABELS.values() if " of it " in f" {label} " or "of those" in label]
    assert hanging == []
