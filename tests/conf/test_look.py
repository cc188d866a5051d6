"""The look without a browser: contrast, what no template may hold, vendored files, tags and fields."""

import hashlib
import re
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django import forms
from django.conf import settings
from django.core.paginator import Paginator
from django.template import Context, Template
from django.template.loader import get_template, render_to_string
from django.test import RequestFactory
from django.utils.datastructures import MultiValueDict

from households.foundation.icons import icon_svg
from tests.conf.gallery.content import AccountFilter, IntakeForm

ROOT = Path(settings.BASE_DIR)
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
TOKENS = (ROOT / "static/css/tokens.css").read_text()
TONES = ["sma", "uma", "either", "neither", "unclear", "ok", "warn", "bad", "info", "plain"]


def tokens(theme: str) -> dict[str, str]:
    """The colors of a theme: its own block, over the block of both."""
    blocks = re.findall(r"([^{}]+)\{([^{}]*)\}", TOKENS)
    found: dict[str, str] = {}
    for selector, body in blocks:
        if f'"{theme}"' in selector or selector.strip() == ":root":
            found.update(re.findall(r"(--sw-[\w-]+):\s*(#[0-9a-f]{6})", body))
    return found


def luminance(color: str) -> float:
    """Relative luminance as WCAG 2.2 defines it."""
    channels = [int(color[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_contrast_is_computed_as_wcag_defines_it() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#767676", "#ffffff") == pytest.approx(4.54, abs=0.005)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_text_has_a_contrast_of_4_5(theme: str) -> None:
    color = tokens(theme)
    pairs = [
        (ink, ground)
        for ink in ("ink", "ink-2", "ink-3", "link")
        for ground in ("surface", "canvas", "sunken", "hover", "brand-soft")
    ]
    pairs += [(f"{tone}-ink", ground) for tone in TONES for ground in (f"{tone}-soft", "surface", "hover")]
    pairs += [("ink", f"{tone}-soft") for tone in TONES]
    pairs += [("on-brand", "brand"), ("on-brand", "brand-hover"), ("bar-ink", "bar"), ("bar-ink-2", "bar")]
    pairs += [("surface", "bad-ink"), ("surface", "bad"), ("ink-3", "plain-soft")]
    poor = {
        pair: round(contrast(color[f"--sw-{pair[0]}"], color[f"--sw-{pair[1]}"]), 2)
        for pair in pairs
        if contrast(color[f"--sw-{pair[0]}"], color[f"--sw-{pair[1]}"]) < 4.5
    }
    assert poor == {}


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_borders_icons_bars_and_the_focus_ring_have_a_contrast_of_3(theme: str) -> None:
    color = tokens(theme)
    pairs = [(mark, ground) for mark in ("field", "focus") for ground in ("surface", "canvas", "sunken")]
    pairs += [(tone, ground) for tone in TONES for ground in ("surface", f"{tone}-soft", "sunken")]
    pairs += [("brand", "surface"), ("brand", "brand-soft"), ("bar-accent", "bar")]
    poor = {
        pair: round(contrast(color[f"--sw-{pair[0]}"], color[f"--sw-{pair[1]}"]), 2)
        for pair in pairs
        if contrast(color[f"--sw-{pair[0]}"], color[f"--sw-{pair[1]}"]) < 3
    }
    assert poor == {}


def test_print_colors_of_the_charts_are_the_light_theme() -> None:
    from households.foundation.svg.canvas import INK

    color = tokens("light")
    for kind in (
        "sma",
        "uma",
        "either",
        "neither",
        "sma-soft",
        "uma-soft",
        "either-soft",
        "sma-ink",
        "uma-ink",
    ):
        assert INK[kind] == color[f"--sw-{kind}"]


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda p: str(p.relative_to(ROOT / "templates")))
def test_no_template_holds_anything_inline(path: Path) -> None:
    text = re.sub(r"{% comment %}.*?{% endcomment %}|{#.*?#}|{%.*?%}", "", path.read_text(), flags=re.DOTALL)
    assert not re.search(r"\sstyle\s*=|<style|javascript:|data:(image|text|font)|//cdn|https?://", text)
    assert not re.search(r"<[^>]*\son[a-z]+\s*=|hx-on|hx-vars|\bhx-trigger=\"[^\"]*\[", text)
    for tag, body in re.findall(r"<script([^>]*)>(.*?)</script>", text, flags=re.DOTALL):
        assert "src=" in tag and not body.strip()


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda p: str(p.relative_to(ROOT / "templates")))
def test_every_template_compiles_and_its_icons_exist(path: Path) -> None:
    get_template(str(path.relative_to(ROOT / "templates")))
    for name in re.findall(r"{% icon \"([^\"]+)\"|icon=\"([^\"]+)\"", path.read_text()):
        assert icon_svg(name[0] or name[1])


def test_navigation_icons_exist_and_a_wrong_name_is_told_with_near_ones() -> None:
    for _, _, name, *_ in settings.NAVIGATION:
        assert icon_svg(name)
    with pytest.raises(LookupError, match=r"no icon 'uplaod' \(near: upload"):
        icon_svg("uplaod")


def test_an_icon_is_decoration_unless_it_has_a_label() -> None:
    assert 'aria-hidden="true"' in icon_svg("lock")
    assert 'role="img" aria-label="Locked &lt;b&gt;"' in icon_svg("lock", label="Locked <b>")


def test_vendored_files_are_those_recorded_and_need_no_exception_from_the_policy() -> None:
    vendor = ROOT / "static/vendor"
    recorded = re.findall(r"`([\w./-]+)` \| `([0-9a-f]{64})`", (vendor / "README.md").read_text())
    assert len(recorded) == 5
    for name, checksum in recorded:
        assert hashlib.sha256((vendor / name).read_bytes()).hexdigest() == checksum, name
    css = (vendor / "bootstrap/bootstrap.min.css").read_text()
    assert not re.search(r"data:|sourceMappingURL|url\(\"?(https?:)?//|@import", css)
    for name in set(re.findall(r'url\("?(img/[^")]+)', css)):
        assert (vendor / "bootstrap" / name).is_file()
    assert sum(p.stat().st_size for p in (ROOT / "static").rglob("*") if p.is_file()) < 1_500_000


def test_own_stylesheets_point_at_files_that_exist() -> None:
    for sheet in (ROOT / "static/css").glob("*.css"):
        for name in re.findall(r'url\("([^")]+)"\)', sheet.read_text()):
            assert (sheet.parent / name).resolve().is_file(), (sheet.name, name)


# --- tags ------------------------------------------------------------------------------------------------


def drawn(source: str, **context: Any) -> str:
    return Template("{% load sleevewise %}" + source).render(Context(context))


def test_unknown_is_a_dash_that_says_so_and_zero_is_zero() -> None:
    dash = drawn("{{ value|money }}", value=None)
    assert "–" in dash and "unknown" in dash and "0" not in dash
    assert drawn("{{ value|money }}", value=0) == "$0"
    assert drawn("{{ value|percent }}", value=0.0) == "0%"
    assert drawn("{{ value|known }}", value=0) == "0"
    assert "unknown" in drawn("{{ value|known }}", value=None)


def test_filters_take_places_and_escape_nothing_away() -> None:
    assert (
        drawn("{{ v|money:2 }} {{ w|signed:0 }} {{ x|percent:2 }}", v=100, w=-3.6, x=0.12345)
        == "$1.00 −4 12.35%"
    )
    assert drawn("{{ v|known }}", v="<b>") == "&lt;b&gt;"


def test_query_replaces_and_removes_parameters() -> None:
    request = RequestFactory().get("/book/", {"q": "a&b", "page": "3", "sort": "name"})
    assert drawn("{% query page=2 sort=None %}", request=request) == "?q=a%26b&amp;page=2"


def test_an_outcome_is_told_by_word_and_icon_and_none_is_not_evaluated() -> None:
    badge = drawn('{% outcome "UMA" %}')
    assert ">UMA</span>" in badge and "outcome-uma" in badge and "<svg" in badge
    assert "Not evaluated" in drawn("{% outcome None %}")


def test_pager_is_silent_on_one_page_and_marks_the_current_one() -> None:
    request = RequestFactory().get("/book/", {"q": "x"})
    one = Paginator(range(5), 10).page(1)
    assert "<nav" not in drawn("{% pager page %}", page=one, request=request)
    third = Paginator(range(200), 10).page(3)
    shown = drawn("{% pager page %}", page=third, request=request)
    assert re.search(r'href="\?q=x&amp;page=3" aria-label="Page 3" aria-current="page"', shown)
    assert 'href="?q=x&amp;page=20"' in shown


# --- fields ------------------------------------------------------------------------------------------------


def intake(data: dict[str, Any] | None = None) -> IntakeForm:
    return IntakeForm(MultiValueDict({k: v if isinstance(v, list) else [v] for k, v in (data or {}).items()}))


def test_what_was_typed_comes_back_even_when_it_is_no_number() -> None:
    html = drawn('{% field form.value prefix="$" %}', form=intake({"value": "1,2x"}))
    assert 'value="1,2x"' in html and 'type="text"' in html and 'inputmode="decimal"' in html
    assert 'aria-invalid="true"' in html
    assert 'aria-describedby="id_value_helptext id_value_error"' in html
    assert 'id="id_value_helptext"' in html and 'id="id_value_error"' in html
    assert html.index("id_value_helptext") < html.index('id="id_value_error"') < html.index("<input")


def test_errors_name_their_field_and_are_the_same_in_the_summary() -> None:
    form = intake({"value": "x", "rate": "61", "sensitivity": ""})
    summary = drawn("{% error_summary form %}", form=form)
    for words, anchor in [
        ("Account value must be a number", "#id_value"),
        ("Long-term rate must be 60 or less", "#id_rate"),
        ("Choose tax sensitivity", "#id_sensitivity_0"),
        ("Enter rationale", "#id_note"),
        ("Confirm: Managed on its own by intent", "#id_standalone"),
    ]:
        assert f'<a href="{anchor}">{words}</a>' in summary
    assert "Long-term rate must be 60 or less" in drawn("{% field form.rate %}", form=form)


def test_a_message_of_the_forms_own_is_kept_and_escaped() -> None:
    form = intake({"value": "1"})
    form.add_error("rate", "370 is not a rate; enter <37>")
    form.add_error(None, "The shares add up to 104%")
    summary = drawn("{% error_summary form %}", form=form)
    assert "370 is not a rate; enter &lt;37&gt;" in summary
    assert "<li>The shares add up to 104%</li>" in summary


def test_no_summary_without_errors_or_before_anything_was_sent() -> None:
    assert "There is a problem" not in drawn("{% error_summary form %}", form=IntakeForm())


def test_choices_are_a_group_with_a_legend_and_every_input_has_a_label() -> None:
    html = drawn('{% field form.sensitivity choices_as="cards" %}', form=intake({"sensitivity": "3"}))
    assert re.search(r"<fieldset[^>]*>\s*<legend", html), "a legend names its group only as the first child"
    ids = re.findall(r'<input[^>]*id="([^"]+)"', html)
    assert len(ids) == 5 and all(f'<label for="{i}"' in html for i in ids)
    assert re.search(r'<input[^>]*value="3"[^>]*checked', html)
    assert "aria-invalid" not in html


def test_options_may_stand_on_the_form_field_and_a_wrong_one_is_refused() -> None:
    form = IntakeForm()
    form.fields["rate"].suffix = "%"  # type: ignore[attr-defined]
    form.fields["rate"].provenance = SimpleNamespace(source="imported", label="Schwab file")  # type: ignore[attr-defined]
    html = drawn("{% field form.rate %}", form=form)
    assert ">%</span>" in html and "Schwab file" in html
    with pytest.raises(TypeError, match="no option 'sufix'"):
        drawn('{% field form.rate sufix="%" %}', form=form)


def test_djangos_own_rendering_draws_the_same_fields() -> None:
    class Short(forms.Form):
        name = forms.CharField(label="Name", help_text="As on the statement.")

    assert 'class="field-hint" id="id_name_helptext"' in str(Short())


def test_a_filter_that_is_set_is_a_chip_that_removes_it() -> None:
    from households.models import Office

    request = RequestFactory().get(
        "/book/", {"search": "Adler", "strategy": "us_large", "page": "4", "sort": "-value"}
    )
    bar = AccountFilter(request.GET, queryset=Office.objects.none())
    html = drawn("{% filter_bar bar %}", bar=bar, request=request)
    assert 'href="?strategy=us_large&amp;sort=-value"' in html
    assert re.search(r"Strategy:</span> US large cap", html)
    assert html.count('class="chip"') == 2
    assert '<input type="hidden" name="sort" value="-value">' in html


def test_the_page_of_a_server_error_needs_no_context() -> None:
    assert "Something went wrong" in render_to_string("500.html")
