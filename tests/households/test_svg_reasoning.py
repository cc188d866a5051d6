"""The charts of the reasoning: what speaks for each, other weightings, break-even, what-if and record."""

import re
from xml.etree import ElementTree

import pytest

from households.foundation import formats, svg
from tests.households.test_svg import shapes, strip, texts

SIDES = [
    svg.Side("Funding", 0.8, 27.1, 26.3),
    svg.Side("Tax", 13.55, 0.0, -13.55),
    svg.Side("Cost", 0, 0, None),
]


def contrast() -> svg.Chart:
    return svg.two_sided_bars(SIDES)


def stability() -> svg.Chart:
    flips = [svg.WeightFlip("Funding", 0.30, 0.36, "SMA"), svg.WeightFlip("Tax", 0.25, 0.20, "SMA")]
    return svg.stability_bar(0.693, "EITHER", flips)


def break_even() -> svg.Chart:
    return svg.break_even_bars(needed=20, dearer="SMA", found=(40, 80), here=(10, 80))


@pytest.mark.parametrize("draw", [contrast, stability, break_even])
def test_each_is_named_described_and_obeys_the_policy(draw: object) -> None:
    chart = draw()  # type: ignore[operator]
    root = ElementTree.fromstring(chart.svg)
    assert (root.get("role"), root[0].text, root[1].text) == ("img", chart.title, chart.description)
    assert not re.search(r"style=|<style|<script|\son\w+=|href=|data:", chart.svg)
    assert len({len(row) for row in chart.rows} | {len(chart.columns)}) == 1
    assert chart == draw()  # type: ignore[operator]


# --- what speaks for each -------------------------------------------------------------------------------


def test_both_sides_are_drawn_to_one_scale() -> None:
    """The widest, 27.1, is 38% of the width: 13.55 is half of that, 0.8 is 1.12%."""
    right = shapes(contrast(), "rect", "sma")[0]
    left = shapes(contrast(), "rect", "uma")
    assert (right.get("x"), right.get("width")) == ("50%", "38%")
    assert (left[0].get("x"), left[0].get("width")) == ("48.88%", "1.12%")
    assert (left[1].get("x"), left[1].get("width")) == ("31%", "19%")
    assert contrast().description == (
        "Most for the UMA: Tax, 13.6 points. Most for the SMA: Funding, 27.1 points."
    )


def test_what_pulls_and_what_it_adds_stand_in_the_table() -> None:
    assert contrast().rows == (
        ("Funding", "0.80", "27.10", "+26.30"),
        ("Tax", "13.55", "0.00", "−13.55"),
        ("Cost", "0.00", "0.00", "–"),
        ("All", "14.35", "27.10", "–"),  # one of them is open
    )


def test_nothing_pulls_at_all() -> None:
    chart = svg.two_sided_bars([svg.Side("Cost", 0, 0, 0.0)])
    assert chart.description == "Nothing pulls toward the UMA. Nothing pulls toward the SMA."
    assert not shapes(chart, "rect", "sma")


# --- other weightings -----------------------------------------------------------------------------------


def test_the_share_and_the_weights_that_turn_it() -> None:
    """The scale of weights ends a quarter beyond 36%, at 45%: 36% is at 80, 30% at 66.67."""
    chart = stability()
    assert shapes(chart, "rect", "either")[0].get("width") == "69.3%"
    assert [line.get("x1") for line in shapes(chart, "line", "whisker")] == ["80%", "44.44%"]
    soft = [(zone.get("x"), zone.get("width")) for zone in shapes(chart, "rect", "sma-soft")]
    assert soft == [("80%", "20%"), ("0%", "44.44%")]
    assert chart.description == (
        "69% of the weightings that the policy allows give Either."
        " Funding weighing 36%, not 30%, gives SMA. Tax weighing 20%, not 25%, gives SMA."
    )
    assert chart.rows[2] == ("Funding", "from 30% to 36%", "SMA")


def test_no_weight_turns_it() -> None:
    chart = svg.stability_bar(1.0, "SMA", [])
    assert "No single weight within its range changes the outcome." in texts(chart)
    assert "0% another" not in texts(chart)


# --- break-even -----------------------------------------------------------------------------------------


def test_what_has_to_be_brought_against_what_can_be() -> None:
    """80 bps are the whole width."""
    chart = break_even()
    assert shapes(chart, "rect", "sma")[0].get("width") == "25%"
    ranges = [(bar.get("x"), bar.get("width")) for bar in shapes(chart, "rect", "etf")]
    assert ranges == [("50%", "50%"), ("12.5%", "87.5%")]
    assert {line.get("x1") for line in shapes(chart, "line", "whisker")} == {"25%"}
    assert chart.rows == (
        ("The SMA has to bring", "20 bps"),
        ("Found elsewhere", "40 to 80 bps"),
        ("Possible in this account", "10 to 80 bps"),
    )


def test_a_range_that_nobody_knows_is_no_zero() -> None:
    chart = svg.break_even_bars(needed=5, dearer="UMA", found=None)
    assert chart.rows[1] == ("Found elsewhere", "not known")
    assert len(shapes(chart, "rect", "unknown")) == 1
    assert not shapes(chart, "rect", "etf")
    nothing = svg.break_even_bars(needed=5, dearer="UMA", found=(0.0, 0.0))
    assert nothing.rows[1] == ("Found elsewhere", "0 bps")
    assert not shapes(nothing, "rect", "etf")


# --- what if --------------------------------------------------------------------------------------------


def test_a_what_if_stands_beside_the_record() -> None:
    chart = strip(value=80_000, recorded=310_000)
    assert chart.description == (
        "What if Account value were $80,000; the record says $310,000. SMA minimum at $250,000, above it."
    )
    assert chart.rows[:2] == (("What if", "$80,000"), ("Recorded", "$310,000"))
    assert len(shapes(chart, "path", "mark")) == len(shapes(chart, "path", "was")) == 1
    assert "what if $80,000" in texts(chart)


def test_the_gauge_shows_where_the_record_is() -> None:
    chart = svg.fit_gauge(net=-13.0, low=-13.0, high=-13.0, tolerance=12, recorded=39.0)
    places = [e.get("x") for e in ElementTree.fromstring(chart.svg).iter("{http://www.w3.org/2000/svg}svg")]
    assert places[1:] == ["69.5%", "43.5%"]  # 50 + 39 / 2 and 50 - 13 / 2
    assert ("Recorded", "+39.0") in chart.rows
    assert "The record says +39.0." in chart.description


def test_the_name_of_a_zone_makes_way_for_the_marker() -> None:
    """A zone over everything, the value in its middle: the name goes to between 53% and 100%, 76.5%."""
    chart = svg.threshold_strip(
        title="Cash", value=0.5, low=0, high=1, write=formats.percent, zones=[svg.Zone(0, 1, "UMA")]
    )
    root = ElementTree.fromstring(chart.svg)
    (name,) = [e for e in root.iter("{http://www.w3.org/2000/svg}text") if e.text == "UMA"]
    assert name.get("x") == "76.5%"


# --- dashed lines keep off the words ---------------------------------------------------------------------

_RISE, _FALL = 0.74, 0.26
"""How far letters of Public Sans reach above and below their baseline, as parts of the size."""


@pytest.mark.parametrize("needed", [0.4, 2, 9, 30, 58, 80])
def test_a_dashed_line_crosses_no_words_wherever_it_stands(needed: float) -> None:
    """The line moves from the far left, under the labels, to the far right, under the figures."""
    etf = svg.Alternative("Plain index ETF", "etf", needed, 500.0)
    programs = [svg.Alternative("A long-lasting legacy program", "sma", 80.0, 900.0, True), etf]
    charts = [
        svg.break_even_bars(needed=needed, dearer="SMA", found=(40, 80), here=(10, 80)),
        svg.cost_bars(programs),
        svg.stability_bar(0.7, "SMA", [svg.WeightFlip("Legacy", 0.3, needed / 100, "UMA")]),
    ]
    for chart in charts:
        root = ElementTree.fromstring(chart.svg)
        lines = [e for e in root.iter() if e.tag.endswith("line") and e.get("stroke-dasharray")]
        assert lines
        for text in (e for e in root.iter() if e.tag.endswith("text")):
            size, base = float(text.get("font-size", 13)), float(text.get("y", 0))
            top, bottom = base - _RISE * size, base + _FALL * size
            for line in lines:
                clear = bottom <= float(line.get("y1", 0)) or float(line.get("y2", 0)) <= top
                assert clear, (chart.title, text.text)
