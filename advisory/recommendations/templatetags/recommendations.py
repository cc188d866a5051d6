"""``{% load recommendations %}``: states and changes as pages show them."""

from functools import cache

from django import template
from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe

from advisory.recommendations.states import State
from households.templatetags.sleevewise import TONE_ICONS, outcome

register = template.Library()

TONES = {
    State.GENERATED: "plain",
    State.PRESENTED: "info",
    State.ACCEPTED: "ok",
    State.OVERRIDDEN: "warn",
    State.DEFERRED: "info",
    State.DECLINED: "plain",
    State.SUPERSEDED: "plain",
    State.EXPIRED: "bad",
}


@register.simple_tag
@cache
def state_badge(state: str) -> SafeString:
    """The state of a recommendation as a status badge; drawn once, for lists hold many of few kinds."""
    tone = TONES[State(state)]
    badge = {"label": State(state).label, "tone": tone, "icon": TONE_ICONS[tone]}
    return mark_safe(render_to_string("components/status_badge.html", badge))  # noqa: S308 - a template's


@cache
def outcome_badge(code: str) -> SafeString:
    """The badge of an outcome, for cells of tables."""
    return mark_safe(render_to_string("components/outcome_badge.html", outcome(code)))  # noqa: S308
