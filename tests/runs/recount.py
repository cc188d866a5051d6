"""What the database of a finished run really holds, counted from outside by a process of its own.

Every account's number of results, how the chains and hashes stand, and how many recommendations differ from
what the rules say about their own facts when they are computed again, all of them.
"""

from collections import Counter
from datetime import date
from itertools import islice
from typing import Any

from advisory.recommendations.columns import core_columns
from advisory.recommendations.models import Recommendation
from advisory.recommendations.records import evaluated_columns
from advisory.recommendations.verification import broken_rows
from advisory.runs.models import Chunk, Run, RunResult
from households.models import Account
from households.models.facts import FACT_NAMES
from implementation.rules.engine import evaluate
from implementation.selectors import policy_by_hash, shelf_by_hash

AT_ONCE = 1_000


def recomputed_otherwise() -> int:
    """Recommendations whose stored evaluation is not what their stored facts give."""
    differing = 0
    rows = Recommendation.objects.order_by("policy_sha256", "shelf_sha256", "as_of", "pk").iterator()
    while batch := list(islice(rows, AT_ONCE)):
        terms = {(row.policy_sha256, row.shelf_sha256, row.as_of) for row in batch}
        for policy_hash, shelf_hash, as_of in terms:
            same = [
                r
                for r in batch
                if (r.policy_sha256, r.shelf_sha256, r.as_of) == (policy_hash, shelf_hash, as_of)
            ]
            policy, shelf = policy_by_hash(policy_hash), shelf_by_hash(shelf_hash)
            stored = {name: [getattr(row, name) for row in same] for name in FACT_NAMES}
            evaluation = evaluate(core_columns(stored), shelf, policy, as_of)
            columns = evaluated_columns(evaluation, shelf, policy, stored["account_value"])
            differing += sum(
                any(getattr(row, name) != values[number] for name, values in columns.items())
                for number, row in enumerate(same)
            )
    return differing


def _terms(row: Recommendation) -> tuple[str, str, date]:
    return row.policy_sha256, row.shelf_sha256, row.as_of


def recount() -> dict[str, Any]:
    """Everything the tests of whole configurations ask about."""
    accounts = set(Account.objects.filter(closed_on=None).values_list("pk", flat=True))
    runs = {}
    for run in Run.objects.order_by("created_at"):
        results = Counter(RunResult.objects.filter(run=run).values_list("account_id", flat=True))
        chunks = Chunk.objects.filter(run=run)
        runs[str(run.pk)] = {
            "state": run.state,
            "accounts": run.accounts,
            "results": sum(results.values()),
            "missing": len(accounts - set(results)),
            "strangers": len(set(results) - accounts),
            "twice": sum(count > 1 for count in results.values()),
            "counted": run.changed + run.unchanged + run.failed,
            "failed": run.failed,
            "unchanged": run.unchanged,
            "chunks": chunks.filter(state="done").count(),
            "claims": sum(chunks.values_list("token", flat=True)),
        }
    return {
        "accounts": len(accounts),
        "recommendations": Recommendation.objects.count(),
        "broken": [str(row) for row in broken_rows()],
        "recomputed_otherwise": recomputed_otherwise(),
        "runs": runs,
    }
