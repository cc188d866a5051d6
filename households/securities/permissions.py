"""Rows of the permission matrix: operations and administrators own the master, advisors propose."""

from households.foundation.access import CLIENT_READERS, EVERYONE, Matrix
from households.foundation.roles import Role

OWNERS = frozenset({Role.OPERATIONS, Role.ADMINISTRATOR})
_PROPOSERS = frozenset({Role.ADVISOR})

MATRIX: Matrix = {
    "securities:master": {"GET": EVERYONE},
    "securities:export": {"GET": EVERYONE},
    "securities:security": {"GET": EVERYONE, "POST": OWNERS},
    "securities:add": {"GET": OWNERS, "POST": OWNERS},
    "securities:load": {"GET": OWNERS, "POST": OWNERS},
    "securities:universes": {"GET": EVERYONE, "POST": OWNERS},
    "securities:unknown": {"GET": CLIENT_READERS},
    "securities:unknown_export": {"GET": CLIENT_READERS},
    "securities:propose": {"GET": _PROPOSERS, "POST": _PROPOSERS},
    "securities:proposals": {"GET": OWNERS},
    "securities:decide": {"POST": OWNERS},
}
