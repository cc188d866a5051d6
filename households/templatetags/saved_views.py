"""The menu of saved views, on every page that keeps them."""

from typing import Any

from django import template

from households import saved_views
from households.foundation.roles import Role
from households.models import SavedView

register = template.Library()


@register.inclusion_tag("components/saved_views.html", takes_context=True)
def saved_views_menu(context: template.Context, page: str) -> dict[str, Any]:
    """``{% saved_views_menu "book" %}``: the views this user may open, and a form that saves this one."""
    request = context["request"]
    user, here = request.user, saved_views.kept_query(request.GET.urlencode())
    starts = saved_views.starts_of(user, page)
    shown = [
        {
            "view": view,
            "url": saved_views.address(view),
            "here": view.query == here,
            "own": view.owner_id == user.pk,
            "begins": starts.get("me") == view.pk,
            "shared": view.audience != SavedView.Audience.PRIVATE,
        }
        for view in saved_views.views_of(user, page)
    ]
    return {
        "page": page,
        "query": here,
        "shown": shown,
        "chosen": next((one for one in shown if one["here"]), None),
        "audiences": saved_views.audiences_of(user),
        "roles": _roles() if user.role == Role.OPERATIONS else [],
        "role_start": starts.get(user.role),
        "csrf_token": context["csrf_token"],
    }


def _roles() -> list[tuple[str, str]]:
    return [(role.value, str(role.label)) for role in Role if role != Role.ADMINISTRATOR]
