"""Books drawn once for all tests of the generator."""

from datetime import date

import pytest

from households.generation.draw import Book, draw_book, draw_demo

AS_OF = date(2026, 11, 20)


@pytest.fixture(scope="session")
def demo() -> Book:
    return draw_demo(as_of=AS_OF)


@pytest.fixture(scope="session")
def book() -> Book:
    """12,000 accounts: enough for shares to settle within a percent or two."""
    return draw_book(12_000, seed=11, as_of=AS_OF)
