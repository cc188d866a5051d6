"""The charts: where things are drawn (worked by hand), what is said, and what must never be in them."""

import re
from collections.abc import Callable
from xml.etree import ElementTree

import pytest

from households.foundation import formats, svg

SVG = "{http://www.w3.org/2000/svg}"
FACTORS = [
    svg.Contribution("Funding", 24.5),
    svg.Contribution("Tax coordination", -8.2),
    svg.Contribution("Customization", None),
    svg.Contribution("Cost", 0.0, "does not apply"),
]


def bars(net: float | None = 16.3) -> svg.Chart:
    return svg.diverging_bars(FACTORS, net=net, tolerance=12)


def gauge() -> svg.Chart:
    return svg.fit_gauge(net=22.3, low=9.5, high=31.0, tolerance=12)


def strip(**changes: object) -> svg.Chart:
    given = {
        "title": "Account value",
        "value": 310_000,
        "low": 25_000,
        "high": 2_500_000,
        "write": formats.dollars,
        "logarithmic": True,
        "marks": [svg.Mark(250_000, "SMA minimum")],
        "zones": [svg.Zone(25_000, 250_000, "UMA"), svg.Zone(250_000, 2_500_000, "SMA")],
    }
    return svg.threshold_strip(**(given | changes))  # type: ignore[arg-type]


def costs() -> svg.Chart:
    return svg.cost_bars(
        [
            svg.Alternative("House SMA", "sma", 60.0, 6_000, True),
            svg.Alternative("Partner UMA", "uma", None, None, True),
            svg.Alternative("Flagship SMA", "sma", 45.0, 4_500, False),
            svg.Alternative("Stay as is", "stay", 80.0, 8_000),
            svg.Alternative("Plain ETF", "etf", 8.0, 800),
        ]
    )


def flips() -> svg.Chart:
    return svg.flip_bars({"SMA": 30, "UMA": 60, "EITHER": 10}, {"SMA": 36, "UMA": 52, "EITHER": 12})


ALL: list[Callable[[], svg.Chart]] = [
    bars,
    gauge,
    strip,
    costs,
    flips,
    lambda: svg.stacked_bar([svg.Segment("Done", 3, "done"), svg.Segment("To do", 1, "rest")], title="Run"),
]


def shapes(chart: svg.Chart, tag: str, kind: str) -> list[ElementTree.Element]:
    root = ElementTree.fromstring(chart.svg)
    return [e for e in root.iter(SVG + tag) if e.get("class") == f"ch-{kind}"]


def texts(chart: svg.Chart) -> list[str]:
    return [e.text or "" for e in ElementTree.fromstring(chart.svg).iter(SVG + "text")]


@pytest.mark.parametrize("draw", ALL)
def test_every_chart_is_named_described_and_obeys_the_policy(draw: Callable[[], svg.Chart]) -> None:
    chart = draw()
    root = ElementTree.fromstring(chart.svg)
    assert root.get("role") == "img"
    assert (root[0].tag, root[0].text) == (SVG + "title", chart.title)
    assert (root[1].tag, root[1].text) == (SVG + "desc", chart.description)
    assert not re.search(r"style=|<style|<script|\son\w+=|href=|data:", chart.svg)
    assert len({len(row) for row in chart.rows} | {len(chart.columns)}) == 1


@pytest.mark.parametrize("draw", ALL)
def test_the_same_numbers_draw_the_same_bytes(draw: Callable[[], svg.Chart]) -> None:
    assert draw() == draw()


def test_words_from_outside_cannot_become_markup() -> None:
    chart = svg.diverging_bars([svg.Contribution('<script>"&', 1.0)], net=1.0, tolerance=12, title="<b>")
    assert "<script>" not in chart.svg and "<b>" not in chart.svg
    assert '<script>"&' in texts(chart)


def test_contributions_lie_left_and_right_of_the_middle_to_scale() -> None:
    # The largest number is 24.5, so the scale ends at 25: 49% of the width each side of 50%.
    right = shapes(bars(), "rect", "sma")[0]
    left = shapes(bars(), "rect", "uma")[0]
    assert (right.get("x"), right.get("width")) == ("50%", "48.02%")  # 49 * 24.5 / 25
    assert (left.get("x"), left.get("width")) == ("33.93%", "16.07%")  # 49 * 8.2 / 25 = 16.072
    band = shapes(bars(), "rect", "either-soft")[0]
    assert (band.get("x"), band.get("width")) == ("26.48%", "47.04%")  # 49 * 12 / 25 = 23.52


def test_what_the_bars_say_is_written_from_the_numbers() -> None:
    assert bars().description == (
        "1 factor pulls toward UMA, Tax coordination most (−8.2)."
        " 1 factor pulls toward SMA, Funding most (+24.5)."
        " The net fit is +16.3, outside the band of plus or minus 12 in which either fits."
    )
    assert bars(net=None).description.endswith("The net fit is unknown because facts are missing.")


def test_an_unknown_contribution_is_told_apart_from_zero_and_from_one_that_does_not_apply() -> None:
    chart = bars()
    assert chart.rows == (
        ("Funding", "+24.5", "SMA"),
        ("Tax coordination", "−8.2", "UMA"),
        ("Customization", "unknown", "unknown"),
        ("Cost", "does not apply", "neither"),
        ("Net fit", "+16.3", "SMA"),
    )
    assert len(shapes(chart, "rect", "unknown")) == 1


def test_the_gauge_runs_from_uma_at_minus_100_to_sma_at_plus_100() -> None:
    chart = gauge()
    root = ElementTree.fromstring(chart.svg)
    assert [e.get("x") for e in root.iter(SVG + "svg") if e.get("x")] == ["61.15%"]  # 50 + 22.3 / 2
    whisker = next(e for e in shapes(chart, "line", "whisker") if e.get("y1") == e.get("y2"))
    assert (whisker.get("x1"), whisker.get("x2")) == ("54.75%", "65.5%")
    assert "With what is unknown it lies between +9.5 and +31.0." in chart.description


def test_an_open_net_fit_has_bounds_and_no_marker() -> None:
    chart = svg.fit_gauge(net=None, low=-20, high=31, tolerance=12)
    assert not shapes(chart, "path", "mark")
    assert chart.rows[0] == ("Net fit", "unknown")
    assert "−20.0 to +31.0" in texts(chart)


def test_a_logarithmic_strip_puts_the_middle_magnitude_in_the_middle() -> None:
    zones = [shapes(strip(), "rect", f"{kind}-soft")[0] for kind in ("uma", "sma")]
    assert [(z.get("x"), z.get("width")) for z in zones] == [("0%", "50%"), ("50%", "50%")]
    assert strip().description == "Account value is $310,000 now. SMA minimum at $250,000, below it."


def test_near_labels_on_a_strip_go_to_different_lines() -> None:
    chart = strip(marks=[svg.Mark(250_000, "SMA minimum"), svg.Mark(260_000, "Breakpoint")])
    root = ElementTree.fromstring(chart.svg)
    lines = {e.text: e.get("y") for e in root.iter(SVG + "text")}
    assert lines["SMA minimum"] != lines["Breakpoint"]


def test_a_strip_without_a_scale_is_refused() -> None:
    with pytest.raises(ValueError, match="Account value: a scale from 0 to 10"):
        strip(low=0, high=10)


def test_costs_are_to_scale_and_an_unknown_one_is_not_zero() -> None:
    chart = costs()
    assert [e.get("width") for e in shapes(chart, "rect", "sma")] == [
        "75%"
    ]  # 60 of 80; the ineligible one outlined
    assert len(shapes(chart, "rect", "unknown")) == 2
    assert shapes(chart, "rect", "uma") == []
    assert chart.rows[1] == ("Partner UMA", "unknown", "unknown", "yes")
    assert chart.rows[2] == ("Flagship SMA", "45 bps", "$4,500", "no")
    assert {e.get("x1") for e in shapes(chart, "line", "whisker")} == {"10%"}  # the ETF at 8 of 80
    assert chart.description == "From 8 bps (Plain ETF) to 80 bps (Stay as is) a year. Unknown: Partner UMA."


def test_a_long_name_makes_room_for_its_number() -> None:
    name = "Diversified Large Cap Tax-Managed Direct Indexing Portfolio"
    chart = svg.cost_bars([svg.Alternative(name, "sma", 60.0, 6_000, True)])
    shown = texts(chart)
    assert shown[0].endswith("…") and name.startswith(shown[0][:-1])
    assert shown[1] == "60 bps"
    assert chart.rows[0][0] == name


def test_flips_stack_to_the_whole_and_say_what_moved() -> None:
    chart = flips()
    stacked = shapes(chart, "rect", "sma")[:2]
    assert [(e.get("x"), e.get("width")) for e in stacked] == [("0%", "30%"), ("0%", "36%")]
    assert chart.description == "SMA 30 to 36 (+6); Either 10 to 12 (+2); UMA 60 to 52 (−8)."
    assert chart.rows[-1] == ("All", "100", "100", "0")


def test_flips_of_something_that_is_no_outcome_are_refused() -> None:
    with pytest.raises(ValueError, match="not an outcome: MAYBE"):
        svg.flip_bars({"MAYBE": 1}, {})


def test_a_run_of_nothing_draws() -> None:
    assert svg.flip_bars({}, {}).description == "No outcome changed its number of accounts."
    assert svg.stacked_bar([svg.Segment("Done", 0, "done")], title="Run").rows[0] == ("Done", "0", "–")
