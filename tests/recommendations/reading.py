"""Pages as a reader gets them."""

import re
from typing import Any

from django.test import Client
from django.urls import reverse

from advisory.recommendations.models import Recommendation


def client_of(user: Any) -> Client:
    client = Client()
    client.force_login(user)
    return client


def page_of(client: Client, recommendation: Recommendation) -> str:
    answer = client.get(reverse("recommendations:recommendation", args=[recommendation.pk]))
    assert answer.status_code == 200
    return words_of(answer.content.decode())


def words_of(html: str) -> str:
    """The page as it is read: tags gone, blanks folded."""
    text = re.sub(r"<[^>]+>", " ", html)
    return re.sub(r"\s+", " ", text.replace("&#x27;", "'").replace("&amp;", "&").replace("\xa0", " "))
