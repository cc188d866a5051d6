"""Rows of the permission matrix. Evaluating and deciding are the advisor's; operations review in bulk."""

from households.foundation.access import CLIENT_READERS, Matrix
from households.foundation.roles import Role

_ADVISOR = frozenset({Role.ADVISOR})

MATRIX: Matrix = {
    "recommendations:history": {"GET": CLIENT_READERS},
    "recommendations:history_export": {"GET": CLIENT_READERS},
    "recommendations:evaluate": {"POST": _ADVISOR},
    "recommendations:recommendation": {"GET": CLIENT_READERS},
    "recommendations:present": {"POST": _ADVISOR},
    "recommendations:decide": {"POST": _ADVISOR},
    "recommendations:document": {"GET": CLIENT_READERS},
    "recommendations:replay": {"POST": CLIENT_READERS},
    "recommendations:account_status": {"GET": CLIENT_READERS},
    "recommendations:household_status": {"GET": CLIENT_READERS},
}
