"""The what-if form of a record as a client reads and sends it."""

import re
from typing import Any

from django.test import Client
from django.urls import reverse

from advisory.recommendations.models import Recommendation


def url(row: Recommendation) -> str:
    return reverse("recommendations:what_if", args=[row.pk])


def opened(client: Client, row: Recommendation, **query: Any) -> dict[str, str]:
    """The fields of the what-if form as its page shows them."""
    return fields_of(client.get(url(row), query).content.decode())


def fields_of(html: str) -> dict[str, str]:
    part = html[html.index('id="what-if-form"') :]
    found = {}
    for tag in re.findall(r"<input[^>]*>", part):
        name, value = re.search(r'name="([^"]*)"', tag), re.search(r'value="([^"]*)"', tag)
        if name and ('type="radio"' not in tag or "checked" in tag):
            found[name[1]] = value[1].replace("&quot;", '"') if value else ""
    for name, options in re.findall(r'<select[^>]*name="([^"]*)"[^>]*>(.*?)</select>', part, re.DOTALL):
        chosen = re.search(r'value="([^"]*)" selected', options)
        found[name] = chosen[1] if chosen else ""
    found.pop("name", None)
    return found


def sent(client: Client, row: Recommendation, fields: dict[str, str], **extra: Any) -> tuple[int, str]:
    answer = client.post(url(row), fields, **extra)
    return answer.status_code, answer.content.decode()
