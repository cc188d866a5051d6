"""The intake asks everything once, with words for everything."""

from households.intake.homes import HOME, Home
from households.intake.sections import LABELS, QUESTIONS, SECTIONS, WORKED_OUT, after
from households.models import Account, Household, TaxUnit
from households.models.facts import FACT_NAMES


def test_every_fact_stands_in_exactly_one_place() -> None:
    listed = [name for section in SECTIONS for name in section.facts]
    assert sorted(listed) == sorted(FACT_NAMES)


def test_what_is_not_asked_is_worked_out() -> None:
    assert set(FACT_NAMES) - set(QUESTIONS) == set(WORKED_OUT)


def test_every_question_says_why_it_is_asked() -> None:
    # The five parts of the funding share one explanation; a count of accounts explains itself.
    silent = {name for name, question in QUESTIONS.items() if not question.why}
    assert silent == {
        "cash_share", "fund_share", "stock_share", "bond_share", "other_share", "household_accounts",
    }  # fmt: skip
    assert all(LABELS.values())


def test_every_answer_has_a_home_with_a_field_of_its_name() -> None:
    models = {Home.ACCOUNT: Account, Home.TAX_UNIT: TaxUnit, Home.HOUSEHOLD: Household}
    for name, home in HOME.items():
        if home in models:
            models[home]._meta.get_field(name)
        else:
            assert name in FACT_NAMES


def test_the_order_of_the_sections() -> None:
    assert [section.slug for section in SECTIONS] == [
        "account", "funding", "holdings", "taxes", "mandate", "household",
    ]  # fmt: skip
    following = after(SECTIONS[0])
    assert following is not None
    assert following.slug == "funding"
    assert after(SECTIONS[5]) is None
