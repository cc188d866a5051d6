"""Which of the neighboring rooms a user may enter from here, so that no page shows a door that is closed."""

from typing import Any

from households.foundation.access import may
from households.selectors import may_edit


def doors(user: Any, *, open_: bool = True) -> dict[str, bool]:
    """Flags for templates: may_edit, may_lead (what only the advisor says), may_import, may_evaluate.

    Args:
        open_: False for a closed account, which nobody changes any more.
    """
    return {
        "may_edit": open_ and may_edit(user),
        "may_lead": open_ and may(user.role, "households:household_edit", "POST"),
        "may_import": open_ and may(user.role, "households:import_create", "GET"),
        "may_evaluate": open_ and may(user.role, "recommendations:evaluate", "POST"),
    }
