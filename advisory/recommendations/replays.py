"""Recomputing a recommendation from its own snapshot."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from advisory.recommendations.columns import core_columns
from advisory.recommendations.hashing import fact_blocks, inputs_hashes
from advisory.recommendations.models import Recommendation
from advisory.recommendations.records import evaluated_columns
from households.foundation.errors import DomainError
from households.models.facts import FACT_NAMES
from implementation.rules.engine import ENGINE, evaluate
from implementation.selectors import policy_by_hash, shelf_by_hash

MATCH, MISMATCH, NOT_REPLAYABLE = "MATCH", "MISMATCH", "NOT_REPLAYABLE"


@dataclass(frozen=True)
class Differing:
    """One column that came out otherwise."""

    column: str
    recorded: Any
    replayed: Any


@dataclass(frozen=True)
class Replay:
    """What a replay found.

    Attributes:
        verdict: MATCH; MISMATCH (the same engine, and something differs); NOT_REPLAYABLE.
        differing: what differs, for MISMATCH.
        reason: why not replayable.
    """

    verdict: str
    differing: Sequence[Differing] = ()
    reason: str = ""


def replay(recommendation: Recommendation) -> Replay:
    """Evaluate the row's own facts with the rules it names, and compare every column the engine answers."""
    row = recommendation
    try:
        policy, shelf = policy_by_hash(row.policy_sha256), shelf_by_hash(row.shelf_sha256)
    except DomainError as error:
        return Replay(NOT_REPLAYABLE, reason=error.problem)
    stored = {name: [getattr(row, name)] for name in FACT_NAMES}
    evaluation = evaluate(core_columns(stored), shelf, policy, row.as_of)
    columns = evaluated_columns(evaluation, shelf, policy, stored["account_value"])
    replayed = {name: values[0] for name, values in columns.items()}
    replayed["inputs_hash"] = inputs_hashes(
        fact_blocks(list(stored.values())),
        policy_sha256=row.policy_sha256,
        shelf_sha256=row.shelf_sha256,
        engine=row.engine,
    )[0]
    differing = [
        Differing(name, getattr(row, name), value)
        for name, value in replayed.items()
        if getattr(row, name) != value
    ]
    if not differing:
        return Replay(MATCH)
    if row.engine != ENGINE:
        return Replay(NOT_REPLAYABLE, reason=f"made by engine {row.engine}; this is engine {ENGINE}")
    return Replay(MISMATCH, differing)
