"""How numbers and dates are written; every expectation by hand."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from households.foundation import formats


@pytest.mark.parametrize(
    ("cents", "written"),
    [(123400, "$1,234"), (123456, "$1,234.56"), (0, "$0"), (-123400, "−$1,234"), (50, "$0.50")],
)
def test_money_shows_cents_only_where_there_are_some(cents: int, written: str) -> None:
    assert formats.money(cents) == written


def test_money_with_places_rounds_half_away_from_zero() -> None:
    assert formats.money(123400, 2) == "$1,234.00"
    assert formats.money(123450, 0) == "$1,235"


@pytest.mark.parametrize(
    ("amount", "written"),
    [
        (850_000, "$850k"),
        (1_200_000.0, "$1.2m"),
        (3_400_000_000, "$3.4bn"),
        (999_999, "$1m"),
        (1_000_000, "$1m"),
        (950, "$950"),
        (999.6, "$1k"),
        (-2_500_000, "−$2.5m"),
        (0, "$0"),
    ],
)
def test_compact_dollars(amount: float, written: str) -> None:
    assert formats.compact_dollars(amount) == written


def test_compact_money_takes_cents() -> None:
    assert formats.compact_money(120_000_000) == "$1.2m"


def test_shares_rates_and_basis_points() -> None:
    assert formats.percent(0.234) == "23.4%"
    assert formats.percent(0.25) == "25%"
    assert formats.percent(-0.0105) == "−1.1%"
    assert formats.percent(Decimal("0.2385"), 2) == "23.85%"
    assert formats.bps(35.0) == "35 bps"
    assert formats.bps(62.54) == "62.5 bps"


def test_signs_are_true_and_zero_has_none() -> None:
    assert formats.signed(12.3) == "+12.3"
    assert formats.signed(-4) == "−4.0"
    assert formats.signed(-0.04) == "0.0"
    assert formats.signed(0) == "0.0"


def test_halves_round_as_a_reader_expects() -> None:
    assert formats.decimal(0.125, 2) == "0.13"
    assert formats.decimal(2.5, 0) == "3"


@pytest.mark.parametrize("unknown", [None, "", float("nan")])
@pytest.mark.parametrize("write", ["money", "dollars", "compact_money", "percent", "bps", "signed", "count"])
def test_unknown_is_a_dash_and_never_zero(write: str, unknown: object) -> None:
    assert getattr(formats, write)(unknown) == "–"


def test_dates_are_told_in_the_firms_time_zone() -> None:
    late = datetime(2026, 11, 23, 2, 5, tzinfo=UTC)  # 9:05 PM the day before in New York
    assert formats.day(date(2026, 11, 2)) == "Nov 2, 2026"
    assert formats.day(late) == "Nov 22, 2026"
    assert formats.moment(late) == "Nov 22, 2026, 9:05 PM"
    assert formats.moment(datetime(2026, 7, 1, 16, 0, tzinfo=UTC)) == "Jul 1, 2026, 12:00 PM"
    assert formats.day(None) == "–"


def test_moments_of_files_say_the_offset_of_the_firms_zone() -> None:
    """New York is 5 hours behind UTC in winter and 4 in summer."""
    assert formats.stamp(datetime(2026, 11, 23, 2, 5, 9, 123456, tzinfo=UTC)) == "2026-11-22 21:05:09-05:00"
    assert formats.stamp(datetime(2026, 7, 1, 2, 5, 9, tzinfo=UTC)) == "2026-06-30 22:05:09-04:00"
    assert formats.stamp(None) == ""


def test_yes_no_and_unknown_are_three_things() -> None:
    assert [formats.yes_no(v) for v in (True, False, None)] == ["Yes", "No", "–"]
