"""What the form components show: built here, so that their templates stay plain."""

import copy
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.forms.boundfield import BoundField, BoundWidget
from django.http import HttpRequest
from django.utils.choices import flatten_choices

OPTIONS = frozenset(
    {
        *("label", "hint", "prefix", "suffix", "inputmode", "width", "optional", "provenance", "why", "note"),
        *("choices_as", "choice_hints", "autocomplete", "list"),
    }
)
"""What ``{% field %}`` accepts; each may also be an attribute of the form field itself."""

STOCK_WORDS = {
    forms.DecimalField.default_error_messages["invalid"]: "{label} must be a number",
    forms.IntegerField.default_error_messages["invalid"]: "{label} must be a whole number",
    forms.DateField.default_error_messages["invalid"]: "{label} must be a date",
    MinValueValidator.message: "{label} must be {limit_value} or more",
    MaxValueValidator.message: "{label} must be {limit_value} or less",
}
"""Django's messages that name no field, said so that they can stand alone in the error summary."""
VERBS = {"choices": "Choose", "select": "Choose", "group": "Choose"}


def _kind(widget: forms.Widget) -> str:
    if isinstance(widget, forms.CheckboxSelectMultiple | forms.RadioSelect):
        return "choices"
    if isinstance(widget, forms.CheckboxInput):
        return "checkbox"
    if isinstance(widget, forms.Select):
        return "select"
    return "group" if isinstance(widget, forms.MultiWidget) else "text"


def _choices(bound: BoundField, hints: Mapping[str, str]) -> Iterator[dict[str, Any]]:
    """The options of radios or checkboxes, each with its tag, label and hint; the group carries the error."""
    widget = bound.field.widget
    attrs = bound.build_widget_attrs({"class": "form-check-input", "id": bound.auto_id}, widget)
    attrs.pop("aria-invalid", None)
    for data in widget.subwidgets(bound.html_name, bound.value(), attrs=attrs):
        option = BoundWidget(widget, data, bound.form.renderer)
        yield {
            "tag": option.tag(),
            "id": option.id_for_label,
            "label": option.choice_label,
            "hint": hints.get(str(data["value"]), ""),
        }


def _sentence_case(label: str) -> str:
    """The label inside a sentence: "Account value" becomes "account value", "RMD" and "S&P" stay."""
    return label[:1].lower() + label[1:] if label[1:2].islower() else label


def _words(bound: BoundField, error: ValidationError) -> list[str]:
    """What an error says, the same in the summary and at the field."""
    label = str(bound.label)
    if error.message == forms.Field.default_error_messages["required"]:
        kind = _kind(bound.field.widget)
        if label.endswith("?") or kind == "checkbox":
            return [f"{'Confirm' if kind == 'checkbox' else 'Answer'}: {label}"]
        return [f"{VERBS.get(kind, 'Enter')} {_sentence_case(label)}"]
    if template := STOCK_WORDS.get(error.message):
        return [template.format(label=label, **(error.params or {}))]
    return [str(message) for message in error.messages]


def errors_of(bound: BoundField) -> list[str]:
    """Every error of a field, in words that name it."""
    return [words for error in bound.errors.as_data() for words in _words(bound, error)]


def _typed_as_text(widget: forms.Widget) -> forms.Widget:
    """Number inputs become text: browsers drop what they cannot parse, and a wheel turn changes the value."""
    if not isinstance(widget, forms.NumberInput):
        return widget
    widget = copy.copy(widget)
    widget.input_type = "text"
    widget.attrs = {k: v for k, v in widget.attrs.items() if k not in ("min", "max", "step")}
    return widget


def _tag(bound: BoundField, kind: str, options: Mapping[str, Any], described_by: list[str]) -> str:
    css = {"select": "form-select", "checkbox": "form-check-input"}.get(kind, "form-control")
    attrs: dict[str, Any] = {"class": css}
    if options["width"]:
        attrs["class"] += f" width-{options['width']}"
    if own := bound.field.widget.attrs.get("class"):
        attrs["class"] += f" {own}"
    for name in ("inputmode", "autocomplete", "list"):
        if options[name]:
            attrs[name] = options[name]
    if described_by:
        attrs["aria-describedby"] = " ".join(described_by)
    return bound.as_widget(widget=_typed_as_text(bound.field.widget), attrs=attrs)


def field_context(bound: BoundField, given: Mapping[str, Any]) -> dict[str, Any]:
    """The variables of components/field.html.

    Raises:
        TypeError: an option that does not exist, so that a misspelled one is not lost.
    """
    if wrong := set(given) - OPTIONS:
        raise TypeError(
            f"{{% field %}} has no option {sorted(wrong)[0]!r}; it has {', '.join(sorted(OPTIONS))}."
        )
    options = {name: given.get(name, getattr(bound.field, name, "")) for name in OPTIONS}
    # Form fields have a `label` of their own (perhaps None): Django's fallback to the field's name applies.
    options["label"] = given.get("label", bound.label)
    options["hint"] = given.get("hint", bound.help_text)
    kind = _kind(bound.field.widget)
    numeric = (
        isinstance(bound.field.widget, forms.NumberInput) or options["suffix"] or options["prefix"] == "$"
    )
    if numeric and not options["inputmode"]:
        options["inputmode"] = "decimal"
    described_by = [f"{bound.auto_id}_helptext"] if options["hint"] else []
    errors = errors_of(bound)
    described_by += [f"{bound.auto_id}_error"] if errors else []
    context = options | {"bound": bound, "errors": errors, "kind": kind, "id": bound.id_for_label}
    context["described_by"] = " ".join(described_by)
    if kind == "choices":
        context["choices"] = list(_choices(bound, options["choice_hints"] or {}))
    else:
        context["tag"] = _tag(bound, kind, options, described_by)
    return context


def problems(given: Iterable[Any]) -> list[dict[str, str]]:
    """Every error of the forms, with the address of the field it belongs to ("" for the form's own)."""
    found: list[dict[str, str]] = []
    for form in given:
        if not form or not form.is_bound:
            continue
        for name, errors in form.errors.items():
            if name not in form.fields or form[name].is_hidden:
                found += [{"text": str(error), "href": ""} for error in errors]
                continue
            bound = form[name]
            first = bound.subwidgets[0].id_for_label if _kind(bound.field.widget) == "choices" else ""
            anchor = "#" + (first or bound.id_for_label or bound.auto_id)
            found += [{"text": words, "href": anchor} for words in errors_of(bound)]
    return found


def _shown(form_field: forms.Field, value: Any) -> str:
    if value is True or value is False:
        return "Yes" if value else "No"
    if isinstance(value, slice):
        ends = (f"from {value.start}" if value.start else "", f"to {value.stop}" if value.stop else "")
        return " ".join(part for part in ends if part)
    if isinstance(value, list | tuple | set):
        return ", ".join(_shown(form_field, item) for item in value)
    labels = {str(code): str(label) for code, label in flatten_choices(getattr(form_field, "choices", ()))}
    key = str(getattr(value, "pk", value))
    return labels.get(key, str(value))


def filter_context(request: HttpRequest, filterset: Any, options: Mapping[str, Any]) -> dict[str, Any]:
    """The variables of components/filter_bar.html: the form, and a chip for every filter that is set."""
    form = filterset.form
    form.is_valid()
    chips = []
    for name, form_field in form.fields.items():
        value = form.cleaned_data.get(name)
        if value in (None, "", []) or (hasattr(value, "exists") and not value.exists()):
            continue
        rest = request.GET.copy()
        for key in [
            name,
            "page",
            *(f"{name}_{suffix}" for suffix in getattr(form_field.widget, "suffixes", ())),
        ]:
            rest.pop(key, None)
        shown = _shown(form_field, list(value) if hasattr(value, "exists") else value)
        chips.append({"label": form[name].label, "value": shown, "href": "?" + rest.urlencode()})
    wide = str(options.get("wide", "")).split()
    return {
        "form": form,
        "chips": chips,
        "fields": [{"bound": bound, "wide": bound.name in wide} for bound in form.visible_fields()],
        "sort": request.GET.get("sort", ""),
        "path": request.path,
        "label": options.get("label", "Filter"),
    }
