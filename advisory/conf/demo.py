"""The demo firm: its book, a first bulk review, some decisions and reviews: something for every page."""

import uuid
from collections.abc import Callable, Iterable
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from advisory.recommendations.models import Recommendation
from advisory.recommendations.reasons import overriding
from advisory.recommendations.services import decide, present
from advisory.runs import services as runs
from advisory.runs.drain import drain
from advisory.supervision import services as supervision
from advisory.supervision.models import Review
from households.facts import rebuild_facts
from households.foundation.formats import money, percent
from households.foundation.roles import Role
from households.generation.firm import DEMO_PASSWORD, demo_firm
from households.generation.loading import demo_is_there, load_demo
from households.models import Account, Intake, Position, User
from households.securities.loading import load_securities
from households.securities.samples import SAMPLE
from households.services import hand_over

__all__ = ["DEMO_LOGINS", "DEMO_PASSWORD", "ensure_demo"]

DEMO_LOGINS = [(Role(login.role).label, login.email) for login in demo_firm().logins]
DECISIONS_AN_ADVISOR = 3
_OLD_FILE = timedelta(days=60)


@transaction.atomic
def ensure_demo(*, say: Callable[[str], object]) -> bool:
    """Load the demo firm into an empty database; never in production, since everybody knows its password.

    All of it or, interrupted, nothing: half a demo would look like a broken product for ever.

    Returns:
        Whether the demo firm is there.
    """
    if demo_is_there():
        return True
    if settings.PRODUCTION or User.objects.exists():
        return False
    say("Loading the demo firm ...")
    load_demo(as_of=timezone.localdate())
    _leave_a_symbol_unknown()
    _leave_holdings_old()
    _leave_a_stated_value_behind()
    _load_securities(User.objects.filter(role=Role.OPERATIONS).earliest("email"))
    _review_the_book(User.objects.filter(role=Role.OPERATIONS).earliest("email"))
    for advisor in User.objects.filter(role=Role.ADVISOR).order_by("email"):
        _decide_some(advisor)
    _hand_over_an_intake(User.objects.filter(role=Role.ASSISTANT).earliest("email"))
    _supervise(User.objects.filter(role=Role.COMPLIANCE).earliest("email"))
    return True


def _load_securities(operations: User) -> None:
    """The sample of the security master; its rows say that they are one."""
    load_securities(by=operations, content=SAMPLE.read_bytes(), name=SAMPLE.name)


def _leave_a_symbol_unknown() -> None:
    """One fund of an IRA comes by a symbol that nobody knows, as in a custodian's file: it is asked about."""
    funds = Position.objects.filter(asset_class="fund", account__registration="traditional_ira")
    position = funds.select_related("account").order_by("account__household__name", "pk").last()
    if position is not None:
        position.symbol, position.description = "ABCX", "ABC SELECT FUND CL I"
        position.asset_class, position.security = Position.AssetClass.UNKNOWN, None
        position.save(update_fields=["symbol", "description", "asset_class", "security"])
        rebuild_facts([position.account.household_id])


def _leave_holdings_old() -> None:
    """The newest file of one Roth IRA is two months old: the board of data quality says so."""
    account = _last_of("roth_ira")
    if account is not None:
        account.positions.update(as_of=timezone.localdate() - _OLD_FILE)
        rebuild_facts([account.household_id])


def _leave_a_stated_value_behind() -> None:
    """One IRA's intake states a value that its holdings have left behind; the holdings count."""
    account = _last_of("traditional_ira")
    if account is not None:
        day = (timezone.localdate() - _OLD_FILE).isoformat()
        entry = {"source": "typed", "date": day, "by": str(account.household.advisor_id), "quality": "stated"}
        intake = account.intake
        intake.account_value = account.facts.account_value * 3 // 4
        intake.provenance = intake.provenance | {"account_value": entry}
        intake.save(update_fields=["account_value", "provenance"])
        rebuild_facts([account.household_id])


def _last_of(registration: str) -> Account | None:
    """The last account of a kind, by the names of households, that holds something and is all answered."""
    found = Account.objects.filter(
        registration=registration, intake__state=Intake.State.COMPLETE, positions__isnull=False
    )
    return found.select_related("household", "intake", "facts").order_by("household__name", "pk").last()


def _review_the_book(operations: User) -> None:
    run = runs.create_run(by=operations, idempotency_key=str(uuid.uuid4()), title="First review of the book")
    run = runs.preview_run(by=operations, run=run)
    run = runs.start_run(by=operations, run=run)
    drain(run.pk, seconds=60)


def _decidable(advisor: User) -> Iterable[Recommendation]:
    """Recommendations of an advisor's own clients that a decision can follow, one a household."""
    seen = set()
    found = Recommendation.objects.filter(advisor=advisor).exclude(outcome="INDETERMINATE")
    for recommendation in found.select_related("account").order_by(
        "-conflict", "outcome", "account__name", "id"
    ):
        if recommendation.household_id not in seen:
            seen.add(recommendation.household_id)
            yield recommendation


def _decide_some(advisor: User) -> None:
    """Two acceptances and an override, each with the facts of its own client."""
    chosen = [row for row in _decidable(advisor) if row.outcome != "NEITHER"][:DECISIONS_AN_ADVISOR]
    for number, recommendation in enumerate(chosen):
        present(by=advisor, recommendation=recommendation)
        override = number == len(chosen) - 1
        structure = _structure(recommendation, override=override)
        decide(
            by=advisor,
            recommendation=recommendation,
            kind="overridden" if override else "accepted",
            chosen=structure,
            reason_codes=["existing_relationship" if override else "reasons_apply"],
            rationale=_rationale(recommendation, override=override),
            cost_acknowledged=True,
            conflict_acknowledged=True,
            alternatives_viewed=["SMA", "UMA", "stay"],
        )


def _structure(recommendation: Recommendation, *, override: bool) -> str:
    if override:
        return overriding(recommendation.outcome)[0]
    return recommendation.outcome if recommendation.outcome in ("SMA", "UMA") else "UMA"


def _rationale(row: Recommendation, *, override: bool) -> str:
    """Particular to the account by its numbers; no client's name stands in a ledger row."""
    stock, largest = percent(row.stock_share), percent(row.largest_position_share)
    facts = f"This account holds {money(row.account_value)}, {stock} in stocks, the largest {largest}."
    if override:
        return f"{facts} The family has worked with its manager for years and asked to keep that."
    return f"{facts} We went through the reasons and the cost together; they fit how it is used."


def _hand_over_an_intake(assistant: User) -> None:
    """One that is not complete is with the team's client associate."""
    waiting = Account.objects.visible_to(assistant).filter(intake__state=Intake.State.OPEN, closed_on=None)
    account = waiting.select_related("household__advisor").order_by("household__name", "name").first()
    if account is not None:
        note = "Please ask which positions must stay, and for the carryforward from last year's return."
        hand_over(by=account.household.advisor, account=account, to=assistant, note=note)


def _supervise(compliance: User) -> None:
    """One review approved, one returned; the others wait."""
    supervision.open_reviews()
    waiting = list(Review.objects.order_by("decision__kind", "opened_at", "id"))
    if len(waiting) < 2:
        return
    supervision.act(by=compliance, review=waiting[0], action="approved", reason="")
    supervision.act(
        by=compliance,
        review=waiting[-1],
        action="returned",
        reason="Please say what the present manager does that the recommended program does not.",
    )
