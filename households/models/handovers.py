"""An intake that is with another person of the team for a while; nobody is locked out by it."""

from django.db import models
from django.db.models import Q

from households.foundation.ids import new_id
from households.models.accounts import Account
from households.models.scope import scoped_by
from households.models.users import User

NOTE_LENGTH = 300


class HandOver(models.Model):
    """Who gave an account's intake to whom and what for; standing until it is handed or taken back."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="hand_overs")
    giver = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    receiver = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    note = models.CharField(max_length=NOTE_LENGTH, help_text="What is needed.")
    given_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    answer = models.CharField(max_length=NOTE_LENGTH, blank=True, help_text="What the receiver said of it.")

    objects = scoped_by("account__household__").as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["account"], condition=Q(ended_at=None), name="one_standing_hand_over_an_account"
            )
        ]
        indexes = [
            models.Index(fields=["receiver"], condition=Q(ended_at=None), name="standing_with_receiver")
        ]

    def __str__(self) -> str:
        return f"With {self.receiver}"
