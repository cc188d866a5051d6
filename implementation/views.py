"""Two pages to read: the programs and the policy in force, or as they stood under a fingerprint."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from implementation import selectors
from implementation.policy_page import PARTS, policy_part
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
