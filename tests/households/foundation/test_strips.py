"""Names of the zones of a strip stand clear of both diamonds, the value's and the record's."""

import re

import pytest

from households.foundation.svg.strips import _MARKER, Zone, _clear, threshold_strip


def test_a_name_goes_to_the_widest_part_beside_all_diamonds() -> None:
    assert _clear(0, 100, [], "SMA") == 50
    assert _clear(0, 100, [50], "SMA") == (50 + _MARKER + 100) / 2
    # Between 20 and 75 there is more room than before or behind.
    assert _clear(0, 100, [20, 75, 47.5], "SMA") == pytest.approx((75 + _MARKER + 100) / 2)
    assert _clear(0, 8, [4], "SMA") is None


def test_the_hollow_diamond_covers_no_name() -> None:
    drawn = threshold_strip(
        title="Cash", value=10, low=0, high=100, write=str, recorded=50, zones=[Zone(0, 100, "SMA")]
    )
    places = [float(x) for x in re.findall(r'<text[^>]*x="([\d.]+)%?"[^>]*>SMA<', drawn.svg)]
    assert places
    assert all(abs(place - 50) > _MARKER for place in places)
