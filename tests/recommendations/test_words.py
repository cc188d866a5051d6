"""The rules' sentences and the page's figures stand side by side, so both write a value alike."""

from collections.abc import Callable

import pytest

from households.foundation import formats
from implementation.rules import wording

_HALVES_AND_MORE = range(-20_000, 20_001)


@pytest.mark.parametrize(
    ("sentence", "figure", "step"),
    [
        (wording.percent, formats.percent, 0.0001),
        (wording.percent, formats.percent, 0.00005),
        (wording.number_words("bps"), formats.bps, 0.05),
        (wording.money, formats.dollars, 1000.25),
        (wording.money, formats.dollars, 1.75),
    ],
    ids=["shares", "finer shares", "bps", "dollars", "small dollars"],
)
def test_sentences_and_figures_round_alike(
    sentence: Callable[[float], str], figure: Callable[[float], str], step: float
) -> None:
    values = [round(number * step, 6) for number in _HALVES_AND_MORE]
    apart = [value for value in values if sentence(value) != figure(value).replace(formats.MINUS, "-")]
    assert apart == []


def test_both_round_halves_away_from_zero() -> None:
    assert (wording.percent(0.1225), formats.percent(0.1225)) == ("12.3%", "12.3%")
    assert (wording.percent(-0.1225), formats.percent(-0.1225)) == ("-12.3%", "−12.3%")
