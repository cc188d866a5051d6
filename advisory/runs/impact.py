"""What a run would find, computed without writing a recommendation or a result."""

from collections.abc import Iterable, Iterator
from typing import Any
from uuid import UUID

from advisory.recommendations.hashing import fact_blocks, inputs_hashes
from advisory.recommendations.heads import chain_heads
from advisory.runs.chunks import Household, cut
from advisory.runs.decisions import with_standing_decision
from advisory.runs.models import RunResult
from advisory.runs.queue import Found, Tally
from advisory.runs.scoring import Scored, Terms, score
from households.models.facts import FACT_NAMES
from implementation.rules.engine import ENGINE, OUTCOMES

MOST_ACCOUNTS = 10_000
"""Above it a preview looks at every n-th household only, and says so: it runs inside a request."""
AT_ONCE = 2_000
EXAMPLES = 20


def impact(households: Iterable[Household], terms: Terms, *, accounts: int) -> dict[str, Any]:
    """Counts by kind and by direction, flips of standing decisions, and the largest flips as examples.

    Args:
        households: the run's members.
        terms: what it is frozen with.
        accounts: how many accounts those households hold.
    """
    every = -(-accounts // MOST_ACCOUNTS) or 1
    tally, looked_at, standing = Tally(), 0, 0
    examples: list[dict[str, Any]] = []
    for members in cut(_every(households, every), AT_ONCE):
        looked_at += members.accounts
        work = score(members, terms)
        for found in work.failed:
            tally.add(found)
        for scored in work.scored:
            flips = []
            for found, value in zip(
                _compared(scored, terms), scored.facts.facts["account_value"], strict=True
            ):
                tally.add(found)
                if found.flipped:
                    flips.append(_example(found, value))
            standing += len(with_standing_decision([UUID(flip["account"]) for flip in flips]))
            examples = sorted(examples + flips, key=lambda flip: -(flip["value"] or 0))[:EXAMPLES]
    return {
        "looked_at": looked_at, "every": every, "changed": tally.changed, "unchanged": tally.unchanged,
        "failed": tally.failed, "flipped": tally.flipped, "directions": tally.directions,
        "standing": standing, "examples": examples,
    }  # fmt: skip


def _every(households: Iterable[Household], every: int) -> Iterator[Household]:
    return (household for number, household in enumerate(households) if number % every == 0)


def _compared(scored: Scored, terms: Terms) -> Iterator[Found]:
    """What publishing would answer: changed where the inputs differ from the newest recommendation's."""
    facts = scored.facts
    heads = chain_heads(facts.account_ids)
    hashes = inputs_hashes(
        fact_blocks([facts.facts[name] for name in FACT_NAMES]), policy_sha256=terms.policy.sha256,
        shelf_sha256=terms.shelf.sha256, engine=ENGINE,
    )  # fmt: skip
    for account, now, outcome in zip(
        facts.account_ids, hashes, scored.evaluation.outcome.tolist(), strict=True
    ):
        head = heads.get(account)
        same = head is not None and head.inputs_hash == now
        kind = RunResult.Kind.UNCHANGED if same else RunResult.Kind.CHANGED
        before = head.outcome if head else ""
        yield Found(account, kind, outcome_before=before, outcome_after=before if same else OUTCOMES[outcome])


def _example(found: Found, value: int | None) -> dict[str, Any]:
    return {
        "account": found.account_id.hex, "before": found.outcome_before, "after": found.outcome_after,
        "value": value,
    }  # fmt: skip
