"""The stage the gallery is shown on: the real static files and policy, a user and a navigation of its own."""

from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase

MAYA = SimpleNamespace(
    is_authenticated=True,
    first_name="Maya",
    last_name="Torres",
    email="maya@example.com",
    office="Boston",
    get_full_name="Maya Torres",
    get_role_display="Advisor",
)


class SignedIn:
    """Middleware: everybody is Maya."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        request.user = MAYA  # type: ignore[assignment]
        return self.get_response(request)


def navigation(request: HttpRequest) -> dict[str, Any]:
    """The context an advisor's page has."""
    entries = [
        ("Book", "people", True),
        ("Recommendations", "clock-history", False),
        ("Programs", "grid", False),
    ]
    return {
        "user": MAYA,
        "navigation": [{"label": a, "url": "/", "icon": b, "active": c} for a, b, c in entries],
    }


def stage() -> dict[str, Any]:
    """Settings to override."""
    engine = dict(settings.TEMPLATES[0])
    engine["DIRS"] = [*engine["DIRS"], Path(__file__).parent]
    engine["OPTIONS"] = engine["OPTIONS"] | {
        "context_processors": [
            "django.template.context_processors.request",
            "tests.conf.gallery.stage.navigation",
        ]
    }
    return {
        "ROOT_URLCONF": "tests.conf.gallery.urls",
        "TEMPLATES": [engine],
        "MIDDLEWARE": [
            "csp.middleware.CSPMiddleware",
            "django.middleware.csrf.CsrfViewMiddleware",
            "tests.conf.gallery.stage.SignedIn",
        ],
    }
