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
_RECORD = re.compile(r"[0-9a-f]{8}[0-9a-f-]{0,28}")
_HEX = 32


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
    """By the beginning of the id, else the newest of accounts whose names or numbers fit."""
    rows = Recommendation.objects.visible_to(user).select_related("account", "household", "status")
    if _RECORD.fullmatch(words.lower()):
        first, last = _ids_from(words)
        return rows.filter(pk__gte=first, pk__lte=last).order_by("pk")[: SHOWN + 1]
    named = Q(account__name__icontains=words) | Q(household__name__icontains=words)
    rows = with_state(rows.filter(named | Q(account__number_ending__iexact=words))).filter(is_newest=True)
    return rows.order_by("-recorded_at", "-id")[: SHOWN + 1]


def _ids_from(words: str) -> tuple[UUID, UUID]:
    """The first and the last id that begin like this."""
    known = words.lower().replace("-", "")
    return UUID(known.ljust(_HEX, "0")), UUID(known.ljust(_HEX, "f"))
