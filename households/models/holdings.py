"""Positions and tax lots, in whole cents."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from households.foundation.columns import MoneyColumn
from households.foundation.ids import new_id
from households.models.accounts import Account
from households.models.scope import scoped_by


class Position(models.Model):
    """One security in one account, as its newest source tells it."""

    class AssetClass(models.TextChoices):
        CASH = "cash", "Cash"
        FUND = "fund", "Fund or ETF"
        STOCK = "stock", "Stock"
        BOND = "bond", "Bond"
        OPTION = "option", "Option"
        OTHER = "other", "Other"
        UNKNOWN = "unknown", "Unknown"

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="positions")
    symbol = models.CharField(max_length=64)
    description = models.CharField(max_length=200, blank=True)
    asset_class = models.CharField(max_length=8, choices=AssetClass.choices)
    issuer = models.CharField(
        max_length=120,
        blank=True,
        help_text="Who it is of, as somebody here says; empty: as the master says.",
    )
    security = models.ForeignKey(
        "households.Security",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="positions",
        help_text="Its row in the security master; empty: the master does not know the symbol.",
    )
    quantity = models.DecimalField(max_digits=24, decimal_places=8, null=True, blank=True)
    price = models.DecimalField(max_digits=20, decimal_places=6, null=True, blank=True)
    market_value = MoneyColumn()
    cost_basis = MoneyColumn(null=True, blank=True)
    restricted = models.CharField(
        max_length=16, blank=True, help_text="Why it must not be sold; empty: it may."
    )
    retained = models.BooleanField(
        default=False, help_text="The client wants it kept though it could be sold."
    )
    as_of = models.DateField()
    source_import = models.ForeignKey(
        "households.Import", null=True, blank=True, on_delete=models.SET_NULL, related_name="positions"
    )

    objects = scoped_by("account__household__").as_manager()

    MARKS: ClassVar = {
        "restricted": "restriction",
        "retained": "to be kept",
        "asset_class": "asset class",
        "issuer": "issuer",
    }
    """What people say of a position beside its source, and what history calls it."""

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["account", "symbol"], name="one_position_a_symbol_and_account")
        ]
        # What the master does not know is looked for by symbol, each time the master grows.
        indexes = [
            models.Index(fields=["symbol"], condition=Q(security=None), name="positions_without_security")
        ]
        ordering = ["-market_value", "symbol"]

    def __str__(self) -> str:
        return self.symbol

    def told_as(self, mark: str) -> str:
        """The field under which the account's history tells of a mark."""
        return f"{self.symbol[:44]}: {self.MARKS[mark]}"


class TaxLot(models.Model):
    """One purchase of a position."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    position = models.ForeignKey(Position, on_delete=models.CASCADE, related_name="lots")
    acquired = models.DateField(null=True, blank=True)
    quantity = models.DecimalField(max_digits=24, decimal_places=8)
    market_value = MoneyColumn()
    cost_basis = MoneyColumn(null=True, blank=True)
    disallowed_loss = MoneyColumn(null=True, blank=True)

    objects = scoped_by("position__account__household__").as_manager()

    class Meta:
        ordering = ["acquired", "id"]

    def __str__(self) -> str:
        return f"{self.quantity} bought {self.acquired}"
