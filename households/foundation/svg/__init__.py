"""Charts drawn on the server as SVG: no script, no inline style, one picture for screen, paper and PDF.

Every function is pure and deterministic and answers a :class:`Chart`: the picture and the table of the
numbers behind it, which ``components/chart.html`` shows together.
"""

from households.foundation.svg.canvas import Chart
from households.foundation.svg.costs import Alternative, cost_bars
from households.foundation.svg.counts import Segment, flip_bars, stacked_bar
from households.foundation.svg.fit import Contribution, diverging_bars, fit_gauge
from households.foundation.svg.strips import Mark, Zone, threshold_strip

__all__ = [
    "Alternative",
    "Chart",
    "Contribution",
    "Mark",
    "Segment",
    "Zone",
    "cost_bars",
    "diverging_bars",
    "fit_gauge",
    "flip_bars",
    "stacked_bar",
    "threshold_strip",
]
