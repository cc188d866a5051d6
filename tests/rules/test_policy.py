"""The policy as a document: what is refused and how it says so, identity, catalog of reasons, texts."""

from __future__ import annotations

import pickle
from typing import Any

import pytest

from implementation.rules.contract import FACTS
from implementation.rules.documents import DocumentError
from implementation.rules.explain import MEASURE_KINDS
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
        ("perturbations.0.changes", {"custodian": {}}, "perturbations[0].changes", "that are numbers"),
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
        assert names_in(reason.text) <= set(FACTS) | set(MEASURE_KINDS), reason.code
        assert reason.text.endswith("."), reason.code


def test_every_reason_is_given_by_some_rule() -> None:
    said: set[str] = {"need.nothing_asks"}
    parameters: list[Parameter] = [parameter for _, parameter in POLICY.need]
    for factor in FACTORS:
        for p in POLICY.factors[factor].values():
            parameters += [parameter for _, parameter in p]
    said |= {parameter.says for parameter in parameters if parameter.says}
    assert {code for code in POLICY.reasons if not code.startswith("eligibility.")} == said


def test_shared_rules_read_the_same_numbers() -> None:
    # Harvest depth and the yardstick of need stand twice in the document; they must not drift apart.
    need = POLICY.document.data["need"]["rules"]
    assert need["depth"]["points"] == POLICY.document.data["factors"]["tax"]["both"]["depth"]["points"]
    assert need["tax_value"]["bound"] == POLICY.numbers["etf_baseline_bps"]


def test_a_policy_is_its_document() -> None:
    again = Policy.parse(POLICY.text)
    assert (again, hash(again)) == (POLICY, hash(POLICY))
    assert pickle.loads(pickle.dumps(POLICY)) == POLICY
