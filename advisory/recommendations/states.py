"""What may happen to a recommendation, and in which state; drawn in docs/ledger.md from this table."""

from advisory.recommendations.models import Decision, RecommendationStatus
from households.foundation.transitions import Move, Transitions

State = RecommendationStatus.State
DECIDED = (State.ACCEPTED, State.OVERRIDDEN, State.DECLINED)
UNDECIDED = (State.GENERATED, State.PRESENTED, State.DEFERRED)
_OPEN = (State.PRESENTED, State.DEFERRED)

EVENT_OF_KIND = {
    Decision.Kind.ACCEPT: "accepted",
    Decision.Kind.OVERRIDE: "overridden",
    Decision.Kind.DEFER: "deferred",
    Decision.Kind.DECLINE: "declined",
}

RECOMMENDATION = Transitions(
    thing="recommendation",
    labels={state.value: str(state.label) for state in State},
    start=State.GENERATED,
    moves=(
        Move("presented", (State.GENERATED,), State.PRESENTED),
        Move("accepted", _OPEN, State.ACCEPTED),
        Move("overridden", _OPEN, State.OVERRIDDEN),
        Move("deferred", _OPEN, State.DEFERRED),
        Move("declined", _OPEN, State.DECLINED),
        # A correction is a new decision that points at the one it corrects.
        Move("corrected_to_accepted", DECIDED, State.ACCEPTED),
        Move("corrected_to_overridden", DECIDED, State.OVERRIDDEN),
        Move("corrected_to_deferred", DECIDED, State.DEFERRED),
        Move("corrected_to_declined", DECIDED, State.DECLINED),
        # By query, never written: a newer evaluation exists, or nobody decided by the review date.
        Move("superseded", UNDECIDED, State.SUPERSEDED),
        Move("expired", UNDECIDED, State.EXPIRED),
    ),
)
