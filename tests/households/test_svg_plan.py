"""The chart of the household plan: where the money is drawn, worked by hand, and what is said."""

from xml.etree import ElementTree

import pytest

from households.foundation import svg

SVG = "{http://www.w3.org/2000/svg}"


def chart() -> svg.Chart:
    return svg.standing_bars(
        [
            svg.Standing("Today", {"Neither": 2_000_000}),
            svg.Standing("Own answers", {"SMA": 800_000, "Either": 200_000, "UMA": 1_000_000}),
            svg.Standing("The plan", {"SMA": 500_000, "UMA": 1_500_000}, together=900_000),
        ],
        title="Where the money is",
        left_out=1,
    )


def rects(kind: str) -> list[tuple[str | None, str | None]]:
    root = ElementTree.fromstring(chart().svg)
    found = [e for e in root.iter(SVG + "rect") if e.get("class") == f"ch-{kind}" and e.get("height") == "20"]
    return [(e.get("x"), e.get("width")) for e in found]


def test_each_bar_is_its_own_whole() -> None:
    assert rects("neither") == [("0%", "100%")]
    assert rects("sma") == [("0%", "40%"), ("0%", "25%")]  # 0.8 of 2.0, 0.5 of 2.0
    assert rects("either") == [("40%", "10%")]
    assert rects("uma") == [("50%", "50%"), ("25%", "75%")]


def test_what_is_coordinated_is_underlined() -> None:
    root = ElementTree.fromstring(chart().svg)
    lines = [e for e in root.iter(SVG + "line") if e.get("class") == "ch-whisker"]
    assert [(e.get("x1"), e.get("x2")) for e in lines] == [("25%", "70%")]  # 0.9 of 2.0
    assert "$900k coordinated" in [e.text for e in root.iter(SVG + "text")]


def test_where_either_fits_some_of_it_may_be_coordinated_as_well() -> None:
    # 0.3 of 1.0: all 0.2 in the UMA, from 0.8 on, and 0.1 of either before it
    drawn = svg.standing_bars(
        [svg.Standing("Own", {"SMA": 500_000, "Either": 300_000, "UMA": 200_000}, together=300_000)],
        title="x",
    )
    lines = [
        e for e in ElementTree.fromstring(drawn.svg).iter(SVG + "line") if e.get("class") == "ch-whisker"
    ]
    assert [(e.get("x1"), e.get("x2")) for e in lines] == [("70%", "100%")]


def test_it_says_what_it_shows_and_has_its_table() -> None:
    assert chart().description == (
        "Today: Neither $2,000,000. Own answers: SMA $800,000, Either $200,000, UMA $1,000,000. "
        "The plan: SMA $500,000, UMA $1,500,000, $900,000 of it coordinated. "
        "Left out: 1 account of unknown value."
    )
    assert chart().columns == ("In", "Today", "Own answers", "The plan")
    assert chart().rows == (
        ("SMA", "$0", "$800,000", "$500,000"),
        ("Either", "$0", "$200,000", "$0"),
        ("UMA", "$0", "$1,000,000", "$1,500,000"),
        ("Neither", "$2,000,000", "$0", "$0"),
        ("Coordinated", "$0", "$0", "$900,000"),
        ("All", "$2,000,000 and more", "$2,000,000 and more", "$2,000,000 and more"),
    )


def test_what_stays_is_a_tone_of_its_own_and_unknown_is_not_nothing() -> None:
    drawn = svg.standing_bars(
        [
            svg.Standing("Today", {"UMA": 300_000, "Not known": 100_000}, together=None),
            svg.Standing("By the plan", {"SMA": 100_000, "Stays as it is": 300_000}),
        ],
        title="x",
    )
    assert drawn.rows == (
        ("SMA", "$0", "$100,000"),
        ("UMA", "$300,000", "$0"),
        ("Stays as it is", "$0", "$300,000"),
        ("Not known", "$100,000", "$0"),
        ("Coordinated", "–", "$0"),
        ("All", "$400,000", "$400,000"),
    )
    assert "how much of it is coordinated is not known" in drawn.description
    root = ElementTree.fromstring(drawn.svg)
    bars = [e for e in root.iter(SVG + "rect") if e.get("class") == "ch-stays" and e.get("height") == "20"]
    assert [(e.get("x"), e.get("width")) for e in bars] == [("25%", "75%")]
    assert {"Stays as it is", "$400k"} <= {e.text for e in root.iter(SVG + "text")}


def test_it_is_named_and_obeys_the_content_policy() -> None:
    root = ElementTree.fromstring(chart().svg)
    assert (root.get("role"), root[0].text) == ("img", "Where the money is")
    assert not any(word in chart().svg for word in ("style=", "<style", "<script", "data:"))
    assert chart() == chart()


def test_nothing_at_all_draws() -> None:
    empty = svg.standing_bars([svg.Standing("Today", {})], title="Where the money is")
    assert empty.description == "Today: nothing."


def test_what_cannot_be_is_refused() -> None:
    with pytest.raises(ValueError, match="not a place for money: Cash"):
        svg.standing_bars([svg.Standing("Today", {"Cash": 1})], title="x")
    with pytest.raises(ValueError, match="more is coordinated"):
        svg.standing_bars([svg.Standing("Today", {"UMA": 1}, together=2)], title="x")
