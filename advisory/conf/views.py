"""Home, health, and the log-in pages."""

from django.contrib.auth.decorators import login_required
from django.db import connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_GET

from households.foundation.access import Role

HOME_OF_ROLE = {
    Role.ADVISOR: "households:book",
    Role.ASSISTANT: "households:book",
    Role.SUPERVISOR: "households:book",
    Role.COMPLIANCE: "supervision:queue",
    Role.OPERATIONS: "runs:runs",
    Role.ADMINISTRATOR: "implementation:shelf",
    Role.EXAMINER: "recommendations:history",
}


@require_GET
@login_required
def home(request: HttpRequest) -> HttpResponse:
    """Each role starts where its work is."""
    return redirect(HOME_OF_ROLE[Role(request.user.role)])  # type: ignore[union-attr]


@require_GET
def healthz(request: HttpRequest) -> HttpResponse:
    """Up, and the database answers."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return JsonResponse({"status": "ok"})
