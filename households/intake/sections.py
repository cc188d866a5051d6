"""The six sections in their order; every fact stands in exactly one of them (a test holds that)."""

from households.intake.content.account import ACCOUNT
from households.intake.content.funding import FUNDING
from households.intake.content.holdings import HOLDINGS
from households.intake.content.household import HOUSEHOLD
from households.intake.content.mandate import MANDATE
from households.intake.content.taxes import TAXES
from households.intake.questions import Question, Section

SECTIONS: tuple[Section, ...] = (ACCOUNT, FUNDING, HOLDINGS, TAXES, MANDATE, HOUSEHOLD)
BY_SLUG: dict[str, Section] = {section.slug: section for section in SECTIONS}
QUESTIONS: dict[str, Question] = {q.name: q for section in SECTIONS for q in section.questions}
SECTION_OF: dict[str, Section] = {name: section for section in SECTIONS for name in section.facts}

WORKED_OUT: dict[str, str] = {
    "tax_status": "Tax status",
    "usable_gains": "Gains that losses could offset, a year",
}
"""Facts nobody is asked, with their labels."""

LABELS: dict[str, str] = {**{name: question.label for name, question in QUESTIONS.items()}, **WORKED_OUT}
"""What each fact is called on the intake's pages."""


def after(section: Section, pages: tuple[Section, ...] = SECTIONS) -> Section | None:
    """The next of these pages, None behind the last."""
    number = pages.index(section) + 1
    return pages[number] if number < len(pages) else None
