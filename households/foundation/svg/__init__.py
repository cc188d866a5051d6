"""Charts drawn on the server as SVG: no script, no inline style, one picture for screen, paper and PDF.

Every function is pure and deterministic and answers a :class:`Chart`: the picture and the table of the
numbers behind it, which ``components/chart.html`` shows together.
"""

from households.foundation.svg.canvas import Chart

__all__ = ["Chart"]
