"""Rows of the permission matrix: advisors and operations bring files in, all who read clients may look."""

from households.foundation.access import CLIENT_READERS, Matrix
from households.foundation.roles import Role

IMPORTERS = frozenset({Role.ADVISOR, Role.OPERATIONS})

MATRIX: Matrix = {
    "households:import_create": {"GET": IMPORTERS, "POST": IMPORTERS},
    "households:import_detail": {"GET": CLIENT_READERS, "POST": IMPORTERS},
    "households:import_commit": {"POST": IMPORTERS},
    "households:import_discard": {"POST": IMPORTERS},
    "households:import_rejected": {"GET": CLIENT_READERS},
    "households:import_template": {"GET": IMPORTERS},
    "households:import_sample": {"GET": IMPORTERS},
}
