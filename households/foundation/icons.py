"""Icons inlined into pages: read once from the vendored sprite, so that they print and need no request."""

import difflib
import re
from functools import cache

from django.conf import settings
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

SYMBOL = re.compile(r'<symbol id="([^"]+)"[^>]*>(.*?)</symbol>', re.DOTALL)


@cache
def _symbols() -> dict[str, SafeString]:
    sprite = settings.BASE_DIR / "static/vendor/bootstrap-icons/sprite.svg"
    return {name: mark_safe(body) for name, body in SYMBOL.findall(sprite.read_text())}  # noqa: S308 - vendored file


def icon_svg(name: str, *, label: str = "", size: str = "") -> SafeString:
    """The icon as inline SVG.

    Args:
        name: its Bootstrap Icons name; the kept ones stand in static/vendor/bootstrap-icons/names.txt.
        label: what it says; without one it is decoration and hidden from assistive technology.
        size: "" (text height) or "lg".

    Raises:
        LookupError: no such icon in the sprite; the message names near ones.
    """
    body = _symbols().get(name)
    if body is None:
        near = ", ".join(difflib.get_close_matches(name, _symbols(), n=4)) or "none is near"
        raise LookupError(f"There is no icon {name!r} (near: {near}). Add it to bootstrap-icons/names.txt.")
    speech = format_html('role="img" aria-label="{}"', label) if label else mark_safe('aria-hidden="true"')
    return format_html(
        '<svg class="icon{}" viewBox="0 0 16 16" width="16" height="16" fill="currentColor" focusable="false"'
        " {}>{}</svg>",
        f" icon-{size}" if size else "",
        speech,
        body,
    )
