"""The page of a recommendation says what the dearer structure has to earn, and what limits that here."""

from typing import Any

import pytest
from django.test import Client

from advisory.recommendations.models import Recommendation
from advisory.recommendations.page.money import break_even, cost_rows
from tests.recommendations.reading import page_of

pytestmark = pytest.mark.django_db


def test_the_limits_of_what_it_can_earn_stand_beside_it(firm: Any, publish: Any) -> None:
    """$2m cost 1,750 + 4,500 + 200 in the house SMA, 625 + 1,500 + 1,200 + 3,000 in the UMA: $125 less."""
    (done,) = publish({firm.account: 3})
    client = Client()
    client.force_login(firm.advisor)
    said = page_of(client, Recommendation.objects.get(pk=done.recommendation_id))
    assert "The SMA costs $125 more a year, which is 0.6 bps of the $2,000,000" in said
    assert "Harvesting fades to about nothing in 5 years without short-term gains or new money" in said
    assert "$200,000 of usable gains" in said
    assert "the tax comes back when the holdings are sold" in said


def test_nothing_is_called_the_cheapest_beside_its_equal() -> None:
    def entry(name: str, structure: str, *, cheapest: bool) -> dict[str, Any]:
        return {
            "name": name, "structure": structure, "program": name, "bps": 30.0, "dollars": 900.0,
            "eligible": True, "cheapest": cheapest, "note": "Price as the shelf states it.",
        }  # fmt: skip

    def notes(*entries: dict[str, Any]) -> list[str]:
        found = {"cost": entries, "programs": {"SMA": "One", "UMA": "Two"}, "outcome": "EITHER"}
        return [row["note"].removeprefix("Price as the shelf states it.").strip() for row in cost_rows(found)]

    assert notes(entry("One", "SMA", cheapest=True), entry("Two", "UMA", cheapest=True)) == [
        "Nothing that is open costs less; Two costs the same.",
        "Nothing that is open costs less; One costs the same.",
    ]
    assert notes(entry("One", "SMA", cheapest=True), entry("Two", "UMA", cheapest=False)) == [
        "The cheapest that is open.",
        "",
    ]


@pytest.mark.parametrize(
    ("back", "dearer", "outcome", "said"),
    [
        ("yes", "UMA", "UMA", "The UMA earns its higher cost back, even at the low end."),
        ("no", "SMA", "SMA", "The SMA does not earn its higher cost back, even at the high end."),
        ("yes", None, "EITHER", ""),
        (None, "SMA", "UMA", ""),
    ],
)
def test_the_verdict_names_whose_cost_it_is_about(
    back: str | None, dearer: str | None, outcome: str, said: str
) -> None:
    assert verdict_on(back, dearer, outcome) == said


def test_a_verdict_for_another_structure_than_the_outcome_says_how_far_it_goes() -> None:
    said = verdict_on("yes", "UMA", "SMA")
    assert said.startswith("The UMA earns its higher cost back, even at the low end. This looks at cost")


def verdict_on(back: str | None, dearer: str | None, outcome: str) -> str:
    entry = {
        "text": "", "dearer": dearer, "bps": 4.0, "range_bps": [30, 60], "capped_range_bps": [30, 60],
        "caps": [], "earns_back": back,
    }  # fmt: skip
    found = break_even({"break_even": entry, "outcome": outcome})
    assert found is not None
    return str(found["verdict"])
