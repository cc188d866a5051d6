"""Which overlay reaches which account, and with whom an account is under one: worked by hand."""

from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from households.facts import rebuild_facts
from households.facts.links import circle_of
from households.models import Account, Household
from households.selectors import accounts_of
from implementation.overlays import Overlay, overlays, seen_together, unlisted_platforms
from implementation.rules.shelf import Shelf
from implementation.services import publish_shipped
from tests.firm import Firm
from tests.households.book import a_couple, a_household, a_position, an_account
from tests.households.pages.conftest import text_of

SHELF = Shelf.load(settings.BASE_DIR / "implementation" / "data" / "house_shelf.yaml")


def a_shelf(**changes: Any) -> Shelf:
    """The house shelf: one overlay, the house's, over the accounts of one return, unless changed."""
    return SHELF.with_changes({"UMA": changes}) if changes else SHELF


@pytest.fixture
def household(firm: Firm) -> Household:
    """A, B: on the house overlay, Ann's joint return; C: the same return, at Fidelity, on no platform; D: a
    trust on the overlay; E: Ann's IRA on it; F: Ben's, no return named; G: held away."""
    household = a_household(firm.advisor)
    ann, ben, joint = a_couple(household)
    trust = household.tax_units.create(name="Trust", kind="non_grantor_trust")
    on = {"platform": "house_overlay"}
    rows: dict[str, tuple[str, dict[str, Any]]] = {
        "A": ("individual", {"owner": ann, "tax_unit": joint, **on}),
        "B": ("individual", {"owner": ben, "tax_unit": joint, **on}),
        "C": ("individual", {"owner": ann, "tax_unit": joint, "custodian": "fidelity"}),
        "D": ("non_grantor_trust", {"tax_unit": trust, **on}),
        "E": ("traditional_ira", {"owner": ann, **on}),
        "F": ("individual", {"owner": ben, **on}),
        "G": ("individual", {"owner": ann, "tax_unit": joint, **on, "current_structure": "held_away"}),
    }
    for name, (registration, values) in rows.items():
        a_position(an_account(household, registration, name=name, **values), "CASH", "cash", 100_000)
    rebuild_facts([household.pk])
    return household


def found(household: Household, shelf: Shelf) -> tuple[list[Account], Overlay]:
    accounts = sorted(accounts_of(household), key=lambda account: account.name)
    (overlay,) = overlays(shelf, accounts)
    return accounts, overlay


def codes(household: Household, **changes: Any) -> dict[str, str]:
    accounts, overlay = found(household, a_shelf(**changes))
    return {account.name: reach.code for account, reach in zip(accounts, overlay.reaches, strict=True)}


def test_an_overlay_over_one_return(household: Household) -> None:
    assert codes(household) == {
        "A": "on", "B": "on", "C": "could", "D": "alone", "E": "untaxed", "F": "no_return", "G": "away",
    }  # fmt: skip
    assert found(household, SHELF)[1].groups == ((0, 1),)


def test_an_overlay_over_the_household_takes_in_iras_and_other_returns(household: Household) -> None:
    assert codes(household, overlay_scope="household") == {
        "A": "on", "B": "on", "C": "could", "D": "on", "E": "on", "F": "on", "G": "away",
    }  # fmt: skip


def test_a_custodian_that_it_does_not_cover(household: Household) -> None:
    assert codes(household, overlay_custodians=["fidelity"]) == {
        "A": "custodian", "B": "custodian", "C": "could", "D": "custodian", "E": "untaxed", "F": "no_return",
        "G": "away",
    }  # fmt: skip


@pytest.mark.parametrize(("scope", "code"), [("account", "own"), (None, "unstated")])
def test_a_scope_that_reaches_nobody_or_that_nobody_states(
    household: Household, scope: str | None, code: str
) -> None:
    assert set(codes(household, overlay_scope=scope).values()) == {code}


def test_what_is_not_known_of_an_account(household: Household) -> None:
    Account.objects.filter(name="A").update(platform="")
    Account.objects.filter(name="B").update(custodian="")
    assert {name: code for name, code in codes(household).items() if name in "AB"} == {
        "A": "no_platform", "B": "no_custodian",
    }  # fmt: skip


def test_two_other_platforms_need_not_be_the_same(household: Household) -> None:
    Account.objects.filter(name__in=["A", "B"]).update(platform="other")
    assert {codes(household, platform="other")[name] for name in "AB"} == {"could"}


def seen(household: Household, name: str, **changes: Any) -> tuple[str, str]:
    accounts, overlay = found(household, a_shelf(**changes))
    row = [account.name for account in accounts].index(name)
    both = seen_together([overlay], circle_of(accounts, household.people.all()), row)
    return ("".join(accounts[r].name for r in both[0]), "".join(accounts[r].name for r in both[1]))


def test_with_whom_an_account_is_under_one_overlay(household: Household) -> None:
    """A's possible wash sales: B (spouse), C, F (spouse), G, E (own IRA), D by judgment."""
    assert seen(household, "A") == ("B", "CDEFG")
    assert seen(household, "E") == ("", "ABCFG")  # what it buys can cost them; a trust's loss it cannot
    assert seen(household, "A", overlay_scope="household") == ("BDEF", "CG")
    assert seen(household, "A", overlay_scope=None) == ("", "BCDEFG")


def test_platforms_that_no_program_is_on(household: Household) -> None:
    Account.objects.filter(name="C").update(platform="orion")
    Account.objects.filter(name="D").update(platform="other")
    accounts, _ = found(household, SHELF)
    assert unlisted_platforms(SHELF, accounts) == {"orion": ["C"], "other": ["D"]}


# --- the fragments -----------------------------------------------------------------------------------------


@pytest.fixture
def client(firm: Firm) -> Client:
    client = Client()
    client.force_login(firm.advisor)
    return client


def test_the_household_s_fragment(client: Client, household: Household) -> None:
    publish_shipped(as_of=timezone.localdate())
    Account.objects.filter(name="C").update(platform="orion")
    said = text_of(client.get(reverse("implementation:household_overlays", args=[household.pk])))
    for words in (
        "House UMA with direct index sleeve", "Over accounts of one return", "On it, coordinated",
        "On it, beside no other", "Held away: out of reach until it moves", "On Orion: C.",
        "Nothing here watches for wash sales",
    ):  # fmt: skip
        assert words in said, words


def test_what_is_missing_is_asked_where_it_is_answered(
    client: Client, firm: Firm, household: Household
) -> None:
    """F has no return; A has no platform, B no custodian, which is asked first."""
    publish_shipped(as_of=timezone.localdate())
    Account.objects.filter(name="A").update(platform="")
    Account.objects.filter(name="B").update(custodian="", platform="")
    address = reverse("implementation:household_overlays", args=[household.pk])
    said = text_of(client.get(address))
    for name, words, section, question in (
        ("A", "Platform not known", "account", "platform"),
        ("B", "Custodian not known", "account", "custodian"),
        ("F", "Tax return not known", "taxes", "tax_unit"),
    ):
        account = household.accounts.get(name=name)
        intake = reverse("households:intake_section", args=[account.pk, section])
        assert f'{words}</span><span class="sub"><a href="{intake}#id_{question}">Answer' in said
        assert f'id="id_{question}"' in text_of(client.get(intake))
    client.force_login(firm.supervisor)
    read = text_of(client.get(address))
    assert "Platform not known" in read and "Answer" not in read


def test_the_account_s_fragment(client: Client, household: Household) -> None:
    publish_shipped(as_of=timezone.localdate())
    account = household.accounts.get(name="A")
    said = text_of(client.get(reverse("implementation:account_overlays", args=[account.pk])))
    assert '<dt>Covered</dt><dd>B<span class="d-block quiet small">By House UMA' in said
    assert "Nothing here watches for wash sales, in covered accounts either." in said
    assert "monitored" not in said


def test_a_closed_account_has_none(client: Client, household: Household) -> None:
    account = household.accounts.get(name="A")
    Account.objects.filter(pk=account.pk).update(closed_on="2026-10-01")
    assert client.get(reverse("implementation:account_overlays", args=[account.pk])).status_code == 404


def test_without_a_shelf_the_fragment_says_so(client: Client, household: Household) -> None:
    for name, key in (("household", household.pk), ("account", household.accounts.get(name="A").pk)):
        answer = client.get(reverse(f"implementation:{name}_overlays", args=[key]))
        assert answer.status_code == 200
        assert "shelf" in text_of(answer) and "notice tone-warn" in text_of(answer)


def test_more_accounts_take_no_more_queries(client: Client, household: Household) -> None:
    publish_shipped(as_of=timezone.localdate())
    addresses = [
        reverse("implementation:household_overlays", args=[household.pk]),
        reverse("implementation:account_overlays", args=[household.accounts.get(name="A").pk]),
    ]

    def counts() -> list[int]:
        found = []
        for address in addresses:
            client.get(address)
            with CaptureQueriesContext(connection) as captured:
                client.get(address)
            found.append(len(captured))
        return found

    before = counts()
    for number in range(5):
        an_account(household, name=f"More {number}")
    assert counts() == before
