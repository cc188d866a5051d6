"""Where an import stands, as a table of moves."""

from households.foundation.transitions import Move, Transitions
from households.models import Import

_STATE = Import.State
IMPORT = Transitions(
    thing="import",
    labels=dict(_STATE.choices),
    start=_STATE.STAGED,
    moves=(
        Move("committed", (_STATE.STAGED,), _STATE.COMMITTED),
        Move("discarded", (_STATE.STAGED,), _STATE.DISCARDED),
        Move("undone", (_STATE.COMMITTED,), _STATE.UNDONE),
    ),
)
