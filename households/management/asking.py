"""On whose behalf a command runs."""

from collections.abc import Collection

from django.core.management.base import CommandError

from households.foundation.roles import Role
from households.models import User


def user_who_asks(email: str | None, roles: Collection[Role]) -> User:
    """The active user of these roles with this email or, without one, the only active user of them.

    Raises:
        CommandError: exit code 2; nobody has the email, or nobody or several have the roles.
    """
    users = User.objects.filter(role__in=roles, is_active=True)
    words = " or ".join(Role(role).label.lower() for role in sorted(roles))
    if email:
        named: User | None = users.filter(email__iexact=email).first()
        if named is None:
            raise CommandError(f"No active user of {words} has the email {email}.", returncode=2)
        return named
    found = list(users[:2])
    if len(found) != 1:
        known = "more than one user" if found else "no user"
        raise CommandError(f"There is {known} of {words}: say who asks with --by EMAIL.", returncode=2)
    return found[0]
