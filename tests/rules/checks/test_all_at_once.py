"""Whoever writes a policy or a shelf hears of everything that is wrong with it, not of the first thing."""

from __future__ import annotations

import pytest

from implementation.rules.documents.document import DocumentError, canonical_json, read_document
from implementation.rules.shelf import Shelf
from tests.rules.books import SHELF
from tests.rules.changed import document
from tests.rules.checks.planted import LOTS, NOW, TILTS, put, reason, refusal


def test_every_number_rule_reason_and_source_of_a_policy_is_read_whatever_is_wrong_before_it() -> None:
    planted = {
        "sources.house.date": "soon",
        "weights.review_by": "later",
        "weights.cost.value": "much",
        "weights.tax.value": 7,
        "numbers.either_within.unit": "apples",
        "numbers.material_contribution.value": -1,
        "ranges.account_value.value": [5, 1],
        "household_plan.source": "hearsay",
        "factors.minimums.source": "nowhere",
        f"{NOW}.says_from": "minus thirty",
        f"{LOTS}.shape": "bend",
        f"{TILTS}.label": "",
        f"{reason('minimums.sma_barely_met')}.favours": "nobody",
    }
    said = refusal(planted)
    for path in planted:
        place = (
            path.replace("reasons.", "reasons[", 1).replace(".favours", "].favours")
            if "reasons" in path
            else path
        )
        assert any(f": {place}: found " in line for line in said), place


def test_what_stands_on_a_wrong_source_or_says_a_wrong_reason_is_not_called_wrong_itself() -> None:
    (said,) = refusal({"sources.house.evidence": "gossip"})
    assert "sources.house.evidence: found 'gossip'" in said
    (said,) = refusal({f"{reason('minimums.sma_barely_met')}.bit": "low"})
    assert ".bit: found 'low'" in said


def test_rules_that_are_missing_and_rules_that_nobody_asks_for_are_all_named() -> None:
    data = document()
    rules = data["factors"]["funding"]["sma"]
    rules["lotz"] = rules.pop("lots")
    rules["tickets"] = dict(rules["lotz"])
    said = refusal({"factors": data["factors"]})
    for name in ("lots", "lotz", "tickets"):
        assert any(f"factors.funding.{name}: found" in line for line in said), name


def test_every_program_of_a_shelf_is_read() -> None:
    data = read_document(SHELF.text).data
    put(data, "programs.0.structure", "LLC")
    put(data, "programs.1.initial_minimum.value", -1)
    with pytest.raises(DocumentError) as caught:
        Shelf.parse(canonical_json(data), "two")
    said = [str(error) for error in (caught.value, *caught.value.others)]
    assert ["programs[0]" in said[0], "programs[1]" in said[1], len(said)] == [True, True, 2]


def test_what_cannot_be_read_as_yaml_names_the_place_and_what_stands_there() -> None:
    with pytest.raises(DocumentError, match=r"line 2, column 2: found 'b: 3'; expected readable YAML \("):
        read_document("a: [1, 2\nb: 3")
    with pytest.raises(DocumentError, match=r"found nothing; expected readable YAML \("):
        read_document("a: [1, 2\n")
