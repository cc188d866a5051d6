"""The ground floor's rows of the permission matrix.

Whose client a household is, that an account is closed and that an intake is complete is the advisor's word.
"""

from households.foundation.access import CLIENT_EDITORS, CLIENT_READERS, Matrix, Role

_ADVISOR = frozenset({Role.ADVISOR})
_FORM = {"GET": CLIENT_EDITORS, "POST": CLIENT_EDITORS}
_ADVISORS_FORM = {"GET": _ADVISOR, "POST": _ADVISOR}

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
    "households:household_create": _ADVISORS_FORM,
    "households:household_edit": _ADVISORS_FORM,
    "households:person_create": _FORM,
    "households:person_edit": _FORM,
    "households:tax_unit_create": _FORM,
    "households:tax_unit_edit": _FORM,
    "households:account_create": _FORM,
    "households:account_edit": _FORM,
    "households:account_close": {"POST": _ADVISOR},
    "households:position": {"GET": CLIENT_READERS, "POST": CLIENT_EDITORS},
    "households:intake": {"GET": CLIENT_READERS},
    "households:intake_section": {"GET": CLIENT_READERS, "POST": CLIENT_EDITORS},
    "households:intake_review": {"POST": CLIENT_EDITORS},
    "households:intake_confirm": {"POST": CLIENT_EDITORS},
    "households:intake_hand_over": {"POST": CLIENT_EDITORS},
    "households:hand_back": {"POST": CLIENT_EDITORS},
    "households:see_back": {"POST": CLIENT_EDITORS},
    "households:take_back": {"POST": CLIENT_EDITORS},
    "households:with_you": {"GET": CLIENT_EDITORS},
    "households:intake_check": {"GET": CLIENT_READERS, "POST": _ADVISOR},
}
