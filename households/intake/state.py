"""One account's intake as its pages need it: what was stated, what is true, whence, and what is open."""

from dataclasses import dataclass, field
from datetime import date
from enum import Enum
from typing import Any

from django.utils import timezone

from households.facts.holdings import FUNDING_SHARES
from households.facts.stated import OVERRIDABLE
from households.facts.taxes import NOT_APPLICABLE
from households.intake.aging import is_last_years
from households.intake.homes import HOME, Home
from households.intake.questions import Section
from households.intake.sections import SECTION_OF, SECTIONS
from households.intake.words import age_words
from households.models import Account, AccountFacts, Intake
from households.provenance import QUALITIES, Provenance, decode

HELD = frozenset({"account_value", *FUNDING_SHARES, *SECTION_OF["largest_position_share"].names})
"""What holdings answer, where there are any."""
_MARKS = frozenset({"restricted_share", "legacy_retention_share"})
_ONLY_TAXED = frozenset({*NOT_APPLICABLE, "gains_elsewhere", "tax_unit"})


class Mode(Enum):
    """How a question stands for this account."""

    ASK = "ask"
    HELD = "held"  # holdings answer it
    SETTLE = "settle"  # only "none" can be said; the rest is marked on positions
    NOT_APPLICABLE = "not_applicable"
    WORKED_OUT = "worked_out"
    SKIP = "skip"


@dataclass
class IntakeState:
    """An account with everything its intake shows; build it with households.selectors.intake_state.

    Attributes:
        told_on: of answers that are no facts themselves, the day of their last change.
    """

    account: Account
    intake: Intake
    facts: AccountFacts
    has_positions: bool
    names_of_users: dict[str, str]
    told_on: dict[str, date] = field(default_factory=dict)
    provenance: dict[str, Provenance] = field(init=False)
    today: date = field(init=False)

    def __post_init__(self) -> None:
        self.provenance = decode(self.facts.provenance)
        self.today = timezone.localdate()

    @property
    def taxed(self) -> bool:
        """Whether the account is taxed on gains, as far as anybody knows."""
        return self.facts.tax_status in (None, "taxable")

    def stated(self, name: str) -> Any:
        """The answer as its home keeps it; None where none was given."""
        home = HOME[name]
        if home is Home.TAX_UNIT:
            value = getattr(self.account.tax_unit, name, None)
        elif home is Home.INTAKE:
            value = getattr(self.intake, name)
        else:
            value = getattr(self.account if home is Home.ACCOUNT else self.account.household, name)
        return None if value == "" else value

    def fact(self, name: str) -> Any:
        """The fact in force, None unknown."""
        return self.stated(name) if name in ("tax_unit", "gains_elsewhere") else getattr(self.facts, name)

    def mode(self, name: str) -> Mode:
        """How the question stands."""
        if not self.taxed and name in _ONLY_TAXED:
            return Mode.NOT_APPLICABLE
        if HOME.get(name) is None or name in ("tax_status", "usable_gains"):
            return Mode.WORKED_OUT
        if not self.has_positions or name not in HELD:
            return Mode.ASK
        source = self.provenance[name].source if name in self.provenance else ""
        if source == "imported":
            return Mode.HELD
        if name in _MARKS and not self.stated(name):
            return Mode.SETTLE
        if name == "restriction_reason" and not self.stated("restricted_share"):
            return Mode.SKIP
        return Mode.HELD if source == "derived" and self.stated(name) is None else Mode.ASK

    def badge(self, name: str) -> dict[str, Any]:
        """What the provenance badge shows of a question or fact."""
        if self.fact(name) is None:
            return {"source": "missing", "label": "Not known yet"}
        if self.mode(name) is Mode.NOT_APPLICABLE:
            return {"source": "derived", "label": "Not taxed"}
        given = self.provenance.get(name)
        if given is None:
            day = self.told_on.get(name)
            return {"source": "typed", "label": f"Typed {age_words(day, self.today)}" if day else "Typed"}
        words = {
            "typed": "Typed",
            "imported": "From holdings",
            "derived": "Worked out",
            "default": "Default",
            "previous": "Last year's",
        }
        label = words.get(given.source, given.source.replace("_", " ").capitalize())
        dated = given.day is not None and given.source != "derived"
        by = self.names_of_users.get((self.intake.provenance.get(name) or {}).get("by", ""), "")
        detail = [
            QUALITIES.get(given.quality, given.quality),
            f"{given.day:%b %-d, %Y}" if given.day else "",
            by,
        ]
        return {
            "source": given.source,
            "label": f"{label} {age_words(given.day, self.today)}" if dated else label,
            "detail": ", ".join(part for part in detail if part),
        }

    def is_old(self, name: str) -> bool:
        """Whether an answer is last year's, and to be confirmed."""
        return is_last_years(self.intake.provenance.get(name, {}), self.today)

    def overridden(self, name: str) -> bool:
        """Whether the advisor's word stands in place of what was worked out."""
        return name in OVERRIDABLE and self.stated(name) is not None

    def superseded(self, name: str) -> bool:
        """Whether an earlier answer gave way to holdings."""
        stated = self.stated(name)
        return stated is not None and self.mode(name) is Mode.HELD and stated != self.fact(name)

    # --- sections ------------------------------------------------------------------------------------------

    def unknown(self, section: Section) -> list[str]:
        """Facts of a section that are not known yet."""
        return [name for name in section.facts if self.fact(name) is None]

    def status(self, section: Section) -> str:
        """``completed``, ``in_progress`` or ``not_started``."""
        done = section.slug in self.intake.visited or self.intake.state == Intake.State.COMPLETE
        if done or not self.unknown(section):
            return "completed"
        answered = any(self.stated(name) is not None for name in section.names)
        held = any(self.mode(name) is Mode.HELD for name in section.names)
        return "in_progress" if answered or held else "not_started"

    def known_count(self) -> tuple[int, int]:
        """How many facts are known, of how many."""
        names = [name for section in SECTIONS for name in section.facts]
        return sum(self.fact(name) is not None for name in names), len(names)
