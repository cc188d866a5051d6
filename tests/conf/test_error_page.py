"""The page of a refused action leads back to where its button was."""

import pytest
from django.http import HttpResponse
from django.test import RequestFactory

from advisory.conf.errors import DomainErrorMiddleware
from households.foundation.errors import DomainError


@pytest.mark.parametrize(
    ("before", "leads_back"),
    [
        ("http://testserver/runs/1/", True),
        ("http://testserver/runs/1/act/", False),  # itself: that would be the same refusal again
        ("http://elsewhere.example/", False),
        ("", False),
    ],
)
@pytest.mark.django_db
def test_the_way_back(before: str, leads_back: bool) -> None:
    request = RequestFactory().post("/runs/1/act/", headers={"referer": before})
    answer = DomainErrorMiddleware(lambda _: HttpResponse()).process_exception(
        request, DomainError("Too late.")
    )
    assert answer is not None
    text = answer.content.decode()
    assert "Too late." in text
    assert ("Go back to the page" in text) is leads_back
