"""What the run's page shows, put together from the selectors."""

from typing import Any
from uuid import uuid4

from django.urls import reverse

from advisory.runs import selectors, services
from advisory.runs.models import Run, RunEvent
from advisory.runs.selectors import Progress
from advisory.runs.states import ENDED, WAITING
from households.foundation.formats import count
from households.foundation.roles import Role
from households.foundation.svg import Chart
from households.foundation.svg.counts import flip_bars
from households.models import User

EVENT_WORDS = {
    "previewed": "Previewed", "approved": "Approved", "started": "Started", "paused": "Paused",
    "resumed": "Resumed", "canceled": "Canceled", "completed": "Completed",
    "completed_with_failures": "Completed, with failures", "failed": "Failed", "sealed": "Sealed",
}  # fmt: skip
EVENT_TONES = {"completed": "ok", "completed_with_failures": "warn", "failed": "bad", "canceled": "warn"}
MILESTONES = (25, 50, 75)


def run_context(user: User, run: Run) -> dict[str, Any]:
    """Everything of the run's page; a constant number of queries."""
    context = progress_context(user, run)
    operations = user.role == Role.OPERATIONS
    ended = run.state in ENDED
    return context | {
        "summary": _summary(user, run),
        "preview": run.preview if run.state in WAITING else {},
        "preview_stats": _preview_stats(run),
        "preview_flips": selectors.flips(run.preview.get("directions", {})),
        "preview_chart": _chart(run.preview.get("directions", {})),
        "examples": selectors.examples(user, run.preview) if run.state in WAITING else [],
        "events": [_event(event) for event in selectors.events(run)],
        "waiting": run.state in WAITING,
        "ended": ended,
        "needs_second": run.state == Run.State.PREVIEWED and services.needs_second_person(run),
        "threshold": services.approval_threshold(),
        "may": {
            "preview": operations and run.state in (Run.State.DRAFT, Run.State.PREVIEWED),
            "approve": _may_approve(user, run),
            "start": operations and _may_start(run),
            "pause": operations and run.state == Run.State.RUNNING,
            "resume": operations and run.state == Run.State.PAUSED,
            "cancel": operations and not ended,
            "retry": operations and ended and run.failed > 0,
            "seal": operations and ended and run.state != Run.State.SEALED and run.started_at is not None,
        },
        "key": uuid4().hex,
    }


def _may_approve(user: User, run: Run) -> bool:
    second = user.role in (Role.OPERATIONS, Role.COMPLIANCE) and user.pk != run.requested_by_id
    return second and run.state == Run.State.PREVIEWED and services.needs_second_person(run)


def _may_start(run: Run) -> bool:
    if run.state == Run.State.APPROVED:
        return True
    return run.state in (Run.State.DRAFT, Run.State.PREVIEWED) and not services.needs_second_person(run)


def progress_context(user: User, run: Run, *, polled: bool = False) -> dict[str, Any]:
    """The fragment of progress and outcome.

    Args:
        polled: whether the page asked again: then milestones are said to assistive technology.
    """
    now = selectors.progress(run)
    started = run.started_at is not None
    return {
        "run": run,
        "now": now,
        "started": started,
        "tone": run.tone,
        "facts": _facts(now),
        "stats": _stats(run, now),
        "flips": now.flips,
        "first": now.first,
        "chart": _chart(now.tally.directions) if started else None,
        "standing": selectors.flipped_standing(run) if now.tally.flipped else 0,
        "milestone": _milestone(now) if polled else "",
        "polled": polled,
    }


def _facts(now: Progress) -> list[dict[str, str]]:
    facts = []
    if now.rate:
        facts.append({"label": "Rate", "value": f"{count(now.rate)} accounts a second"})
    if now.live and now.left is not None:
        facts.append({"label": "Time left", "value": _duration(now.left)})
    if now.in_hand and now.live:
        facts.append({"label": "Parts in hand", "value": count(now.in_hand)})
    return facts


def _duration(seconds: float) -> str:
    if seconds < 60:
        return "less than a minute"
    minutes = round(seconds / 60)
    return f"about {minutes} minute{'' if minutes == 1 else 's'}"


def _stats(run: Run, now: Progress) -> list[dict[str, Any]]:
    results = reverse("runs:run_results", args=[run.pk])
    tally = now.tally
    return [
        {"label": "Outcome changed", "value": count(tally.flipped), "url": f"{results}?show=flipped"},
        {"label": "Changed or evaluated first", "value": count(tally.changed),
         "url": f"{results}?show=changed"},
        {"label": "Confirmed unchanged", "value": count(tally.unchanged), "url": f"{results}?show=unchanged"},
        {"label": "Could not be evaluated", "value": count(tally.failed), "url": f"{results}?show=failed",
         "tone": "bad" if tally.failed else ""},
    ]  # fmt: skip


def _preview_stats(run: Run) -> list[dict[str, Any]]:
    preview = run.preview
    if not preview:
        return []
    first = sum(d.accounts for d in selectors.directions(preview["directions"]) if not d.before)
    return [
        {"label": "Outcome would change", "value": count(preview["flipped"])},
        {"label": "First evaluations", "value": count(first)},
        {"label": "Changed, same outcome", "value": count(preview["changed"] - preview["flipped"] - first)},
        {"label": "Unchanged", "value": count(preview["unchanged"])},
        {"label": "Could not be evaluated", "value": count(preview["failed"]),
         "tone": "bad" if preview["failed"] else ""},
    ]  # fmt: skip


def _chart(counts: dict[str, int]) -> Chart | None:
    """Outcomes before and after, where some became others."""
    return flip_bars(*selectors.outcome_counts(counts)) if selectors.flips(counts) else None


def _milestone(now: Progress) -> str:
    """A sentence at a quarter, a half, three quarters and the end; otherwise nothing is said."""
    run = now.run
    if run.state in ENDED:
        state = run.get_state_display().lower()
        return f"{run.title}: {state}, {count(now.done)} of {count(now.total)} accounts."
    step = (now.rate or 0) * 2 / now.total * 100 if now.total else 0
    reached = [mark for mark in MILESTONES if mark <= now.share * 100 < mark + max(step, 1)]
    return f"{reached[-1]} percent done." if reached else ""


def _event(event: RunEvent) -> dict[str, Any]:
    return {
        "title": EVENT_WORDS.get(event.event, event.event), "when": event.at, "who": event.by,
        "text": event.note, "tone": EVENT_TONES.get(event.event, "plain"),
    }  # fmt: skip


def _summary(user: User, run: Run) -> list[dict[str, Any]]:
    rows = [
        {"label": "Covers", "value": selectors.covered(user, run)},
        {"label": "Households", "value": count(run.households)},
        {"label": "Accounts", "value": count(run.accounts)},
        {"label": "As of", "value": f"{run.as_of:%b} {run.as_of.day}, {run.as_of.year}"},
        {"label": "Policy", "value": f"{run.policy.name} {run.policy.version}"},
        {"label": "Programs", "value": f"{run.shelf.name} {run.shelf.version}"},
        {"label": "Requested by", "value": str(run.requested_by)},
    ]
    if run.approved_because:
        rows.append({"label": "Approval", "value": run.approved_because})
    if run.sealed_sha256:
        rows.append({"label": "Fingerprint of the results", "value": run.sealed_sha256})
    return rows
