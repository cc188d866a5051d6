"""Appending evaluations to the ledger: the one way in, for one account and for a chunk of a bulk review."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import DEFAULT_DB_ALIAS, IntegrityError, connections, transaction

from advisory.recommendations.columns import FactRows, taken
from advisory.recommendations.differences import difference_of, why
from advisory.recommendations.hashing import (
    HASH_VERSION,
    fact_blocks,
    hashed_columns,
    inputs_hashes,
    row_hashes,
)
from advisory.recommendations.heads import Head, chain_heads
from advisory.recommendations.models import Recommendation
from advisory.recommendations.people import people_of
from advisory.recommendations.records import RETIREMENT, evaluated_columns
from households.foundation.databases import among, database_now, insert_columns
from households.foundation.ids import new_id
from households.imports.taken_back import hold_facts
from households.models import User
from households.models.facts import FACT_NAMES
from implementation.rules.engine import ENGINE, Evaluation
from implementation.rules.policy import Policy
from implementation.rules.shelf import Shelf

ATTEMPTS = 20
"""Each round lets one of those who meet through: enough for that many publishers of one account."""
PREVIOUS_AT_ONCE = 2_000
CHANGED, UNCHANGED = "changed", "unchanged"


@dataclass(frozen=True)
class Published:
    """What became of one account's evaluation.

    Attributes:
        kind: ``changed`` (a row was appended) or ``unchanged`` (the one in force stands confirmed).
        recommendation_id: the recommendation in force now.
        previous_id: the one in force before; the same when unchanged, None for a first evaluation.
        outcome_before: "" for a first evaluation.
        why: what moved the outcome, in plain words.
    """

    account_id: UUID
    kind: str
    recommendation_id: UUID
    previous_id: UUID | None
    outcome_before: str
    outcome_after: str
    why: str

    @property
    def flipped(self) -> bool:
        """Whether an outcome was there before and is another now."""
        return bool(self.outcome_before) and self.outcome_before != self.outcome_after


def publish_evaluations(
    *,
    facts: FactRows,
    evaluation: Evaluation,
    shelf: Shelf,
    policy: Policy,
    as_of: date,
    trigger: str,
    by: User | None,
    run_id: UUID | None = None,
    only: Sequence[int] | None = None,
) -> list[Published]:
    """Append what differs from the newest recommendation of each account; confirm the rest.

    Joins the caller's transaction. Two publishers of one account meet at UNIQUE(account, seq): the later one
    reads the heads again and links again; nothing is ever scored again.

    Args:
        facts: the rows that were evaluated, in the order of the evaluation's arrays.
        by: who asked; None for the schedule.
        only: positions to publish; all by default.

    Returns:
        One entry a published row, in the order of ``only``.

    Raises:
        TakenBack: facts rest on an import that was undone since they were read; nothing is recorded.
    """
    evaluated = evaluated_columns(evaluation, shelf, policy, facts.facts["account_value"])
    if only is not None and list(only) != list(range(len(facts.account_ids))):
        facts, evaluated = facts.taken(only), taken(evaluated, only)
    constants = _CONSTANTS | {
        "trigger": trigger,
        "run_id": run_id,
        "requested_by_id": by.pk if by else None,
        "as_of": as_of,
    }
    count = len(facts.account_ids)
    columns = {
        **{name: [value] * count for name, value in constants.items()},
        **facts.facts,
        **evaluated,
        **_about(facts, as_of),
    }
    blocks = fact_blocks([facts.facts[name] for name in FACT_NAMES])
    columns["inputs_hash"] = inputs_hashes(
        blocks, policy_sha256=policy.sha256, shelf_sha256=shelf.sha256, engine=ENGINE
    )
    with transaction.atomic():
        hold_facts(dict(zip(facts.household_ids, facts.revisions, strict=True)))
        return _append(columns, blocks)


_CONSTANTS = {
    "kind": Recommendation.Kind.LIVE.value,
    "advice_capacity": "adviser",
    "engine": ENGINE,
    "hash_version": HASH_VERSION,
    "retention_class": "account+6y",
    "retention_clock_start": None,
    "legal_hold": False,
}


def _about(facts: FactRows, as_of: date) -> dict[str, Sequence[Any]]:
    """Whose accounts they are, and when their facts were built."""
    people = people_of(set(facts.household_ids))
    rows = [people[household] for household in facts.household_ids]
    return {
        "account_id": facts.account_ids,
        "household_id": facts.household_ids,
        "facts_revision": facts.revisions,
        "known_at": facts.built_at,
        "provenance": facts.provenance,
        "retirement": [registration in RETIREMENT for registration in facts.facts["registration"]],
        "advisor_id": [person.advisor_id for person in rows],
        "advisor_name": [person.advisor_name for person in rows],
        "office_name": [person.office_name for person in rows],
        "supervisor_name": [person.supervisor_name for person in rows],
        "next_review_due": [_next_review(person.review_due, as_of) for person in rows],
    }


def _next_review(planned: date | None, as_of: date) -> date:
    """The household's own review date where one lies ahead, else a year on: advice is looked at yearly."""
    if planned and planned > as_of:
        return planned
    leap_day = (as_of.month, as_of.day) == (2, 29)
    return as_of.replace(year=as_of.year + 1, day=28 if leap_day else as_of.day)


# --- the chain ----------------------------------------------------------------------------------------


def _append(columns: Mapping[str, Sequence[Any]], blocks: Sequence[str]) -> list[Published]:
    connection = connections[DEFAULT_DB_ALIAS]
    recorded_at = database_now(connection)
    accounts = columns["account_id"]
    for attempt in range(1, ATTEMPTS + 1):
        heads = chain_heads(accounts)
        # By account: publishers that meet then wait for each other in one order, never in a circle.
        changed = sorted(
            (
                number
                for number, account in enumerate(accounts)
                if (head := heads.get(account)) is None
                or (
                    head.inputs_hash != columns["inputs_hash"][number]
                    and not _overtaken(head, columns, number)
                )
            ),
            key=lambda number: accounts[number].int,
        )
        rows = _linked(taken(columns, changed), heads, recorded_at, [blocks[number] for number in changed])
        if not changed:
            break
        try:
            with transaction.atomic():
                insert_columns(connection, Recommendation, rows)
            break
        except IntegrityError:
            if attempt == ATTEMPTS:
                raise
    return _results(columns, heads, rows, changed)


def _overtaken(head: Head, columns: Mapping[str, Sequence[Any]], number: int) -> bool:
    """Whether the newest row is the later evaluation: of later facts, or of the same ones on a later day.

    A bulk review publishes what it read earlier, and by the day and the rules that it was frozen with.
    """
    if head.household_id != columns["household_id"][number]:
        return False
    return (head.facts_revision, head.as_of) > (columns["facts_revision"][number], columns["as_of"][number])


def _linked(
    rows: dict[str, Sequence[Any]], heads: Mapping[UUID, Head], recorded_at: datetime, blocks: Sequence[str]
) -> dict[str, Sequence[Any]]:
    """Rows with their place in the chain, and hashed."""
    before = [heads.get(account) for account in rows["account_id"]]
    rows |= {
        "id": [new_id() for _ in before],
        "seq": [head.seq + 1 if head else 1 for head in before],
        "prev_hash": [head.row_hash if head else "" for head in before],
        "supersedes_id": [head.id if head else None for head in before],
        "recorded_at": [recorded_at] * len(before),
    }
    rows["row_hash"] = row_hashes(Recommendation, rows, blocks)
    return rows


# --- what became of it --------------------------------------------------------------------------------


def _results(
    columns: Mapping[str, Sequence[Any]],
    heads: Mapping[UUID, Head],
    rows: Mapping[str, Sequence[Any]],
    changed: Sequence[int],
) -> list[Published]:
    place = {number: row for row, number in enumerate(changed)}
    reasons = _reasons(rows, heads)
    results = []
    for number, account in enumerate(columns["account_id"]):
        head, row = heads.get(account), place.get(number)
        if row is None:
            assert head is not None
            told = OVERTAKEN if _overtaken(head, columns, number) else CONFIRMED
            results.append(Published(account, UNCHANGED, head.id, head.id, head.outcome, head.outcome, told))
            continue
        results.append(
            Published(
                account_id=account,
                kind=CHANGED,
                recommendation_id=rows["id"][row],
                previous_id=head.id if head else None,
                outcome_before=head.outcome if head else "",
                outcome_after=rows["outcome"][row],
                why=reasons[row],
            )
        )
    return results


CONFIRMED = "Confirmed: nothing that decides has changed."
OVERTAKEN = "A later evaluation was recorded meanwhile; it stands."
FIRST = "First evaluation of this account."


def _reasons(rows: Mapping[str, Sequence[Any]], heads: Mapping[UUID, Head]) -> list[str]:
    """For every appended row, what moved it; only flipped outcomes are worth reading the rows before them."""
    reasons, flipped = [], {}
    for number, account in enumerate(rows["account_id"]):
        head = heads.get(account)
        if head is None:
            reasons.append(FIRST)
        elif head.outcome == rows["outcome"][number]:
            ruled = (head.policy_sha256, head.shelf_sha256) != (
                rows["policy_sha256"][number],
                rows["shelf_sha256"][number],
            )
            reasons.append(f"The outcome stays; {'policy or shelf' if ruled else 'facts'} changed.")
        else:
            reasons.append("")
            flipped[head.id] = number
    for previous in _previous_rows(list(flipped)):
        number = flipped[previous["id"]]
        current = {name: rows[name][number] for name in _COMPARED}
        reasons[number] = why(difference_of(current, previous))
    return reasons


_COMPARED = hashed_columns(Recommendation)


def _previous_rows(ids: Sequence[UUID]) -> Iterator[dict[str, Any]]:
    for start in range(0, len(ids), PREVIOUS_AT_ONCE):
        batch = ids[start : start + PREVIOUS_AT_ONCE]
        yield from among(Recommendation.objects.all(), "id", batch).values(*_COMPARED)
