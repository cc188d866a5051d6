"""The facts of one account as typed columns, named exactly as the rules name them.

Three tables share them: what was stated in the intake, what is true now, and (upper floor) what was recorded.
Null is unknown. Field order is the fact number that compact provenance stores: append, never reorder.
"""

from django.db import models

from households.foundation.columns import (
    BpsColumn,
    CodeColumn,
    CountColumn,
    FlagColumn,
    LevelColumn,
    MoneyColumn,
    RateColumn,
    ShareColumn,
    SignedShareColumn,
    YearsColumn,
)
from households.models.accounts import Account
from households.models.scope import scoped_by
from households.models.users import User


def _code() -> CodeColumn:
    return CodeColumn(max_length=32, null=True, blank=True)


class FactColumns(models.Model):
    """One typed column a fact; see ``docs/reference/facts.md`` for what each means."""

    account_value = MoneyColumn(null=True, blank=True)
    direct_index_value = MoneyColumn(null=True, blank=True)
    planned_withdrawals = MoneyColumn(null=True, blank=True)
    planned_contributions = MoneyColumn(null=True, blank=True)
    registration = _code()
    tax_status = _code()
    custodian = _code()
    platform = _code()
    strategy = _code()
    current_structure = _code()
    current_cost_bps = BpsColumn(null=True, blank=True)
    exit_cost = MoneyColumn(null=True, blank=True)
    cash_share = ShareColumn(null=True, blank=True)
    fund_share = ShareColumn(null=True, blank=True)
    stock_share = ShareColumn(null=True, blank=True)
    bond_share = ShareColumn(null=True, blank=True)
    other_share = ShareColumn(null=True, blank=True)
    largest_position_share = ShareColumn(null=True, blank=True)
    saleable_largest_share = ShareColumn(null=True, blank=True)
    unrealized_gain_share = SignedShareColumn(null=True, blank=True)
    stock_gain_share = SignedShareColumn(null=True, blank=True)
    unrealized_gain = MoneyColumn(null=True, blank=True)
    unrealized_loss = MoneyColumn(null=True, blank=True)
    short_term_gain = MoneyColumn(null=True, blank=True)
    lot_count = CountColumn(null=True, blank=True)
    lots_known_share = ShareColumn(null=True, blank=True)
    restricted_share = ShareColumn(null=True, blank=True)
    restriction_reason = _code()
    legacy_retention_share = ShareColumn(null=True, blank=True)
    security_restrictions = CountColumn(null=True, blank=True)
    sector_tilts = CountColumn(null=True, blank=True)
    esg_screens = CountColumn(null=True, blank=True)
    needs_options_overlay = FlagColumn(null=True, blank=True)
    needs_alternatives = FlagColumn(null=True, blank=True)
    needs_fixed_income_discretion = FlagColumn(null=True, blank=True)
    tracking_tolerance_bps = BpsColumn(null=True, blank=True)
    short_term_rate = RateColumn(null=True, blank=True)
    long_term_rate = RateColumn(null=True, blank=True)
    tax_sensitivity = LevelColumn(null=True, blank=True)
    gain_budget = MoneyColumn(null=True, blank=True)
    usable_gains = MoneyColumn(null=True, blank=True)
    short_term_gain_fraction = ShareColumn(null=True, blank=True)
    loss_carryforward = MoneyColumn(null=True, blank=True)
    holding_horizon_years = YearsColumn(null=True, blank=True)
    step_up_expected = FlagColumn(null=True, blank=True)
    annual_gifting = MoneyColumn(null=True, blank=True)
    household_value = MoneyColumn(null=True, blank=True)
    household_accounts = CountColumn(null=True, blank=True)
    household_managed_accounts = CountColumn(null=True, blank=True)
    taxable_equity_accounts = CountColumn(null=True, blank=True)
    wash_group_overlap_share = ShareColumn(null=True, blank=True)
    group_on_platform_share = ShareColumn(null=True, blank=True)
    group_movable_share = ShareColumn(null=True, blank=True)
    coordination_importance = LevelColumn(null=True, blank=True)
    standalone_mandate = FlagColumn(null=True, blank=True)
    flexibility_need = LevelColumn(null=True, blank=True)
    sleeves_wanted = CountColumn(null=True, blank=True)
    single_report_wanted = FlagColumn(null=True, blank=True)
    client_requests_direct_indexing = FlagColumn(null=True, blank=True)

    class Meta:
        abstract = True


FACT_FIELDS = tuple(FactColumns._meta.local_concrete_fields)
FACT_NAMES = tuple(field.name for field in FACT_FIELDS)


class Intake(FactColumns):
    """What was stated about an account, fact by fact; derived facts are never copied in here.

    ``provenance`` holds, per stated fact, ``{"source", "date", "by", "quality"}``.
    """

    class State(models.TextChoices):
        OPEN = "open", "In progress"
        COMPLETE = "complete", "Complete"

    account = models.OneToOneField(Account, on_delete=models.CASCADE, primary_key=True, related_name="intake")
    provenance = models.JSONField(default=dict)
    visited = models.JSONField(default=list, help_text="Sections somebody has saved at least once.")
    state = models.CharField(max_length=12, choices=State.choices, default=State.OPEN)
    completed_at = models.DateTimeField(null=True, blank=True)
    completed_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    version = models.PositiveIntegerField(default=1)
    updated_at = models.DateTimeField(auto_now=True)

    objects = scoped_by("account__household__").as_manager()

    def __str__(self) -> str:
        return f"Intake of {self.account_id}"


class AccountFacts(FactColumns):
    """What is true of an account now: one row each, rebuilt set-wise; the one path to the rules.

    ``provenance`` is compact text: ``source date quality numbers`` groups joined by ``;``.
    ``revision`` is the household revision the row was built from; behind it, the row is stale.
    """

    account = models.OneToOneField(Account, on_delete=models.CASCADE, primary_key=True, related_name="facts")
    provenance = models.TextField(blank=True)
    oldest_source_date = models.DateField(null=True, blank=True)
    as_of = models.DateField()
    revision = models.PositiveIntegerField()
    built_at = models.DateTimeField()

    objects = scoped_by("account__household__").as_manager()

    def __str__(self) -> str:
        return f"Facts of {self.account_id}"
