"""What a rule's picture shows of its axis, and where it says that the reason is given."""

from __future__ import annotations

import math

import pytest

from implementation.rule_plots import plot, said_over, scale_of
from implementation.rules.checks.spans import spans
from tests.rules.books import POLICY

REACH = spans(POLICY)


def said(key: str, low: float, high: float) -> list[tuple[float, float]]:
    return said_over(POLICY.rules[key], low, high)


@pytest.mark.parametrize(
    ("key", "low", "high", "spans_of"),
    [
        # 5 points of 10 at 20%: half way between 10% and 20%.
        ("factors.funding.sma.concentrated", 0, 1, [(0.15, 1)]),
        # Falls from 8 at 50 bps to 0 at 125: 4 are left half way.
        ("factors.customization.sma.tight_tracking", 0, 200, [(0, 87.5)]),
        # -30 lies two fifths of the way from -40 at 1.25 to -15 at 2; below 1 eligibility speaks.
        ("factors.minimums.sma.now", 0, 4, [(1, 1.55)]),
        ("factors.funding.uma.appreciated", 0, 1, [(0.3, 1)]),
        ("factors.tax.uma.sleeves", 0, 6, [(2, 6)]),
        ("factors.customization.sma.flexibility", 0, 5, [(3, 5)]),
        ("factors.minimums.sma.sleeve", 0, 4, []),
    ],
)
def test_where_the_reason_is_given(
    key: str, low: float, high: float, spans_of: list[tuple[float, float]]
) -> None:
    found = said(key, low, high)
    assert [pytest.approx(span) for span in spans_of] == found


def test_the_axis_goes_a_little_beyond_the_points_and_to_an_end_that_is_near() -> None:
    assert scale_of([0.10, 0.80], (0, 1)) == (0, 1)
    assert scale_of([40, 500], (0, 1e6)) == pytest.approx((0, 569))
    assert scale_of([0, 4], (0, math.inf)) == pytest.approx((0, 4.6))
    assert scale_of([0, 50], (-math.inf, math.inf)) == pytest.approx((-7.5, 57.5))
    assert scale_of([0, 1, 2, 3, 4], (0, 4)) == (0, 5)


def test_curves_and_bands_are_drawn_and_nothing_else_is() -> None:
    for key, rule in POLICY.rules.items():
        chart = plot(rule, REACH[key].value)
        assert (chart is not None) == (type(rule.shape).__name__ in ("Curve", "Bands")), key
