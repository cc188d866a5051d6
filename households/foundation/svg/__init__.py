"""Charts drawn on the server as SVG: no script, no inline style, one picture for screen, paper and PDF.

Every function is pure and deterministic and answers a :class:`Chart`: the picture and the table of the
numbers behind it, which ``components/chart.html`` shows together.
"""

from households.foundation.svg.break_even import break_even_bars
from households.foundation.svg.canvas import Chart
from households.foundation.svg.contrast import Side, two_sided_bars
from households.foundation.svg.costs import Alternative, cost_bars
from households.foundation.svg.counts import Segment, flip_bars, stacked_bar
from households.foundation.svg.curves import rule_plot
from households.foundation.svg.fit import Contribution, diverging_bars, fit_gauge
from households.foundation.svg.household import Holding, Unit, household_picture
from households.foundation.svg.plan import Standing, standing_bars
from households.foundation.svg.stability import WeightFlip, stability_bar
from households.foundation.svg.strips import Mark, Zone, threshold_strip

__all__ = [
    "Alternative",
    "Chart",
    "Contribution",
    "Holding",
    "Mark",
    "Segment",
    "Side",
    "Standing",
    "Unit",
    "WeightFlip",
    "Zone",
    "break_even_bars",
    "cost_bars",
    "diverging_bars",
    "fit_gauge",
    "flip_bars",
    "household_picture",
    "rule_plot",
    "stability_bar",
    "stacked_bar",
    "standing_bars",
    "threshold_strip",
    "two_sided_bars",
]
