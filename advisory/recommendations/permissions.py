"""Rows of the permission matrix. Evaluating and deciding are the advisor's; operations review in bulk.

A what-if stores nothing, so everybody who may read a record may ask one; keeping one is the advisor's.
"""

from households.foundation.access import CLIENT_READERS, Matrix
from households.foundation.roles import Role

_ADVISOR = frozenset({Role.ADVISOR})

MATRIX: Matrix = {
    "recommendations:history": {"GET": CLIENT_READERS},
    "recommendations:asking": {"GET": CLIENT_READERS},
    "recommendations:search": {"GET": CLIENT_READERS},
    "recommendations:history_export": {"GET": CLIENT_READERS},
    "recommendations:evaluate": {"POST": _ADVISOR},
    "recommendations:recommendation": {"GET": CLIENT_READERS},
    "recommendations:present": {"POST": _ADVISOR},
    "recommendations:decide": {"POST": _ADVISOR},
    "recommendations:document": {"GET": CLIENT_READERS},
    "recommendations:replay": {"POST": CLIENT_READERS},
    "recommendations:what_if": {"GET": CLIENT_READERS, "POST": CLIENT_READERS},
    "recommendations:compare": {"GET": CLIENT_READERS},
    "recommendations:scenario_save": {"POST": _ADVISOR},
    "recommendations:scenario_rename": {"POST": _ADVISOR},
    "recommendations:scenario_delete": {"POST": _ADVISOR},
    "recommendations:account_status": {"GET": CLIENT_READERS},
    "recommendations:household_status": {"GET": CLIENT_READERS},
    "recommendations:household_plan": {"GET": CLIENT_READERS},
}
