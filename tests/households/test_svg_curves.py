"""The picture of a rule: where its line runs, what stands beside the axes, what is tinted."""

import re

import pytest

from households.foundation.svg.canvas import Chart
from households.foundation.svg.curves import rule_plot

POINTS = [(0.0, 0.0), (1.0, 50.0), (2.0, 100.0)]


def drawn(points: list[tuple[float, float]] = POINTS, **changes: object) -> Chart:
    given: dict[str, object] = {
        "title": "Headroom",
        "low": 0.0,
        "high": 2.0,
        "across": "times",
        "upward": "points of fit",
        "write_value": lambda value: f"{value:g}",
        "write_result": lambda result: f"{result:g}",
    }
    return rule_plot(points, **(given | changes))  # type: ignore[arg-type]


def lines(chart: Chart) -> list[tuple[float, ...]]:
    """Ends of the lines of the rule itself."""
    found = re.findall(
        r'<line x1="([\d.]+)%" y1="([\d.]+)" x2="([\d.]+)%" y2="([\d.]+)" class="ch-curve"', chart.svg
    )
    return [tuple(map(float, ends)) for ends in found]


def words(chart: Chart) -> list[str]:
    return re.findall(r"<text[^>]*>([^<]*)</text>", chart.svg)


def test_a_line_runs_through_its_points() -> None:
    # Across from 14 to 97, so half way is 55.5; down from 148 (0) to 28 (100), so 50 lies at 88.
    assert lines(drawn()) == [(14.0, 148.0, 55.5, 88.0), (55.5, 88.0, 97.0, 28.0)]


def test_a_line_is_level_beyond_its_ends() -> None:
    level = lines(drawn(low=-1.0, high=3.0))
    assert level[0] == (14.0, 148.0, 34.75, 148.0)
    assert level[-1] == (76.25, 28.0, 97.0, 28.0)


def test_bands_are_steps_each_from_its_own_value() -> None:
    steps = lines(drawn([(0, 0), (1, 100)], steps=True))
    assert steps == [(14.0, 148.0, 55.5, 148.0), (55.5, 28.0, 97.0, 28.0), (55.5, 148.0, 55.5, 28.0)]


def test_results_below_zero_hang_from_the_axis() -> None:
    hanging = drawn([(0, 0), (2, -20)])
    assert lines(hanging) == [(14.0, 28.0, 97.0, 148.0)]
    assert [word for word in words(hanging) if word.startswith("-")] == ["-20", "-15", "-10", "-5"]


def test_axes_are_told_with_their_units() -> None:
    told = words(drawn())
    assert told[0] == "points of fit" and told[-1] == "times"
    assert {"0", "25", "50", "75", "100"} <= set(told)


def test_values_that_would_run_into_each_other_are_left_out_but_never_the_last() -> None:
    close = words(drawn([(0, 0), (1.95, 50), (2, 100)]))
    assert "1.95" not in close and "2" in close


def test_where_the_reason_is_given_is_tinted_and_said() -> None:
    tinted = drawn(said=[(1.0, 2.0)])
    assert '<rect x="55.5%" y="28" width="41.5%" height="120" class="ch-either-soft"' in tinted.svg
    assert "gives its reason here" in words(tinted)
    assert "gives its reason here" not in words(drawn())


def test_the_numbers_behind_it_are_there() -> None:
    chart = drawn()
    assert chart.columns == ("Times", "Points of fit")
    assert chart.rows == (("0", "0"), ("1", "50"), ("2", "100"))
    assert chart.description == "Points of fit, by times: 0 at 0, 50 at 1, 100 at 2."


def test_a_rule_that_gives_nothing_is_a_line_on_the_axis() -> None:
    assert lines(drawn([(0, 0), (2, 0)])) == [(14.0, 148.0, 97.0, 148.0)]


def test_an_empty_scale_cannot_be_drawn() -> None:
    with pytest.raises(ValueError, match=r"Headroom: a scale from 1.0 to 1.0"):
        drawn(low=1.0, high=1.0)


def test_words_of_a_policy_are_escaped() -> None:
    assert "<b>" not in drawn(title="<b>", across="<b>", upward="<b>").svg
