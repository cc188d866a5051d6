"""What operations does with runs. Every step is recorded with who took it; the database refuses races."""

from datetime import date
from functools import partial

from django.conf import settings
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from advisory.runs import queue
from advisory.runs.chunks import chunk_size, cut
from advisory.runs.closing import abandon, results_sha256
from advisory.runs.doorbell import ring
from advisory.runs.impact import impact
from advisory.runs.membership import accounts_of, members_of
from advisory.runs.models import Run
from advisory.runs.scoring import frozen_terms
from advisory.runs.states import ENDED, RUN, WAITING
from advisory.runs.steps import hold, step
from households.foundation.databases import database_now
from households.foundation.errors import DomainError
from households.foundation.roles import Role
from households.models import User
from implementation.rules.engine import ENGINE
from implementation.selectors import policy_version_in_force, shelf_version_in_force

WHOLE_BOOK = "Whole book"


def approval_threshold() -> int:
    """Accounts above which a run needs a second person (RUN_APPROVAL_ACCOUNTS)."""
    return settings.RUN_APPROVAL_ACCOUNTS


def needs_second_person(run: Run) -> bool:
    """Whether policy alone may not approve this run."""
    return run.accounts > approval_threshold()


def create_run(
    *,
    by: User,
    idempotency_key: str,
    filter: str = "",
    title: str = "",
    as_of: date | None = None,
    retry_of: Run | None = None,
) -> Run:
    """A draft of a run over all or a filtered part of the book; asked twice with one key, the same run.

    Args:
        by: somebody of operations.
        idempotency_key: chosen by the caller, one a wish.
        filter: the book's querystring; empty for the whole book.
        as_of: the day of the evaluation; today by default.
        retry_of: take the accounts that failed in that run instead.

    Raises:
        DomainError: 403 not of operations; 422 no account matches, or a filter that cannot be read; 409 the
            key was used for another wish.
    """
    _only_operations(by)
    before = Run.objects.filter(idempotency_key=idempotency_key).first()
    if before is not None:
        return _same_wish(before, by, filter, retry_of)
    as_of = as_of or timezone.localdate()
    run = Run(
        title=title or (f"Failed accounts of: {retry_of.title}"[:120] if retry_of else _title(filter)),
        filter=filter, retry_of=retry_of, as_of=as_of, policy=policy_version_in_force(as_of),
        shelf=shelf_version_in_force(as_of), engine=ENGINE, requested_by=by, idempotency_key=idempotency_key,
    )  # fmt: skip
    _count(run, by)
    try:
        with transaction.atomic():
            run.save(force_insert=True)
    except IntegrityError:  # the same wish, made twice in the same moment
        return _same_wish(Run.objects.get(idempotency_key=idempotency_key), by, filter, retry_of)
    return run


def _title(filter: str) -> str:
    return "Part of the book" if filter else WHOLE_BOOK


def _same_wish(run: Run, by: User, filter: str, retry_of: Run | None) -> Run:
    asked = (by.pk, filter, retry_of.pk if retry_of else None)
    if (run.requested_by_id, run.filter, run.retry_of_id) != asked:
        raise DomainError(
            "This request was already used for another bulk review.", field="idempotency_key",
            remedy="Open the page for a new bulk review again.", status=409,
        )  # fmt: skip
    return run


def _count(run: Run, by: User) -> None:
    accounts = accounts_of(by, run)
    run.accounts = accounts.count()
    run.households = accounts.order_by().values("household_id").distinct().count()
    if not run.accounts:
        raise _nobody(run)


def _nobody(run: Run) -> DomainError:
    return DomainError(
        "No open account matches.", field="filter", value=run.filter or None,
        remedy="Choose fewer filters, or the whole book.",
    )  # fmt: skip


def preview_run(*, by: User, run: Run) -> Run:
    """Count the members anew and find what would change, without writing a recommendation.

    Raises:
        DomainError: 403 not of operations; 409 the run was approved or started.
    """
    _only_operations(by)
    RUN.after(run.state, "previewed")
    as_of = timezone.localdate()
    run.as_of, run.engine = as_of, ENGINE
    run.policy, run.shelf = policy_version_in_force(as_of), shelf_version_in_force(as_of)
    _count(run, by)
    found = impact(members_of(by, run), frozen_terms(run), accounts=run.accounts)
    with transaction.atomic():
        return step(
            hold(run.pk), "previewed", by=by, preview=found, as_of=as_of, engine=ENGINE, policy=run.policy,
            shelf=run.shelf, households=run.households, accounts=run.accounts,
        )  # fmt: skip


def approve_run(*, by: User, run: Run) -> Run:
    """A second person agrees to a previewed run.

    Raises:
        DomainError: 403 the requester, or neither operations nor compliance; 409 no preview, or past it.
    """
    if by.role not in (Role.OPERATIONS, Role.COMPLIANCE):
        raise DomainError("Only operations or compliance may approve a bulk review.", status=403)
    with transaction.atomic():
        run = hold(run.pk)
        if by.pk == run.requested_by_id:
            raise DomainError(
                "Nobody approves their own bulk review.", status=403,
                remedy="Ask somebody else of operations or compliance.",
            )  # fmt: skip
        if run.state == Run.State.DRAFT:
            raise DomainError(
                "This bulk review has not been previewed.", remedy="Preview it first.", status=409
            )
        because = f"{by} looked at the preview and agreed."
        return step(run, "approved", by=by, note=because, approved_by=by, approved_because=because[:200])


def start_run(*, by: User, run: Run) -> Run:
    """Freeze the members into chunks and let the workers at them, in one transaction.

    Starting again what the same person started answers the running run.

    Raises:
        DomainError: 403 not of operations, or too large without a second person; 409 started by somebody
            else, ended, or out of date: the day, policy, shelf or engine are not the previewed ones any more,
            or more accounts match than a second person agreed to.
    """
    _only_operations(by)
    with transaction.atomic():
        run = hold(run.pk)
        if run.started_at and run.events.filter(event="started", by=by).exists():
            return run
        if run.state not in WAITING:
            RUN.after(run.state, "started")
        _still_current(run)
        agreed = run.accounts
        run.households, run.accounts = queue.freeze(run.pk, cut(members_of(by, run), chunk_size(agreed)))
        if not run.accounts:
            raise _nobody(run)
        if run.approved_by_id and run.accounts > agreed:
            raise _grown(run, agreed)
        if needs_second_person(run) and run.approved_by_id is None:
            raise _too_large(run)
        if run.state != Run.State.APPROVED:
            because = f"Within the limit of {approval_threshold():,} accounts: approved by policy."
            step(run, "approved", note=because, approved_because=because)
        step(run, "started", by=by, started_at=database_now(connection), households=run.households,
             accounts=run.accounts)  # fmt: skip
        transaction.on_commit(partial(ring, run.pk))
    return run


def _too_large(run: Run) -> DomainError:
    return DomainError(
        f"A bulk review of more than {approval_threshold():,} accounts needs a second person; this one has "
        f"{run.accounts:,}.",
        value=run.accounts, remedy="Ask somebody else of operations or compliance to approve it.", status=403,
    )  # fmt: skip


def _grown(run: Run, agreed: int) -> DomainError:
    return DomainError(
        f"The book has grown since this was approved: {run.accounts:,} accounts instead of {agreed:,}.",
        value=run.accounts, remedy="Cancel it and begin a new one.", status=409,
    )  # fmt: skip


def _still_current(run: Run) -> None:
    """What was previewed and approved must be what is carried out."""
    as_of = timezone.localdate()
    now = (policy_version_in_force(run.as_of).pk, shelf_version_in_force(run.as_of).pk, ENGINE)
    if run.preview and (run.as_of != as_of or (run.policy_id, run.shelf_id, run.engine) != now):
        raise DomainError(
            "The preview is out of date: the day, the policy, the shelf or the release has changed since.",
            remedy="Preview again." if run.state == Run.State.PREVIEWED else "Cancel it and begin a new one.",
            status=409,
        )  # fmt: skip


def pause_run(*, by: User, run: Run) -> Run:
    """Stop at chunk bounds, at once: work in hand is thrown away and done again after resuming."""
    return _interrupt(by, run, "paused")


def cancel_run(*, by: User, run: Run) -> Run:
    """End it for good; what was published stands, and nothing is published after this returns."""
    return _interrupt(by, run, "canceled")


def _interrupt(by: User, run: Run, event: str) -> Run:
    _only_operations(by)
    with transaction.atomic():
        run = hold(run.pk)
        RUN.after(run.state, event)
        queue.fence(run.pk)
        if event == "paused":
            return step(run, event, by=by)
        return step(run, event, by=by, finished_at=database_now(connection), **vars(abandon(run.pk)))


def resume_run(*, by: User, run: Run) -> Run:
    """Go on where it was paused."""
    _only_operations(by)
    with transaction.atomic():
        run = step(hold(run.pk), "resumed", by=by, heartbeat_at=database_now(connection))
        transaction.on_commit(partial(ring, run.pk))
    return run


def retry_failed(*, by: User, run: Run, idempotency_key: str) -> Run:
    """Another run, over the accounts that failed in an ended one: results are written once.

    Raises:
        DomainError: 409 it has not ended, or nothing failed.
    """
    if run.state not in ENDED or not run.failed:
        raise DomainError(
            "There is nothing to try again.", value=run.state, status=409,
            remedy="Only accounts that failed in a finished bulk review can be tried again.",
        )  # fmt: skip
    return create_run(by=by, retry_of=run, idempotency_key=idempotency_key)


def seal_run(*, by: User, run: Run) -> Run:
    """Keep the fingerprint of all results with the run: whoever has the files can prove them unchanged."""
    _only_operations(by)
    with transaction.atomic():
        run = hold(run.pk)
        RUN.after(run.state, "sealed")
        fingerprint = results_sha256(run.pk)
        return step(run, "sealed", by=by, note=f"Fingerprint {fingerprint}", sealed_sha256=fingerprint)


def _only_operations(by: User) -> None:
    if by.role != Role.OPERATIONS:
        raise DomainError(
            "Only operations works with bulk reviews.", value=by.role, status=403,
            remedy="Ask somebody of operations.",
        )  # fmt: skip
