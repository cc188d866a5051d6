"""Rows of the permission matrix: operations and administrators own the master, every role may read it."""

from households.foundation.access import Matrix
from households.foundation.roles import Role

OWNERS = frozenset({Role.OPERATIONS, Role.ADMINISTRATOR})

MATRIX: Matrix = {}
