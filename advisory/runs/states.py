"""What may happen to a run, and in which state; drawn in docs/runs.md from this table."""

from advisory.runs.models import Run
from households.foundation.transitions import Move, Transitions

State = Run.State
ENDED = (State.COMPLETE, State.PARTIAL, State.FAILED, State.CANCELLED, State.SEALED)
WAITING = (State.DRAFT, State.PREVIEWED, State.APPROVED)
LIVE = (State.RUNNING, State.PAUSED)

RUN = Transitions(
    thing="bulk review",
    labels={state.value: str(state.label) for state in State},
    start=State.DRAFT,
    moves=(
        Move("previewed", (State.DRAFT, State.PREVIEWED), State.PREVIEWED),
        # A large run needs a preview and a second person; a small one is approved by policy, even a draft.
        Move("approved", (State.DRAFT, State.PREVIEWED), State.APPROVED),
        Move("started", (State.APPROVED,), State.RUNNING),
        Move("paused", (State.RUNNING,), State.PAUSED),
        Move("resumed", (State.PAUSED,), State.RUNNING),
        Move("canceled", (*WAITING, *LIVE), State.CANCELLED),
        Move("completed", (State.RUNNING,), State.COMPLETE),
        Move("completed_with_failures", (State.RUNNING,), State.PARTIAL),
        Move("failed", (State.RUNNING,), State.FAILED),
        Move("sealed", (State.COMPLETE, State.PARTIAL, State.FAILED, State.CANCELLED), State.SEALED),
    ),
)
