"""The ground floor's rows of the permission matrix."""

from households.foundation.access import CLIENT_READERS, Matrix, Role

_EDITORS = frozenset({Role.ADVISOR})
_FORM = {"GET": _EDITORS, "POST": _EDITORS}

MATRIX: Matrix = {
    "households:book": {"GET": CLIENT_READERS},
    "households:book_export": {"GET": CLIENT_READERS},
    "households:accounts": {"GET": CLIENT_READERS},
    "households:accounts_export": {"GET": CLIENT_READERS},
    "households:quality": {"GET": CLIENT_READERS},
    "households:view_save": {"POST": CLIENT_READERS},
    "households:view_delete": {"POST": CLIENT_READERS},
    "households:view_start": {"POST": CLIENT_READERS},
    "households:household": {"GET": CLIENT_READERS},
    "households:account": {"GET": CLIENT_READERS},
    "households:household_create": _FORM,
    "households:household_edit": _FORM,
    "households:person_create": _FORM,
    "households:person_edit": _FORM,
    "households:tax_unit_create": _FORM,
    "households:tax_unit_edit": _FORM,
    "households:account_create": _FORM,
    "households:account_edit": _FORM,
    "households:account_close": {"POST": _EDITORS},
    "households:position": {"GET": CLIENT_READERS, "POST": _EDITORS},
    "households:intake": {"GET": CLIENT_READERS},
    "households:intake_section": {"GET": CLIENT_READERS, "POST": _EDITORS},
    "households:intake_review": {"POST": _EDITORS},
    "households:intake_confirm": {"POST": _EDITORS},
    "households:intake_check": {"GET": CLIENT_READERS, "POST": _EDITORS},
}
