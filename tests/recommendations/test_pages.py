"""The recommendation's page and what can be done on it, through HTTP."""

import re
from typing import Any

import pytest
from django.urls import reverse

from advisory.recommendations import services
from advisory.recommendations.models import Recommendation, SealedDocument
from advisory.recommendations.page.evidence import _TESTS
from households.models import Account, Household, Intake, TaxUnit
from households.models.facts import FACT_NAMES
from implementation.rules.eligibility import TESTS
from tests.recommendations.conftest import case_facts, fact_rows
from tests.recommendations.reading import client_of, page_of, words_of

pytestmark = pytest.mark.django_db

ON_ACCOUNT = ("registration", "custodian", "platform", "current_structure", "current_cost_bps", "exit_cost")
ON_UNIT = ("short_term_rate", "long_term_rate", "short_term_gain_fraction", "loss_carryforward")
ON_HOUSEHOLD = ("coordination_importance", "single_report_wanted", "sleeves_wanted")


def stated(advisor: Any, case: int) -> Account:
    """A household of one account whose advisor has stated the facts of a worked case."""
    facts = {name: values[0] for name, values in fact_rows([], [case_facts(case)]).facts.items()}
    household = Household.objects.create(
        name=f"Household of case {case}", advisor=advisor, **{name: facts[name] for name in ON_HOUSEHOLD}
    )
    unit = TaxUnit.objects.create(
        household=household, name="Return", gains_elsewhere=facts["usable_gains"],
        **{name: facts[name] for name in ON_UNIT},
    )  # fmt: skip
    account = Account.objects.create(
        household=household, name=f"Case {case}", tax_unit=unit, **{name: facts[name] for name in ON_ACCOUNT}
    )
    elsewhere = {*ON_ACCOUNT, *ON_UNIT, *ON_HOUSEHOLD}
    Intake.objects.create(
        account=account, **{name: facts[name] for name in FACT_NAMES if name not in elsewhere}
    )
    return account


@pytest.mark.parametrize(
    ("case", "outcome", "decided_by", "sentence"),
    [
        (1, "UMA", "eligibility", "Only a model-delivered sleeve in a UMA is open to this account."),
        (3, "SMA", "net_fit", "A manager-traded SMA fits this account best."),
        (10, "NEITHER", "need", "Nothing here calls for direct indexing"),
    ],
)
def test_a_worked_case_from_intake_to_page(
    firm: Any, rules: None, case: int, outcome: str, decided_by: str, sentence: str
) -> None:
    account = stated(firm.advisor, case)
    client = client_of(firm.advisor)
    answer = client.post(reverse("recommendations:evaluate", args=[account.pk]))
    row = Recommendation.objects.get()
    assert (answer.status_code, answer["Location"]) == (
        302,
        reverse("recommendations:recommendation", args=[row.pk]),
    )
    assert (row.outcome, row.decided_by, row.account_id) == (outcome, decided_by, account.pk)
    assert row.status.state == "presented"
    assert sentence in page_of(client, row)


def test_evaluating_again_confirms_and_adds_nothing(firm: Any, rules: None) -> None:
    account = stated(firm.advisor, 3)
    client = client_of(firm.advisor)
    for _ in range(2):
        answer = client.post(reverse("recommendations:evaluate", args=[account.pk]), follow=True)
    assert "stands confirmed" in answer.content.decode()
    assert (Recommendation.objects.count(), SealedDocument.objects.count()) == (1, 1)


def test_a_closed_account_is_not_evaluated(firm: Any, rules: None) -> None:
    from datetime import date

    account = stated(firm.advisor, 3)
    account.closed_on = date(2026, 1, 1)
    account.save()
    answer = client_of(firm.advisor).post(reverse("recommendations:evaluate", args=[account.pk]))
    assert answer.status_code == 409
    assert "closed account is not evaluated" in answer.content.decode()


def test_the_page_says_all_that_it_must(firm: Any, rows: dict[int, Recommendation]) -> None:
    """Case 3, an SMA by fit with 70% in one position to be sold down; case 6 came before it."""
    text = page_of(client_of(firm.advisor), rows[3])
    for words in (
        "A manager-traded SMA fits this account best.",
        "Decided by how well each structure fits",
        "points away from another outcome",
        "Small changes in value, rates and shares leave the outcome as it is.",
        "70% of the account is one position to be sold down.",
        "Why not the UMA",
        "What would change it",
        "Account value",
        "Initial minimum $2,000,000",
        "At least $250,000",
        "What each factor adds",
        "How the account is funded",
        "What it costs the client",
        "Plain index ETF",
        "5 bps",
        "Who earns what",
        "SMA instead of UMA",
        "Harvesting losses is mostly deferral",
        "they are not monitored here",
        "What changed since the one before",
        "Everything it was based on",
        "Typed",
        "Compute it again",
        rows[3].row_hash,
        rows[3].inputs_hash,
        rows[6].row_hash,
        "Accept: Manager-traded SMA",
        "Override: Model-delivered sleeve in a UMA",
        "Override: Stay as is",
    ):
        assert words in text, words
    assert not {"nan", "NaN", "True", "False"} & set(text.split())
    assert "funding.concentrated" not in text  # codes are compliance's
    assert "wash sales are monitored" not in text


def test_facts_link_back_to_their_questions(firm: Any, rows: dict[int, Recommendation]) -> None:
    client = client_of(firm.advisor)
    html = client.get(reverse("recommendations:recommendation", args=[rows[3].pk])).content.decode()
    for section, fact in (("funding", "account_value"), ("holdings", "largest_position_share")):
        address = reverse("households:intake_section", args=[firm.account.pk, section])
        assert f'href="{address}#id_{fact}"' in html


def test_what_is_missing_is_asked_first(firm: Any, publish: Any) -> None:
    (done,) = publish({firm.account: 15})
    row = Recommendation.objects.get(pk=done.recommendation_id)
    services.present(by=firm.advisor, recommendation=row)
    text = page_of(client_of(firm.advisor), row)
    assert "Facts are missing, and they decide. Nothing is recommended yet." in text
    missing = text[text.index("What is missing") :]
    assert missing.index("Account value") < missing.index("Amount meant for direct indexing")
    assert "Not known" in text
    assert "Accept:" not in text


def test_an_account_that_no_program_takes_says_what_would_open_the_way(firm: Any, publish: Any) -> None:
    """Case 2: $40,000 stands $210,000 below the SMA's minimum and $10,000 below the UMA's."""
    (done,) = publish({firm.account: 2})
    text = page_of(client_of(firm.advisor), Recommendation.objects.get(pk=done.recommendation_id))
    assert "No program on the shelf is open to this account as it stands." in text
    assert "$210,000" in text
    assert "$10,000" in text
    assert "Not open:" in text
    assert "Present it to record that you have looked at it" in text


def test_the_conflict_is_shown_both_ways(firm: Any, rows: dict[int, Recommendation]) -> None:
    """$2m: the house illustration pays the firm 5 bps on the SMA and 12 bps on the UMA: $1,000 and $2,400."""
    text = page_of(client_of(firm.advisor), rows[3])
    block = text[text.index("Who earns what") : text.index("Everything it was based on")]
    assert "$1,000" in block
    assert "$2,400" in block
    assert "−$1,400" in block
    assert "+$1,400" in block


def test_present_is_for_what_nobody_has_seen(firm: Any, publish: Any) -> None:
    (done,) = publish({firm.account: 3})
    client = client_of(firm.advisor)
    row = Recommendation.objects.get(pk=done.recommendation_id)
    assert not SealedDocument.objects.exists()
    page_of(client, row)
    assert not SealedDocument.objects.exists()  # looking writes nothing
    answer = client.post(reverse("recommendations:present", args=[row.pk]))
    assert answer.status_code == 302
    assert SealedDocument.objects.get().recommendation_id == row.pk


# --- fragments ------------------------------------------------------------------------------------------


def test_the_accounts_page_shows_what_is_in_force(firm: Any, rows: dict[int, Recommendation]) -> None:
    client = client_of(firm.advisor)
    html = client.get(reverse("recommendations:account_status", args=[firm.account.pk])).content.decode()
    assert reverse("recommendations:recommendation", args=[rows[3].pk]) in html
    assert "SMA" in html
    other = client_of(firm.stranger).get(
        reverse("recommendations:account_status", args=[firm.others_account.pk])
    )
    assert "not been evaluated yet" in other.content.decode()


def test_an_account_never_evaluated_leads_to_its_page(firm: Any, rules: None) -> None:
    url = reverse("recommendations:household_status", args=[firm.household.pk])
    account = reverse("households:account", args=[firm.account.pk])
    html = client_of(firm.advisor).get(url).content.decode()
    assert f'<a href="{account}">{firm.account.name}</a>' in html


def test_the_households_page_says_when_facts_have_changed_since(firm: Any, rules: None) -> None:
    account = stated(firm.advisor, 3)
    client = client_of(firm.advisor)
    client.post(reverse("recommendations:evaluate", args=[account.pk]))
    url = reverse("recommendations:household_status", args=[account.household_id])
    assert "since" not in words_of(client.get(url).content.decode())
    Household.objects.filter(pk=account.household_id).update(revision=2)
    assert "The household was edited since" in client.get(url).content.decode()
    Intake.objects.filter(account=account).update(lot_count=400)
    from households.facts import fresh_facts

    fresh_facts([account.household_id])
    assert "Facts have changed since" in client.get(url).content.decode()
    client.post(reverse("recommendations:evaluate", args=[account.pk]))
    assert "since" not in words_of(client.get(url).content.decode())


def test_every_eligibility_test_has_its_words() -> None:
    assert list(_TESTS) == [test.name for test in TESTS]


@pytest.mark.parametrize("number", [3, 11, 10])  # by fit, with facts missing, nothing asks for it
def test_the_way_about_the_page_leads_to_its_sections_in_their_order(
    firm: Any, publish: Any, number: int
) -> None:
    (done,) = publish({firm.account: number})
    row = Recommendation.objects.get(pk=done.recommendation_id)
    html = (
        client_of(firm.advisor).get(reverse("recommendations:recommendation", args=[row.pk])).content.decode()
    )
    (way,) = re.findall(r'<nav class="page-sections" aria-label="On this page">(.*?)</nav>', html, re.DOTALL)
    anchors = re.findall(r'href="#([a-z-]+)"', way)
    places = [html.find(f'id="{anchor}"') for anchor in anchors]
    assert min(places) > 0
    assert places == sorted(places)
    assert all(html.count(f'id="{anchor}"') == 1 for anchor in anchors)
    assert anchors[0] == "summary"
    assert anchors[-1] == "record"
    assert ("missing" in anchors) == (number == 11)
    assert ("changes" in anchors) == (number != 11)
