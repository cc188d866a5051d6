"""What compliance may do with a review, and in which state; drawn in docs/supervision.md from this table."""

from advisory.supervision.models import Review
from households.foundation.transitions import Move, Transitions

State = Review.State
OPEN = (State.PENDING, State.IN_REVIEW, State.ESCALATED)
ACTIVE = (*OPEN, State.RETURNED)

REVIEW = Transitions(
    thing="review",
    labels={state.value: str(state.label) for state in State},
    start=State.PENDING,
    moves=(
        Move("taken", (State.PENDING, State.ESCALATED), State.IN_REVIEW),
        Move("approved", OPEN, State.APPROVED),
        Move("returned", OPEN, State.RETURNED),
        Move("rejected", OPEN, State.REJECTED),
        Move("escalated", (State.PENDING, State.IN_REVIEW), State.ESCALATED),
        # A newer decision on the same account answers a returned one and outdates an open one.
        Move("closed", ACTIVE, State.CLOSED),
    ),
)
ACTIONS = ("taken", "approved", "returned", "rejected", "escalated")
"""What a reviewer may do; opening and closing follow from decisions alone."""
NEEDS_REASON = ("returned", "rejected", "escalated")
