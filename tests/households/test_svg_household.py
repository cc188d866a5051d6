"""The picture of a household: where things are drawn, worked by hand, and what is said beside them."""

import re
from itertools import pairwise
from xml.etree import ElementTree

import pytest
from django.conf import settings

from households.foundation import svg
from households.foundation.svg.household import MARKS
from households.foundation.svg.widths import LAYOUTS

SVG = "{http://www.w3.org/2000/svg}"


def a_holding(name: str, value: float | None = 100_000, **more: object) -> svg.Holding:
    given = {"owner": "Ann Adler", "what": "Individual", "held_at": "Fidelity", "platform": "Orion"} | more
    return svg.Holding(name=name, value=value, **given)  # type: ignore[arg-type]


UNITS = (
    svg.Unit(
        "Joint return", "Ann Adler, Ben Adler",
        (a_holding("First", 400_000, marks={0: "counts"}), a_holding("Second", 100_000, marks={0: "judged"})),
    ),
    svg.Unit("Cleo's return", "Cleo", ()),
    svg.Unit("Retirement accounts", "No gains", (a_holding("IRA", None, marks={0: "lost"}),)),
)  # fmt: skip


def a_picture(units: tuple[svg.Unit, ...] = UNITS, lines: tuple[str, ...] = ("Ann and Ben",)) -> svg.Chart:
    return svg.household_picture(units, lines, title="The household")


def drawn(chart: svg.Chart, kind: str) -> ElementTree.Element:
    (found,) = [
        part for part in ElementTree.fromstring(f"<div>{chart.svg}</div>") if part.get("class") == kind
    ]
    return found[0]


def texts(root: ElementTree.Element) -> list[str]:
    return [element.text or "" for element in root.iter(SVG + "text")]


WIDTHS = ("chart-narrow", "chart-phone", "chart-tablet", "chart-wide", "chart-broad")


def titles(root: ElementTree.Element) -> list[str]:
    return [element.text or "" for element in root.iter(SVG + "title")][1:]


def test_it_is_drawn_for_several_widths() -> None:
    chart = a_picture()
    for kind in WIDTHS:
        said = texts(drawn(chart, kind))
        assert {"Joint return", "Cleo's return", "First", "Second", "IRA", "No account here."} <= set(said)
    assert "$400,000" in texts(drawn(chart, "chart-wide"))
    assert "$400k" in texts(drawn(chart, "chart-narrow"))


@pytest.mark.parametrize("kind", WIDTHS)
def test_each_is_named_described_and_obeys_the_policy(kind: str) -> None:
    chart = a_picture()
    root = drawn(chart, kind)
    assert root.get("role") == "img"
    assert (root[0].text, root[1].text) == (chart.title, chart.description)
    assert not re.search(r"style=|<style|<script|\son\w+=|href=|data:", chart.svg)
    assert {len(row) for row in chart.rows} == {len(chart.columns)}
    assert a_picture() == chart


def test_bars_are_parts_of_the_largest_and_an_unknown_value_is_an_empty_box() -> None:
    """Wide: 17% of the width for the largest, a quarter of it for a quarter. They end at 97.8%."""
    root = drawn(a_picture(), "chart-wide")
    bars = [e for e in root.iter(SVG + "rect") if e.get("height") == "5"]
    assert [(e.get("x"), e.get("width"), e.get("class")) for e in bars] == [
        ("80.8%", "17%", "ch-done"), ("93.55%", "4.25%", "ch-done"), ("80.8%", "17%", "ch-unknown"),
    ]  # fmt: skip
    assert "Not known" in texts(root)


def test_the_line_goes_from_the_first_mark_to_the_last_past_what_is_not_on_it() -> None:
    """Wide: the first row's middle is 1 + 36 + 18 = 55.

    The first box is 36 + 2 x 46 + 4 = 132 high, the gap 10, the empty box 36 + 36 + 4 = 76: the third
    begins at 1 + 132 + 10 + 76 + 10 = 229, its row's middle is 229 + 36 + 18 = 283.
    """
    root = drawn(a_picture(), "chart-wide")
    (rail,) = [e for e in root.iter(SVG + "line") if e.get("class") == "ch-rail"]
    assert (rail.get("x1"), rail.get("y1"), rail.get("y2")) == ("3.7%", "55", "283")
    marks = [(e.get("cy"), e.get("class")) for e in root.iter(SVG + "circle") if e.get("cx") == "3.7%"]
    assert marks == [("55", "ch-dot"), ("101", "ch-ring")]
    diamonds = [e.get("y") for e in root.iter(SVG + "svg") if e.get("x") == "3.7%"]
    assert diamonds == ["283"]


def test_the_legend_names_only_marks_that_are_there() -> None:
    said = texts(drawn(a_picture(), "chart-wide"))
    assert {MARKS["counts"][0], MARKS["judged"][0], MARKS["lost"][0]} <= set(said)
    assert MARKS["open"][0] not in said


def test_several_lines_have_letters_and_their_names_below() -> None:
    units = (svg.Unit("Return", "Ann", (a_holding("One", marks={0: "counts", 1: "open"}),)),)
    chart = a_picture(units, ("Ann and Ben", "Cleo"))
    assert chart.rows[0][-1] == "A: Purchases count; B: Not known yet"
    said = texts(drawn(chart, "chart-narrow"))
    assert said.count("A") == 2 and said.count("B") == 2
    assert {"Line of Ann and Ben", "Line of Cleo", MARKS["open"][0]} <= set(said)


def test_one_account_alone_has_neither_line_nor_legend() -> None:
    units = (svg.Unit("Return of Ann", "Ann", (a_holding("Only"),)),)
    root = drawn(a_picture(units, ()), "chart-wide")
    assert [e for e in root.iter(SVG + "line") if e.get("class") == "ch-rail"] == []
    assert not set(texts(root)) & {words for words, _ in MARKS.values()}
    assert float(root.get("height") or 0) == 1 + 36 + 46 + 4 + 10 + 2


def test_long_names_stay_off_their_neighbors_at_the_narrowest() -> None:
    """At 256 px the name has from 10% to 96.5%: 221 px, of 7.02 px a letter 31, the last an ellipsis."""
    units = (svg.Unit("U" * 80, "N" * 80, (a_holding("X" * 80, marks={0: "counts"}, platform="P" * 80),)),)
    said = texts(drawn(a_picture(units), "chart-narrow"))
    assert max(len(words) for words in said if words.startswith("X")) == 31
    assert all(len(words) < 40 for words in said if words[0] in "UNP")


@pytest.mark.parametrize(("kind", "letters"), [("chart-wide", 37), ("chart-broad", 48)])
def test_who_files_is_cut_before_the_total(kind: str, letters: int) -> None:
    """The note has from 52% to 97.8%: 293 px of 640 or 366 px of 800.

    The total with its comma takes 7 letters; at 6.48 px a letter 38 or 49 are left, the last an ellipsis. The
    title has all of it.
    """
    units = (svg.Unit("U" * 80, "N" * 80, UNITS[0].holdings),)
    root = drawn(a_picture(units), kind)
    assert "N" * letters + "…, $500k" in texts(root)
    assert "N" * 80 + ", $500k" in titles(root) and "U" * 80 in titles(root)


def test_who_files_has_the_room_that_a_short_name_leaves() -> None:
    note = "Lavinia Larkenshaw, Clementine Larkenshaw, Ottoline"  # 51 letters, 7 of the total: 376 px
    root = drawn(a_picture((svg.Unit("Joint return", note, UNITS[0].holdings),)), "chart-wide")
    assert f"{note}, $500k" in texts(root)
    assert titles(root) == []


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        (
            "chart-narrow",
            "Individual · Emeka Mukherj…",
        ),  # 27 letters: 181 px of 256 between 10% and the value
        ("chart-phone", "Individual · Emeka Mukherjani"),  # 33: 218 px of 300
    ],
)
def test_owners_are_cut_only_where_the_value_stands(kind: str, said: str) -> None:
    units = (
        svg.Unit(
            "Return", "Emeka", (a_holding("A", 400_000, owner="Emeka Mukherjani", marks={0: "counts"}),)
        ),
    )
    root = drawn(a_picture(units), kind)
    assert said in texts(root)
    assert ("Individual · Emeka Mukherjani" in titles(root)) == said.endswith("…")


def test_the_table_holds_every_account_and_what_is_not_known() -> None:
    chart = a_picture(
        (svg.Unit("Open", "", (a_holding("A", None, owner="", what="", held_at="", platform=""),)),), ()
    )
    assert chart.rows == (
        ("A", "None named", "Open", "Not known", "Not known, Not known", "–", "None"),
    )  # fmt: skip
    assert 5 not in chart.words and {1, 2, 3, 4, 6} <= chart.words
    assert a_picture().rows[1] == (
        "Second", "Ann Adler", "Joint return", "Individual", "Fidelity, Orion", "$100,000",
        "Judgment: no source",
    )  # fmt: skip


def test_what_it_says_is_written_from_the_numbers() -> None:
    assert a_picture().description == (
        "Joint return: 2 accounts, $500k. Cleo's return: 0 accounts, nothing. "
        "Retirement accounts: 1 account, value not known. "
        "3 accounts on the wash-sale line of Ann and Ben."
    )


@pytest.mark.parametrize("marks", [{1: "counts"}, {0: "perhaps"}])
def test_a_mark_that_means_nothing_is_an_error(marks: dict[int, str]) -> None:
    with pytest.raises(ValueError, match="no such line or mark"):
        a_picture((svg.Unit("U", "", (a_holding("A", marks=marks),)),))


def test_names_are_escaped() -> None:
    chart = a_picture((svg.Unit("<b>", "&", (a_holding("<script>"),)),), ())
    assert "<script>" not in chart.svg and "&lt;script&gt;" in chart.svg


def test_the_stylesheet_shows_each_width_from_where_it_fits() -> None:
    """One drawing is shown at a time: each from its own least width on, in the place of the one before."""
    css = (settings.BASE_DIR / "static" / "css" / "charts.css").read_text()
    names = list(LAYOUTS)
    assert [f"chart-{name}" for name in names] == list(WIDTHS)
    hidden = ", ".join(f".chart-{name}" for name in names[1:])
    assert f"{hidden} {{ display: none; }}" in css
    for before, name in pairwise(names):
        assert (
            f"@container (min-width: {LAYOUTS[name].across:g}px) {{ .chart-{name} {{ display: block; }} "
            f".chart-{before} {{ display: none; }} }}"
        ) in css
