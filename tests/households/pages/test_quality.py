"""The data-quality board: problems are found where they are, counts are the lists they open."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from households.facts import rebuild_facts
from households.models import Account, AccountFacts, Intake, Position
from households.quality import HOLDINGS_DAYS, PROBLEMS, board, having
from tests.firm import Firm
from tests.households.book import a_household, a_position, an_account

WHOLE = {
    "account_value": 100_000_00,
    "cash_share": 0.2,
    "stock_share": 0.8,
    "unrealized_gain": 0,
    "unrealized_gain_share": 0.0,
    "lots_known_share": 1.0,
    "short_term_rate": 0.4,
    "long_term_rate": 0.2,
    "tax_status": "taxable",
}


@pytest.fixture
def sound(firm: Firm) -> Account:
    """An account that nothing is wrong with; its facts are set as they would be rebuilt."""
    firm.account.delete()
    account = an_account(firm.household, owner=firm.household.people.get(), custodian="schwab")
    rebuild_facts([firm.household.pk])
    Intake.objects.update_or_create(account=account, defaults={"state": "complete"})
    AccountFacts.objects.filter(account=account).update(**WHOLE)
    Position.objects.filter(account=account).update(
        as_of=timezone.localdate() - timedelta(days=HOLDINGS_DAYS)
    )
    return account


def problems(account: Account) -> set[str]:
    return {code for code in PROBLEMS if having(Account.objects.filter(pk=account.pk), code).exists()}


def test_nothing_is_wrong_with_a_sound_account(sound: Account) -> None:
    assert problems(sound) == set()


@pytest.mark.parametrize(
    ("facts", "found"),
    [
        ({"account_value": None}, {"value"}),
        ({"cash_share": None}, {"funding"}),
        ({"stock_share": None}, {"funding"}),
        ({"unrealized_gain_share": None}, {"gains"}),
        ({"unrealized_gain_share": None, "tax_status": "tax_deferred"}, set()),
        ({"unrealized_gain": None, "lots_known_share": 0.5}, {"lots"}),  # only lots split gains from losses
        ({"lots_known_share": 0.999}, {"lots"}),
        ({"lots_known_share": None}, {"lots"}),
        ({"lots_known_share": None, "tax_status": "tax_deferred"}, set()),
        ({"long_term_rate": None}, {"rates"}),
        ({"short_term_rate": None}, {"rates"}),
    ],
)
def test_a_fact_that_is_missing(sound: Account, facts: dict[str, Any], found: set[str]) -> None:
    AccountFacts.objects.filter(account=sound).update(**facts)
    assert problems(sound) == found


def test_no_owner_and_an_open_intake(sound: Account) -> None:
    Account.objects.filter(pk=sound.pk).update(owner=None)
    Intake.objects.filter(account=sound).update(state="open")
    assert problems(sound) == {"owner", "intake"}
    Intake.objects.filter(account=sound).delete()
    assert problems(sound) == {"owner", "intake"}


@pytest.mark.parametrize(
    ("registration", "found"),
    [
        *((code, set()) for code in (
            "private_foundation", "public_charity", "donor_advised", "non_grantor_trust", "estate", "entity",
        )),
        *((code, {"owner"}) for code in ("", "joint", "grantor_trust", "custodial_minor", "roth_ira")),
    ],
)  # fmt: skip
def test_only_what_a_person_owns_needs_an_owner(sound: Account, registration: str, found: set[str]) -> None:
    Account.objects.filter(pk=sound.pk).update(owner=None, registration=registration)
    assert problems(sound) == found


def test_what_is_older_than_it_may_be(sound: Account) -> None:
    a_position(sound, "CASH", "cash", 100_000)
    for days, found in ((HOLDINGS_DAYS, set()), (HOLDINGS_DAYS + 1, {"holdings"})):
        Position.objects.filter(account=sound).update(as_of=timezone.localdate() - timedelta(days=days))
        assert problems(sound) == found


def test_an_answer_that_holdings_exclude(sound: Account) -> None:
    Intake.objects.filter(account=sound).update(short_term_gain=5_000_00)
    AccountFacts.objects.filter(account=sound).update(short_term_gain=None)
    assert problems(sound) == {"excluded"}


@pytest.mark.parametrize(
    ("stated", "found"),
    [(90_909_10, set()), (90_909_09, {"apart"}), (110_000_00, set()), (110_000_01, {"apart"})],
)
def test_values_that_are_apart(sound: Account, stated: int, found: set[str]) -> None:
    # Held: $100,000. A tenth above $90,909.10 is $100,000.01; a tenth above what is held, $110,000.
    Intake.objects.filter(account=sound).update(account_value=stated)
    assert problems(sound) == found


@pytest.fixture
def mixed(firm: Firm) -> None:
    """Two advisors, three custodians, one of them not stated; several problems each."""
    for advisor in (firm.advisor, firm.stranger):
        household = a_household(advisor, f"Of {advisor.first_name}")
        for custodian in ("schwab", "fidelity", ""):
            account = an_account(household, custodian=custodian)
            if custodian == "fidelity":
                a_position(account, "CASH", "cash", 50_000)
        rebuild_facts([household.pk])


@pytest.mark.parametrize("role", ["advisor", "supervisor", "operations"])
def test_every_count_is_the_length_of_the_list_it_opens(
    firm: Firm, mixed: None, signed_in: Callable[[str], Client], role: str
) -> None:
    client = signed_in(role)
    html = client.get("/data-quality/").content.decode()
    links = re.findall(
        r'href="(/accounts/\?[^"]+)"(?:><span>[^<]+</span><span class="quality-count"|)>([\d,]+)<', html
    )
    assert len(links) > 10
    for href, count in links:
        listed = client.get(href.replace("&amp;", "&")).context["table"].paginator.count
        assert listed == int(count), href


def test_the_board_counts_only_what_one_sees_and_adds_up(firm: Firm, mixed: None) -> None:
    total, custodians, advisors = board(firm.advisor)
    assert total.accounts == 4  # the firm's own example account, and three
    assert {row.key: row.accounts for row in custodians} == {"schwab": 2, "fidelity": 1, "": 1}
    assert [row.label for row in advisors] == [str(firm.advisor)]
    assert total.having["value"] == 3
    everything, _, advisors = board(firm.operations)
    assert everything.accounts == 8
    assert sum(row.accounts for row in advisors) == 8


def test_queries_do_not_grow(firm: Firm, mixed: None, signed_in: Callable[[str], Client]) -> None:
    client = signed_in("operations")

    def asked(path: str) -> int:
        with CaptureQueriesContext(connection) as queries:
            assert client.get(path).status_code == 200
        return len(queries)

    client.get("/data-quality/")
    before = asked("/data-quality/"), asked("/accounts/?view=all")
    for number in range(12):
        household = a_household(firm.advisor, f"More {number}")
        an_account(household, custodian="vanguard")
        rebuild_facts([household.pk])
    assert (asked("/data-quality/"), asked("/accounts/?view=all")) == before


def test_the_list_as_a_file(firm: Firm, mixed: None, advisor: Client) -> None:
    answer = advisor.get("/accounts/export.csv", {"problem": "value", "custodian": "none"})
    lines = b"".join(answer.streaming_content).decode("utf-8-sig").splitlines()
    assert len(lines) == 2
    assert lines[0].startswith("account,number ending,reference,household")


def test_an_empty_book_says_so(firm: Firm, advisor: Client) -> None:
    firm.account.delete()
    assert "No accounts to judge" in advisor.get("/data-quality/").content.decode()


def test_a_symbol_nobody_knows_is_missing_until_somebody_says(sound: Account) -> None:
    position = a_position(sound, "ABCX", "unknown", 1_000, as_of=timezone.localdate())
    assert problems(sound) == {"symbols"}
    Position.objects.filter(pk=position.pk).update(asset_class="stock")
    assert problems(sound) == {"symbols"}
    Position.objects.filter(pk=position.pk).update(issuer="Abc Corp")
    assert problems(sound) == set()
