"""Returns and wash sales on the pages of household and account."""

import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from households.models import Account, Change, Household, Person
from tests.firm import Firm
from tests.households.book import a_couple, a_household, a_position, an_account
from tests.households.pages.conftest import open_form, text_of


def url(name: str, *args: Any) -> str:
    return reverse(f"households:{name}", args=args)


@pytest.fixture
def household(firm: Firm) -> Household:
    return a_household(firm.advisor)


@pytest.fixture
def family(household: Household) -> dict[str, Account]:
    """Ann's brokerage, Ben's, Ann's IRA, Ben's Roth, a trust, a company, a charity and Cleo's own account."""
    ann, ben, joint = a_couple(household)
    trust, company = (
        household.tax_units.create(name=name, kind=kind)
        for name, kind in (("Adler trust", "non_grantor_trust"), ("Adler Inc.", "entity"))
    )
    cleo = household.people.create(name="Cleo", relation="child")
    rows = {
        "ann": ("individual", ann, joint, {}),
        "ben": ("individual", ben, joint, {}),
        "ira": ("traditional_ira", ann, None, {}),
        "roth": ("roth_ira", ben, None, {}),
        "trust": ("non_grantor_trust", None, trust, {}),
        "company": ("entity", None, company, {"controlled_corporation": True}),
        "charity": ("donor_advised", ann, None, {}),
        "cleo": ("individual", cleo, None, {}),
    }
    found = {}
    for name, (registration, owner, unit, more) in rows.items():
        values = {"name": f"The {name} account", "owner": owner, "tax_unit": unit, **more}
        found[name] = an_account(household, registration, **values)
        a_position(found[name], "CASH", "cash", 100_000)
    return found


def listed(page: str) -> dict[str, list[str]]:
    """Account -> the texts of its cells in the list of wash sales, row after row."""
    (section,) = re.findall(r'<section class="panel" id="wash-sales".*?</section>', page, flags=re.DOTALL)
    rows = re.findall(r"<tr>\s*<th scope=\"row\">(.*?)</tr>", section, flags=re.DOTALL)
    found: dict[str, list[str]] = {}
    for row in rows:
        words = [re.sub(r"<svg.*?</svg>|<[^>]+>", " ", cell) for cell in re.split(r"</t[hd]>", row)]
        name, *cells = [" ".join(cell.split()) for cell in words if cell.strip()]
        found.setdefault(name, []).extend(cells)
    return found


def test_a_taxable_account_lists_who_can_disallow_its_losses(
    advisor: Client, family: dict[str, Account]
) -> None:
    page = text_of(advisor.get(url("account", family["ann"].pk)))
    assert listed(page) == {
        "The ira account Ann Adler": [
            "Own IRA Rev. Rul. 2008-5", "Lost for good. A purchase there, a loss here",
        ],
        "The ben account Ben Adler": [
            "Spouse IRS Publication 550",
            "Disallowed; deferred into what the spouse bought. Either way",
        ],
        # What the company buys is named by the publication; what its owner buys when it sells is not.
        "The company account": [
            "Controlled corporation IRS Publication 550", "Disallowed. A purchase there, a loss here",
            "Judgment Related taxpayer No source names it; the same people may decide both",
            "Ask a tax adviser. A purchase here, a loss there",
        ],
        "The roth account Ben Adler": [
            "Judgment Spouse&#x27;s IRA No source names it: Publication 550 says spouse, "
            "Rev. Rul. 2008-5 says own IRA",
            "Taken as lost for good. A purchase there, a loss here",
        ],
        "The trust account": [
            "Judgment Related taxpayer No source names it; the same people may decide both",
            "Ask a tax adviser. Either way",
        ],
    }  # fmt: skip
    assert "No part in it: The cleo account." in page
    assert "No part in it: The charity account. What a charity buys is nobody's purchase." in page
    assert "partners who are not married" not in page  # they file jointly
    assert reverse("implementation:account_overlays", args=[family["ann"].pk]) in page


def test_an_ira_has_nothing_to_lose_and_says_whom_it_can_cost(
    advisor: Client, family: dict[str, Account]
) -> None:
    page = text_of(advisor.get(url("account", family["ira"].pk)))
    assert "Where a purchase here can cause a wash sale" in page
    assert "No return: gains here are not taxed, so there is no loss to disallow either." in page
    found = listed(page)
    assert found["The ann account Ann Adler"] == [
        "Own IRA Rev. Rul. 2008-5", "Lost for good. A purchase here, a loss there",
    ]  # fmt: skip
    assert "A purchase here, a loss there" in found["The ben account Ben Adler"][1]
    assert "The roth account Ben Adler" not in found


def test_a_charity_has_no_part_in_it(advisor: Client, family: dict[str, Account]) -> None:
    page = text_of(advisor.get(url("account", family["charity"].pk)))
    assert listed(page) == {}
    assert "No other account of the household" in page
    assert "overlays/" not in page


def test_spouses_who_file_apart_may_be_partners(
    advisor: Client, household: Household, family: dict[str, Account]
) -> None:
    bens = household.tax_units.create(name="Ben's return")
    Person.objects.filter(name="Ben Adler").update(tax_unit=bens)
    Account.objects.filter(pk=family["ben"].pk).update(tax_unit=bens)
    page = text_of(advisor.get(url("account", family["ann"].pk)))
    assert "Spouse IRS Publication 550" in listed(page)["The ben account Ben Adler"]
    assert "Between partners who are not married it is a matter of judgment." in page


def test_what_nobody_has_said_of_a_company_is_a_question(advisor: Client, family: dict[str, Account]) -> None:
    Account.objects.filter(pk=family["company"].pk).update(controlled_corporation=None)
    page = text_of(advisor.get(url("account", family["ann"].pk)))
    company = "Is The company account a corporation that they control? Then IRS Publication 550 names it"
    assert company in page
    own = text_of(advisor.get(url("account", family["company"].pk)))
    assert "Nobody has said whether this entity is a corporation" in own
    edit = url("account_edit", family["company"].pk)
    asked = f'<a href="{edit}#id_controlled_corporation">Say so'
    assert page.count(asked) == 1
    # The company's own page asks it in the row of each account of the couple that can lose, and below.
    assert own.count(company) == own.count(asked) - 1 == 2
    assert url("account_edit", family["ann"].pk) not in own
    answer = open_form(advisor, edit).send(controlled_corporation="yes")
    assert answer.status_code == 302
    family["company"].refresh_from_db()
    assert family["company"].controlled_corporation is True
    change = Change.objects.get(field="controlled_corporation")
    assert (change.old, change.new) == (None, "yes")
    assert "Controlled corporation" in text_of(advisor.get(url("account", family["ann"].pk)))


def test_who_owns_an_account_is_asked_of_that_account(advisor: Client, family: dict[str, Account]) -> None:
    Account.objects.filter(pk=family["ben"].pk).update(owner=None, tax_unit=None)
    asked = f'<a href="{url("account_edit", family["ben"].pk)}#id_owner">Say so'
    for name in ("ann", "ben"):
        page = text_of(advisor.get(url("account", family[name].pk)))
        assert "Nobody has said who owns The ben account" in page
        assert asked in page
        assert url("account_edit", family["ann"].pk) + "#" not in page


def test_only_an_entity_is_asked_who_controls_it(advisor: Client, family: dict[str, Account]) -> None:
    assert "controlled_corporation" not in text_of(advisor.get(url("account_edit", family["ann"].pk)))


def test_an_account_without_a_return_shows_the_proposal(advisor: Client, family: dict[str, Account]) -> None:
    Account.objects.filter(pk=family["ann"].pk).update(tax_unit=None)
    words = "Proposed: Joint return, the return of its owner, Ann Adler. It counts once you choose it."
    assert words in text_of(advisor.get(url("account", family["ann"].pk)))
    assert words in text_of(advisor.get(url("intake_section", family["ann"].pk, "taxes")))
    family["ann"].refresh_from_db()
    assert family["ann"].tax_unit is None


def test_a_return_that_does_not_fit_is_doubted(advisor: Client, family: dict[str, Account]) -> None:
    joint = family["ann"].tax_unit
    Account.objects.filter(pk=family["trust"].pk).update(tax_unit=joint)
    page = text_of(advisor.get(url("account", family["trust"].pk)))
    assert "It is a taxpayer of its own, but Joint return is a person&#x27;s return." in page


def test_a_closed_account_has_no_list(advisor: Client, family: dict[str, Account]) -> None:
    Account.objects.filter(pk=family["ben"].pk).update(closed_on="2026-10-01")
    assert 'id="wash-sales"' not in text_of(advisor.get(url("account", family["ben"].pk)))
    assert "The ben account" not in listed(text_of(advisor.get(url("account", family["ann"].pk))))


# --- the picture -------------------------------------------------------------------------------------------


def test_the_household_page_draws_returns_with_their_people(
    advisor: Client, household: Household, family: dict[str, Account]
) -> None:
    page = text_of(advisor.get(url("household", household.pk)))
    for words in (
        "Joint return: 2 accounts, $200k.", "Adler trust: 1 account, $100k.",
        "Retirement accounts: 2 accounts",
        "Exempt from tax: 1 account", "Return not known yet: 1 account",
        "6 accounts on the wash-sale line of Ann Adler and Ben Adler.",
    ):  # fmt: skip
        assert words in page, words
    assert reverse("implementation:household_overlays", args=[household.pk]) in page


def test_what_is_to_settle_about_returns_stands_below(
    advisor: Client, household: Household, family: dict[str, Account]
) -> None:
    Account.objects.filter(pk=family["ann"].pk).update(tax_unit=None)
    Account.objects.filter(pk=family["trust"].pk).update(tax_unit=family["ben"].tax_unit)
    page = text_of(advisor.get(url("household", household.pk)))
    (below,) = re.findall(r"To settle</h3><dl.*?</dl>", page)
    said = re.findall(r"<dt>(.*?)</dt><dd>(.*?)</dd>", below)
    assert sorted(said) == [
        (
            "The ann account",
            "Proposed: Joint return, the return of its owner, Ann Adler. It counts once you choose it.",
        ),
        ("The cleo account", "On which return its gains land is not known."),
        (
            "The trust account",
            "It is a taxpayer of its own, but Joint return is a person&#x27;s return.",
        ),
    ]


def test_what_the_picture_does_not_know_is_asked_below(
    advisor: Client, household: Household, family: dict[str, Account]
) -> None:
    """Nobody has said who controls the company, nor whose Ben's Roth is."""
    Account.objects.filter(pk=family["company"].pk).update(controlled_corporation=None)
    Account.objects.filter(pk=family["roth"].pk).update(owner=None)
    page = text_of(advisor.get(url("household", household.pk)))
    assert "Not known yet whether it belongs to the line" in page
    (below,) = re.findall(r"To settle</h3><dl.*?</dl>", page)
    asked = re.findall(r'<dt>([^<]*)</dt><dd>([^<]*)</dd><dd class="summary-action"><a href="([^"]*)"', below)
    company, roth = (f"{url('account_edit', family[name].pk)}#id_" for name in ("company", "roth"))
    assert {
        name: (words[:40], address) for name, words, address in asked if "#id_tax_unit" not in address
    } == {
        "The company account": (
            "Is it a corporation that client or spous",
            f"{company}controlled_corporation",
        ),
        "The roth account": ("Who owns it? Until somebody says, it is ", f"{roth}owner"),
    }
    Account.objects.filter(pk=family["company"].pk).update(controlled_corporation=False)
    Account.objects.filter(pk=family["roth"].pk).update(owner=household.people.get(name="Ben Adler"))
    page = text_of(advisor.get(url("household", household.pk)))
    assert "Not known yet whether" not in page and "Until somebody says" not in page


def test_a_household_without_accounts_has_no_picture(advisor: Client, household: Household) -> None:
    assert "picture-title" not in text_of(advisor.get(url("household", household.pk)))


def queries(client: Client, address: str) -> int:
    client.get(address)  # what is stale is rebuilt once
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address).status_code == 200
    return len(captured)


def test_more_accounts_take_no_more_queries(
    advisor: Client, household: Household, family: dict[str, Account]
) -> None:
    pages = [
        url("household", household.pk), url("account", family["ann"].pk),
        url("intake_section", family["ann"].pk, "taxes"),
    ]  # fmt: skip
    before = [queries(advisor, page) for page in pages]
    for number in range(6):
        owner = household.people.create(name=f"Child {number}", relation="child")
        unit = household.tax_units.create(name=f"Return {number}")
        an_account(household, "individual", name=f"Account {number}", owner=owner, tax_unit=unit)
    assert [queries(advisor, page) for page in pages] == before
    assert before[0] <= 14
