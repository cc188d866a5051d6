"""The ledger: one immutable row per evaluation that differs from the last, and what was done with it.

Values are copied in, never only referenced; client names never. Full documents are sealed when a
recommendation is presented; until then the typed columns are enough to derive them again.
"""

from django.db import models

from advisory.recommendations.hashing import HASH_VERSION
from households.foundation.appendonly import AppendOnly, AppendOnlyQuerySet
from households.foundation.columns import BpsColumn, MoneyColumn
from households.foundation.ids import new_id
from households.models import Account, FactColumns, Household, User
from households.models.scope import ScopedQuerySet


class ScopedLedgerQuerySet(ScopedQuerySet, AppendOnlyQuerySet):
    """Append-only rows of a household's accounts."""

    household_path = "account__household__"


class RecommendationEventQuerySet(ScopedLedgerQuerySet):
    household_path = "recommendation__account__household__"


def _loose(to: type[models.Model] | str, **options: object) -> models.ForeignKey:
    """A reference without a database constraint: ledger rows outlive what they point to, and bulk rows are
    not checked one by one (verify_ledger does). ``db_index=False`` where another index leads."""
    return models.ForeignKey(to, on_delete=models.DO_NOTHING, db_constraint=False, **options)  # type: ignore[arg-type]


class LedgerRow(AppendOnly):
    """Integrity and retention columns of every ledger table, from the first migration."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    seq = models.PositiveIntegerField(help_text="Position in its chain, from 1.")
    prev_hash = models.CharField(max_length=64, blank=True)
    row_hash = models.CharField(max_length=64)
    hash_version = models.PositiveSmallIntegerField(default=HASH_VERSION)
    recorded_at = models.DateTimeField(help_text="The database's clock.")
    retention_class = models.CharField(max_length=16, default="account+6y")
    retention_clock_start = models.DateField(null=True, blank=True)
    legal_hold = models.BooleanField(default=False)

    class Meta:
        abstract = True


class FactorColumns(models.Model):
    """What each factor said: the fit of either structure (0 to 100) and the contribution to the net fit.

    Plain columns, because a document per row is what makes bulk reviews crawl. Null: it is not known.
    """

    minimums_fit_sma = models.FloatField(null=True)
    minimums_fit_uma = models.FloatField(null=True)
    minimums_contribution = models.FloatField(null=True)
    funding_fit_sma = models.FloatField(null=True)
    funding_fit_uma = models.FloatField(null=True)
    funding_contribution = models.FloatField(null=True)
    tax_fit_sma = models.FloatField(null=True)
    tax_fit_uma = models.FloatField(null=True)
    tax_contribution = models.FloatField(null=True)
    context_fit_sma = models.FloatField(null=True)
    context_fit_uma = models.FloatField(null=True)
    context_contribution = models.FloatField(null=True)
    customization_fit_sma = models.FloatField(null=True)
    customization_fit_uma = models.FloatField(null=True)
    customization_contribution = models.FloatField(null=True)
    cost_fit_sma = models.FloatField(null=True)
    cost_fit_uma = models.FloatField(null=True)
    cost_contribution = models.FloatField(null=True)

    class Meta:
        abstract = True


class Recommendation(FactColumns, FactorColumns, LedgerRow):
    """One evaluation of one account: facts, rules, outcome, alternatives, cost, conflict; chained, hashed."""

    class Trigger(models.TextChoices):
        ONBOARDING = "onboarding", "Onboarding"
        INTAKE = "intake_change", "Intake change"
        IMPORT = "import", "Import"
        POLICY = "policy_change", "Policy change"
        SHELF = "shelf_change", "Shelf change"
        SCHEDULED = "scheduled", "Scheduled review"
        BULK = "bulk_run", "Bulk review"
        ADVISOR = "advisor_request", "Advisor's request"

    class Kind(models.TextChoices):
        LIVE = "live", "Live"
        PREVIEW = "preview", "Preview"
        SHADOW = "shadow", "Shadow"
        REPLAY = "replay", "Replay"

    account = _loose(Account, related_name="recommendations", db_index=False)
    household = _loose(Household, related_name="recommendations", db_index=False)
    supersedes = _loose("self", null=True, blank=True, related_name="+", db_index=False)
    trigger = models.CharField(max_length=16, choices=Trigger.choices)
    run_id = models.UUIDField(null=True, blank=True)
    kind = models.CharField(max_length=8, choices=Kind.choices, default=Kind.LIVE)
    advice_capacity = models.CharField(max_length=16, default="adviser")
    retirement = models.BooleanField(default=False)

    advisor = _loose(User, related_name="+", db_index=False)
    advisor_name = models.CharField(max_length=160)
    office_name = models.CharField(max_length=80, blank=True)
    supervisor_name = models.CharField(max_length=160, blank=True)
    requested_by = _loose(User, null=True, blank=True, related_name="+", db_index=False)

    as_of = models.DateField()
    known_at = models.DateTimeField(help_text="When the facts were built.")
    next_review_due = models.DateField(null=True, blank=True)
    facts_revision = models.PositiveIntegerField()
    provenance = models.TextField(blank=True)

    policy_version = models.CharField(max_length=40)
    policy_sha256 = models.CharField(max_length=64)
    shelf_version = models.CharField(max_length=40)
    shelf_sha256 = models.CharField(max_length=64)
    engine = models.PositiveIntegerField()
    inputs_hash = models.CharField(
        max_length=64, help_text="Rounded facts, policy, shelf and engine; no dates."
    )

    outcome = models.CharField(max_length=16)
    outcome_set = models.PositiveSmallIntegerField()
    decided_by = models.CharField(max_length=16)
    net_fit = models.FloatField(null=True)
    net_fit_low = models.FloatField()
    net_fit_high = models.FloatField()
    margin = models.FloatField(null=True)
    lean = models.SmallIntegerField(default=0)
    fragile = models.BooleanField()
    provisional = models.BooleanField()
    conflict = models.BooleanField()
    need = models.SmallIntegerField(help_text="1 pass, 0 fail, -1 unknown; so the next two.")
    sma_eligible = models.SmallIntegerField()
    uma_eligible = models.SmallIntegerField()
    reasons = models.BigIntegerField(help_text="Bitmask over the policy's reason catalog.")

    sma_program = models.CharField(max_length=40, blank=True)
    uma_program = models.CharField(max_length=40, blank=True)
    cheapest = models.SmallIntegerField(default=0)
    sma_cost_bps = BpsColumn(null=True)
    uma_cost_bps = BpsColumn(null=True)
    stay_cost_bps = BpsColumn(null=True)
    etf_cost_bps = BpsColumn(null=True)
    sma_cost = MoneyColumn(null=True)
    uma_cost = MoneyColumn(null=True)
    stay_cost = MoneyColumn(null=True)
    etf_cost = MoneyColumn(null=True)
    break_even_bps = BpsColumn(null=True)
    client_cost_change = MoneyColumn(null=True, help_text="Against the cheapest eligible, cents a year.")
    firm_revenue_change = MoneyColumn(null=True)
    advisor_pay_change = MoneyColumn(null=True)

    objects = ScopedLedgerQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["account", "seq"], name="one_recommendation_a_seq")]
        indexes = [
            models.Index(fields=["household", "recorded_at"]),
            models.Index(fields=["advisor", "recorded_at"]),
            models.Index(fields=["recorded_at"]),
            models.Index(fields=["outcome", "recorded_at"]),
        ]

    def __str__(self) -> str:
        return f"{self.outcome} ({self.as_of})"


class SealedDocument(LedgerRow):
    """The full canonical document of a recommendation, as it stood when presented, decided or exported."""

    class Occasion(models.TextChoices):
        PRESENTED = "presented", "Presented"
        DECIDED = "decided", "Decided"
        EXPORTED = "exported", "Exported"
        ENGINE_RAISE = "engine_raise", "Engine raised"

    recommendation = _loose(Recommendation, related_name="documents")
    occasion = models.CharField(max_length=16, choices=Occasion.choices)
    schema_version = models.PositiveSmallIntegerField(default=1)
    document = models.TextField(help_text="Canonical JSON.")
    content_sha256 = models.CharField(max_length=64)
    sealed_by = _loose(User, null=True, blank=True, related_name="+")

    objects = RecommendationEventQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["recommendation", "seq"], name="one_document_a_seq")]

    def __str__(self) -> str:
        return f"{self.occasion} {self.content_sha256[:12]}"


class Decision(LedgerRow):
    """What the advisor did with a recommendation. A correction is a new row that points at the old one."""

    class Kind(models.TextChoices):
        ACCEPT = "accepted", "Accepted"
        OVERRIDE = "overridden", "Overridden"
        DEFER = "deferred", "Deferred"
        DECLINE = "declined", "Client declined"

    recommendation = _loose(Recommendation, related_name="decisions")
    document = _loose(SealedDocument, related_name="decisions")
    corrects = _loose("self", null=True, blank=True, related_name="corrections")
    kind = models.CharField(max_length=12, choices=Kind.choices)
    chosen = models.CharField(max_length=16, help_text="SMA, UMA, stay or none.")
    reason_codes = models.JSONField(default=list)
    rationale = models.TextField()
    cost_acknowledged = models.BooleanField()
    conflict_acknowledged = models.BooleanField()
    alternatives_viewed = models.JSONField(default=list)
    cost_shown = models.JSONField(default=dict, help_text="The bps and dollars on screen at the time.")
    by = _loose(User, related_name="+")
    by_name = models.CharField(max_length=160)
    by_role = models.CharField(max_length=16)

    objects = RecommendationEventQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["recommendation", "seq"], name="one_decision_a_seq")]

    def __str__(self) -> str:
        return f"{self.kind} {self.chosen}"


class RecommendationStatus(models.Model):
    """Cached state of a recommendation, derived from the ledger and rebuildable; absent means *generated*.

    Superseded and expired are not cached: they follow from newer rows and from the date, by query.
    """

    class State(models.TextChoices):
        GENERATED = "generated", "Not yet presented"
        PRESENTED = "presented", "Presented"
        ACCEPTED = "accepted", "Accepted"
        OVERRIDDEN = "overridden", "Overridden"
        DEFERRED = "deferred", "Deferred"
        DECLINED = "declined", "Client declined"
        SUPERSEDED = "superseded", "Superseded"
        EXPIRED = "expired", "Expired"

    recommendation = models.OneToOneField(
        Recommendation,
        on_delete=models.DO_NOTHING,
        db_constraint=False,
        primary_key=True,
        related_name="status",
    )
    state = models.CharField(max_length=12, choices=State.choices)
    decision = models.ForeignKey(
        Decision, null=True, on_delete=models.DO_NOTHING, db_constraint=False, related_name="+"
    )
    changed_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.state


class ScenarioQuerySet(ScopedQuerySet):
    household_path = "recommendation__account__household__"


class Scenario(models.Model):
    """A what-if that somebody kept beside a record: a note to think with, no part of the ledger.

    Only the changes are stored; what follows from them is worked out again by the record's own rules.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    recommendation = _loose(Recommendation, related_name="scenarios")
    name = models.CharField(max_length=80)
    changes = models.JSONField(
        help_text='In the order in which they were made: [["account_value", 250000.0]].'
    )
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    by_name = models.CharField(max_length=160)
    created_at = models.DateTimeField(auto_now_add=True)
    deleted_at = models.DateTimeField(null=True, blank=True)

    objects = ScenarioQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["recommendation", "name"],
                condition=models.Q(deleted_at=None),
                name="one_scenario_a_name",
            )
        ]

    def __str__(self) -> str:
        return self.name
