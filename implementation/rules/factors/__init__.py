"""The six factors, one a file: how well a structure fits, 0 to 100, from the facts that its arguments name.

The same function scores both structures. What differs is `p`, the parameters that the policy states for the
structure, and the measures of the program that represents it (`MEASURES_MEAN`).
"""

from __future__ import annotations

import ast
import inspect
import textwrap
from collections.abc import Callable
from typing import Any

from implementation.rules.factors import context, cost, customization, funding, minimums, tax

Fit = Callable[..., Any]

FACTORS: tuple[str, ...] = ("minimums", "funding", "tax", "context", "customization", "cost")
FITS: dict[str, Fit] = {
    "minimums": minimums.fit,
    "funding": funding.fit,
    "tax": tax.fit,
    "context": context.fit,
    "customization": customization.fit,
    "cost": cost.fit,
}
LABELS: dict[str, str] = {
    "minimums": minimums.LABEL,
    "funding": funding.LABEL,
    "tax": tax.LABEL,
    "context": context.LABEL,
    "customization": customization.LABEL,
    "cost": cost.LABEL,
}
MEASURES: dict[str, str] = {
    "headroom_now": "ratio",
    "headroom_after": "ratio",
    "headroom_sleeve": "ratio",
    "overlay_reach": "flag",
    "annual_cost_bps": "bps",
    "cost_saving_bps": "bps",
}


MEASURES_MEAN: dict[str, str] = {
    "headroom_now": "counted value over the program's initial minimum",
    "headroom_after": "counted value after planned withdrawals over the program's maintenance minimum",
    "headroom_sleeve": "value meant for direct indexing over the program's sleeve minimum",
    "overlay_reach": "whether the program's overlay can act on other accounts at this custodian (0 or 1)",
    "annual_cost_bps": "all-in cost at this size, bps a year",
    "cost_saving_bps": "how much less that is than the other structure's, bps a year; negative when dearer",
}
"""What each measure is; `MEASURES` says of which kind."""


def reads(rule: Fit) -> tuple[str, ...]:
    """Names of the facts and measures that a rule reads: its arguments, `p` apart."""
    return tuple(name for name in inspect.signature(rule).parameters if name != "p")


def asks(rule: Fit) -> frozenset[str]:
    """Names of the parameters that a rule asks the policy for: its uses of `p`."""
    tree = ast.parse(textwrap.dedent(inspect.getsource(rule)))
    return frozenset(
        node.attr
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "p"
    )
