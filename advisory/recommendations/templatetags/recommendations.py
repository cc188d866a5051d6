"""``{% load recommendations %}``: states and changes as pages show them."""

from typing import Any

from django import template

from advisory.recommendations.states import State
from households.templatetags.sleevewise import TONE_ICONS

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


@register.inclusion_tag("components/status_badge.html")
def state_badge(state: str) -> dict[str, Any]:
    """The state of a recommendation as a status badge."""
    tone = TONES[State(state)]
    return {"label": State(state).label, "tone": tone, "icon": TONE_ICONS[tone]}
