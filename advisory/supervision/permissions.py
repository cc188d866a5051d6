"""Supervision's rows of the permission matrix."""

from households.foundation.access import CLIENT_READERS, Matrix, Role

_READERS = frozenset({Role.COMPLIANCE, Role.SUPERVISOR, Role.EXAMINER})

MATRIX: Matrix = {
    "supervision:queue": {"GET": _READERS},
    "supervision:queue_export": {"GET": _READERS},
    "supervision:review": {"GET": _READERS},
    "supervision:review_act": {"POST": frozenset({Role.COMPLIANCE})},
    "supervision:decision_reviews": {"GET": CLIENT_READERS},
}
