"""How an answer is reached, told once for the page of rules, with the policy's own numbers."""

from __future__ import annotations

from implementation.rule_words import with_unit
from implementation.rules.policy import Policy


def how_an_answer_is_reached(policy: Policy) -> list[str]:
    """The order of an evaluation, step by step."""

    def number(name: str) -> str:
        return with_unit(policy.bases[f"numbers.{name}"].unit, policy.numbers[name])

    within = f"{policy.numbers['either_within']:g}"
    steps = [
        "**Need.** Is direct indexing warranted at all? Something must ask for it: tax value beyond the "
        f"{number('etf_baseline_bps')} that a plain index ETF costs, customization, holdings to work around, "
        "or the client's request. Otherwise the outcome is NEITHER.",
        "**Eligibility.** Every program of the shelf is put to every test; nothing is weighed. A "
        "structure is "
        "open where one of its programs passes all of them; the cheapest eligible one represents it. Nothing "
        "open gives NEITHER with the nearest remedy, one structure open gives that structure.",
        "**Fit.** Six factors give each structure a fit from 0 to 100. A factor contributes its weight times "
        "the fit of the SMA less the fit of the UMA, rounded to 0.01. One that does not apply contributes 0, "
        "and its weight is given to no other. The **net fit** is the sum, from −100 (UMA) to +100 (SMA).",
        f"**Outcome.** Where both structures are open: EITHER within {within} of 0, with the side it "
        "leans to; "
        "else SMA above and UMA below.",
        "**What is unknown** is carried through all of this as everything it may be. Where every completion "
        "leads to one outcome it stands, as *provisional*; where two differ the outcome is "
        "INDETERMINATE, with "
        "the questions that would settle it. A missing fact is never taken for zero.",
        "**Beside the outcome**: *fragile* where one of the small changes below changes it; *conflict* where "
        f"two factors of at least {number('material_contribution')} pull opposite ways; reasons for and "
        "against by how much they moved the net fit.",
    ]
    return ["## How an answer is reached", "", *(f"{place}. {step}" for place, step in enumerate(steps, 1))]
