"""What a test of whole configurations asks of a process of that configuration; see ``Stack.call``."""

import time
from concurrent.futures import ThreadPoolExecutor
from uuid import UUID, uuid4

from django.core.management import call_command
from django.db import connection, transaction
from django.utils import timezone

from advisory.runs import services
from advisory.runs.doorbell import ring
from advisory.runs.models import Run
from advisory.runs.queue import Found, begin_publishing, claim, finish_publishing
from households.foundation.errors import DomainError
from households.foundation.roles import Role
from households.generation.loading import load_synthetic
from households.models import User
from tests.runs.book import publish_rules


def fill(accounts: int) -> None:
    """Fill an empty database with the generated book of that size, and two operators."""
    call_command("migrate", verbosity=0, interactive=False)
    publish_rules()
    load_synthetic(accounts, seed=1, as_of=timezone.localdate())
    for name in ("operations", "second"):
        User.objects.create_user(f"{name}@test.example", None, role=Role.OPERATIONS)


def draft() -> str:
    """A run over the whole book that nobody has started; its id."""
    by = User.objects.get(email="operations@test.example")
    return str(services.create_run(by=by, idempotency_key=uuid4().hex).pk)


def start(run_id: str, email: str, accounts_a_chunk: int) -> str:
    """Start it as one of the operators, cut small so that faults meet work in hand; what came of it."""
    services.chunk_size = lambda accounts: accounts_a_chunk
    by = User.objects.get(email=email)
    try:
        return services.start_run(by=by, run=Run.objects.get(pk=run_id)).state
    except DomainError as error:
        return str(error.status)


def act(run_id: str, action: str) -> str:
    """Pause or resume it; its state then, or the status of the refusal."""
    by = User.objects.get(email="operations@test.example")
    try:
        return getattr(services, action)(by=by, run=Run.objects.get(pk=run_id)).state
    except DomainError as error:
        return str(error.status)


def ring_again(run_id: str, times: int) -> bool:
    """Press the doorbell more often than anybody needs."""
    return all(ring(UUID(run_id)) for _ in range(times))


def pause_while_publishing() -> str:
    """A pause comes while a chunk is being published, and waits for it; the state after both."""
    run_id = draft()
    start(run_id, "operations@test.example", 6)
    held = claim(UUID(run_id))
    assert held is not None
    with ThreadPoolExecutor(1) as other:
        with transaction.atomic():
            begin_publishing(held)
            finish_publishing(held, [Found(account, "unchanged") for account in held.members.account_ids])
            pausing = other.submit(act, run_id, "pause_run")
            _until_somebody_waits()
        return pausing.result(timeout=20)


def _until_somebody_waits() -> None:
    waiting = (
        "SELECT count(*) FROM pg_stat_activity "
        "WHERE datname = current_database() AND wait_event_type = 'Lock'"
    )
    with connection.cursor() as cursor:
        for _ in range(200):
            cursor.execute("SELECT pg_stat_clear_snapshot()")
            cursor.execute(waiting)
            if cursor.fetchone()[0]:
                return
            time.sleep(0.05)
    raise AssertionError("the pause did not wait for the publication")
