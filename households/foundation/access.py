"""Who may call what: the permission matrix, as data, and the two doors that enforce it.

Each app holds its rows in ``permissions.MATRIX``: view name -> HTTP method -> roles. Objects are
scoped by the selectors (a stranger gets 404); here only role and method are judged.
"""

from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.module_loading import import_string
from rest_framework.permissions import BasePermission

from households.foundation.pages import page_before, page_over
from households.foundation.roles import Role

Roles = frozenset[Role]
Matrix = Mapping[str, Mapping[str, Roles]]

EVERYONE: Roles = frozenset(Role)
CLIENT_READERS: Roles = EVERYONE - {Role.ADMINISTRATOR}
CLIENT_EDITORS: Roles = frozenset({Role.ADVISOR, Role.ASSISTANT})
"""They change what is known of a client; what is recommended and decided is the advisor's alone."""
PUBLIC: Roles = frozenset()
"""A row whose roles are ``PUBLIC`` is open to anonymous visitors as well."""


@cache
def permission_matrix() -> dict[str, Mapping[str, Roles]]:
    """Every row of every app, by view name."""
    rows: dict[str, Mapping[str, Roles]] = {}
    for path in settings.PERMISSION_MATRICES:
        rows.update(import_string(path))
    return rows


def may(role: str, view_name: str, method: str) -> bool:
    """Whether a role may call a view with a method; an unlisted view is closed to all."""
    method = "GET" if method in ("HEAD", "OPTIONS") else method
    roles = permission_matrix().get(view_name, {}).get(method)
    return roles is not None and (roles is PUBLIC or role in roles)


def is_public(view_name: str, method: str) -> bool:
    """Whether a view is open to anonymous visitors."""
    return permission_matrix().get(view_name, {}).get(method) is PUBLIC


class AccessMiddleware:
    """Holds every page to its row of the matrix; the API holds itself by :class:`MatrixPermission`."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: Any, kwargs: Any
    ) -> HttpResponseBase | None:
        match = request.resolver_match
        name = match.view_name if match else ""
        method = "GET" if request.method == "HEAD" else str(request.method)
        if name.startswith("api:") or is_public(name, method):
            return None
        if not request.user.is_authenticated:
            return _to_login(request, method)
        role = request.user.role
        if may(role, name, method):
            return None
        if method == "GET" and may(role, name, "POST"):
            messages.warning(request, "Nothing was sent. Press the button again.")
            return redirect(page_over(request.path, lambda page: may(role, page, "GET")))
        raise PermissionDenied


def _to_login(request: HttpRequest, method: str) -> HttpResponseBase:
    """To the log-in, and from there to where one was; who sent something is told that it was lost."""
    if method == "GET":
        return redirect_to_login(request.get_full_path())
    messages.warning(request, "You had been logged out, so nothing was sent. Please do it again.")
    before = page_before(request) or request.path
    return redirect_to_login(page_over(before, lambda page: "GET" in permission_matrix().get(page, {})))


class MatrixPermission(BasePermission):
    """The same matrix for Django REST framework views."""

    def has_permission(self, request: Any, view: Any) -> bool:
        name = request.resolver_match.view_name
        if is_public(name, request.method):
            return True
        return bool(request.user.is_authenticated) and may(request.user.role, name, request.method)


def navigation(request: HttpRequest) -> dict[str, Any]:
    """Context processor: the entries of ``settings.NAVIGATION`` that this user's role may open."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {"navigation": []}
    match = getattr(request, "resolver_match", None)
    here = match.view_name if match else ""
    entries = []
    for label, view_name, icon, section, key in settings.NAVIGATION:
        if may(user.role, view_name, "GET"):
            active = here == view_name or bool(section and here.startswith(section))
            url = reverse(view_name)
            entries.append({"label": label, "url": url, "icon": icon, "active": active, "key": key})
    return {"navigation": entries, "may_search": may(user.role, "recommendations:search", "GET")}
