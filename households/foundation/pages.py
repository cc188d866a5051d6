"""Which page a request belongs to: the one it came from, or the one its address lies under."""

from collections.abc import Callable
from urllib.parse import urlsplit

from django.http import HttpRequest
from django.urls import Resolver404, resolve
from django.utils.http import url_has_allowed_host_and_scheme


def page_before(request: HttpRequest) -> str:
    """The full address of the page of ours that sent this request; empty where no page of ours did."""
    before = request.headers.get("referer", "")
    ours = url_has_allowed_host_and_scheme(before, {request.get_host()}, require_https=request.is_secure())
    return before if ours else ""


def page_over(address: str, may_open: Callable[[str], bool]) -> str:
    """The address itself where it is a page, or the nearest one above it; at last the start page.

    Args:
        address: of this host; one that is a page keeps its query.
        may_open: whether the view of this name can be opened as a page.
    """
    parts = urlsplit(address)
    path = parts.path
    while path not in ("", "/"):
        try:
            if may_open(resolve(path).view_name):
                query = f"?{parts.query}" if parts.query and path == parts.path else ""
                return path + query
        except Resolver404:
            pass
        path = path.rstrip("/").rpartition("/")[0] + "/"
    return "/"
