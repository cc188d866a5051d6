"""Everything the recommendation's page shows."""

from typing import Any

from django.utils import timezone

from advisory.recommendations import selectors
from advisory.recommendations.documents import explanation_of, newest_document
from advisory.recommendations.forms import DecisionForm
from advisory.recommendations.freshness import changed_since
from advisory.recommendations.models import Decision, Recommendation
from advisory.recommendations.page.arguments import arguments, principal
from advisory.recommendations.page.changes import changes
from advisory.recommendations.page.contrast import contrast
from advisory.recommendations.page.evidence import eligibility, factor_chart, factors, input_rows, need_lines
from advisory.recommendations.page.links import links_of
from advisory.recommendations.page.money import break_even, conflict_rows, cost_chart, cost_rows
from advisory.recommendations.page.sections import sections
from advisory.recommendations.page.stability import stability_chart
from advisory.recommendations.page.verdict import verdict
from advisory.recommendations.reasons import BY_CODE
from advisory.recommendations.states import DECIDED, State
from advisory.recommendations.what_if.comparing import scenario_rows
from advisory.recommendations.what_if.panel import panel
from advisory.recommendations.words import STRUCTURES
from households.foundation.access import CLIENT_EDITORS
from households.foundation.formats import day, moment
from households.foundation.roles import Role
from households.models import User
from households.securities.presenting import symbol_questions

_OPEN = (State.PRESENTED, State.DEFERRED)
_TONES = {"accepted": "ok", "overridden": "warn", "deferred": "info", "declined": "plain"}


def page_context(
    user: User, recommendation: Recommendation, form: DecisionForm | None = None
) -> dict[str, Any]:
    """The page of one recommendation, from its document; only names and links are of today.

    Args:
        form: a decision that was refused; a fresh form otherwise.
    """
    document = explanation_of(recommendation)
    result, logic, inputs = document["result"], document["logic"], document["inputs"]
    history = list(selectors.history_of(user, recommendation.account))
    newest = history[0]
    previous = selectors.previous_of(recommendation)
    links, costs = links_of(recommendation.account), cost_rows(result)
    return {
        "recommendation": recommendation,
        "account": recommendation.account,
        "household": recommendation.household,
        "document": document,
        "result": result,
        "verdict": verdict(result, logic),
        "principal": principal(result),
        "arguments": arguments(result, with_codes=user.role not in CLIENT_EDITORS),
        "contrast": contrast(result),
        "changes": changes(result, links),
        "symbol_questions": symbol_questions(user, recommendation.account),
        "stability": stability_chart(result),
        "programs": eligibility(result, links),
        "need": need_lines(result),
        "factor_chart": factor_chart(result, logic),
        "factors": factors(result, inputs, links),
        "costs": costs,
        "cost_chart": cost_chart(costs),
        "break_even": break_even(result),
        "conflict": conflict_rows(document["conflict_of_interest"]),
        "inputs": input_rows(inputs, links),
        "unknown_inputs": sum(entry["value"] is None for entry in inputs),
        "sealed": newest_document(recommendation),
        "previous": previous,
        "difference": selectors.difference(recommendation, previous) if previous else None,
        "history": history,
        "newest": newest,
        "is_newest": newest.pk == recommendation.pk,
        "record": _record_rows(recommendation),
        **_deciding(user, recommendation, newest, form),
    }


def recommendation_context(
    user: User, recommendation: Recommendation, form: DecisionForm | None = None
) -> dict[str, Any]:
    """The recommendation's own page: all of it, and what stands beside the record: what-if and scenarios."""
    context = page_context(user, recommendation, form)
    return context | {
        "what_if": panel(recommendation, context["document"]),
        "scenarios": scenario_rows(user, recommendation),
        "sections": sections(context),
    }


def _deciding(
    user: User, recommendation: Recommendation, newest: Recommendation, form: DecisionForm | None
) -> dict[str, Any]:
    """The decide panel: what was decided, and what this reader may do now."""
    decisions = list(selectors.decisions_of(recommendation))
    last = decisions[-1] if decisions else None
    is_newest = newest.pk == recommendation.pk
    state = selectors.state_of(recommendation, newest=is_newest)
    may = user.role == Role.ADVISOR and is_newest
    recorded = selectors.recorded_state(recommendation)
    correcting = last if recorded in DECIDED else None
    changed = changed_since([recommendation], timezone.localdate()) if is_newest else {}
    return {
        "state": state,
        "decisions": [_decision_row(decision) for decision in reversed(decisions)],
        "decision": last and _decision_row(last),
        "may_evaluate": user.role == Role.ADVISOR,
        "may_present": may and recorded == State.GENERATED,
        "may_decide": may and recorded in _OPEN,
        "may_correct": may and recorded in DECIDED,
        "form": form or (may and DecisionForm(recommendation=recommendation, by=user, corrects=correcting)),
        "changed": changed.get(recommendation.pk),
        "read_only": user.role != Role.ADVISOR or not is_newest,
    }


def _decision_row(decision: Decision) -> dict[str, Any]:
    labels = [BY_CODE[code].label if code in BY_CODE else code for code in decision.reason_codes]
    return {
        "title": f"{decision.get_kind_display()}: {STRUCTURES.get(decision.chosen, decision.chosen)}"
        if decision.chosen != "none"
        else decision.get_kind_display(),
        "kind": decision.kind,
        "tone": _TONES[decision.kind],
        "when": decision.recorded_at,
        "who": decision.by_name,
        "text": decision.rationale,
        "reasons": labels,
        "corrects": bool(decision.corrects_id),
    }


def _record_rows(row: Recommendation) -> list[dict[str, Any]]:
    """Who, when, by which rules, and the fingerprints."""
    return [
        {"label": "Recommendation", "value": str(row.pk), "mono": True},
        {"label": "Place in the account's chain", "value": f"Number {row.seq}"},
        {"label": "Why then", "value": row.get_trigger_display()},
        {"label": "Facts as of", "value": day(row.as_of)},
        {"label": "Facts built", "value": moment(row.known_at)},
        {"label": "Recorded", "value": moment(row.recorded_at)},
        {"label": "Next review due", "value": day(row.next_review_due)},
        {"label": "Advisor then", "value": row.advisor_name},
        {"label": "Office then", "value": row.office_name or None},
        {"label": "Supervisor then", "value": row.supervisor_name or None},
        {"label": "Policy", "value": row.policy_version, "hash": row.policy_sha256},
        {"label": "Shelf", "value": row.shelf_version, "hash": row.shelf_sha256},
        {"label": "Engine", "value": str(row.engine)},
        {"label": "Inputs fingerprint", "hash": row.inputs_hash},
        {
            "label": "Fingerprint of the record before",
            "hash": row.prev_hash or "None: the first of its chain",
        },
        {"label": "Fingerprint of this record", "hash": row.row_hash},
        {"label": "Kept", "value": "For six years after the account closes"},
    ]
