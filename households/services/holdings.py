"""What people know about a position that a custodian's file does not say."""

from datetime import date
from typing import Any

from households.models import Position, User
from households.services.recording import changes_to, check_open, current, written


def mark_position(*, by: User, position: Position, as_of: date | None = None, **values: Any) -> Position:
    """Set why a position must not be sold, whether it is to be kept, its asset class or its issuer.

    Args:
        values: any of restricted, retained, asset_class, issuer.

    Raises:
        TypeError: another field; the rest of a position comes from its source.
        DomainError: 409, the position is gone or its account is closed.
    """
    if wrong := set(values) - set(Position.MARKS):
        raise TypeError(f"{', '.join(sorted(wrong))} of a position cannot be typed.")
    account = position.account
    with changes_to(account.household_id, by=by, as_of=as_of) as changes:
        check_open(current(account))
        current(position)
        changed = {name: value for name, value in values.items() if getattr(position, name) != value}
        for name, value in changed.items():
            before, after = (written(position, name, told) for told in (getattr(position, name), value))
            changes.note("position", account.pk, position.told_as(name), before, after)
            setattr(position, name, value)
        position.save(update_fields=sorted(changed))
        return position
