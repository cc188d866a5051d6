"""Rows of the permission matrix: a client's team and operations bring files in, all who read clients look.

Whoever brings files in may map their columns; a mapping is changed and deleted by who made it, their
team and operations, which :func:`households.imports.remembering.may_change` holds.
"""

from households.foundation.access import CLIENT_EDITORS, CLIENT_READERS, Matrix
from households.foundation.roles import Role

IMPORTERS = CLIENT_EDITORS | {Role.OPERATIONS}

MATRIX: Matrix = {
    "households:import_list": {"GET": CLIENT_READERS},
    "households:import_create": {"GET": IMPORTERS, "POST": IMPORTERS},
    "households:import_detail": {"GET": CLIENT_READERS, "POST": IMPORTERS},
    "households:import_commit": {"POST": IMPORTERS},
    "households:import_discard": {"POST": IMPORTERS},
    "households:import_undo": {"GET": IMPORTERS, "POST": IMPORTERS},
    "households:import_mend": {"POST": IMPORTERS},
    "households:import_rejected": {"GET": CLIENT_READERS},
    "households:import_original": {"GET": CLIENT_READERS},
    "households:import_template": {"GET": IMPORTERS},
    "households:import_sample": {"GET": IMPORTERS},
    "households:import_columns": {"GET": IMPORTERS, "POST": IMPORTERS},
    "households:import_columns_forget": {"POST": IMPORTERS},
    "households:column_mappings": {"GET": CLIENT_READERS},
    "households:column_mapping": {"GET": CLIENT_READERS, "POST": IMPORTERS},
    "households:column_mapping_delete": {"POST": IMPORTERS},
}
