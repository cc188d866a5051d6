"""Who is named for the value that stands: whoever history says made it, and nobody else."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from households import services
from households.models import Change, Import, Position
from tests.firm import Firm
from tests.households.imports.files import APPLE, LATER, positions_upload
from tests.households.imports.steps import commit, stage
from tests.households.imports.test_undoing import DEARER, undo
from tests.households.pages.conftest import OpenForm, open_form, text_of


def mark(firm: Firm, **values: Any) -> None:
    """What the assistant says of AAPL."""
    apple = firm.account.positions.get(symbol="AAPL")
    services.mark_position(by=firm.assistant, position=apple, **values)


def imported(firm: Firm) -> Import:
    """AAPL is a stock by a later file, whatever was said of it."""
    return commit(firm, stage(firm, positions_upload(DEARER, title=LATER)))


@pytest.fixture
def opened(firm: Firm, advisor: Client) -> Callable[[], OpenForm]:
    """AAPL by a first file; its form, opened when it is asked for."""
    commit(firm, stage(firm, positions_upload(APPLE)))
    apple = Position.objects.get(symbol="AAPL")
    assert apple.asset_class == "stock"
    return lambda: open_form(advisor, reverse("households:position", args=[apple.pk]))


def typed(page: OpenForm, **answers: str) -> Any:
    """Send the form with these marks."""
    prefix = next(name for name in page.held if name.endswith("-asset_class")).removesuffix("asset_class")
    return page.send(**{prefix + name: text for name, text in answers.items()})


def test_a_class_that_an_import_set_is_not_whose_it_was(firm: Firm, opened: Callable[[], OpenForm]) -> None:
    mark(firm, asset_class="bond")
    page = opened()
    imported(firm)
    answer = typed(page, asset_class="fund")
    (clash,) = answer.context["form"].clashes
    assert (clash.theirs, clash.who, clash.when) == ("Stock", "", None)
    told = text_of(answer)
    assert f"you entered “{clash.mine}”, and somebody else changed it to “Stock” since you opened" in told
    assert "Assistant Tester" not in told


def test_news_of_a_class_that_an_import_set(
    firm: Firm, advisor: Client, opened: Callable[[], OpenForm]
) -> None:
    mark(firm, asset_class="bond")
    page = opened()
    imported(firm)
    told = text_of(advisor.get(typed(page, issuer="Apple").url))
    assert "Asset class is now: Stock." in told


def test_a_class_that_an_undo_brought_back(firm: Firm, opened: Callable[[], OpenForm]) -> None:
    """It is the assistant's word again, but it was not the assistant who changed it now."""
    mark(firm, asset_class="bond")
    import_ = imported(firm)
    page = opened()
    undo(firm, import_)
    (clash,) = typed(page, asset_class="fund").context["form"].clashes
    assert (clash.theirs, clash.who, clash.when) == ("Bond", "", None)


def test_who_marked_it_after_an_import_is_named(firm: Firm, opened: Callable[[], OpenForm]) -> None:
    imported(firm)
    page = opened()
    mark(firm, asset_class="bond", retained=True)
    answer = typed(page, asset_class="fund")
    (clash,) = answer.context["form"].clashes
    row = Change.objects.get(field="AAPL: asset class")
    assert (clash.theirs, clash.who, clash.when) == ("Bond", "Assistant Tester", row.at)
    (item,) = answer.context["form"].news()
    assert (item.label, item.now, item.who) == ("The client wants to keep it", "Yes", "Assistant Tester")
