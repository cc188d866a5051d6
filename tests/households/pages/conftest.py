"""Clients that are signed in, and how a page is read."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.test import Client
from django.utils.html import escape

from households.forms.editing import RecordForm
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


@dataclass
class OpenForm:
    """The form of a record that somebody has open: what it holds, and what it sends back."""

    client: Client
    address: str
    held: dict[str, str] = field(default_factory=dict)
    was: str = ""

    def send(self, **answers: str) -> Any:
        """Type these values, send the form, and hold what came back if it was refused."""
        self.held |= answers
        answer = self.client.post(self.address, {**self.held, "was": self.was})
        if "form" in (answer.context or {}):
            self._read(answer.context["form"])
        return answer

    def _read(self, form: RecordForm) -> None:
        self.was = form.was
        shown = {bound.html_name: bound.value() for bound in form}
        self.held = {
            name: str(getattr(value, "pk", value))
            for name, value in shown.items()
            if value not in (None, False)
        }


def open_form(client: Client, address: str) -> OpenForm:
    """Open a record's form; a box that is not ticked is not sent, as browsers do."""
    page = client.get(address)
    form = page.context["form"]
    assert f'name="was" value="{escape(form.was)}"' in page.content.decode()
    opened = OpenForm(client, address)
    opened._read(form)
    return opened
