"""The policy as a document: what is refused and how it says so, identity, catalog of reasons, texts."""

from __future__ import annotations

import pickle
from typing import Any

import pytest

from implementation.rules.contract import FACTS
from implementation.rules.documents.document import DocumentError
from implementation.rules.explanation.text_names import TEXT_KINDS
from implementation.rules.factors import FACTORS
from implementation.rules.parameters import Parameter
from implementation.rules.policy import Policy
from implementation.rules.wording import names_in
from tests.rules.books import POLICY
from tests.rules.changed import document, parsed, policy_with

CONCENTRATED = "factors.funding.sma.concentrated"


def refused(path: str, value: Any) -> DocumentError:
    with pytest.raises(DocumentError) as caught:
        policy_with(path, value)
    assert caught.value.file == "changed.yaml"
    return caught.value


def test_the_weights_are_the_design_s() -> None:
    assert dict(POLICY.weights) == {
        "minimums": 0.10,
        "funding": 0.30,
        "tax": 0.25,
        "context": 0.15,
        "customization": 0.10,
        "cost": 0.10,
    }
    assert tuple(POLICY.weights) == FACTORS
    assert POLICY.numbers["either_within"] == 12


@pytest.mark.parametrize(
    ("path", "value", "key", "expected"),
    [
        ("weights.tax.value", 0.35, "weights", "weights that add up to 1 (these add up to 1.1)"),
        ("weights.tax.value", 0.5, "weights.tax.value", "a number from 0.15 to 0.35"),
        ("numbers.either_within.value", "12", "numbers.either_within.value", "a number from 8 to 20"),
        ("numbers.either_within.value", True, "numbers.either_within.value", "a number from 8 to 20"),
        ("effective_from", "22 November", "effective_from", "a date as YYYY-MM-DD"),
        (f"{CONCENTRATED}.shape", "spline", f"{CONCENTRATED}.shape", "one of curve, bands, table"),
        (f"{CONCENTRATED}.points", [[1, 2]], f"{CONCENTRATED}.points", "at least 2 pairs"),
        (f"{CONCENTRATED}.points", [[1, 2], [1, 3]], f"{CONCENTRATED}.points", "values rising"),
        (f"{CONCENTRATED}.points", [[0, 0], [1, 51]], f"{CONCENTRATED}.range", "holds the results 0 to 51"),
        (f"{CONCENTRATED}.says", "funding.nonsense", f"{CONCENTRATED}.says", "one of context."),
        (f"{CONCENTRATED}.source", "hearsay", f"{CONCENTRATED}.source", "one of chaudhuri"),
        (f"{CONCENTRATED}.range", [50, 0], f"{CONCENTRATED}.range", "the lower one first"),
        (f"{CONCENTRATED}.wieght", 1, f"{CONCENTRATED}.wieght", "no such key here"),
        ("factors.funding.sma.redy", {}, "factors.funding.sma.redy", "a number"),
        ("ranges.account_valu", {}, "ranges.account_valu", "a fact of the contract"),
        ("reasons.1.bit", 0, "reasons[1].bit", "a bit that no other reason has"),
        ("reasons.1.bit", 63, "reasons[1].bit", "a number from 0 to 62"),
        ("reasons.1.code", "Need", "reasons[1].code", "a code like"),
        ("ranges.account_value.value", [5, 2e9], "ranges.account_value.value", "[low, high] from 0 to 1,"),
        ("need.rules.tilts.bound", 4, "need.rules.tilts.bound", "a number from 1 to 3"),
        ("need.rules.tilts.unit", "tilts", "need.rules.tilts.unit", "what it reads and what it gives"),
        ("perturbations.rates_up.changes", ["custodian"], "perturbations.rates_up.changes", "are numbers"),
        ("perturbations.rates_up.changes", [], "perturbations.rates_up.changes", "that are numbers"),
        ("perturbations.rates_up.text", "more", "perturbations.rates_up.text", "a text with {change}"),
        ("perturbations.rates_up.plus", 0.2, "perturbations.rates_up.plus", "a number from 0.01 to 0.1"),
        ("household_plan.leaves_out.rules", ["tax.who"], "household_plan.leaves_out.rules", "asks for"),
    ],
)  # fmt: skip
def test_a_mistake_is_named_with_its_key_and_what_was_expected(
    path: str, value: Any, key: str, expected: str
) -> None:
    error = refused(path, value)
    if key != "factors.funding.sma.redy":
        assert error.key == key
        assert expected in error.expected
    else:
        assert error.key.startswith(key)


def test_a_rule_that_no_factor_asks_for_is_refused() -> None:
    data = document()
    rules = data["factors"]["funding"]["sma"]
    rules["concentratde"] = rules["concentrated"]
    with pytest.raises(DocumentError) as caught:
        parsed(data)
    assert caught.value.key == "factors.funding.concentratde"


def test_a_rule_that_a_factor_asks_for_must_be_stated() -> None:
    data = document()
    for side in ("sma", "uma"):
        data["factors"]["funding"][side].pop("concentrated")
    with pytest.raises(DocumentError) as caught:
        parsed(data)
    assert caught.value.key == "factors.funding.concentrated"


def test_an_unknown_fact_without_a_domain_needs_a_range() -> None:
    data = document()
    data["ranges"].pop("account_value")
    with pytest.raises(DocumentError) as caught:
        parsed(data)
    assert caught.value.key == "ranges.account_value"


def test_the_identity_is_of_what_it_says_not_of_how_it_is_laid_out() -> None:
    again = Policy.parse("# another comment\n" + POLICY.text)
    assert again.sha256 == POLICY.sha256
    assert parsed(document()).sha256 == POLICY.sha256
    assert policy_with("numbers.either_within.value", 12.5).sha256 != POLICY.sha256


def test_every_number_stands_on_something() -> None:
    bases = dict(POLICY.bases)
    for factor in FACTORS:
        for p in POLICY.factors[factor].values():
            bases |= {parameter.key: parameter.basis for _, parameter in p}
    bases |= {parameter.key: parameter.basis for _, parameter in POLICY.need}
    assert len(bases) > 100
    for key, basis in bases.items():
        assert basis.unit, key
        assert basis.rationale, key
        assert basis.source.title, key
        assert basis.review_by > POLICY.effective_from, key


def test_masks_turn_into_codes_and_unknown_bits_are_refused() -> None:
    assert POLICY.reason_codes(0) == []
    assert POLICY.reason_codes(0b101) == ["need.tax_value", "need.holdings"]
    with pytest.raises(ValueError, match="bits that policy house"):
        POLICY.reason_codes(1 << 62)


def test_bits_stay_what_they_were() -> None:
    # Stored masks are read by these numbers for ever: a change here rewrites history.
    assert [reason.bit for reason in POLICY.reasons.values()] == list(range(57))
    bits = POLICY.bits
    assert (bits["need.tax_value"], bits["funding.concentrated_to_sell_down"]) == (0, 18)
    assert (bits["tax.no_overlay_reaches"], bits["cost.replaces_contracts"]) == (35, 56)


def test_texts_name_only_what_can_be_filled() -> None:
    for reason in POLICY.reasons.values():
        assert names_in(reason.text) <= set(FACTS) | set(TEXT_KINDS), reason.code
        assert reason.text.endswith("."), reason.code


def test_every_reason_is_given_by_some_rule() -> None:
    said: set[str] = {"need.nothing_asks"}
    parameters: list[Parameter] = [parameter for _, parameter in POLICY.need]
    for factor in FACTORS:
        for p in POLICY.factors[factor].values():
            parameters += [parameter for _, parameter in p]
    said |= {parameter.says for parameter in parameters if parameter.says}
    assert {code for code in POLICY.reasons if not code.startswith("eligibility.")} == said


def test_what_must_stay_equal_is_stated_once() -> None:
    depth = POLICY.factors["tax"]["SMA"].depth
    assert depth.same_as == "need.rules.depth" and depth.key == "factors.tax.both.depth"
    assert depth.shape.gives.tolist() == POLICY.need.depth.shape.gives.tolist()
    assert (depth.basis.rationale, depth.basis.source.date) == (POLICY.need.depth.basis.rationale, "2022")
    dearer = policy_with("numbers.etf_baseline_bps.value", 9)
    assert (dearer.need.tax_value.shape.bound, dearer.need.tax_value.bound_range) == (9, (2, 20))
    changed = policy_with("need.rules.depth.points", [[0, 0.05], [10, 0.01]])
    assert changed.factors["tax"]["UMA"].depth.shape.at.tolist() == [0, 10]


def test_a_rule_taken_from_elsewhere_replaces_what_stands_beside_it() -> None:
    sma, uma = (POLICY.factors["minimums"][name].now for name in ("SMA", "UMA"))
    assert uma.shape.gives.tolist() == sma.shape.gives.tolist() == [-100, -55, -40, -15, 0]
    assert (sma.label, uma.label) == ("Value over the SMA minimum", "Value over the UMA minimum")
    assert (sma.says, uma.says) == ("minimums.sma_barely_met", "minimums.uma_barely_met")


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("factors.tax.both.depth.same_as", "need.rules.deep"),
        ("factors.tax.both.depth.same_as", "factors.tax.both.depth"),
        ("factors.tax.both.depth.same_as", "factors.cost.uma.cheaper"),
        ("factors.tax.both.depth.same_as", 3),
        ("need.rules.tax_value.bound.same_as", "numbers.etf_baseline"),
    ],
)
def test_what_is_taken_from_elsewhere_is_stated_there(path: str, value: Any) -> None:
    error = refused(path, value)
    assert (error.key, error.value) == (path, value)
    assert error.expected.startswith("the path of a rule or number that is stated itself")


def test_a_bound_from_elsewhere_has_its_range_from_there_too() -> None:
    error = refused("need.rules.tax_value.bound_range", [1, 9])
    assert error.key == "need.rules.tax_value.bound_range"
    assert error.expected == "no such key here; numbers.etf_baseline_bps states the range of its number"


def test_a_table_answers_for_every_code_once() -> None:
    assert refused("factors.tax.both.applies.otherwise", "none").expected == "a number"
    rows = {"taxable": 1, "tax_deferred": 0, "tax_free": 0, "tax_exempt": 0}
    twice = refused("factors.tax.both.applies.rows", rows)
    assert (twice.key, twice.value) == ("factors.tax.both.applies.otherwise", 0)
    data = document()
    data["factors"]["tax"]["both"]["applies"].pop("otherwise")
    with pytest.raises(DocumentError, match="results for tax_deferred, tax_free, tax_exempt as well"):
        parsed(data)


def test_a_small_change_tells_its_size() -> None:
    by_name = {change.name: change for change in POLICY.perturbations}
    assert by_name["value_down"].text == "the account is worth 5% less"
    assert by_name["rates_up"].text == "tax rates are 3 points higher"
    assert by_name["shares_up"].changes["stock_gain_share"] == (1.0, 0.05)
    assert by_name["value_up"].changes["household_value"] == (1.05, 0.0)
    assert list(by_name) == sorted(by_name)
    twice = policy_with("perturbations.value_down.times", 0.9).perturbations[4]
    assert (twice.text, twice.changes["account_value"]) == ("the account is worth 10% less", (0.9, 0.0))


def test_several_mistakes_are_told_at_once() -> None:
    data = document()
    data["weights"]["tax"]["value"] = 0.5
    data["need"]["rules"]["tilts"]["shape"] = "spline"
    data["factors"]["cost"]["sma"]["cheaper"]["range"] = [0, 10]
    with pytest.raises(DocumentError) as caught:
        parsed(data)
    first = caught.value
    assert [error.key for error in (first, *first.others)] == [
        "weights.tax.value",
        "need.rules.tilts.shape",
        "factors.cost.sma.cheaper.range",
        "factors.cost.uma.cheaper.range",
    ]


def test_a_policy_is_its_document() -> None:
    again = Policy.parse(POLICY.text)
    assert (again, hash(again)) == (POLICY, hash(POLICY))
    assert pickle.loads(pickle.dumps(POLICY)) == POLICY
