"""From a fact on the page back to where it is answered."""

from collections.abc import Callable

from django.urls import reverse

from households.intake.sections import SECTION_OF
from households.models import Account

_ASKED = {"usable_gains": "gains_elsewhere", "tax_status": "registration"}
"""Facts that follow from an answer -> the question of that answer."""


def links_of(account: Account) -> Callable[[str], str]:
    """Fact name -> address of its question in the account's intake; "" for a fact nobody asks any more."""
    pages = {
        section.slug: reverse("households:intake_section", args=[account.pk, section.slug])
        for section in SECTION_OF.values()
    }

    def link(fact: str) -> str:
        section = SECTION_OF.get(fact)
        return f"{pages[section.slug]}#id_{_ASKED.get(fact, fact)}" if section else ""

    return link
