"""The permission matrix, cell by cell: every page and API operation x role x own or a stranger's object."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from households.foundation.access import PUBLIC, may, permission_matrix
from households.foundation.roles import Role
from tests.conf.access.objects import Objects

NOT_OURS = {"static"}
# Signs the caller out or in, or needs a fresh password: judged by tests of their own.
CHANGES_THE_SESSION = {"logout", "login", "password_change"}


def _patterns(resolver: URLResolver, namespace: str = "") -> Iterator[tuple[str, set[str]]]:
    for entry in resolver.url_patterns:
        if isinstance(entry, URLResolver):
            inner = f"{namespace}{entry.namespace}:" if entry.namespace else namespace
            yield from _patterns(entry, inner)
        elif isinstance(entry, URLPattern):
            yield f"{namespace}{entry.name}", set(entry.pattern.converters)


def every_view() -> dict[str, set[str]]:
    """View name -> the names of its URL arguments, for every address of the project."""
    return {name: kwargs for name, kwargs in _patterns(get_resolver()) if name not in NOT_OURS}


CELLS = [
    pytest.param(name, method, id=f"{method} {name}")
    for name, rows in sorted(permission_matrix().items())
    for method in sorted(rows)
    if name not in CHANGES_THE_SESSION
]


def _call(client: Client, name: str, method: str, kwargs: dict[str, Any]) -> int:
    options = {"content_type": "application/json", "data": "{}"} if name.startswith("api:") else {}
    return client.generic(
        method, reverse(name, kwargs=kwargs), **({"data": "", **options} if method != "GET" else {})
    ).status_code


def test_every_address_has_its_row_and_every_row_its_address() -> None:
    assert set(every_view()) == set(permission_matrix())


@pytest.mark.parametrize(("name", "method"), CELLS)
def test_a_cell(name: str, method: str, objects: Objects, firm: Any) -> None:
    kwargs = every_view()[name]
    own, strangers = objects.own(kwargs), objects.strangers(kwargs)
    public = permission_matrix()[name][method] is PUBLIC

    anonymous = _call(Client(), name, method, own)
    assert anonymous in ((200, 302) if public else (401,) if name.startswith("api:") else (302,))

    for role in Role:
        client = Client()
        client.force_login(firm.user(role))
        status = _call(client, name, method, own)
        if public or may(role, name, method):
            assert status < 500, f"{role} gets {status}"
            assert status not in (401, 403, 405), f"{role} is allowed and gets {status}"
            scoped = kwargs & objects.scoped
            if method == "GET" and scoped and role != Role.ADMINISTRATOR:
                assert status in (200, 302), f"{role} may read this and gets {status}"
            if scoped and role in (Role.ADVISOR, Role.ASSISTANT, Role.SUPERVISOR, Role.EXAMINER):
                assert _call(client, name, method, strangers) == 404, f"{role} reaches a stranger's object"
        else:
            assert status == 403, f"{role} is not allowed and gets {status}"
            if name.startswith("api:"):
                continue
            missing = _call(client, name, method, objects.missing(kwargs))
            assert missing == 403, f"{role} learns whether the object exists"


@pytest.mark.parametrize("name", sorted(set(permission_matrix()) - CHANGES_THE_SESSION))
def test_a_method_outside_the_matrix_is_refused(name: str, objects: Objects, firm: Any) -> None:
    client = Client()
    client.force_login(firm.advisor)
    sent_only = not name.startswith("api:") and may(Role.ADVISOR, name, "POST")
    for method in {"GET", "POST", "PUT", "PATCH", "DELETE"} - set(permission_matrix()[name]):
        refused = (302,) if method == "GET" and sent_only else (403, 405)  # see test_nothing_sent
        assert _call(client, name, method, objects.own(every_view()[name])) in refused
