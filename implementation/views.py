"""Two pages to read: the programs and the policy in force, or as they stood under a fingerprint.

And fragments for the lower floor's pages: which overlay reaches which account.
"""

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from households.facts import fresh_facts
from households.facts.links import circle_of
from households.foundation.errors import DomainError
from households.intake.codes import code_word
from households.models import Account, Household
from households.selectors import account_for, accounts_of, household_for, people_of
from households.views.doors import doors
from implementation import selectors
from implementation.overlays import overlays, seen_together, unlisted_platforms
from implementation.policy_page import PARTS, policy_part
from implementation.rules.shelf import Shelf
from implementation.shelf_page import SIZES, program_pages


def shelf(request: HttpRequest) -> HttpResponse:
    """The programs of one shelf: ``?shelf=`` chooses another, ``?version=`` a fingerprint of any day."""
    today = timezone.localdate()
    in_force = selectors.shelves_in_force(today)
    if fingerprint := request.GET.get("version"):
        version = selectors.published_shelf(fingerprint)
    elif in_force:
        name = request.GET.get("shelf", in_force[0].name)
        if name not in {row.name for row in in_force}:
            raise Http404
        version = next(row for row in in_force if row.name == name)
    else:
        return render(request, "implementation/shelf.html", {"version": None})
    document = selectors.shelf_by_hash(version.sha256)
    context = {
        "version": version,
        "is_in_force": version.sha256 in {row.sha256 for row in in_force},
        "shelves": [selectors.shelf_by_hash(row.sha256) for row in in_force],
        "shelf": document,
        "programs": program_pages(document, today),
        "sizes": SIZES,
    }
    return render(request, "implementation/shelf.html", context)


def policy(request: HttpRequest) -> HttpResponse:
    """The policy in force, part by part (``?part=``); ``?version=`` a fingerprint of any day."""
    today = timezone.localdate()
    part = request.GET.get("part", "overview")
    if part not in PARTS:
        raise Http404
    current = selectors.newest_policy(today)
    fingerprint = request.GET.get("version")
    version = selectors.published_policy(fingerprint) if fingerprint else current
    if version is None:
        return render(request, "implementation/policy.html", {"version": None})
    document = selectors.policy_by_hash(version.sha256)
    context = {
        "version": version,
        "is_in_force": current is not None and version.sha256 == current.sha256,
        "policy": document,
        "part": part,
        "parts": PARTS,
        **policy_part(document, part, today),
    }
    return render(request, "implementation/policy.html", context)


@require_GET
def household_overlays(request: HttpRequest, household_id: UUID) -> HttpResponse:
    """Which overlay of the shelf reaches which account of a household, as a fragment of its page."""
    accounts, shelf, problem = _in_force(household_for(request.user, household_id))
    found = overlays(shelf, accounts) if shelf else []
    unlisted = unlisted_platforms(shelf, accounts) if shelf else {}
    rows = [
        {"account": account, "reaches": [overlay.reaches[row] for overlay in found]}
        for row, account in enumerate(accounts)
    ]
    others = [(code_word("platform", code), names) for code, names in unlisted.items()]
    context = {"rows": rows, "overlays": found, "others": others, "problem": problem, **doors(request.user)}
    return render(request, "implementation/household_overlays.html", context)


@require_GET
def account_overlays(request: HttpRequest, account_id: UUID) -> HttpResponse:
    """With which accounts of its wash-sale list an account is under one overlay: a fragment of its page."""
    account = account_for(request.user, account_id)
    accounts, shelf, problem = _in_force(account.household)
    row = next((row for row, other in enumerate(accounts) if other.pk == account.pk), None)
    if row is None:  # closed: it counts for nothing
        raise Http404
    found = overlays(shelf, accounts) if shelf else []
    seen, unseen = seen_together(found, circle_of(accounts, people_of(account.household)), row)
    context = {
        "seen": [accounts[other] for other in seen],
        "unseen": [accounts[other] for other in unseen],
        "overlays": [overlay for overlay in found if any(overlay.sees_both(row, other) for other in seen)],
        "problem": problem,
    }
    return render(request, "implementation/account_overlays.html", context)


def _in_force(household: Household) -> tuple[list[Account], Shelf | None, str]:
    """The household's open accounts, the shelf in force, and what stands in the way of one."""
    today = timezone.localdate()
    fresh_facts([household.pk], as_of=today)
    accounts = list(accounts_of(household))
    try:
        return accounts, selectors.shelf_in_force(today), ""
    except DomainError as problem:
        return accounts, None, str(problem)
