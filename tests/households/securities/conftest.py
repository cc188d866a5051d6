"""Clients of each role, as the page tests of households have them."""

from tests.households.pages.conftest import advisor, signed_in

__all__ = ["advisor", "signed_in"]
