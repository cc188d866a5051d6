"""What an advisor does again and again: a client's records, the intake by its questions, evaluate, decide."""

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from playwright.sync_api import Locator, expect

from households.intake.codes import CODES, LEVELS
from households.intake.questions import KIND_OF, Section
from households.intake.sections import LABELS, SECTIONS
from tests.journeys.visitor import Visitor

RETURN = "Joint return"


def add_household(visitor: Visitor, name: str) -> None:
    """From anywhere; ends on the household's page."""
    visitor.go("/book/")
    visitor.follow("Add household")
    visitor.page.get_by_label("Household name").fill(name)
    visitor.press("Add household")
    visitor.heading(name)


def add_person(visitor: Visitor, name: str, born: str) -> None:
    """On a household's page; ends there."""
    visitor.follow("Add a person")
    visitor.page.get_by_label("Full name").fill(name)
    visitor.page.get_by_label("Date of birth").fill(born)
    visitor.press("Add person")


def add_return(visitor: Visitor, **answers: str) -> None:
    """On a household's page; ends there. Answers by the label they stand under."""
    visitor.follow("Add a tax return")
    visitor.page.get_by_label("Name", exact=True).fill(RETURN)
    for label, value in answers.items():
        visitor.page.get_by_label(label, exact=True).fill(value)
    visitor.press("Add return")


def add_account(visitor: Visitor, name: str, *, custodian: str = "Charles Schwab", ending: str = "") -> None:
    """On a household's page; a taxable account of one person on RETURN. Ends on the account's intake."""
    page = visitor.page
    visitor.follow("Add account")
    page.get_by_label("Account name").fill(name)
    page.get_by_label("Last digits of the account number").fill(ending)
    page.get_by_label("Registration").select_option(label="Individual")
    page.get_by_label("Custodian").select_option(label=custodian)
    returns = page.get_by_label("Gains land on")
    if returns.get_by_text(RETURN).count():
        returns.select_option(returns.get_by_text(RETURN).get_attribute("value"))
    visitor.press("Add account")
    visitor.heading("Intake")


def open_account(visitor: Visitor, household: str, account: str) -> None:
    """Find the household in the book, then its account."""
    visitor.go("/book/")
    visitor.page.get_by_label("Search").fill(household)
    visitor.press("Apply")
    visitor.follow(household)
    accounts = visitor.page.get_by_role("region", name=re.compile("^Accounts")).last
    accounts.get_by_role("link", name=account, exact=True).click()
    visitor.heading(account)


def typed(fact: str, value: Any) -> str:
    """What a person types or chooses for a fact, given in the contract's units; text is typed as it is."""
    kind = KIND_OF[fact]
    if isinstance(value, str) and kind != "code":
        return value
    if kind in ("share", "signed_share", "rate"):
        return f"{(Decimal(str(value)) * 100).normalize():f}"
    if kind == "money":
        return f"{value:,}"
    if kind == "level":
        return LEVELS[value]
    if kind == "flag":
        return "Yes" if value else "No"
    if kind == "code":
        return dict(CODES[fact])[value]
    return str(value)


def question(visitor: Visitor, fact: str) -> Locator:
    """Where a fact is answered: a box, a list, or a group of choices."""
    role = {"code": "combobox", "unit": "combobox", "flag": "group", "level": "group"}.get(
        KIND_OF[fact], "textbox"
    )
    return visitor.page.get_by_role(role, name=LABELS[fact], exact=True)  # type: ignore[arg-type]


def answer(visitor: Visitor, fact: str, value: Any) -> None:
    """One answer."""
    place, words = question(visitor, fact), typed(fact, value)
    kind = KIND_OF[fact]
    if kind in ("flag", "level"):
        place.get_by_role("radio", name=words, exact=True).check()
    elif kind == "code":
        place.select_option(label=words)
    else:
        place.fill(words)


def fill_section(visitor: Visitor, section: Section, facts: Mapping[str, Any]) -> None:
    """Answers those questions of the open section whose facts are given."""
    visitor.heading(section.title)
    for fact in section.names:
        if facts.get(fact) is not None:
            answer(visitor, fact, facts[fact])


def fill_intake(visitor: Visitor, facts: Mapping[str, Any]) -> None:
    """From the hub through all six sections to *complete*; ends on the account's page."""
    visitor.heading("Intake")
    visitor.follow(SECTIONS[0].title)
    for section in SECTIONS:
        fill_section(visitor, section, facts)
        last = section is SECTIONS[-1]
        visitor.press("Save and check answers" if last else "Save and continue")
    visitor.heading("Check answers")
    visitor.press("Intake complete")


def change(visitor: Visitor, section: Section, **facts: Any) -> None:
    """On the account's page: other answers in one section; ends back there."""
    account = visitor.page.get_by_role("heading", level=1).inner_text()
    visitor.page.get_by_role("link", name=section.title, exact=True).click()
    fill_section(visitor, section, facts)
    visitor.press("Save and return to the sections")
    visitor.page.get_by_role("navigation", name="Breadcrumb").get_by_role(
        "link", name=account, exact=True
    ).click()
    visitor.heading(account)


def evaluate(visitor: Visitor) -> Locator:
    """On the account's page; the outcome on the recommendation's page."""
    visitor.press("Evaluate")
    visitor.heading("Recommendation")
    outcome = visitor.page.get_by_role("region", name="Outcome")
    expect(outcome).to_be_visible()
    return outcome


def decide(visitor: Visitor, *, choice: str, reason: str, rationale: str, viewed: str) -> None:
    """On the recommendation's page: everything a decision needs."""
    panel = visitor.panel("Decision")
    panel.get_by_role("radio", name=choice).check()
    panel.get_by_role("checkbox", name=reason).check()
    panel.get_by_role("textbox", name="Why this is right for this client").fill(rationale)
    panel.get_by_role("checkbox", name=viewed).check()
    panel.get_by_role("checkbox", name="I have seen what each alternative costs the client").check()
    panel.get_by_role("checkbox", name="I have seen what the firm and I would earn with each").check()
    visitor.press("Record decision", panel)
    expect(visitor.page.get_by_text("Your decision is recorded")).to_be_visible()


def the_points_add_up(visitor: Visitor) -> None:
    """The contributions of the table are the net fit beneath them, to the last cent of a point."""
    rows = visitor.page.get_by_role("region", name="Factors", exact=True).get_by_role("row").all()[1:]
    points = [row.get_by_role("cell").last.inner_text().strip() for row in rows]
    numbers = [0.0 if text == "does not apply" else float(text.replace("−", "-")) for text in points]
    assert len(numbers) == 7  # six factors and the net fit
    assert round(sum(numbers[:-1]), 2) == numbers[-1]
