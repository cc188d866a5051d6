"""Every change to what is known of a client: keyword-only, atomic, recorded field by field, facts rebuilt."""

from households.services.accounts import close_account, create_account, update_account
from households.services.handing import hand_back, hand_over, see_back, take_back
from households.services.holdings import mark_position
from households.services.intakes import complete_intake, save_intake
from households.services.records import (
    create_household,
    create_person,
    create_tax_unit,
    update_household,
    update_person,
    update_tax_unit,
)
from households.services.yearly import begin_review, confirm_answers

__all__ = [
    "begin_review",
    "close_account",
    "complete_intake",
    "confirm_answers",
    "create_account",
    "create_household",
    "create_person",
    "create_tax_unit",
    "hand_back",
    "hand_over",
    "mark_position",
    "save_intake",
    "see_back",
    "take_back",
    "update_account",
    "update_household",
    "update_person",
    "update_tax_unit",
]
