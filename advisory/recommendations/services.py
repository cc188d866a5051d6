"""Evaluate, present, decide: what is done with recommendations. Everything recorded here is written once."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone

from advisory.recommendations import selectors
from advisory.recommendations.chain import append, last_of
from advisory.recommendations.columns import core_columns
from advisory.recommendations.documents import document_of, newest_document, sealed_text
from advisory.recommendations.models import Decision, Recommendation, RecommendationStatus, SealedDocument
from advisory.recommendations.publishing import ATTEMPTS, FactRows, Published, publish_evaluations
from advisory.recommendations.rationale import Decided, check_decision
from advisory.recommendations.states import EVENT_OF_KIND, RECOMMENDATION, State
from households.facts import fresh_facts, read_facts
from households.foundation.errors import DomainError
from households.foundation.roles import Role
from households.imports.taken_back import TakenBack
from households.models import Account, User
from implementation.rules.engine import evaluate
from implementation.selectors import policy_in_force, shelf_in_force

Occasion = SealedDocument.Occasion


def evaluate_account(
    *, by: User, account: Account, trigger: str = Recommendation.Trigger.ADVISOR, as_of: date | None = None
) -> Published:
    """Evaluate one account from fresh facts, by the rules in force, and record the answer.

    The household's accounts go through the engine together, as in a bulk review; this one is recorded.

    Raises:
        DomainError: 409, the account is closed, no rules are in force, or import after import was undone.
    """
    as_of = as_of or timezone.localdate()
    try:
        return _evaluate_once(by, account, trigger, as_of)
    except TakenBack:  # by then the facts are those after the undo
        return _evaluate_once(by, account, trigger, as_of)


def _evaluate_once(by: User, account: Account, trigger: str, as_of: date) -> Published:
    policy, shelf = policy_in_force(as_of), shelf_in_force(as_of)
    fresh_facts([account.household_id], as_of=as_of)
    facts = FactRows.of(read_facts(household_ids=[account.household_id]))
    if account.pk not in facts.account_ids:
        raise DomainError(
            "A closed account is not evaluated.",
            value=account.closed_on,
            remedy="Open it again, or evaluate another account of the household.",
            status=409,
        )
    evaluation = evaluate(core_columns(facts.facts), shelf, policy, as_of)
    (published,) = publish_evaluations(
        facts=facts,
        evaluation=evaluation,
        shelf=shelf,
        policy=policy,
        as_of=as_of,
        trigger=trigger,
        by=by,
        only=[list(facts.account_ids).index(account.pk)],
    )
    return published


# --- presenting and sealing -----------------------------------------------------------------------------


@transaction.atomic
def present(*, by: User, recommendation: Recommendation) -> SealedDocument:
    """Seal the full document of what is shown to the advisor; once, however often it is asked for.

    Raises:
        DomainError: 409, a newer evaluation of the account is there.
    """
    found = recommendation.documents.filter(occasion=Occasion.PRESENTED).first()
    if found:
        return found
    _refuse_superseded(recommendation)
    sealed = _seal(recommendation, Occasion.PRESENTED, by)
    if _state_now(recommendation) == State.GENERATED:
        _set_status(recommendation, _state_after(recommendation, "presented"), None, sealed.recorded_at)
    return sealed


@transaction.atomic
def seal_for_export(*, by: User, recommendation: Recommendation) -> SealedDocument:
    """The sealed document, sealing it now if nobody has looked at the recommendation yet."""
    return newest_document(recommendation) or _seal(recommendation, Occasion.EXPORTED, by)


def _seal(recommendation: Recommendation, occasion: str, by: User | None) -> SealedDocument:
    document = document_of(recommendation)
    _refuse_contradiction(recommendation, document["result"])
    text, sha256 = sealed_text(document)
    sealed = SealedDocument(
        recommendation=recommendation, occasion=occasion, document=text, content_sha256=sha256, sealed_by=by
    )
    same = recommendation.documents.filter(occasion=occasion)
    for _ in range(ATTEMPTS):
        # Looked for after the newest was read: whoever seals later takes the same place in the chain.
        newest = newest_document(recommendation)
        theirs = same.first() if occasion == Occasion.PRESENTED else None
        if theirs:
            return theirs
        try:
            with transaction.atomic():
                return append(sealed, newest)
        except IntegrityError:
            # Somebody sealed it in the same moment: theirs serves if it was for the same occasion.
            theirs = same.first()
            if theirs:
                return theirs
    raise DomainError("This recommendation is being sealed by others.", remedy="Try again.", status=409)


def _refuse_contradiction(row: Recommendation, result: dict[str, Any]) -> None:
    """A document derived again must say what its row says, or the rules changed without being told apart."""
    if (result["outcome"], result["net_fit"]) != (row.outcome, row.net_fit):
        raise DomainError(
            "The rules at hand do not give what was recorded, so the document is not sealed.",
            value=result["outcome"],
            remedy="Evaluate the account again; the record itself stays as it is.",
            status=409,
        )


# --- deciding -------------------------------------------------------------------------------------------


@transaction.atomic
def decide(
    *,
    by: User,
    recommendation: Recommendation,
    kind: str,
    chosen: str,
    reason_codes: list[str],
    rationale: str,
    cost_acknowledged: bool,
    conflict_acknowledged: bool,
    alternatives_viewed: list[str],
    corrects: Decision | None = None,
) -> Decision:
    """Record what the advisor does with a presented recommendation.

    Raises:
        DomainError: 422 with the field when the evidence is not enough; 403 for other roles; 409 when it is
            not presented, not the newest, or somebody else has decided.
    """
    if by.role != Role.ADVISOR:
        raise DomainError("Only advisors decide on recommendations.", status=403)
    document = newest_document(recommendation)
    if document is None:
        raise DomainError(
            "This recommendation has not been presented yet.",
            remedy="Open it with Present, look at it, then decide.",
            status=409,
        )
    _refuse_superseded(recommendation)
    last = last_of(recommendation.decisions.all())
    _refuse_second(last, corrects)
    decided = Decided(kind, chosen, list(reason_codes), rationale.strip(), list(alternatives_viewed))
    check_decision(recommendation, decided, cost_acknowledged, conflict_acknowledged, by)
    event = EVENT_OF_KIND[Decision.Kind(kind)]
    state = _state_after(recommendation, f"corrected_to_{event}" if corrects else event)
    decision = Decision(
        recommendation=recommendation,
        document=document,
        corrects=corrects,
        kind=kind,
        chosen=chosen,
        reason_codes=decided.reason_codes,
        rationale=decided.rationale,
        cost_acknowledged=cost_acknowledged,
        conflict_acknowledged=conflict_acknowledged,
        alternatives_viewed=decided.alternatives_viewed,
        cost_shown=_cost_shown(recommendation),
        by=by,
        by_name=str(by),
        by_role=by.role,
    )
    try:
        with transaction.atomic():
            append(decision, last)
    except IntegrityError as error:
        raise _already(last_of(recommendation.decisions.all())) from error
    _set_status(recommendation, state, decision, decision.recorded_at)
    return decision


def _refuse_superseded(recommendation: Recommendation) -> None:
    newer = selectors.newest_of(recommendation.account_id)
    if newer and newer.pk != recommendation.pk:
        raise DomainError(
            "A newer evaluation of this account has taken this one's place.",
            remedy="Open the newest recommendation and go on from there.",
            status=409,
        )


def _refuse_second(last: Decision | None, corrects: Decision | None) -> None:
    if corrects is not None and (last is None or corrects.pk != last.pk):
        raise _already(last)
    if corrects is None and last is not None and last.kind != Decision.Kind.DEFER:
        raise _already(last)


def _already(last: Decision | None) -> DomainError:
    who = f"{last.by_name} has already recorded: {last.get_kind_display().lower()}." if last else ""
    return DomainError(
        f"This recommendation was decided in the meantime. {who}".strip(),
        remedy="Reload the page; a correction can be recorded there.",
        status=409,
    )


def _cost_shown(recommendation: Recommendation) -> dict[str, Any]:
    """The numbers that stood on the page: bps and whole cents a year, null where unknown."""
    return {
        name: {
            "bps": getattr(recommendation, f"{name.lower()}_cost_bps"),
            "cents": getattr(recommendation, f"{name.lower()}_cost"),
        }
        for name in ("SMA", "UMA", "stay", "ETF")
    }


# --- the cached state -----------------------------------------------------------------------------------


def _state_now(recommendation: Recommendation) -> str:
    kept = RecommendationStatus.objects.filter(pk=recommendation.pk).first()
    return kept.state if kept else State.GENERATED


def _state_after(recommendation: Recommendation, event: str) -> str:
    return RECOMMENDATION.after(_state_now(recommendation), event)


def _set_status(recommendation: Recommendation, state: str, decision: Decision | None, at: datetime) -> None:
    RecommendationStatus.objects.update_or_create(
        recommendation=recommendation, defaults={"state": state, "decision": decision, "changed_at": at}
    )


@transaction.atomic
def rebuild_status() -> int:
    """Derive every cached state again from the ledger; the number of rows that had drifted."""
    derived = _derived_states()
    kept = {row.pk: row for row in RecommendationStatus.objects.all()}
    drifted = 0
    for key, wanted in derived.items():
        row = kept.pop(key, None)
        if row is None or (row.state, row.decision_id, row.changed_at) != wanted:
            state, decision_id, changed_at = wanted
            RecommendationStatus.objects.update_or_create(
                recommendation_id=key,
                defaults={"state": state, "decision_id": decision_id, "changed_at": changed_at},
            )
            drifted += 1
    RecommendationStatus.objects.filter(pk__in=list(kept)).delete()
    return drifted + len(kept)


def _derived_states() -> dict[UUID, tuple[str, UUID | None, datetime]]:
    """Recommendation id -> state, decision and moment, from documents and decisions alone."""
    presented = SealedDocument.objects.filter(occasion=Occasion.PRESENTED).order_by("-seq")
    states: dict[UUID, tuple[str, UUID | None, datetime]] = {
        key: (State.PRESENTED.value, None, at)
        for key, at in presented.values_list("recommendation_id", "recorded_at")
    }
    for decision in Decision.objects.order_by("recommendation_id", "seq"):
        event = EVENT_OF_KIND[Decision.Kind(decision.kind)]
        state = states[decision.recommendation_id][0]
        event = f"corrected_to_{event}" if decision.corrects_id else event
        states[decision.recommendation_id] = (
            RECOMMENDATION.after(state, event),
            decision.pk,
            decision.recorded_at,
        )
    return states
