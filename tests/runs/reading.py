"""Pages of bulk reviews as a reader gets them."""

from typing import Any

from django.test import Client
from django.urls import reverse


def html_of(client: Client, name: str, *args: Any, query: str = "") -> str:
    """The page of that name, which must be there."""
    answer = client.get(reverse(name, args=args) + query)
    assert answer.status_code == 200, answer.content
    return answer.content.decode()
