"""Rows of the permission matrix: operations and administrators own the master, a client's team proposes."""

from households.foundation.access import CLIENT_EDITORS, CLIENT_READERS, EVERYONE, Matrix
from households.foundation.roles import Role

OWNERS = frozenset({Role.OPERATIONS, Role.ADMINISTRATOR})

MATRIX: Matrix = {
    "securities:master": {"GET": EVERYONE},
    "securities:export": {"GET": EVERYONE},
    "securities:security": {"GET": EVERYONE, "POST": OWNERS},
    "securities:add": {"GET": OWNERS, "POST": OWNERS},
    "securities:load": {"GET": OWNERS, "POST": OWNERS},
    "securities:universes": {"GET": EVERYONE, "POST": OWNERS},
    "securities:unknown": {"GET": CLIENT_READERS},
    "securities:unknown_export": {"GET": CLIENT_READERS},
    "securities:propose": {"GET": CLIENT_EDITORS, "POST": CLIENT_EDITORS},
    "securities:proposals": {"GET": OWNERS},
    "securities:decide": {"POST": OWNERS},
}
