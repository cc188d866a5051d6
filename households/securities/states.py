"""Proposals: what may happen to one, and when."""

from households.foundation.transitions import Move, Transitions
from households.models import SecurityProposal

_OPEN = SecurityProposal.State.OPEN.value

PROPOSAL = Transitions(
    thing="proposal",
    labels={state.value: str(state.label) for state in SecurityProposal.State},
    start=_OPEN,
    moves=(
        Move("accepted", (_OPEN,), SecurityProposal.State.ACCEPTED.value),
        Move("declined", (_OPEN,), SecurityProposal.State.DECLINED.value),
    ),
)
