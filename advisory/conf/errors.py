"""One handler for pages, one for the API: what was wrong, with the value and the remedy."""

from collections.abc import Callable
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from rest_framework import exceptions
from rest_framework.response import Response

from households.foundation.errors import DomainError
from households.foundation.pages import page_before

PROBLEM_JSON = "application/problem+json"


class DomainErrorMiddleware:
    """Turns a domain error that no view answered into a plain page."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if not isinstance(error, DomainError):
            return None
        said = {"error": error, "back": _page_before(request)}
        return render(request, "domain_error.html", said, status=error.status)


def _page_before(request: HttpRequest) -> str:
    """The page of ours whose button was pressed; empty where there is none, or where it is this address."""
    before = page_before(request)
    return "" if before == request.build_absolute_uri() else before


def api_exception_handler(error: Exception, context: dict[str, Any]) -> Response | None:
    """Every API error as RFC 9457 problem details."""
    if isinstance(error, DomainError):
        body = {
            "title": error.problem,
            "status": error.status,
            "field": error.field or None,
            "value": error.value,
            "remedy": error.remedy or None,
        }
        return Response(body, status=error.status, content_type=PROBLEM_JSON)
    if isinstance(error, Http404):
        error = exceptions.NotFound()
    elif isinstance(error, PermissionDenied):
        error = exceptions.PermissionDenied()
    if not isinstance(error, exceptions.APIException):
        return None
    headers = {}
    if getattr(error, "auth_header", None):
        headers["WWW-Authenticate"] = error.auth_header
    if getattr(error, "wait", None):
        headers["Retry-After"] = str(int(error.wait))
    detail = error.detail
    body = {"title": error.default_detail, "status": error.status_code}
    body |= {"errors": detail} if isinstance(detail, dict | list) else {"title": str(detail)}
    return Response(body, status=error.status_code, headers=headers, content_type=PROBLEM_JSON)
