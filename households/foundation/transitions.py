"""State as a table of allowed moves: data that refuses the rest and draws its own diagram."""

from collections.abc import Mapping
from dataclasses import dataclass

from households.foundation.errors import DomainError


@dataclass(frozen=True)
class Move:
    """What an event does: from which states, to which one."""

    event: str
    sources: tuple[str, ...]
    target: str


@dataclass(frozen=True)
class Transitions:
    """Every allowed move of one kind of thing.

    Attributes:
        thing: what it is called in a sentence ("recommendation").
        labels: state -> its words, in the order of the diagram.
        start: the state that a new one is in.
        moves: the table.
    """

    thing: str
    labels: Mapping[str, str]
    start: str
    moves: tuple[Move, ...]

    def allows(self, state: str, event: str) -> bool:
        """Whether the event may happen in this state."""
        return any(move.event == event and state in move.sources for move in self.moves)

    def after(self, state: str, event: str) -> str:
        """The state that the event leads to.

        Raises:
            DomainError: 409, the event may not happen in this state.
        """
        for move in self.moves:
            if move.event == event and state in move.sources:
                return move.target
        raise DomainError(
            f"This {self.thing} is {self.labels[state].lower()}: it cannot be {event.replace('_', ' ')} now.",
            value=state,
            remedy="Reload the page to see where it stands.",
            status=409,
        )

    def mermaid(self) -> str:
        """The table as a Mermaid state diagram."""
        lines = ["stateDiagram-v2", f"    [*] --> {self.start}"]
        lines += [f"    {state}: {label}" for state, label in self.labels.items()]
        lines += [
            f"    {source} --> {move.target}: {move.event.replace('_', ' ')}"
            for move in self.moves
            for source in move.sources
        ]
        return "\n".join(lines)
