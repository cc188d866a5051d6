"""The security master: what each security is, whose it is, and who says so. One list, the firm's own."""

from django.db import models
from django.db.models import Q

from households.foundation.appendonly import AppendOnly
from households.foundation.ids import new_id
from households.models.users import User


class Security(models.Model):
    """One security as the firm's master has it: no client's, so every role may read it."""

    class Kind(models.TextChoices):
        CASH = "cash", "Cash"
        FUND = "fund", "Fund or ETF"
        STOCK = "stock", "Stock"
        BOND = "bond", "Bond"
        OTHER = "other", "Other"

    class AssetClass(models.TextChoices):
        EQUITY = "equity", "Equity"
        FIXED_INCOME = "fixed_income", "Fixed income"
        CASH = "cash", "Cash"
        REAL_ESTATE = "real_estate", "Real estate"
        COMMODITY = "commodity", "Commodities"
        MULTI_ASSET = "multi_asset", "Multi-asset"
        OTHER = "other", "Other"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    symbol = models.CharField(max_length=32, help_text="As the firm writes it.")
    key = models.CharField(
        max_length=32, unique=True, editable=False, help_text="The symbol in one spelling: BRK/B is BRK.B."
    )
    cusip = models.CharField(max_length=9, null=True, blank=True, unique=True)
    isin = models.CharField(max_length=12, null=True, blank=True, unique=True)
    name = models.CharField(max_length=200)
    issuer = models.CharField(max_length=120, blank=True, help_text="Who owes or is owned; funds have none.")
    kind = models.CharField(max_length=8, choices=Kind.choices)
    asset_class = models.CharField(
        max_length=16,
        choices=AssetClass.choices,
        blank=True,
        help_text="What it invests in; empty: not known.",
    )
    sector = models.CharField(max_length=32, blank=True, help_text="Of a stock; empty: not known.")
    source = models.CharField(max_length=200, help_text="Who says so.")
    as_of = models.DateField(help_text="The day for which the source says so.")
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["key"]
        indexes = [models.Index(fields=["issuer"])]

    def __str__(self) -> str:
        return self.symbol


class Universe(models.Model):
    """What a target strategy buys, as the firm's list has it: whole, one a strategy."""

    strategy = models.CharField(max_length=32, primary_key=True)
    source = models.CharField(max_length=200)
    as_of = models.DateField()
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["strategy"]

    def __str__(self) -> str:
        return self.strategy


class UniverseMember(models.Model):
    """One symbol of a universe, in the spelling of the master's keys."""

    universe = models.ForeignKey(Universe, on_delete=models.CASCADE, related_name="members")
    key = models.CharField(max_length=32)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["universe", "key"], name="one_symbol_a_universe")]

    def __str__(self) -> str:
        return self.key


class UniverseChange(AppendOnly):
    """A load that changed a universe: what came and what went."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    strategy = models.CharField(max_length=32, db_index=True)
    added = models.JSONField(default=list)
    removed = models.JSONField(default=list)
    source = models.CharField(max_length=200, help_text="The file, and who it names as source.")
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return f"{self.strategy}: {len(self.added)} in, {len(self.removed)} out"


class SecurityChange(AppendOnly):
    """One field of one security, before and after; ``added`` stands for all that it began with."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    security = models.ForeignKey(
        Security, on_delete=models.DO_NOTHING, db_constraint=False, related_name="changes"
    )
    field = models.CharField(max_length=32)
    old = models.TextField(null=True)
    new = models.TextField(null=True)
    source = models.CharField(max_length=200, help_text="typed, proposal, or the file.")
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        indexes = [models.Index(fields=["security", "at"])]

    def __str__(self) -> str:
        return f"{self.security_id} {self.field}"


class SecurityProposal(models.Model):
    """What somebody says an unknown symbol is, for the master's owners to judge."""

    class State(models.TextChoices):
        OPEN = "open", "To decide"
        ACCEPTED = "accepted", "Accepted"
        DECLINED = "declined", "Declined"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    symbol = models.CharField(max_length=32)
    key = models.CharField(max_length=32, db_index=True, editable=False)
    name = models.CharField(max_length=200)
    kind = models.CharField(max_length=8, choices=Security.Kind.choices)
    issuer = models.CharField(max_length=120, blank=True)
    source = models.CharField(max_length=200)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
    state = models.CharField(max_length=8, choices=State.choices, default=State.OPEN)
    decided_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)
    reason = models.CharField(max_length=300, blank=True, help_text="Why it was declined.")

    class Meta:
        ordering = ["at"]
        constraints = [
            models.UniqueConstraint(
                fields=["key"], condition=Q(state="open"), name="one_open_proposal_a_symbol"
            )
        ]

    def __str__(self) -> str:
        return self.symbol
