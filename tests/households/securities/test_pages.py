"""The master's pages: the list, a row, a file; unknown symbols, what they hold up, and who answers them."""

import csv
import io
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from households.facts import rebuild_facts
from households.models import Account, ExportRecord, Security, SecurityProposal
from tests.firm import Firm
from tests.households.book import a_household, a_position, an_account, facts_of
from tests.households.pages.conftest import text_of
from tests.households.securities.files import APPLE, FUND, GOOG, GOOGL, KO, a_file, load

As = Callable[[str], Client]
LIST, UNKNOWN = "/securities/", "/securities/unknown/"


@pytest.fixture
def master(firm: Firm) -> None:
    load(firm.operations, APPLE, FUND, GOOG, GOOGL, KO)


@pytest.fixture
def account(firm: Firm) -> Account:
    """$50,000 of a symbol of which nobody says anything, $30,000 of an unnamed stock, $20,000 of cash."""
    account = an_account(a_household(firm.advisor))
    a_position(account, "ABCX", "unknown", 50_000, description="ABC SELECT")
    a_position(account, "XYZ", "stock", 30_000)
    a_position(account, "CASH", "cash", 20_000)
    rebuild_facts([account.household_id])
    return account


def symbols(response: Any) -> list[str]:
    return [row.record.symbol for row in response.context["table"].page.object_list]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", ["AAPL", "GOOG", "GOOGL", "KO", "VTI"]),
        ("q=goog", ["GOOG", "GOOGL"]),
        ("q=alphabet", ["GOOG", "GOOGL"]),
        ("q=037833100", ["AAPL"]),
        ("q=US0378331005", ["AAPL"]),
        ("kind=fund", ["VTI"]),
        ("sector=Consumer+Staples", ["KO"]),
        ("kind=stock&q=inc", ["AAPL", "GOOG", "GOOGL"]),
        ("sample=yes", []),
    ],
)
def test_the_list_is_searched_and_filtered(
    advisor: Client, master: None, query: str, found: list[str]
) -> None:
    assert symbols(advisor.get(f"{LIST}?{query}")) == found


def test_the_exported_list_can_be_loaded_again(advisor: Client, firm: Firm, master: None) -> None:
    response = advisor.get("/securities/export.csv?q=goog")
    content = b"".join(response.streaming_content)  # type: ignore[attr-defined]
    assert [row["symbol"] for row in csv.DictReader(io.StringIO(content.decode("utf-8-sig")))] == [
        "GOOG",
        "GOOGL",
    ]
    record = ExportRecord.objects.get()
    assert (record.what, record.rows, record.filter, record.by) == ("securities", 2, "q=goog", firm.advisor)
    loaded = load(firm.operations, *content.decode("utf-8-sig").splitlines()[1:])
    assert (loaded.added, loaded.changed, loaded.same) == ([], [], 2)


def test_unknown_symbols_say_how_much_they_hold_up(advisor: Client, firm: Firm, account: Account) -> None:
    """Of two accounts that hold ABCX ($50,000 and $10,000) one says its shares itself: one is held up."""
    stated = an_account(
        a_household(firm.advisor, "Stated"), cash_share=0, fund_share=1, stock_share=0, bond_share=0,
        other_share=0,
    )  # fmt: skip
    a_position(stated, "ABCX", "unknown", 10_000)
    rebuild_facts([stated.household_id])
    a_position(firm.others_account, "ABCX", "unknown", 70_000)
    rows = {row.record["shown"]: row.record for row in advisor.get(UNKNOWN).context["table"].rows}
    told = {name: rows["ABCX"][name] for name in ("accounts", "held", "held_up", "behind", "unkind")}
    assert told == {"accounts": 2, "held": 60_000_00, "held_up": 1, "behind": 100_000_00, "unkind": 2}
    assert rows["XYZ"]["unkind"] == 0
    assert set(rows) == {"ABCX", "XYZ"}


def test_readers_see_what_they_may_of_unknown_symbols(signed_in: As, firm: Firm, account: Account) -> None:
    a_position(firm.others_account, "STRANGE", "unknown", 70_000)
    seen = {
        role: {row.record["shown"] for row in signed_in(role).get(UNKNOWN).context["table"].rows}
        for role in ("advisor", "supervisor", "operations", "compliance")
    }
    own, all_ = {"ABCX", "XYZ"}, {"ABCX", "XYZ", "STRANGE"}
    assert seen == {"advisor": own, "supervisor": own, "operations": all_, "compliance": all_}
    assert signed_in("administrator").get(UNKNOWN).status_code == 403


def test_unknown_symbols_export_in_dollars(advisor: Client, account: Account) -> None:
    response = advisor.get("/securities/unknown/export.csv")
    content = b"".join(response.streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
    assert content.splitlines()[1] == "ABCX,ABC SELECT,kind and issuer,1,50000.0,1,100000.0"


def test_the_account_asks_and_the_advisor_answers_and_operations_accept(
    signed_in: As, firm: Firm, account: Account
) -> None:
    advisor, page = signed_in("advisor"), f"/accounts/{account.pk}/"
    asked = text_of(advisor.get(page))
    assert "What is ABCX? Fund or stock, and of which issuer?" in asked
    assert "Who issued XYZ?" in asked
    answer = {"symbol": "ABCX", "kind": "fund", "name": "ABC Select Fund", "source": "The custodian's page"}
    response = advisor.post(f"/securities/propose/?symbol=ABCX&back={page}", answer)
    assert (response.status_code, response["Location"]) == (302, page)
    assert "has proposed an answer" in text_of(advisor.get(page))
    assert facts_of(account)["fund_share"] is None
    proposal = SecurityProposal.objects.get()
    operations = signed_in("operations")
    assert "ABC Select Fund" in text_of(operations.get("/securities/proposals/"))
    operations.post(f"/securities/proposals/{proposal.pk}/", {"accept": "1"})
    proposal.refresh_from_db()
    assert (proposal.state, proposal.decided_by) == ("accepted", firm.operations)
    assert facts_of(account)["fund_share"] == 0.5
    assert "ABCX?" not in text_of(advisor.get(page))
    account.household.refresh_from_db()
    assert account.household.revision == 2
    again = operations.post(f"/securities/proposals/{proposal.pk}/", {"accept": "1"})
    assert again.status_code == 409


def test_a_proposal_is_declined_with_a_reason_only(signed_in: As, firm: Firm) -> None:
    signed_in("advisor").post(
        "/securities/propose/", {"symbol": "ABCX", "kind": "fund", "name": "ABC", "source": "Hearsay"}
    )
    proposal = SecurityProposal.objects.get()
    address = f"/securities/proposals/{proposal.pk}/"
    assert signed_in("operations").post(address, {"decline": "1"}).status_code == 422
    signed_in("operations").post(address, {"decline": "1", f"p{proposal.pk.hex}-reason": "It is a stock."})
    proposal.refresh_from_db()
    assert (proposal.state, proposal.reason) == ("declined", "It is a stock.")
    assert not Security.objects.exists()


@pytest.mark.parametrize(
    ("answer", "problem"),
    [
        ({"kind": "stock", "issuer": ""}, "A stock needs its issuer."),
        ({"source": ""}, "Where you know it from"),
        ({"symbol": "VTI"}, "The list of securities has VTI already."),
        ({"symbol": "=1+1"}, "The symbol holds a sign that symbols do not have."),
    ],
)
def test_a_proposal_is_judged_as_a_line_of_the_file_is(
    advisor: Client, master: None, answer: dict[str, str], problem: str
) -> None:
    whole = {"symbol": "ABCX", "kind": "fund", "name": "ABC", "issuer": "", "source": "A page"} | answer
    response = advisor.post("/securities/propose/", whole)
    assert response.status_code in (409, 422)
    assert problem in text_of(response)
    assert not SecurityProposal.objects.exists()


def test_one_answer_waits_for_a_symbol_at_a_time(signed_in: As, firm: Firm) -> None:
    answer = {"symbol": "ABCX", "kind": "fund", "name": "ABC", "source": "A page"}
    assert signed_in("advisor").post("/securities/propose/", answer).status_code == 302
    refused = signed_in("advisor").post("/securities/propose/", answer | {"symbol": "abcx"})
    assert refused.status_code == 409
    assert SecurityProposal.objects.count() == 1


def test_nobody_is_sent_to_another_site(advisor: Client) -> None:
    answer = {"symbol": "ABCX", "kind": "fund", "name": "ABC", "source": "A page"}
    response = advisor.post("/securities/propose/?back=https://elsewhere.example/", answer)
    assert response["Location"] == UNKNOWN


def test_an_owner_adds_and_changes_a_row(signed_in: As, firm: Firm, account: Account) -> None:
    operations = signed_in("operations")
    row = {
        "symbol": "ABCX",
        "kind": "fund",
        "name": "ABC Select",
        "source": "Prospectus",
        "as_of": "2026-11-01",
    }
    bad = operations.post("/securities/new/", row | {"cusip": "037833101"})
    assert (bad.status_code, "check digit is wrong" in text_of(bad)) == (422, True)
    assert operations.post("/securities/new/?symbol=ABCX", row)["Location"] == UNKNOWN
    found = Security.objects.get()
    assert facts_of(account)["fund_share"] == 0.5
    changed = row | {"kind": "other", "asset_class": "commodity", "as_of": "2026-11-02"}
    changed["version"] = found.updated_at.isoformat()
    operations.post(f"/securities/{found.pk}/", changed)
    facts = facts_of(account)
    assert (facts["fund_share"], facts["other_share"]) == (0, 0.5)
    assert "fund → other" in text_of(operations.get(f"/securities/{found.pk}/"))


def test_a_file_is_checked_then_loaded(signed_in: As, firm: Firm) -> None:
    operations = signed_in("operations")

    def send(content: bytes, button: str) -> Any:
        upload = SimpleUploadedFile("master.csv", content, content_type="text/csv")
        return operations.post("/securities/load/", {"file": upload, button: "1"})

    wrong = send(a_file(APPLE.replace("037833100", "037833101", 1)), "store")
    assert wrong.status_code == 422
    assert [(p.line, p.field) for p in wrong.context["problems"]] == [(2, "cusip")]
    assert "nothing was stored" in text_of(send(a_file(APPLE), "check"))
    assert not Security.objects.exists()
    send(a_file(APPLE), "store")
    assert Security.objects.get().symbol == "AAPL"


@pytest.mark.parametrize("address", [LIST, UNKNOWN])
def test_queries_do_not_grow_with_the_rows(advisor: Client, firm: Firm, address: str) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert advisor.get(address).status_code == 200
        return len(captured)

    account = an_account(a_household(firm.advisor))
    load(firm.operations, APPLE)
    a_position(account, "Q0", "unknown", 1_000)
    advisor.get(address)
    few = queries()
    load(firm.operations, *(GOOG.replace("GOOG", f"S{n}", 1) for n in range(20)))
    for n in range(1, 20):
        a_position(account, f"Q{n}", "unknown", 1_000)
    assert queries() == few


def test_the_account_page_asks_in_a_fixed_number_of_queries(
    advisor: Client, firm: Firm, account: Account
) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert advisor.get(f"/accounts/{account.pk}/").status_code == 200
        return len(captured)

    queries()
    few = queries()
    for n in range(10):
        a_position(account, f"Q{n}", "unknown", 1_000)
    assert queries() == few


@pytest.mark.parametrize(
    ("path", "asked"),
    [("intake/", True), ("intake/funding/", True), ("intake/holdings/", True), ("intake/taxes/", False)],
)
def test_the_intake_asks_where_the_symbol_hides_a_fact(
    advisor: Client, account: Account, path: str, asked: bool
) -> None:
    page = text_of(advisor.get(f"/accounts/{account.pk}/{path}"))
    assert ("What is ABCX? Fund or stock, and of which issuer?" in page) is asked


def test_readers_are_asked_nothing_they_cannot_answer(signed_in: As, account: Account) -> None:
    page = signed_in("supervisor").get(f"/accounts/{account.pk}/").content.decode()
    assert "What is ABCX?" in page
    assert "/securities/propose/" not in page
    assert (
        "/securities/new/?symbol=ABCX"
        in signed_in("operations").get(f"/accounts/{account.pk}/").content.decode()
    )
