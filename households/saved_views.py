"""Saved views: a page narrowed and sorted, under a name. What a view shows is judged anew for its reader."""

from collections.abc import Sequence

from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponseRedirect, QueryDict
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse

from households.foundation.errors import DomainError
from households.foundation.roles import Role
from households.models import SavedView, StartingView, User

ADDRESSES = {
    SavedView.Page.BOOK: "households:book",
    SavedView.Page.ACCOUNTS: "households:accounts",
    SavedView.Page.RECOMMENDATIONS: "recommendations:history",
    SavedView.Page.REVIEWS: "supervision:queue",
}
"""Page -> the name of its address."""
EVERYTHING = "view"
"""Set to anything, it asks for the page as it is, whatever view it begins with."""
_NOT_KEPT = ("page", EVERYTHING, "csrfmiddlewaretoken")
_LONGEST = 1000
MOST = 50
"""Views of one user on one page."""


def kept_query(text: str) -> str:
    """What of a query string makes the view: filters and sorting that are set, without the page's number."""
    asked = QueryDict(text)
    kept = QueryDict(mutable=True)
    for name, values in asked.lists():
        if name not in _NOT_KEPT and (some := [value for value in values if value]):
            kept.setlist(name, some)
    return kept.urlencode()


def address(view: SavedView) -> str:
    """Where a view is."""
    return f"{reverse(ADDRESSES[SavedView.Page(view.page)])}?{view.query or f'{EVERYTHING}=all'}"


def audiences_of(user: User) -> list[tuple[str, str]]:
    """With whom this user may share: an advisor with the team, others of the firm with everyone."""
    allowed = [SavedView.Audience.PRIVATE]
    if user.team_id:
        allowed.append(SavedView.Audience.TEAM)
    if user.role in (Role.SUPERVISOR, Role.COMPLIANCE, Role.OPERATIONS):
        allowed.append(SavedView.Audience.FIRM)
    return [(one.value, str(one.label)) for one in allowed]


def views_of(user: User, page: str) -> Sequence[SavedView]:
    """What this user may open on a page, by name; one query."""
    return list(SavedView.objects.visible_to(user).filter(page=page).select_related("owner"))


def view_for(user: User, view_id: object) -> SavedView:
    """A view this user may see, or 404."""
    found: SavedView = get_object_or_404(SavedView.objects.visible_to(user), pk=view_id)
    return found


def starts_of(user: User, page: str) -> dict[str, object]:
    """Whose start is which view: "me" and the user's role -> view id; one query."""
    rows = StartingView.objects.filter(page=page, user=user) | StartingView.objects.filter(
        page=page, role=user.role
    )
    return {row.role or "me": row.view_id for row in rows}


def starting_query(user: User, page: str) -> str:
    """The query string a page begins with: the user's own choice, else the role's; empty for none."""
    rows = StartingView.objects.filter(page=page, view__in=SavedView.objects.visible_to(user))
    rows = rows.filter(user=user) | rows.filter(role=user.role)
    found = {row.role or "me": row.view.query for row in rows.select_related("view")}
    return str(found.get("me", found.get(user.role, "")))


def beginning(request: HttpRequest, page: str) -> HttpResponseRedirect | None:
    """Where a page goes first whose address asks for nothing; None to stay."""
    query = "" if request.GET else starting_query(request.user, page)  # type: ignore[arg-type]
    return redirect(f"{request.path}?{query}") if query else None


@transaction.atomic
def save_view(*, by: User, page: str, name: str, query: str, audience: str) -> SavedView:
    """Keep a view; the same name again replaces what it was.

    Raises:
        DomainError: no name, nothing set, or not to be shared like that.
    """
    name, kept = " ".join(name.split())[:60], kept_query(query)
    if page not in ADDRESSES:
        raise DomainError("This page keeps no views.", field="page", value=page)
    if not name:
        raise DomainError("The view has no name.", field="name", remedy="Type one, such as Large and due.")
    if not kept:
        raise DomainError(
            "Nothing is set that a view could keep.", remedy="Set a filter or sort a column first, then save."
        )
    if len(kept) > _LONGEST:
        raise DomainError("The view has too many filters to keep.", remedy="Remove some of them.")
    if audience not in dict(audiences_of(by)):
        raise DomainError("You cannot share a view with them.", field="audience", value=audience)
    mine = SavedView.objects.filter(owner=by, page=page)
    if not mine.filter(name=name).exists() and mine.count() >= MOST:
        raise DomainError(f"You keep {MOST} views of this page already.", remedy="Delete one of them first.")
    values = {"query": kept, "audience": audience}
    view, _ = SavedView.objects.update_or_create(owner=by, page=page, name=name, defaults=values)
    return view


def delete_view(*, by: User, view: SavedView) -> None:
    """Forget a view of one's own."""
    if view.owner_id != by.pk:
        raise DomainError(
            f"{view.owner} saved this view; only they can delete it.", remedy="Ask them.", status=403
        )
    view.delete()


def begin_with(*, by: User, view: SavedView, role: str = "") -> None:
    """Have a page begin with a view: for oneself, or for a role, which operations decides.

    Raises:
        DomainError: not allowed, or the view is not shared with the firm.
    """
    if role and (by.role != Role.OPERATIONS or role not in Role.values):
        raise DomainError("Operations decides what a role begins with.", status=403)
    if role and view.audience != SavedView.Audience.FIRM:
        raise DomainError(
            "A role can only begin with a view that everyone may open.",
            remedy="Save it again, shared with everyone in the firm.",
        )
    whose = {"role": role, "user": None} if role else {"role": "", "user": by}
    try:
        with transaction.atomic():
            StartingView.objects.update_or_create(page=view.page, **whose, defaults={"view": view})
    except IntegrityError:  # somebody chose at the same moment; the later one counts
        StartingView.objects.filter(page=view.page, **whose).update(view=view)


def begin_plainly(*, by: User, page: str, role: str = "") -> None:
    """Have a page begin as it is again."""
    if role and by.role != Role.OPERATIONS:
        raise DomainError("Operations decides what a role begins with.", status=403)
    whose = {"role": role, "user": None} if role else {"role": "", "user": by}
    StartingView.objects.filter(page=page, **whose).delete()
