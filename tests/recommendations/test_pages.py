"""The recommendation's page and what can be done on it, through HTTP."""

import hashlib
import json
import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from advisory.recommendations import services
from advisory.recommendations.models import Decision, Recommendation, SealedDocument
from advisory.recommendations.page.evidence import _TESTS
from households.models import Account, ExportRecord, Household, Intake, TaxUnit
from households.models.facts import FACT_NAMES
from implementation.rules.eligibility import TESTS
from tests.recommendations.conftest import case_facts, fact_rows
from tests.recommendations.test_decisions import GOOD, RATIONALE

pytestmark = pytest.mark.django_db

ON_ACCOUNT = ("registration", "custodian", "platform", "current_structure", "current_cost_bps", "exit_cost")
ON_UNIT = ("short_term_rate", "long_term_rate", "short_term_gain_fraction", "loss_carryforward")
ON_HOUSEHOLD = ("coordination_importance", "single_report_wanted", "sleeves_wanted")
FORM = {
    "decision": "accepted:SMA",
    "reasons": ["reasons_apply"],
    "rationale": RATIONALE,
    "alternatives_viewed": ["SMA", "UMA"],
    "cost_acknowledged": "on",
    "conflict_acknowledged": "on",
}


def client_of(user: Any) -> Client:
    client = Client()
    client.force_login(user)
    return client


def page_of(client: Client, recommendation: Recommendation) -> str:
    answer = client.get(reverse("recommendations:recommendation", args=[recommendation.pk]))
    assert answer.status_code == 200
    return words_of(answer.content.decode())


def words_of(html: str) -> str:
    """The page as it is read: tags gone, blanks folded."""
    text = re.sub(r"<[^>]+>", " ", html)
    return re.sub(r"\s+", " ", text.replace("&#x27;", "'").replace("&amp;", "&").replace("\xa0", " "))


@pytest.fixture
def rows(firm: Any, publish: Any) -> dict[int, Recommendation]:
    """Cases 6 and then 3 for the advisor's account, both presented when they were new."""
    found = {}
    for case in (6, 3):
        (done,) = publish({firm.account: case})
        found[case] = Recommendation.objects.get(pk=done.recommendation_id)
        services.present(by=firm.advisor, recommendation=found[case])
    return found


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


# --- deciding -------------------------------------------------------------------------------------------


def decide_url(row: Recommendation) -> str:
    return reverse("recommendations:decide", args=[row.pk])


def test_accepting_on_the_page(firm: Any, rows: dict[int, Recommendation]) -> None:
    client = client_of(firm.advisor)
    answer = client.post(decide_url(rows[3]), FORM, follow=True)
    decision = Decision.objects.get()
    assert (decision.kind, decision.chosen, decision.reason_codes) == ("accepted", "SMA", ["reasons_apply"])
    text = words_of(answer.content.decode())
    assert "Your decision is recorded" in text
    assert RATIONALE in text
    assert "Record a correction" in text


def test_overriding_takes_no_more_than_another_choice(firm: Any, rows: dict[int, Recommendation]) -> None:
    form = FORM | {"decision": "overridden:UMA", "reasons": ["household_view"]}
    assert client_of(firm.advisor).post(decide_url(rows[3]), form).status_code == 302
    assert Decision.objects.get().kind == "overridden"


@pytest.mark.parametrize(
    ("change", "words", "anchor"),
    [
        ({"decision": ""}, "your decision", "#id_decision_0"),
        ({"decision": "overridden:SMA"}, "Select", "#id_decision_0"),
        ({"reasons": []}, "Choose at least one reason.", "#id_reasons_0"),
        ({"rationale": "Fits."}, "at least 40 characters", "#id_rationale"),
        ({"alternatives_viewed": []}, "at least one beside your choice", "#id_alternatives_viewed_0"),
        ({"cost_acknowledged": ""}, "what each alternative costs", "#id_cost_acknowledged"),
        ({"conflict_acknowledged": ""}, "what the firm and you earn", "#id_conflict_acknowledged"),
    ],
)
def test_what_is_missing_is_told_at_its_field(
    firm: Any, rows: dict[int, Recommendation], change: dict[str, Any], words: str, anchor: str
) -> None:
    answer = client_of(firm.advisor).post(decide_url(rows[3]), FORM | change)
    html = answer.content.decode()
    assert answer.status_code == 422
    assert "There is a problem" in html
    assert words.lower() in words_of(html).lower()
    assert f'href="{anchor}"' in html
    assert "<title>Error: " in html
    assert not Decision.objects.exists()


def test_all_that_is_missing_is_told_at_once(firm: Any, rows: dict[int, Recommendation]) -> None:
    answer = client_of(firm.advisor).post(decide_url(rows[3]), {"decision": "accepted:SMA"})
    html = answer.content.decode()
    assert answer.status_code == 422
    fields = "reasons_0 rationale alternatives_viewed_0 cost_acknowledged conflict_acknowledged"
    for anchor in fields.split():
        assert f'href="#id_{anchor}"' in html, anchor


def test_the_second_advisor_is_told_plainly(firm: Any, rows: dict[int, Recommendation]) -> None:
    services.decide(by=firm.advisor, recommendation=rows[3], **GOOD)
    answer = client_of(firm.advisor).post(decide_url(rows[3]), FORM | {"rationale": RATIONALE + " Indeed."})
    assert answer.status_code == 409
    assert "Advisor Tester has already recorded: accepted" in answer.content.decode()


def test_a_correction_on_the_page(firm: Any, rows: dict[int, Recommendation]) -> None:
    first = services.decide(by=firm.advisor, recommendation=rows[3], **GOOD)
    form = FORM | {"corrects": str(first.pk), "decision": "declined:stay", "reasons": [],
                   "reasons_declined": ["client_keeps"]}  # fmt: skip
    assert client_of(firm.advisor).post(decide_url(rows[3]), form).status_code == 302
    second = Decision.objects.get(seq=2)
    assert (second.corrects_id, second.kind) == (first.pk, "declined")


# --- as it stood ----------------------------------------------------------------------------------------


def test_compliance_reads_it_as_it_stood(firm: Any, rows: dict[int, Recommendation]) -> None:
    client = client_of(firm.compliance)
    before = page_of(client, rows[3])
    assert "As recorded on" in before
    assert "Record decision" not in before
    assert "Evaluate again" not in before
    assert "funding.concentrated_to_sell_down" in before
    firm.advisor.first_name = "Somebody"
    firm.advisor.last_name = "Else"
    firm.advisor.save()
    firm.account.registration = "estate"
    firm.account.custodian = "pershing"
    firm.account.save()
    assert page_of(client, rows[3]) == before


def test_an_old_record_points_to_the_newest(firm: Any, rows: dict[int, Recommendation]) -> None:
    text = page_of(client_of(firm.advisor), rows[6])
    assert "A newer recommendation has taken this one's place" in text
    assert "Record decision" not in text


def test_the_document_is_what_was_sealed(firm: Any, rows: dict[int, Recommendation]) -> None:
    answer = client_of(firm.compliance).get(reverse("recommendations:document", args=[rows[3].pk]))
    assert answer.status_code == 200
    sealed = rows[3].documents.get()
    assert answer.content.decode() == sealed.document
    assert answer["X-Content-SHA256"] == hashlib.sha256(answer.content).hexdigest() == sealed.content_sha256
    assert json.loads(answer.content)["result"]["outcome"] == "SMA"
    taken = ExportRecord.objects.get()
    assert (taken.by, taken.what, taken.filter) == (
        firm.compliance,
        "recommendation document",
        str(rows[3].pk),
    )


def test_computing_it_again_from_the_page(firm: Any, rows: dict[int, Recommendation]) -> None:
    url = reverse("recommendations:replay", args=[rows[3].pk])
    assert "every value agrees" in client_of(firm.compliance).post(url, follow=True).content.decode()


def test_strangers_find_nothing_and_forbidden_roles_are_refused(
    firm: Any, rows: dict[int, Recommendation]
) -> None:
    stranger, compliance = client_of(firm.stranger), client_of(firm.compliance)
    for name in ("recommendation", "document"):
        assert stranger.get(reverse(f"recommendations:{name}", args=[rows[3].pk])).status_code == 404
    for name in ("present", "decide", "replay"):
        assert stranger.post(reverse(f"recommendations:{name}", args=[rows[3].pk])).status_code == 404
    assert stranger.post(reverse("recommendations:evaluate", args=[firm.account.pk])).status_code == 404
    assert stranger.get(reverse("recommendations:account_status", args=[firm.account.pk])).status_code == 404
    for name in ("present", "decide"):
        assert compliance.post(reverse(f"recommendations:{name}", args=[rows[3].pk])).status_code == 403
    assert compliance.post(reverse("recommendations:evaluate", args=[firm.account.pk])).status_code == 403
    administrator = client_of(firm.administrator)
    assert administrator.get(reverse("recommendations:history")).status_code == 403


def test_the_page_asks_the_same_number_of_queries_however_long_the_history(
    firm: Any, publish: Any, django_assert_max_num_queries: Any
) -> None:
    client = client_of(firm.advisor)

    def cost() -> int:
        row = Recommendation.objects.order_by("-seq").first()
        services.present(by=firm.advisor, recommendation=row)
        with django_assert_max_num_queries(40) as found:
            client.get(reverse("recommendations:recommendation", args=[row.pk]))
        return len(found)

    for lots in range(2):
        publish({firm.account: case_facts(3, lot_count=100 + lots)})
    cost()  # reads the rules into their cache
    short = cost()
    for lots in range(12):
        publish({firm.account: case_facts(3, lot_count=300 + lots)})
    assert cost() == short


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
