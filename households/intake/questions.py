"""What a question, a block of questions and a section of the intake are."""

from dataclasses import dataclass, field

from households.models.facts import FACT_FIELDS

KIND_OF: dict[str, str] = {
    **{fact.name: fact.kind for fact in FACT_FIELDS},  # type: ignore[attr-defined]
    "gains_elsewhere": "money",
    "tax_unit": "unit",
}


@dataclass(frozen=True, slots=True)
class Question:
    """One thing that is asked.

    Attributes:
        name: the fact, or ``tax_unit`` or ``gains_elsewhere``, of which facts are made.
        hint: how to answer; why: what the answer is for.
        per: unit of time shown behind money, such as "a year".
        width: short or medium, for the box.
    """

    name: str
    label: str
    hint: str = ""
    why: str = ""
    per: str = ""
    width: str = "medium"

    @property
    def kind(self) -> str:
        """The kind of the fact, or ``unit`` for the choice of a tax unit."""
        return KIND_OF[self.name]


@dataclass(frozen=True, slots=True)
class Block:
    """Questions under one heading.

    Attributes:
        row: whether they stand side by side.
        worked_out: facts shown here that nobody is asked: they follow from others.
    """

    legend: str
    questions: tuple[Question, ...]
    hint: str = ""
    row: bool = False
    worked_out: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Section:
    """One page of the intake."""

    slug: str
    title: str
    lead: str
    blocks: tuple[Block, ...] = field(default_factory=tuple)

    @property
    def questions(self) -> tuple[Question, ...]:
        """Its questions in order."""
        return tuple(question for block in self.blocks for question in block.questions)

    @property
    def names(self) -> tuple[str, ...]:
        """The names of its questions."""
        return tuple(question.name for question in self.questions)

    @property
    def facts(self) -> tuple[str, ...]:
        """The facts it settles, asked or worked out."""
        worked_out = tuple(name for block in self.blocks for name in block.worked_out)
        return tuple(name for name in self.names if name not in ("tax_unit", "gains_elsewhere")) + worked_out
