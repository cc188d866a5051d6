"""Pictures of rules as files of their own: readable on light and dark pages, in a browser, on paper."""

from __future__ import annotations

import re

from households.foundation.svg import Chart
from implementation.rule_plots import plot
from implementation.rules.checks.spans import spans
from implementation.rules.policy import Policy

WIDTH, MARGIN = 480, 14
_LIGHT = {
    "paper": "#ffffff",
    "text": "#13212d",
    "quiet": "#42535f",
    "axis": "#6a7785",
    "rule": "#dde3e8",
    "curve": "#0d4b5e",
    "said": "#dff2ef",
}
_DARK = {
    "paper": "#101b24",
    "text": "#e6edf2",
    "quiet": "#a9b8c4",
    "axis": "#7d8d99",
    "rule": "#273743",
    "curve": "#6fc3d8",
    "said": "#143b38",
}
_HEIGHT = re.compile(r'<svg [^>]*?height="([0-9.]+)"')


def pictures(policy: Policy) -> dict[str, tuple[str, str]]:
    """Key of each rule that is a curve or bands -> name of its file, and the picture."""
    reach = spans(policy)
    drawn = {}
    for key, rule in policy.rules.items():
        chart = plot(rule, reach[key].value)
        if chart is not None:
            drawn[key] = f"{short_key(key)}.svg", standalone(chart)
    return drawn


def short_key(key: str) -> str:
    """`factors.tax.sma.own_harvest` -> `tax.sma.own_harvest`, `need.rules.depth` -> `need.depth`."""
    return key.removeprefix("factors.").replace("need.rules.", "need.")


def standalone(chart: Chart) -> str:
    """A chart with its own paper and colors, which follow the reader's light or dark setting."""
    found = _HEIGHT.match(chart.svg)
    assert found is not None, "a chart begins with its height"
    height = float(found[1])
    full = height + 2 * MARGIN
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {full:g}" width="{WIDTH}"'
        f' height="{full:g}"><style>{_colors(_LIGHT)}@media (prefers-color-scheme: dark) {{{_colors(_DARK)}}}'
        f'</style><rect width="{WIDTH}" height="{full:g}" rx="6" class="paper"/>'
        f'<svg x="{MARGIN}" y="{MARGIN}" width="{WIDTH - 2 * MARGIN}" height="{height:g}">{chart.svg}</svg>'
        "</svg>\n"
    )


def _colors(ink: dict[str, str]) -> str:
    return (
        f".paper{{fill:{ink['paper']}}}.ch-text{{fill:{ink['text']}}}.ch-quiet{{fill:{ink['quiet']}}}"
        f".ch-axis{{stroke:{ink['axis']}}}.ch-rule{{stroke:{ink['rule']}}}.ch-curve{{stroke:{ink['curve']}}}"
        f".ch-dot{{fill:{ink['curve']};stroke:{ink['paper']}}}.ch-either-soft{{fill:{ink['said']}}}"
    )
