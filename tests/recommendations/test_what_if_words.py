"""What if, in words and on the sliders: round limits, thumbs on whole stops, and facts that stayed behind."""

from typing import Any

import pytest

from advisory.recommendations.what_if.choosing import Room
from advisory.recommendations.what_if.controls import _slider
from implementation.rules.changes.sweep import Span
from tests.recommendations.conftest import case_facts
from tests.recommendations.reading import client_of, words_of
from tests.recommendations.what_if_form import opened, sent

pytestmark = pytest.mark.django_db
HTMX = {"HTTP_HX_REQUEST": "true"}
# $2m with gains of $500,000 and no losses: net gains are a quarter of the value.
GAINS = {
    "unrealized_gain": 500_000, "unrealized_loss": 0, "short_term_gain": 0,
    "unrealized_gain_share": 0.25, "stock_gain_share": 0.25,
}  # fmt: skip


def test_gains_that_stay_behind_are_named(firm: Any, present: Any) -> None:
    row, client = present(case_facts(3, **GAINS)), client_of(firm.advisor)
    told = opened(client, row)
    told |= {"shown": f"{told['shown']} stock_gain_share", "stock_gain_share": "-100"}
    _, html = sent(client, row, told, **HTMX)
    said = words_of(html)
    assert "Left as recorded" in said
    assert "Unrealized gains, gross: $500,000" in said
    assert "These no longer add up with what you set" in said


def test_nothing_is_left_behind_where_gains_still_add_up(firm: Any, present: Any) -> None:
    row, client = present(case_facts(3, **GAINS)), client_of(firm.advisor)
    told = opened(client, row)
    told |= {"shown": f"{told['shown']} stock_gain_share", "stock_gain_share": "20"}
    _, html = sent(client, row, told, **HTMX)
    assert "You set" in html
    assert "Left as recorded" not in html


def test_the_thumb_of_a_slider_stands_where_the_value_is() -> None:
    """A browser counts from the low end: from -50.5 it could stand at 64.5 or 65.5 alone."""
    slider = _slider("stock_gain_share", 0.65, Room(-0.505, 0.974922, Span({}, -0.505, 0.974922)))
    assert (slider.low, slider.high, slider.stop, slider.value) == ("-50", "97", "1", "65")


def test_a_room_narrower_than_a_stop_keeps_its_ends() -> None:
    slider = _slider("stock_gain_share", 0.003, Room(0.002, 0.006, Span({}, 0.002, 0.006)))
    assert (slider.low, slider.high, slider.value) == ("0.2", "0.6", "0.3")
