"""Accounts."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from households.foundation.errors import DomainError
from households.foundation.identifiers import account_ending
from households.models import Account, Household, Intake, User
from households.services.recording import changes_to, check_members, check_open, current
from households.services.records import touch_intakes

_SHOWN_IN_INTAKE = frozenset(
    {
        "registration", "tax_status", "tax_status_reason", "custodian", "platform", "tax_unit",
        "current_structure", "current_cost_bps", "exit_cost",
    }
)  # fmt: skip


def create_account(*, by: User, household: Household, as_of: date | None = None, **values: Any) -> Account:
    """A new account with an empty intake."""
    check_members(household, values)
    values |= _ending_only(values)
    with changes_to(household.pk, by=by, as_of=as_of) as changes:
        account = Account.objects.create(household=household, **values)
        Intake.objects.create(account=account)
        changes.created("account", account, values)
        return account


def update_account(
    *, by: User, account: Account, reason: str = "", as_of: date | None = None, **values: Any
) -> Account:
    """Change fields of an account.

    Raises:
        DomainError: owner or tax unit of another household; a tax status without its reason; 409, it is
            closed.
    """
    check_members(account.household, values)
    values |= _ending_only(values)
    with changes_to(account.household_id, by=by, reason=reason, as_of=as_of) as changes:
        check_open(current(account))
        status = values.get("tax_status", account.tax_status)
        if status and not values.get("tax_status_reason", account.tax_status_reason):
            raise DomainError(
                "A tax status that differs from the registration's needs a reason.",
                field="tax_status_reason",
                remedy="Say why, such as “Roth 401(k)”, or take the status of the registration.",
            )
        changed = changes.update("account", account, values)
        touch_intakes(changed & _SHOWN_IN_INTAKE, account=account)
        return account


def _ending_only(values: Mapping[str, Any]) -> dict[str, str]:
    """Of an account's number no more than its last digits, whoever gave more."""
    return {name: account_ending(text) for name, text in values.items() if name == "number_ending"}


def close_account(*, by: User, account: Account, on: date, reason: str = "") -> Account:
    """Close an account: it keeps its history, and counts for nothing from now on.

    Raises:
        DomainError: 409, it is closed already.
    """
    with changes_to(account.household_id, by=by, reason=reason) as changes:
        check_open(current(account))
        changes.update("account", account, {"closed_on": on})
        return account
