"""How far the outcome hangs on the weights of the factors."""

from collections.abc import Mapping
from typing import Any

from advisory.recommendations.words import FACTOR_LABELS
from households.foundation.svg import Chart, WeightFlip, stability_bar


def stability_chart(result: Mapping[str, Any]) -> Chart | None:
    """The share of weightings that keep the outcome, and the weights that turn it.

    None where weights decide nothing, and for documents of before single weights were searched.
    """
    if result["decided_by"] != "net_fit" or result["stability"] is None or "weight_flips" not in result:
        return None
    labels = {entry["factor"]: entry["label"] for entry in result["factors"]} | FACTOR_LABELS
    flips = [
        WeightFlip(labels[flip["factor"]], flip["from"], flip["to"], flip["outcome"])
        for flip in result["weight_flips"]
    ]
    return stability_bar(result["stability"], result["outcome"], flips)
