"""Clients that are signed in, and how a page is read."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from tests.firm import Firm


@pytest.fixture
def signed_in(firm: Firm) -> Callable[[str], Client]:
    """A client for a role of the firm."""

    def as_role(role: str) -> Client:
        client = Client()
        client.force_login(firm.user(role))
        return client

    return as_role


@pytest.fixture
def advisor(signed_in: Callable[[str], Client]) -> Client:
    """The advisor's client."""
    return signed_in("advisor")


def text_of(response: Any) -> str:
    """A page's text with its blanks folded."""
    return " ".join(response.content.decode().split())
