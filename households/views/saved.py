"""Saving, deleting and beginning with a view. Every page of these answers by going back to the view."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from households import saved_views
from households.models import SavedView


@require_POST
def view_save(request: HttpRequest) -> HttpResponse:
    """Keep what the page shows under a name."""
    view = saved_views.save_view(
        by=request.user,  # type: ignore[arg-type]
        page=request.POST.get("page", ""),
        name=request.POST.get("name", ""),
        query=request.POST.get("query", ""),
        audience=request.POST.get("audience", SavedView.Audience.PRIVATE),
    )
    messages.success(request, f"The view “{view.name}” is saved.")
    return redirect(saved_views.address(view))


@require_POST
def view_delete(request: HttpRequest, view_id: UUID) -> HttpResponse:
    """Forget a view; what it showed stays as it is."""
    view = saved_views.view_for(request.user, view_id)  # type: ignore[arg-type]
    saved_views.delete_view(by=request.user, view=view)  # type: ignore[arg-type]
    messages.success(request, f"The view “{view.name}” is deleted.")
    return redirect(reverse(saved_views.ADDRESSES[SavedView.Page(view.page)]) + "?view=all")


@require_POST
def view_start(request: HttpRequest, view_id: UUID) -> HttpResponse:
    """Have the page begin with a view, or (``plainly``) without one again."""
    view = saved_views.view_for(request.user, view_id)  # type: ignore[arg-type]
    role = request.POST.get("role", "")
    whose = f"For {role}s the page" if role else "The page"
    if "plainly" in request.POST:
        saved_views.begin_plainly(by=request.user, page=view.page, role=role)  # type: ignore[arg-type]
        messages.success(request, f"{whose} starts with everything again.")
    else:
        saved_views.begin_with(by=request.user, view=view, role=role)  # type: ignore[arg-type]
        messages.success(request, f"{whose} starts with “{view.name}” from now on.")
    return redirect(saved_views.address(view))
