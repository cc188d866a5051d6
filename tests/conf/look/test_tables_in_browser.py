"""Wide tables and tables of problems on a phone."""

import pytest

from tests.conf.look.conftest import Watched

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("opened", [{"viewport": {"width": 375, "height": 900}}], indirect=True)
def test_what_is_wrong_with_a_file_is_read_whole_on_a_phone(opened: Watched) -> None:
    region = opened.page.get_by_role("region", name="Problems of the file")
    widths = region.evaluate("e => [e.scrollWidth, e.clientWidth, e.querySelector('th').offsetWidth]")
    assert widths[0] <= widths[1], "the words lie off the screen"
    assert widths[2] <= 110, "the line's number takes the room"


PHONES = [{"color_scheme": theme, "viewport": {"width": 375, "height": 900}} for theme in ("light", "dark")]


@pytest.mark.parametrize("opened", PHONES, indirect=True, ids=["light", "dark"])
def test_a_table_shows_at_its_edge_that_more_of_it_lies_behind(opened: Watched) -> None:
    """Three pixels of the upper padding of its first row: of the plain ground, or of a bar."""
    region = opened.page.get_by_role("region", name="Accounts", exact=True)
    first = region.locator("tbody tr").first
    first.scroll_into_view_if_needed()

    def seen(at: str) -> bytes:
        place, row = region.bounding_box(), first.bounding_box()
        assert place is not None
        assert row is not None
        right = place["x"] + place["width"]
        left = {"left": place["x"], "middle": (place["x"] + right) / 2, "right": right - 3}[at]
        return opened.page.screenshot(clip={"x": left, "y": row["y"] + 2, "width": 3, "height": 3})

    assert region.evaluate("e => e.scrollWidth > e.clientWidth")
    plain = seen("middle")
    assert (seen("left") == plain, seen("right") == plain) == (True, False)
    region.evaluate("e => { e.scrollLeft = 60 }")
    assert (seen("left") == plain, seen("right") == plain) == (False, False)
    region.evaluate("e => { e.scrollLeft = e.scrollWidth }")
    assert (seen("left") == plain, seen("right") == plain) == (False, True)
