"""Parts of the intake that an autosave sends back out of band, each replacing itself where it stands."""

from typing import Any

from django import template
from django.forms.boundfield import BoundField
from django.template.loader import render_to_string
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from households.templatetags._fields import field_context

register = template.Library()


def _replacing(html: str, opening: str, selector: str) -> SafeString:
    """The fragment with the htmx attribute that puts it in place of what the selector finds."""
    attribute = f' hx-swap-oob="outerHTML:{escape(selector)}"'
    return mark_safe(html.strip().replace(opening, f"{opening}{attribute}", 1))  # noqa: S308 - our own templates


@register.simple_tag
def field_oob(bound: BoundField) -> SafeString:
    """A form field, drawn again in its own place."""
    html = render_to_string("components/field.html", field_context(bound, {}))
    start = html.index("<div ")
    return _replacing(html[start:], "<div", f"#intake-form [data-field='{bound.name}']")


@register.simple_tag
def badge_oob(name: str, badge: dict[str, Any]) -> SafeString:
    """A field's provenance badge, drawn again in its own place."""
    html = render_to_string("components/provenance_badge.html", {"value": badge})
    start = html.index("<span ")
    return _replacing(html[start:], "<span", f"#intake-form [data-field='{name}'] .provenance")
