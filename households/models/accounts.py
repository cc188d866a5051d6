"""Households, their people, the tax units their gains land on, and their accounts."""

from django.db import models

from households.foundation.columns import BpsColumn, LevelColumn, MoneyColumn, RateColumn, ShareColumn
from households.foundation.identifiers import ENDING_DIGITS
from households.foundation.ids import new_id
from households.models.scope import ScopedQuerySet, scoped_by
from households.models.users import User


class Household(models.Model):
    """The client unit. ``revision`` counts every change to anything beneath it."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    name = models.CharField(max_length=120)
    advisor = models.ForeignKey(User, on_delete=models.PROTECT, related_name="households")
    external_id = models.CharField(max_length=64, blank=True, help_text="Reference in your CRM.")
    review_due = models.DateField(null=True, blank=True)
    coordination_importance = LevelColumn(null=True, blank=True)
    single_report_wanted = models.BooleanField(null=True, blank=True)
    sleeves_wanted = models.PositiveSmallIntegerField(null=True, blank=True)
    revision = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        # The second lets those who see every household page through the book without sorting all of it.
        indexes = [models.Index(fields=["advisor", "name"]), models.Index(fields=["name"])]
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class TaxUnit(models.Model):
    """Whose return gains land on. A grantor trust has none of its own: it belongs to its grantor's."""

    class Kind(models.TextChoices):
        JOINT = "joint", "Joint return"
        SINGLE = "single", "Individual return"
        NON_GRANTOR_TRUST = "non_grantor_trust", "Non-grantor trust"
        ESTATE = "estate", "Estate"
        ENTITY = "entity", "Entity"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    household = models.ForeignKey(Household, on_delete=models.CASCADE, related_name="tax_units")
    name = models.CharField(max_length=120)
    kind = models.CharField(max_length=20, choices=Kind.choices, default=Kind.SINGLE)
    short_term_rate = RateColumn(null=True, blank=True)
    long_term_rate = RateColumn(null=True, blank=True)
    gains_elsewhere = MoneyColumn(
        null=True,
        blank=True,
        help_text="Gains a year outside these accounts that losses could offset, in cents.",
    )
    short_term_gain_fraction = ShareColumn(null=True, blank=True)
    loss_carryforward = MoneyColumn(null=True, blank=True)

    objects = scoped_by("household__").as_manager()

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Person(models.Model):
    """A member of the household."""

    class Relation(models.TextChoices):
        PRIMARY = "primary", "Primary client"
        SPOUSE = "spouse", "Spouse or partner"
        CHILD = "child", "Child"
        OTHER = "other", "Other"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    household = models.ForeignKey(Household, on_delete=models.CASCADE, related_name="people")
    name = models.CharField(max_length=120)
    relation = models.CharField(max_length=12, choices=Relation.choices, default=Relation.PRIMARY)
    birth_date = models.DateField(null=True, blank=True)
    tax_unit = models.ForeignKey(
        TaxUnit, null=True, blank=True, on_delete=models.SET_NULL, related_name="people"
    )

    objects = scoped_by("household__").as_manager()

    class Meta:
        ordering = ["relation", "name"]

    def __str__(self) -> str:
        return self.name


class Account(models.Model):
    """A custodial account. What is said about it is its intake; what is held, its positions."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    household = models.ForeignKey(Household, on_delete=models.CASCADE, related_name="accounts")
    name = models.CharField(max_length=120)
    number_ending = models.CharField(
        max_length=ENDING_DIGITS, blank=True, help_text="Last digits of the account number."
    )
    external_id = models.CharField(max_length=64, blank=True)
    registration = models.CharField(max_length=32, blank=True)
    custodian = models.CharField(max_length=32, blank=True)
    platform = models.CharField(max_length=32, blank=True)
    owner = models.ForeignKey(
        Person, null=True, blank=True, on_delete=models.SET_NULL, related_name="accounts"
    )
    tax_unit = models.ForeignKey(
        TaxUnit, null=True, blank=True, on_delete=models.SET_NULL, related_name="accounts"
    )
    tax_status = models.CharField(
        max_length=16, blank=True, help_text="Only where it overrides the registration's."
    )
    tax_status_reason = models.CharField(max_length=200, blank=True)
    controlled_corporation = models.BooleanField(
        null=True,
        blank=True,
        help_text="Of an entity: whether it is a corporation client or spouse controls; empty: not known.",
    )
    current_structure = models.CharField(max_length=16, blank=True)
    current_cost_bps = BpsColumn(null=True, blank=True)
    exit_cost = MoneyColumn(null=True, blank=True)
    closed_on = models.DateField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = scoped_by("household__").as_manager()

    class Meta:
        indexes = [models.Index(fields=["household", "name"])]
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name
