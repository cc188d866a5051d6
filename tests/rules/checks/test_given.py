"""What the checks rely on: what rules are given, reach and say, read from the rules themselves."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from implementation.rules.checks.reasons import ENGINE_REASONS
from implementation.rules.checks.spans import spans
from implementation.rules.eligibility import TESTS
from implementation.rules.factors import FITS
from implementation.rules.need import need
from implementation.rules.parameters import ReasonMask
from implementation.rules.rule_syntax import Given, given
from implementation.rules.scoring import add_eligibility_reasons, score
from tests.rules.books import POLICY, SHELF, columns


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
