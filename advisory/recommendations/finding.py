"""Finding a household, an account or a recommendation by what one remembers of it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Exists, OuterRef, Q

from advisory.recommendations.models import Recommendation
from advisory.recommendations.selectors import with_state
from households.models import Account, Household, Person, User

SHOWN = 6
"""Of each kind; more are one page away."""
LEAST = 2
"""Characters before anything is looked for."""
_HEX = 32
_RECORD = re.compile(rf"[0-9a-f]{{8,{_HEX}}}")


@dataclass(frozen=True)
class Found:
    """What fits, the nearest first by name; three queries, whatever is asked.

    Attributes:
        more: kinds of which there are more than are shown.
    """

    households: Sequence[Household]
    accounts: Sequence[Account]
    recommendations: Sequence[Recommendation]
    more: frozenset[str]

    @property
    def count(self) -> int:
        """How many are shown."""
        return len(self.households) + len(self.accounts) + len(self.recommendations)


def find(user: User, words: str) -> Found:
    """What this user may see that fits.

    Args:
        words: part of a name of a household, a person or an account; a reference; the last digits of an
            account number; or the beginning of a recommendation's id.
    """
    words = " ".join(words.split())
    if len(words) < LEAST:
        return Found((), (), (), frozenset())
    person = Person.objects.filter(household=OuterRef("pk"), name__icontains=words)
    households = Household.objects.visible_to(user).select_related("advisor").order_by("name")
    households = households.filter(Q(name__icontains=words) | Q(external_id__iexact=words) | Exists(person))[
        : SHOWN + 1
    ]
    exactly = Q(number_ending__iexact=words) | Q(external_id__iexact=words)
    accounts = Account.objects.visible_to(user).select_related("household")
    accounts = accounts.filter(Q(name__icontains=words) | exactly).order_by("household__name", "name")[
        : SHOWN + 1
    ]
    rows = {
        "households": list(households),
        "accounts": list(accounts),
        "recommendations": list(_recommendations(user, words)),
    }
    more = frozenset(kind for kind, found in rows.items() if len(found) > SHOWN)
    return Found(**{kind: found[:SHOWN] for kind, found in rows.items()}, more=more)


def _recommendations(user: User, words: str) -> Sequence[Recommendation]:
    """By the beginning of the id, and the newest of accounts whose names, numbers or references fit."""
    rows = with_state(
        Recommendation.objects.visible_to(user).select_related("account", "household", "status")
    )
    named = Q(account__name__icontains=words) | Q(household__name__icontains=words)
    numbered = Q(account__number_ending__iexact=words) | Q(account__external_id__iexact=words)
    fits = Q(is_newest=True) & (named | numbered)
    digits = words.lower().replace("-", "")
    if _RECORD.fullmatch(digits):
        # As numbers ids are in order, so that those of one beginning are a range.
        fits |= Q(pk__range=(UUID(digits.ljust(_HEX, "0")), UUID(digits.ljust(_HEX, "f"))))
    return rows.filter(fits).order_by("-recorded_at", "-id")[: SHOWN + 1]
