"""Static checks of a policy: for each a fault that is planted, and exactly what is said about it."""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
import pytest

from implementation.rules.checks.policy import doubts_of, faults_of
from implementation.rules.checks.reasons import ENGINE_REASONS
from implementation.rules.checks.spans import spans
from implementation.rules.documents.document import DocumentError, canonical_json
from implementation.rules.eligibility import TESTS
from implementation.rules.factors import FACTORS, FITS
from implementation.rules.need import need
from implementation.rules.parameters import ReasonMask
from implementation.rules.policy import Policy
from implementation.rules.rule_syntax import Given, given
from implementation.rules.scoring import add_eligibility_reasons, score
from tests.rules.books import AS_OF, POLICY, SHELF, columns
from tests.rules.changed import document, parsed

F = "factors."
LOTS, NOW = "factors.funding.sma.lots", "factors.minimums.sma.now"
SLEEVES, IMPORTANCE = "factors.tax.uma.sleeves", "factors.tax.both.importance"
ALONE, REPORT = "factors.tax.both.alone", "factors.context.uma.one_report"
TILTS, APPLIES = "need.rules.tilts", "factors.tax.both.applies"


def put(data: dict[str, Any], path: str, value: Any) -> None:
    """Replace the value at `a.b.0.c`."""
    *parents, last = path.split(".")
    place: Any = data
    for key in parents:
        place = place[int(key)] if isinstance(place, list) else place[key]
    place[last] = value


def refusal(changes: dict[str, Any]) -> list[str]:
    """What is said of the house policy with these changes, one line for each error."""
    data = document()
    for path, value in changes.items():
        put(data, path, value)
    with pytest.raises(DocumentError) as caught:
        parsed(data)
    return [str(error) for error in (caught.value, *caught.value.others)]


def reason(code: str) -> str:
    """Place of a reason in the document."""
    return f"reasons.{list(POLICY.reasons).index(code)}"


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        # A part of a shape that no value reaches.
        (
            {f"{F}funding.sma.concentrated.points": [[0.1, 0], [1, 30], [1.2, 42]]},
            f"{F}funding.sma.concentrated.points: found [[1.0, 30.0], [1.2, 42.0]]; expected segments "
            "that the "
            "value reaches, which can be from 0 to 1",
        ),
        (
            {f"{LOTS}.points": [[-40, -2], [0, 0], [150, 5]], f"{LOTS}.range": [-5, 15]},
            f"{LOTS}.points: found [[-40.0, -2.0], [0.0, 0.0]]; expected segments that the value reaches, "
            "which can be from 0 to 1e+06",
        ),
        (
            {f"{IMPORTANCE}.bands": [[0, 0.2], [1, 0.5], [4, 1], [5, 1.2]]},
            f"{IMPORTANCE}.bands: found [5.0, 1.2]; expected bands that the value reaches, which can be "
            "from 0 to 4",
        ),
        (
            {f"{ALONE}.bands": [[0, 1], [2.2, 0.6], [2.8, 0.3]]},
            f"{ALONE}.bands: found [2.2, 0.6]; expected bands that the value reaches, which can be from 0 "
            "to 1e+06",
        ),
        (
            {f"{ALONE}.bands": [[0, 1], [2.5, 0.6]]},
            f"{ALONE}.bands: found 2.5; expected whole numbers: the value is counted",
        ),
        (
            {f"{TILTS}.bound": 1.5},
            f"{TILTS}.bound: found 1.5; expected whole numbers: the value is counted",
        ),
        (
            {f"{F}funding.sma.other_assets.bound": 1.5, f"{F}funding.sma.other_assets.bound_range": [0, 2]},
            f"{F}funding.sma.other_assets.bound: found 1.5; expected a bound with values on either side "
            "of it, "
            "which can be from 0 to 1",
        ),
        (
            {f"{TILTS}.bound": 0, f"{TILTS}.bound_range": [0, 3]},
            f"{TILTS}.bound: found 0.0; expected a bound with values on either side of it, which can be "
            "from 0 "
            "to 1e+06",
        ),
        (
            {f"{REPORT}.bound": 0},
            f"{REPORT}.bound: found 0.0; expected at_least with bound 1: the value is yes (1) or no (0)",
        ),
        # A gap.
        (
            {f"{ALONE}.bands": [[2, 0.6], [3, 0.4]]},
            f"{ALONE}.bands: found 2.0; expected a first band from 0, the least that the value can be",
        ),
        # The value is of another kind than the rule says.
        (
            {f"{LOTS}.reads": "money"},
            f"{LOTS}.reads: found 'money'; expected count, which is what lot_count is",
        ),
        (
            {f"{F}tax.sma.not_taxable.of": "restriction_reason", f"{F}tax.sma.not_taxable.rows": {"none": 0}},
            f"{F}tax.sma.not_taxable.of: found ['none', 'insider', 'rule_144', 'plan_10b5_1', 'pledged', "
            "'never_sell']; expected tax_status, which the rule is given",
        ),
        (
            {f"{LOTS}.reads": "code"},
            f"{LOTS}.reads: found 'code'; expected code for a table, and for a table alone",
        ),
        # Results that do something else than the rule says it gives.
        (
            {f"{F}tax.both.care.bands": [[0, -1], [1, 1]], f"{F}tax.both.care.range": [-1, 2]},
            f"{F}tax.both.care.bands: found -1.0; expected results of 0 or more, for a multiplier",
        ),
        (
            {f"{F}tax.both.movable.points": [[0, 0], [1, 1.5]], f"{F}tax.both.movable.range": [0, 2]},
            f"{F}tax.both.movable.points: found 1.5; expected results of 1 or less, for a share",
        ),
        (
            {f"{TILTS}.then": 5, f"{TILTS}.range": [0, 5]},
            f"{TILTS}.bound: found 5.0; expected results from 0 to 1, for a note",
        ),
        (
            {f"{LOTS}.range": [0, 120]},
            f"{LOTS}.range: found [0.0, 120.0]; expected points of fit, from -100 to 100",
        ),
        # Declared monotone, and it turns back.
        (
            {f"{LOTS}.points": [[40, 0], [150, 5], [500, 4]]},
            f"{LOTS}.points: found [5.0, 4.0]; expected results that never fall, as monotone declares",
        ),
        (
            {f"{ALONE}.bands": [[0, 0.5], [2, 0.6]]},
            f"{ALONE}.bands: found [0.5, 0.6]; expected results that never rise, as monotone declares",
        ),
        (
            {f"{F}customization.sma.ordinary.monotone": "rising"},
            f"{F}customization.sma.ordinary.bound: found [1.0, 0.0]; expected results that never fall, as "
            "monotone declares",
        ),
        (
            {f"{APPLIES}.monotone": "rising"},
            f"{APPLIES}.monotone: found 'rising'; expected no such key here: codes have no order",
        ),
        # Used otherwise than stated.
        (
            {f"{LOTS}.gives": "note", f"{LOTS}.points": [[40, 0], [150, 1]], f"{LOTS}.says_from": 1},
            f"{LOTS}.gives: found 'note'; expected points: the factor adds them up",
        ),
        (
            {f"{ALONE}.gives": "points"},
            f"{ALONE}.gives: found 'points'; expected a note, multiplier or share: nothing adds it up",
        ),
        # Weights, numbers, ranges.
        (
            {"numbers.either_within.unit": "percent"},
            "numbers.either_within.unit: found 'percent'; expected points of net fit",
        ),
        (
            {"numbers.either_within.range": [8, 120]},
            "numbers.either_within.range: found [8, 120]; expected a range from 0 to 100",
        ),
        (
            {"ranges.account_value.unit": "bps"},
            "ranges.account_value.unit: found 'bps'; expected a unit that begins with USD",
        ),
        (
            {"ranges.fee_bps.unit": "USD"},
            "ranges.fee_bps.unit: found 'USD'; expected a unit that begins with bps",
        ),
        (
            {"perturbations.rates_up.changes": ["long_term_rate", "account_value"]},
            "perturbations.rates_up.changes: found ['long_term_rate', 'account_value']; expected facts "
            "of one "
            "kind, where the same is added to each of them",
        ),
        (
            {"weights.cost.range": [-0.05, 0.2]},
            "weights.cost.range: found [-0.05, 0.2]; expected a range from 0 to 1",
        ),
        (
            {"numbers.coordination_low_bps.value": 60, "numbers.coordination_high_bps.value": 50},
            "numbers.coordination_low_bps.value: found 60.0; expected at most 50, which is "
            "numbers.coordination_high_bps",
        ),
        (
            {"ranges.short_term_rate.value": [0, 0.9], "ranges.short_term_rate.range": [0, 1]},
            "ranges.short_term_rate.value: found [0.0, 0.9]; expected what short_term_rate can be, from "
            "0 to 0.75",
        ),
        (
            {"household_plan.leaves_out.rules": ["tax.across_accounts", "tax.alone"]},
            "household_plan.leaves_out.rules: found 'tax.alone'; expected rules that give points of fit",
        ),
        (
            {f"{LOTS}.review_by": "2026-11-01"},
            f"{LOTS}.review_by: found '2026-11-01'; expected a day after 2026-11-01, when the policy "
            "takes effect",
        ),
        (
            {"numbers.either_within.review_by": "2026-01-01"},
            "numbers.either_within.review_by: found '2026-01-01'; expected a day after 2026-11-01, when the "
            "policy takes effect",
        ),
        # Reasons that are never said, or say something else.
        (
            {f"{LOTS}.says_from": 9},
            f"{LOTS}.says_from: found 9.0; expected a result that the rule reaches, which, with what "
            "scales it, "
            "can be from 0 to 8",
        ),
        (
            # 1.3 is the most that tax sensitivity multiplies 8 points by: 10.4.
            {f"{F}tax.sma.losses_at_hand.says_from": 10.5},
            f"{F}tax.sma.losses_at_hand.says_from: found 10.5; expected a result that the rule reaches, "
            "which, "
            "with what scales it, can be from 0 to 10.4",
        ),
        (
            {f"{F}funding.sma.appreciated.says_from": 4, f"{F}funding.sma.appreciated.says_to": 3},
            f"{F}funding.sma.appreciated.says_to: found 3.0; expected a number beyond says_from (4), on "
            "the same "
            "side of 0",
        ),
        (
            {f"{REPORT}.says_from": 0},
            f"{REPORT}.says_from: found 0; expected a number above or below 0: at 0 the rule gives nothing",
        ),
        (
            {f"{NOW}.says_to": -50},
            f"{NOW}.says_to: found -50.0; expected -55, what the rule gives at the minimum itself: below it "
            "eligibility speaks",
        ),
        (
            {f"{REPORT}.says": "tax.sleeves_in_account"},
            f"{REPORT}.says: found 'tax.sleeves_in_account'; expected a reason of this part, "
            "context.something",
        ),
        (
            {f"{reason('context.one_report')}.favours": "SMA"},
            f"{REPORT}.says: found 'context.one_report'; expected a reason that favors UMA: the rule "
            "moves the "
            "fit toward the UMA",
        ),
        (
            {f"{reason('tax.not_taxable')}.favours": "UMA"},
            f"{F}tax.sma.not_taxable.says: found 'tax.not_taxable'; expected a reason that favors "
            "neither: the "
            "rule weighs nothing",
        ),
        (
            {f"{reason('eligibility.sma_lots')}.favours": "SMA"},
            "reasons[10].favours: found 'SMA'; expected UMA, for eligibility.sma_lots",
        ),
        (
            {f"{reason('funding.many_lots')}.text": "{lot_cuont|lot|lots} come over."},
            "reasons[20].text: found '{lot_cuont}'; expected names of facts, or of what is measured "
            "beside them",
        ),
        (
            {f"{reason('funding.many_lots')}.text": "{cash_share|lot|lots} come over."},
            "reasons[20].text: found '{cash_share|...|...}'; expected a number of things, not share of 1",
        ),
        (
            {f"{reason('funding.many_lots')}.text": "{Lots} come over."},
            "reasons[20].text: found '{Lots} come over.'; expected braces around names alone, like "
            "{account_value} or {lot_count|tax lot|tax lots}",
        ),
        (
            {f"{reason('funding.many_lots')}.text": "Many lots come over"},
            "reasons[20].text: found 'Many lots come over'; expected sentences, the last one with its period",
        ),
        # What the reader of the document refuses already.
        (
            {f"{reason('funding.many_lots')}.text": " "},
            "reasons[20].text: found ' '; expected text that is not blank (in quotes when it looks like "
            "a number)",
        ),
        (
            {"weights.cost.value": 0.4},
            "weights.cost.value: found 0.4; expected a number from 0.05 to 0.2",
        ),
        (
            {"weights.cost.value": 0.2},
            "weights: found {'context': {'range': [0.1, 0.2], 'rationale': 'An account that stands by "
            "its...; "
            "expected weights that add up to 1 (these add up to 1.1)",
        ),
        (
            {"sources.stein.evidence": "hearsay"},
            "sources.stein.evidence: found 'hearsay'; expected one of peer-reviewed, regulator, program "
            "document, third party, vendor claim, house judgment",
        ),
        (
            {"sources.stein.date": "long ago"},
            "sources.stein.date: found 'long ago'; expected a date as YYYY-MM-DD, YYYY-MM or YYYY (in "
            "quotes), "
            'or "undated"',
        ),
        (
            {"numbers.either_within.value": 25},
            "numbers.either_within.value: found 25; expected a number from 8 to 20",
        ),
    ],
)
def test_a_fault_is_named_with_file_key_value_and_expectation(changes: dict[str, Any], said: str) -> None:
    assert f"changed.yaml: {said}" in refusal(changes)


def test_a_number_without_a_source_is_refused() -> None:
    data = document()
    data["factors"]["tax"].pop("source")
    with pytest.raises(
        DocumentError, match=r"^changed.yaml: factors.tax.source: found nothing; expected one of"
    ):
        parsed(data)


def test_a_rule_is_stated_for_both_or_for_each() -> None:
    data = document()
    both, sma = (data["factors"]["tax"][side] for side in ("both", "sma"))
    sma["care"] = both["care"]
    with pytest.raises(
        DocumentError, match=r"factors.tax.sma.care: .* no such key here: the rule is stated for"
    ):
        parsed(data)


def test_what_scales_a_rule_is_stated_wherever_the_rule_is() -> None:
    data = document()
    data["factors"]["tax"]["sma"]["importance"] = data["factors"]["tax"]["both"].pop("importance")
    with pytest.raises(DocumentError) as caught:
        parsed(data)
    assert str(caught.value) == (
        "changed.yaml: factors.tax.uma.across_accounts: found 'Taxable equity accounts of the tax unit'; "
        "expected importance for the UMA too, which it needs"
    )


def test_a_minimum_s_reason_stops_where_eligibility_speaks() -> None:
    data = document()
    data["factors"]["minimums"]["sma"]["now"].pop("says_to")
    with pytest.raises(
        DocumentError, match=r"sma.now.says_to: found nothing; expected -55, what the rule gives"
    ):
        parsed(data)


def test_a_rule_that_says_what_the_catalog_lacks_is_refused() -> None:
    data = document()
    data["reasons"] = [row for row in data["reasons"] if row["code"] != "funding.many_lots"]
    with pytest.raises(DocumentError) as caught:
        parsed(data)
    assert caught.value.key == f"{LOTS}.says" and caught.value.expected.startswith("one of context.")


def test_a_reason_that_nothing_says_is_refused() -> None:
    data = document()
    for key in ("says", "says_from"):
        data["factors"]["funding"]["sma"]["lots"].pop(key)
    with pytest.raises(DocumentError) as caught:
        parsed(data)
    assert str(caught.value) == (
        "changed.yaml: reasons[20].code: found 'funding.many_lots'; expected a reason that some rule "
        "says, or "
        "that the engine gives"
    )


def test_a_reason_that_the_engine_gives_must_be_there() -> None:
    data = document()
    data["reasons"] = [row for row in data["reasons"] if row["code"] != "eligibility.sma_lots"]
    with pytest.raises(DocumentError) as caught:
        parsed(data)
    assert str(caught.value) == (
        "changed.yaml: reasons: found nothing; expected the reason eligibility.sma_lots, which the "
        "engine gives"
    )


def test_everything_is_told_at_once_in_the_order_of_the_document() -> None:
    said = refusal(
        {
            "numbers.harvesting_low_bps.value": 90,
            f"{LOTS}.says_from": 99,
            f"{reason('cost.sma_cheaper')}.text": "x",
        }
    )
    assert [line.split(": ")[1] for line in said] == [
        "numbers.harvesting_low_bps.value",
        f"{LOTS}.says_from",
        "reasons[54].text",
    ]


# Doubts


def doubts(changes: dict[str, Any], as_of: date = AS_OF) -> list[str]:
    data = document()
    for path, value in changes.items():
        put(data, path, value)
    return [
        f"{key}: found {value!r}; expected {expected}"
        for key, value, expected in doubts_of(parsed(data), as_of)
    ]


UNDATED = ("concentration", "irs_550")
"""Sources of the house policy whose day nobody could find."""


def test_the_house_policy_doubts_its_undated_sources_alone() -> None:
    assert faults_of(POLICY) == []
    assert doubts({}) == [
        f"sources.{name}.date: found 'undated'; expected the day or year of the source, if it has one"
        for name in UNDATED
    ]


def test_a_review_that_is_due_is_told_once_for_each_part() -> None:
    assert doubts({f"{LOTS}.review_by": "2027-01-31"}, date(2027, 1, 31)) == doubts({})
    late = doubts({f"{LOTS}.review_by": "2027-01-31"}, date(2027, 2, 1))
    assert late[0] == (
        "factors.funding.review_by: found '2027-01-31'; expected a review by then: 1 number should be looked "
        "at again"
    )
    all_due = doubts({}, date(2027, 11, 2))
    assert len(all_due) == 5 + 1 + len(FACTORS) + len(UNDATED)
    assert (
        "weights.review_by: found '2027-11-01'; expected a review by then: 6 numbers should be" in all_due[0]
    )


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        (
            {"sources.gossip": {"title": "Overheard", "date": "2026", "evidence": "third party"}},
            "sources.gossip: found 'Overheard'; expected a source that some number stands on",
        ),
        (
            {"sources.stein.date": "2027"},
            "sources.stein.date: found '2027'; expected a source older than the policy",
        ),
        (
            {f"{F}funding.sma.individual_bonds.points": [[0.1, 0], [0.5, 0]]},
            f"{F}funding.sma.individual_bonds.points: found 0.0; expected results that differ, unless the "
            "rule "
            "is to do nothing",
        ),
        (
            {
                f"{F}tax.both.depth": {
                    **document()["need"]["rules"]["depth"],
                    "rationale": "Written out again.",
                }
            },
            f"{F}tax.both.depth: found 'Years the portfolio is held'; expected same_as: need.rules.depth, "
            "which "
            "states the same numbers",
        ),
    ],
)
def test_what_is_doubtful_is_named_and_does_not_refuse(changes: dict[str, Any], said: str) -> None:
    assert said in doubts(changes)


# What the checks rely on


def test_what_the_engine_gives_is_what_the_checks_believe_it_gives() -> None:
    given_by_engine: set[str] = set()

    class Told(ReasonMask):
        def add(self, code: str, where: Any) -> None:
            given_by_engine.add(code)

    rows = columns({})
    with np.errstate(divide="ignore", invalid="ignore"):
        scored = score(rows, 1, SHELF, POLICY)
    add_eligibility_reasons(scored, Told(1, POLICY.bits))
    assert given_by_engine == set(ENGINE_REASONS)
    assert len(TESTS) == 12


def test_what_rules_are_given_is_read_from_their_source() -> None:
    funding = given(FITS["funding"])
    assert funding["concentrated"] == Given(
        "saleable_largest_share",
        ("saleable_largest_share",),
        (),
        (),
        ("tax_burden", "left_to_do", "harder_by_gain"),
        adds=True,
    )
    assert not funding["hold"].adds and not funding["kept_stock"].adds
    assert given(FITS["minimums"])["sleeve"].adds
    assert funding["lots"].times_facts == ("stock_share", "restricted_share", "legacy_retention_share")
    assert (funding["left_to_do"].fact, funding["left_to_do"].rules) == (None, ("hold",))
    assert given(need)["tax_value"].rules == ("depth",)
    assert given(need)["tax_value"].facts[:2] == ("usable_gains", "direct_index_value")


def test_what_rules_can_read_and_give_is_bounded_by_the_rules_themselves() -> None:
    found = spans(POLICY)
    assert set(found) == set(POLICY.rules)
    # Rates are at most 75% and yearly losses at most 4%, so the truth is 0 to 300 bps. Intervals do not know
    # that the mix of two rates lies between them: 0.75 - 0.75 x 2 to 0.75 x 2, times 400.
    assert found["need.rules.tax_value"].value == pytest.approx((-300, 600), rel=1e-6)
    assert found["factors.tax.sma.high_rates"].value == (0, 0.75)
    # 20 points at most, times 1.3 for very high sensitivity.
    assert found["factors.tax.sma.own_harvest"].result == pytest.approx((0, 26))
    assert found["factors.minimums.sma.now"].value == (0, np.inf)
    assert found["factors.minimums.sma.now"].result == pytest.approx((-100, 0))
    assert found["factors.cost.sma.cheaper"].value == (-np.inf, np.inf)


def test_a_policy_that_was_published_is_read_without_the_checks() -> None:
    data = document()
    data["numbers"]["harvesting_low_bps"]["value"] = 90
    assert Policy.accepted(canonical_json(data)).numbers["harvesting_low_bps"] == 90
