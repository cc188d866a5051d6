"""The full canonical document of a recommendation: everything an examiner asks for, in one sealed text.

It holds no client name: people of the firm as they were, accounts and households by reference.
"""

import hashlib
import json
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from advisory.recommendations.columns import core_columns
from advisory.recommendations.hashing import canonical_json
from advisory.recommendations.models import Recommendation, SealedDocument
from advisory.recommendations.records import PER_BPS
from households.foundation.errors import DomainError
from households.models.facts import FACT_FIELDS, FACT_NAMES
from households.provenance import decode
from implementation.rules.engine import ENGINE
from implementation.rules.explain import explain
from implementation.rules.policy import Policy
from implementation.rules.shelf import Shelf
from implementation.selectors import policy_by_hash, shelf_by_hash

SCHEMA_VERSION = 1
ALTERNATIVES = ("SMA", "UMA", "stay", "ETF")
MISSING = "missing"


def explanation_of(recommendation: Recommendation) -> dict[str, Any]:
    """The document of a recommendation: as sealed if it ever was, else derived again from its own row.

    Raises:
        DomainError: 409, never sealed and made by another engine, so that nothing may be derived.
    """
    sealed = newest_document(recommendation)
    return json.loads(sealed.document) if sealed else document_of(recommendation)


def newest_document(recommendation: Recommendation) -> SealedDocument | None:
    """The sealed document in force, or None: not sealed yet."""
    return recommendation.documents.order_by("-seq").first()


def sealed_text(document: dict[str, Any]) -> tuple[str, str]:
    """The canonical text of a document and its SHA-256."""
    text = canonical_json(document)
    return text, hashlib.sha256(text.encode()).hexdigest()


def document_of(recommendation: Recommendation) -> dict[str, Any]:
    """Derive the document from the row's own columns and the rules it names, with the same engine.

    Raises:
        DomainError: 409 for a row of another engine; 404 when its rules are not stored.
    """
    if recommendation.engine != ENGINE:
        raise DomainError(
            "This recommendation was made by another version of the rules engine and was never presented.",
            value=recommendation.engine,
            remedy="Evaluate the account again; the record itself stays as it is.",
            status=409,
        )
    policy, shelf = policy_by_hash(recommendation.policy_sha256), shelf_by_hash(recommendation.shelf_sha256)
    columns = core_columns({name: [getattr(recommendation, name)] for name in FACT_NAMES})
    result = explain(columns, 0, shelf, policy, recommendation.as_of)
    return json.loads(
        canonical_json(
            {
                "schema": SCHEMA_VERSION,
                "recommendation": _identity(recommendation),
                "people": _people(recommendation),
                "inputs": _inputs(recommendation),
                "logic": _logic(recommendation, policy, shelf),
                "result": result,
                "alternatives": _alternatives(recommendation, shelf, result),
                "conflict_of_interest": _conflict_of_interest(recommendation, shelf),
            }
        )
    )


def _identity(row: Recommendation) -> dict[str, Any]:
    names = (
        "id", "account_id", "household_id", "supersedes_id", "seq", "trigger", "run_id", "kind",
        "advice_capacity", "retirement", "as_of", "known_at", "recorded_at", "next_review_due",
        "facts_revision", "inputs_hash", "prev_hash", "row_hash", "hash_version", "retention_class",
    )  # fmt: skip
    return {name: _plain(getattr(row, name)) for name in names}


def _people(row: Recommendation) -> dict[str, Any]:
    return {
        "advisor_id": str(row.advisor_id),
        "advisor": row.advisor_name,
        "office": row.office_name,
        "supervisor": row.supervisor_name,
        "requested_by_id": _plain(row.requested_by_id),
    }


def _inputs(row: Recommendation) -> list[dict[str, Any]]:
    """Every fact with its unit and where it comes from; money and fractions as text, never as floats."""
    provenance = decode(row.provenance)
    inputs = []
    for field in FACT_FIELDS:
        value, known = getattr(row, field.name), provenance.get(field.name)
        inputs.append(
            {
                "name": field.name,
                "value": _fact_text(field.kind, value),  # type: ignore[attr-defined]
                "unit": field.unit,  # type: ignore[attr-defined]
                "source": known.source if known else MISSING if value is None else "unknown",
                "source_date": known.day.isoformat() if known and known.day else None,
                "quality": known.quality if known else MISSING if value is None else "unknown",
            }
        )
    return inputs


def _fact_text(kind: str, value: Any) -> Any:
    if value is None or kind in ("code", "flag", "count", "level"):
        return value
    if kind == "money":
        return f"{value // 100}.{value % 100:02d}" if value >= 0 else f"-{_fact_text(kind, -value)}"
    return format(value, ".6f").rstrip("0").rstrip(".") if value else "0"


def _logic(row: Recommendation, policy: Policy, shelf: Shelf) -> dict[str, Any]:
    return {
        "policy": {"name": policy.name, "version": row.policy_version, "sha256": row.policy_sha256},
        "shelf": {"name": shelf.name, "version": row.shelf_version, "sha256": row.shelf_sha256},
        "engine": row.engine,
        "either_within": policy.numbers["either_within"],
    }


def _alternatives(row: Recommendation, shelf: Shelf, result: dict[str, Any]) -> list[dict[str, Any]]:
    """SMA, UMA, stay as is and the plain ETF: open or not, what each costs, and why it was not chosen."""
    names = {program.code: program.name for program in shelf.programs}
    cheapest = {1: "SMA", -1: "UMA"}.get(row.cheapest)
    listed = []
    for name in ALTERNATIVES:
        prefix = name.lower()
        code = getattr(row, f"{prefix}_program", "") or None
        listed.append(
            {
                "alternative": name,
                "program": code,
                "program_name": names.get(code) if code else None,
                "eligible": {1: True, 0: False}.get(getattr(row, f"{prefix}_eligible", -1)),
                "cost_bps": getattr(row, f"{prefix}_cost_bps"),
                "cost": _money(getattr(row, f"{prefix}_cost")),
                "cheapest_eligible": name == cheapest,
                "why_not": result["why_not"] if _passed_over(row, name) else None,
            }
        )
    return listed


def _passed_over(row: Recommendation, name: str) -> bool:
    return name in ("SMA", "UMA") and name != row.outcome


def _conflict_of_interest(row: Recommendation, shelf: Shelf) -> dict[str, Any]:
    """What client, firm and advisor pay or earn a year with either structure; null where unknown.

    The changes are those of the recommended structure against the cheapest eligible one.
    """
    programs = {program.code: program for program in shelf.programs}
    structures = {}
    for structure in ("SMA", "UMA"):
        program = programs.get(getattr(row, f"{structure.lower()}_program"))
        structures[structure] = {
            "client_cost": _money(getattr(row, f"{structure.lower()}_cost")),
            "firm_revenue": _money(_earned(row, program.firm_revenue_bps if program else None)),
            "advisor_pay": _money(_earned(row, program.advisor_pay_bps if program else None)),
        }
    return {
        "structures": structures,
        "cheapest_eligible": {1: "SMA", -1: "UMA"}.get(row.cheapest),
        "client_cost_change": _money(row.client_cost_change),
        "firm_revenue_change": _money(row.firm_revenue_change),
        "advisor_pay_change": _money(row.advisor_pay_change),
    }


def _earned(row: Recommendation, bps: float | None) -> int | None:
    if bps is None or row.account_value is None:
        return None
    return round(row.account_value * bps / PER_BPS)


def _money(cents: int | None) -> str | None:
    return _fact_text("money", cents)


def _plain(value: Any) -> Any:
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")
    return value.isoformat() if isinstance(value, date) else value
