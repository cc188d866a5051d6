"""What the lower floor's pages show of recommendations."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_GET

from advisory.recommendations import selectors
from advisory.recommendations.freshness import changed_since
from advisory.recommendations.page.asking import asking_context
from advisory.recommendations.page.plan import plan_context
from households.models import Account, Household


@require_GET
def account_status(request: HttpRequest, account_id: UUID) -> HttpResponse:
    """The recommendation in force for one account: outcome, date, state, whether facts have changed since."""
    accounts = Account.objects.visible_to(request.user).select_related("household")
    account = get_object_or_404(accounts, pk=account_id)
    newest = selectors.history_of(request.user, account).first()  # type: ignore[arg-type]
    changed = changed_since([newest], timezone.localdate()) if newest else {}
    context = {"account": account, "newest": newest, "changed": changed.get(newest.pk) if newest else None}
    return render(request, "recommendations/account_status.html", context)


@require_GET
def household_status(request: HttpRequest, household_id: UUID) -> HttpResponse:
    """The recommendations in force for the household's open accounts."""
    household = get_object_or_404(Household.objects.visible_to(request.user), pk=household_id)
    newest = selectors.newest_of_household(request.user, household)  # type: ignore[arg-type]
    changed = changed_since(list(newest.values()), timezone.localdate())
    rows = [
        {"account": account, "newest": found, "changed": changed.get(found.pk) if found else None}
        for account in household.accounts.filter(closed_on=None)
        for found in [newest.get(account.pk)]
    ]
    return render(request, "recommendations/household_status.html", {"household": household, "rows": rows})


@require_GET
def household_plan(request: HttpRequest, household_id: UUID) -> HttpResponse:
    """Where the household's open accounts go when they are looked at together."""
    household = get_object_or_404(Household.objects.visible_to(request.user), pk=household_id)
    context = plan_context(household, timezone.localdate())
    return render(request, "recommendations/household_plan.html", context)


@require_GET
def asking(request: HttpRequest, account_id: UUID) -> HttpResponse:
    """Which missing answers of an account could still change the outcome, as its facts are now."""
    account = get_object_or_404(Account.objects.visible_to(request.user), pk=account_id)
    return render(request, "recommendations/asking.html", asking_context(account, timezone.localdate()))
