"""One object of each kind that an address can name: the advisor's own and a stranger's."""

import uuid
from dataclasses import dataclass, field
from typing import Any


@dataclass
class Objects:
    """URL argument -> value, for the advisor's book, a stranger's, and for nothing at all."""

    ours: dict[str, Any]
    theirs: dict[str, Any]
    scoped: set[str] = field(default_factory=set)

    def own(self, names: set[str]) -> dict[str, Any]:
        return {name: self.ours[name] for name in names}

    def strangers(self, names: set[str]) -> dict[str, Any]:
        return {name: self.theirs[name] for name in names}

    def missing(self, names: set[str]) -> dict[str, Any]:
        return {name: uuid.uuid4() if name in self.scoped else self.ours[name] for name in names}
