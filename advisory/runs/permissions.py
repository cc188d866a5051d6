"""Rows of the permission matrix: operations acts, compliance and supervisors read; either may approve."""

from households.foundation.access import Matrix, Role

_ACTORS = frozenset({Role.OPERATIONS})
_APPROVERS = frozenset({Role.OPERATIONS, Role.COMPLIANCE})
_READERS = frozenset({Role.OPERATIONS, Role.COMPLIANCE, Role.SUPERVISOR})

MATRIX: Matrix = {
    "runs:runs": {"GET": _READERS},
    "runs:run_create": {"GET": _ACTORS, "POST": _ACTORS},
    "runs:run": {"GET": _READERS},
    "runs:run_act": {"POST": _APPROVERS},
    "runs:run_progress": {"GET": _READERS},
    "runs:run_results": {"GET": _READERS},
    "runs:run_export": {"GET": _READERS},
    "runs:run_export_results": {"GET": _READERS},
    "runs:run_export_exceptions": {"GET": _READERS},
}
