"""The tags and filters of `{% load sleevewise %}`; docs/reference/components.md shows each in use."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django import template
from django.template.context import Context
from django.utils.safestring import SafeString, mark_safe

from households.foundation import formats
from households.foundation.icons import icon_svg
from households.foundation.svg import Chart
from households.templatetags import _fields

register = template.Library()

_UNKNOWN = mark_safe(
    '<span class="unknown" title="unknown"><span aria-hidden="true">–</span>'
    '<span class="visually-hidden">unknown</span></span>'
)

# --- numbers and dates -------------------------------------------------------------------------------------


def _writer(name: str, write: Callable[..., str]) -> None:
    """Registers a format as a filter: unknown is a dash that says so, never a zero."""

    def apply(value: Any, argument: Any = None) -> str | SafeString:
        text = write(value) if argument is None else write(value, int(argument))
        return _UNKNOWN if text == formats.UNKNOWN else text

    apply.__doc__ = write.__doc__
    register.filter(name, apply)


for _name in ("money", "dollars", "compact_money", "compact_dollars", "percent", "bps", "signed"):
    _writer(_name, getattr(formats, _name))
for _name in ("count", "decimal", "day", "moment", "yes_no"):
    _writer(_name, getattr(formats, _name))


@register.filter
def known(value: Any) -> Any:
    """Any other value: unknown (None, empty, NaN) becomes the dash, everything else stays."""
    return value if formats.is_known(value) else _UNKNOWN


# --- icons, addresses, data --------------------------------------------------------------------------------


@register.simple_tag
def icon(name: str, label: str = "", size: str = "") -> SafeString:
    """An inlined icon. Without ``label`` it is decoration; ``size="lg"`` for the larger one."""
    return icon_svg(name, label=label, size=size)


@register.simple_tag(takes_context=True)
def query(context: Context, **changes: Any) -> str:
    """The current query string with parameters replaced; ``None`` or empty removes one."""
    params = context["request"].GET.copy()
    for key, value in changes.items():
        if value in (None, ""):
            params.pop(key, None)
        else:
            params[key] = value
    return f"?{params.urlencode()}"


@register.inclusion_tag("components/breadcrumbs.html")
def crumbs(*parts: str) -> dict[str, Any]:
    """``{% crumbs "Book" book_url "Adler" %}``: label and address by turns; the last label is this page."""
    trail = [{"label": parts[i], "url": parts[i + 1]} for i in range(0, len(parts) - 1, 2)]
    return {"trail": trail, "here": parts[-1] if len(parts) % 2 else ""}


@register.inclusion_tag("components/pager.html", takes_context=True)
def pager(context: Context, page: Any, label: str = "Pages", parameter: str = "page") -> dict[str, Any]:
    """Links to the pages of a Django ``Page``; nothing when there is but one."""

    def address(number: int) -> str:
        return query(context, **{parameter: number})

    numbers = page.paginator.get_elided_page_range(page.number, on_each_side=2, on_ends=1)
    return {
        "page": page,
        "label": label,
        "previous": address(page.previous_page_number()) if page.has_previous() else "",
        "next": address(page.next_page_number()) if page.has_next() else "",
        "steps": [{"number": n, "url": address(n) if isinstance(n, int) else ""} for n in numbers],
    }


# --- forms -------------------------------------------------------------------------------------------------


@register.inclusion_tag("components/field.html")
def field(bound: Any, **options: Any) -> dict[str, Any]:
    """One form field with label, hint, error and input. Options: see components.md."""
    return _fields.field_context(bound, options)


@register.inclusion_tag("components/form_fields.html")
def form_fields(form: Any) -> dict[str, Any]:
    """All fields of a form in order, the hidden ones too (no error summary)."""
    return {"form": form}


@register.inclusion_tag("components/error_summary.html")
def error_summary(*forms: Any, also: Sequence[Mapping[str, str]] = ()) -> dict[str, Any]:
    """What is wrong in these forms, with links to the fields; nothing when nothing is.

    Option: ``also``, problems (text, href) outside of the forms, told first.
    """
    return {"problems": [*also, *_fields.problems(forms)]}


@register.inclusion_tag("components/filter_bar.html", takes_context=True)
def filter_bar(context: Context, filterset: Any, **options: Any) -> dict[str, Any]:
    """The form of a FilterSet with chips for what is set. Options: ``wide`` (field names), ``label``."""
    return _fields.filter_context(context["request"], filterset, options)


# --- badges and charts -----------------------------------------------------------------------------------

OUTCOMES = {
    "SMA": ("SMA", "square-fill", "Manager-traded SMA"),
    "UMA": ("UMA", "layers-fill", "Model-delivered sleeve in a UMA"),
    "EITHER": ("Either", "arrow-left-right", "Either structure fits"),
    "NEITHER": ("Neither", "slash-circle", "Neither structure fits"),
    "INDETERMINATE": ("Indeterminate", "question-diamond", "Not decided: facts are missing"),
}


@register.inclusion_tag("components/outcome_badge.html")
def outcome(code: str | None, size: str = "") -> dict[str, Any]:
    """The badge of an outcome code: told by word, icon and color. ``size="lg"`` for a headline."""
    label, mark, meaning = OUTCOMES.get(code or "", ("Not evaluated", "dash", "Not evaluated yet"))
    kind = code.lower() if code in OUTCOMES else "neither"
    return {"label": label, "icon": mark, "meaning": meaning, "kind": kind, "size": size}


def outcome_label(code: str | None) -> str:
    """``EITHER`` -> ``Either``, as its badge says; of no outcome nothing."""
    return OUTCOMES[code][0] if code else ""


@register.filter
def outcome_words(code: str | None) -> str:
    """``SMA`` -> ``Manager-traded SMA``."""
    return OUTCOMES.get(code or "", ("", "", "Not evaluated yet"))[2]


@register.inclusion_tag("components/status_badge.html")
def status(label: str, tone: str = "plain", icon: str = "") -> dict[str, str]:
    """A status word. ``tone`` is ok, warn, bad, info or plain, each with its own icon unless one is named."""
    return {"label": label, "tone": tone, "icon": icon or TONE_ICONS[tone]}


TONE_ICONS = {
    "ok": "check-circle-fill",
    "warn": "exclamation-triangle-fill",
    "bad": "exclamation-octagon-fill",
    "info": "record-circle",
    "plain": "circle",
}


@register.inclusion_tag("components/alert.html")
def alert(text: str, tone: str = "info", title: str = "") -> dict[str, str]:
    """A notice in the page."""
    icons = TONE_ICONS | {"info": "info-circle-fill", "plain": "info-circle"}
    return {"text": text, "tone": tone, "title": title, "icon": icons[tone]}


@register.inclusion_tag("components/chart.html")
def chart(drawn: Chart, caption: str = "", note: str = "", open: bool = False) -> dict[str, Any]:
    """A chart of households.foundation.svg with its data table."""
    return {"chart": drawn, "caption": caption or drawn.title, "note": note, "open": open}
