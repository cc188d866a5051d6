"""A claimed chunk, scored and published: nobody is lost and nobody is counted twice, whatever fails.

Scoring is pure and happens outside any transaction; publishing is one transaction. What goes wrong with some
accounts is narrowed down by halving until those accounts alone carry the failure as their result. A database
that goes away is no account's failure, nor is an import undone meanwhile: the chunk is taken up again.
"""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from uuid import UUID

from django.db import InterfaceError, OperationalError, transaction

from advisory.recommendations.columns import core_columns
from advisory.recommendations.models import Recommendation
from advisory.recommendations.publishing import FactRows, Published, publish_evaluations
from advisory.runs.chunks import Members
from advisory.runs.models import Run, RunResult
from advisory.runs.queue import Claim, Fenced, Found, begin_publishing, finish_publishing, give_back
from households.facts import fresh_facts, read_facts
from households.foundation.errors import DomainError
from households.imports.taken_back import TakenBack
from households.models import User
from implementation.rules.engine import Evaluation, evaluate
from implementation.rules.policy import Policy
from implementation.rules.shelf import Shelf
from implementation.selectors import policy_by_hash, shelf_by_hash

logger = logging.getLogger(__name__)
DATABASE_AWAY = (OperationalError, InterfaceError)
SCORINGS = 3
"""How often a chunk in hand is scored where imports are undone meanwhile, before others may claim it."""
NO_FACTS = "The account was closed or removed after the review began."


@dataclass(frozen=True)
class Terms:
    """What a run was frozen with."""

    run_id: UUID
    policy: Policy
    shelf: Shelf
    as_of: date
    by: User


def frozen_terms(run: Run) -> Terms:
    """A run's terms, its documents parsed and checked against their hashes."""
    policy, shelf = policy_by_hash(run.policy.sha256), shelf_by_hash(run.shelf.sha256)
    return Terms(run.pk, policy, shelf, run.as_of, run.requested_by)


@lru_cache(maxsize=8)
def terms_of(run_id: UUID) -> Terms:
    """The terms of a started run; they never change again."""
    return frozen_terms(Run.objects.select_related("policy", "shelf", "requested_by").get(pk=run_id))


@dataclass(frozen=True)
class Scored:
    """Accounts with their facts as they were read, and what the rules say about them."""

    facts: FactRows
    evaluation: Evaluation


@dataclass
class Work:
    """A chunk between claim and publication."""

    scored: list[Scored]
    failed: list[Found]


def carry_out(held: Claim) -> int:
    """Score and publish a chunk; the accounts it held.

    Raises:
        Fenced: somebody newer holds the chunk, or it was given back, since imports were undone each time it
            was scored; nothing was written.
    """
    terms = terms_of(held.run_id)
    for _ in range(SCORINGS):
        try:
            _score_and_publish(held, terms)
        except TakenBack:
            continue
        return held.members.accounts
    give_back(held, tried=False)
    raise Fenced


def _score_and_publish(held: Claim, terms: Terms) -> None:
    work = score(held.members, terms)
    try:
        publish(held, work, terms)
    except (Fenced, TakenBack, *DATABASE_AWAY):
        raise
    except Exception:
        logger.exception("run %s chunk %s: publishing whole failed, narrowing down", held.run_id, held.number)
        publish(held, work, terms, carefully=True)


# --- scoring -----------------------------------------------------------------------------------------------


def score(members: Members, terms: Terms) -> Work:
    """Facts read once and the rules applied to them; failures narrowed down to their accounts."""
    work = Work([], [])
    _score(members, terms, work)
    return work


def _score(members: Members, terms: Terms, work: Work) -> None:
    try:
        scored = score_together(members, terms)
    except DATABASE_AWAY:
        raise
    except Exception as error:
        parts = members.parts()
        if not parts:
            (account,) = members.account_ids
            work.failed.append(_failure(account, error))
        for part in parts:
            _score(part, terms, work)
        return
    there = set(scored.facts.account_ids)
    gone = (account for account in members.account_ids if account not in there)
    work.failed += [Found(account, RunResult.Kind.FAILED, why=NO_FACTS) for account in gone]
    if there:
        work.scored.append(scored)


def score_together(members: Members, terms: Terms) -> Scored:
    """All of them at once: fresh facts, one read, one evaluation."""
    fresh_facts(members.household_ids, as_of=terms.as_of)
    facts = FactRows.of(read_facts(account_ids=members.account_ids))
    evaluation = evaluate(core_columns(facts.facts), terms.shelf, terms.policy, terms.as_of)
    return Scored(facts, evaluation)


def _failure(account: UUID, error: Exception) -> Found:
    if isinstance(error, DomainError):
        return Found(account, RunResult.Kind.FAILED, why=str(error))
    logger.error("account %s could not be evaluated", account, exc_info=error)
    why = f"The evaluation stopped with an internal error ({type(error).__name__}); the log has the details."
    return Found(account, RunResult.Kind.FAILED, why=why)


# --- publishing --------------------------------------------------------------------------------------------


@transaction.atomic
def publish(held: Claim, work: Work, terms: Terms, *, carefully: bool = False) -> None:
    """Recommendations, results and *done* in one transaction, if the chunk is still ours.

    Args:
        carefully: give an account that cannot be recorded a failed result instead of failing the chunk.

    Raises:
        Fenced: it is not ours any more.
        TakenBack: facts that were read rest on an import that was undone since; score the chunk again.
    """
    begin_publishing(held)
    found = list(work.failed)
    record = _record_carefully if carefully else _record
    for scored in work.scored:
        found += record(scored, range(len(scored.facts.account_ids)), terms)
    finish_publishing(held, found)


def _record(scored: Scored, positions: Sequence[int], terms: Terms) -> list[Found]:
    published = publish_evaluations(
        facts=scored.facts, evaluation=scored.evaluation, shelf=terms.shelf, policy=terms.policy,
        as_of=terms.as_of, trigger=Recommendation.Trigger.BULK, by=terms.by, run_id=terms.run_id,
        only=positions,
    )  # fmt: skip
    return [_found(entry) for entry in published]


def _found(entry: Published) -> Found:
    return Found(entry.account_id, entry.kind, entry.recommendation_id, entry.previous_id,
                 entry.outcome_before, entry.outcome_after, entry.why)  # fmt: skip


def _record_carefully(scored: Scored, positions: Sequence[int], terms: Terms) -> list[Found]:
    try:
        with transaction.atomic():
            return _record(scored, positions, terms)
    except (TakenBack, *DATABASE_AWAY):
        raise
    except Exception as error:
        if len(positions) == 1:
            return [_failure(scored.facts.account_ids[positions[0]], error)]
    middle = len(positions) // 2
    return [
        *_record_carefully(scored, positions[:middle], terms),
        *_record_carefully(scored, positions[middle:], terms),
    ]
