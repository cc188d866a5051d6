"""One object of each kind that an address can name: the advisor's own and a stranger's."""

import hashlib
import uuid
import zlib
from dataclasses import dataclass, field
from typing import Any

from django.utils import timezone

from advisory.recommendations.models import Recommendation, Scenario
from advisory.recommendations.services import decide, evaluate_account, present
from advisory.runs import services as runs
from advisory.supervision.models import Review
from households.imports.samples import SAMPLES
from households.models import (
    Account,
    ColumnMapping,
    HandOver,
    Import,
    ImportFile,
    Intake,
    Position,
    SavedView,
    Security,
    SecurityProposal,
    User,
    WaitingUpload,
)
from implementation.services import publish_shipped


@dataclass
class Objects:
    """URL argument -> value, for the advisor's book, a stranger's, and for nothing at all."""

    ours: dict[str, Any]
    theirs: dict[str, Any]
    scoped: set[str] = field(default_factory=set)

    def own(self, names: set[str]) -> dict[str, Any]:
        return {name: self.ours[name] for name in names}

    def strangers(self, names: set[str]) -> dict[str, Any]:
        return {name: self.theirs[name] for name in names}

    def missing(self, names: set[str]) -> dict[str, Any]:
        return {name: _nothing(self.ours[name]) if name in self.scoped else self.ours[name] for name in names}


def _nothing(like: Any) -> Any:
    """An identifier of the same kind that names nothing."""
    return uuid.uuid4() if isinstance(like, uuid.UUID) else 2**31 - 1


def build_objects(firm: Any) -> Objects:
    """Every kind of object for the firm's advisor, and the same for the stranger."""
    publish_shipped(as_of=timezone.localdate())
    run = runs.create_run(by=firm.operations, idempotency_key="permissions")
    run = runs.preview_run(by=firm.operations, run=run)
    same = {"run_id": run.pk, "section": "account", "name": sorted(SAMPLES)[0], "kind": "csv"}
    same |= {"security_id": _security(firm).pk, "proposal_id": _proposal(firm).pk}
    # Mappings are the firm's; a waiting upload is its uploader's alone, whatever others see of the household.
    mapping = ColumnMapping.objects.create(signature="0" * 64, name="A list", by=firm.advisor)
    waiting = WaitingUpload.objects.create(household=firm.household, by=firm.advisor)
    same |= {"mapping_id": mapping.pk, "waiting_id": waiting.pk}
    ours = same | _of(firm.account, firm.advisor, firm.assistant)
    theirs = same | _of(firm.others_account, firm.stranger, firm.stranger)
    return Objects(ours, theirs, scoped=set(ours) - set(same))


def _security(firm: Any) -> Security:
    return Security.objects.create(
        symbol="VTI", key="VTI", name="A fund", kind="fund", source="Test", as_of=timezone.localdate()
    )


def _proposal(firm: Any) -> SecurityProposal:
    return SecurityProposal.objects.create(
        symbol="ABCX", key="ABCX", name="Another fund", kind="fund", source="Test", by=firm.advisor
    )


def _of(account: Account, advisor: User, receiver: User) -> dict[str, Any]:
    household = account.household
    Intake.objects.filter(account=account).update(account_value=8_000_000, cash_share=1.0)
    position = Position.objects.create(
        account=account, symbol="XMPL", asset_class="stock", market_value=100_00, as_of=timezone.localdate()
    )
    staged = Import.objects.create(household=household, by=advisor, content_sha256=household.pk.hex)
    uploaded = ImportFile.objects.create(
        source_import=staged, name="list.csv", sha256=hashlib.sha256(b"A").hexdigest(), size=1,
        packed=zlib.compress(b"A"),
    )  # fmt: skip
    published = evaluate_account(by=advisor, account=account)
    recommendation = Recommendation.objects.get(pk=published.recommendation_id)
    present(by=advisor, recommendation=recommendation)
    decide(
        by=advisor,
        recommendation=recommendation,
        kind="deferred",
        chosen="none",
        reason_codes=["facts_awaited"],
        rationale=f"We wait for the statement of {household.name}'s other custodian before we go on.",
        cost_acknowledged=True,
        conflict_acknowledged=True,
        alternatives_viewed=["SMA", "UMA"],
    )
    scenario = Scenario.objects.create(
        recommendation=recommendation, name="Three strategies", changes=[["sleeves_wanted", 3]], by=advisor,
        by_name=str(advisor),
    )  # fmt: skip
    review = Review.objects.create(
        recommendation=recommendation,
        decision=recommendation.decisions.get(),
        due=timezone.localdate(),
        opened_at=timezone.now(),
    )
    hand_over = HandOver.objects.create(
        account=account,
        giver=advisor,
        receiver=receiver,
        note="Please ask for the lots.",
        given_at=timezone.now(),
    )
    return {
        "hand_over_id": hand_over.pk,
        "household_id": household.pk,
        "account_id": account.pk,
        "person_id": household.people.get().pk,
        "tax_unit_id": household.tax_units.get().pk,
        "position_id": position.pk,
        "import_id": staged.pk,
        "file_id": uploaded.pk,
        "recommendation_id": recommendation.pk,
        "review_id": review.pk,
        "scenario_id": scenario.pk,
        "view_id": SavedView.objects.create(page="book", name="Mine", query="review=due", owner=advisor).pk,
    }
