"""Checks of rules: shapes that fit what they read and give, declared as they are, used as stated."""

from __future__ import annotations

from typing import Any

import pytest

from implementation.rules.documents.document import DocumentError
from tests.rules.changed import document, parsed
from tests.rules.checks.planted import (
    ALONE,
    APPLIES,
    IMPORTANCE,
    LOTS,
    REPORT,
    TILTS,
    F,
    refusal,
)


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
    ],
)
def test_a_fault_is_named_with_file_key_value_and_expectation(changes: dict[str, Any], said: str) -> None:
    assert f"changed.yaml: {said}" in refusal(changes)


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
