"""Which households a user may see. Every selector begins here; a stranger gets nothing."""

from typing import Any, Self

from django.db import models
from django.db.models import Q
from django.utils import timezone

from households.foundation.roles import Role


def household_scope(user: Any, path: str = "") -> Q:
    """The condition that keeps a query to the households a user may see.

    Args:
        user: the signed-in user.
        path: lookup from the queried model to its household, ending in ``__`` (empty on Household).
    """
    nothing = Q(pk__in=[])
    if not user.is_authenticated or not user.is_active:
        return nothing
    if user.role == Role.ADVISOR:
        own = Q(**{f"{path}advisor": user})
        return own | Q(**{f"{path}advisor__team": user.team_id}) if user.team_id else own
    if user.role == Role.ASSISTANT:
        return Q(**{f"{path}advisor__team": user.team_id}) if user.team_id else nothing
    if user.role == Role.SUPERVISOR:
        return Q(**{f"{path}advisor__office": user.office_id}) if user.office_id else nothing
    if user.role in (Role.COMPLIANCE, Role.OPERATIONS):
        return Q()
    if user.role == Role.EXAMINER:
        expired = user.access_expires is None or user.access_expires < timezone.localdate()
        return nothing if expired or not user.office_id else Q(**{f"{path}advisor__office": user.office_id})
    return nothing


class ScopedQuerySet(models.QuerySet):
    """A queryset that knows the way to its household."""

    household_path = ""

    def visible_to(self, user: Any) -> Self:
        """Only what this user may see."""
        return self.filter(household_scope(user, self.household_path))


def scoped_by(path: str) -> type[ScopedQuerySet]:
    """A scoped queryset whose model reaches its household by ``path`` (such as ``account__household__``)."""
    return type("ScopedQuerySet", (ScopedQuerySet,), {"household_path": path})
