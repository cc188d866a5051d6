"""The form of a new account proposes the return that its gains land on."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from households.models import Household
from tests.firm import Firm
from tests.households.book import a_couple, a_household
from tests.households.pages.conftest import text_of


def url(name: str, *args: Any) -> str:
    return reverse(f"households:{name}", args=args)


@pytest.fixture
def household(firm: Firm) -> Household:
    return a_household(firm.advisor)


def propose(client: Client, household: Household, **chosen: Any) -> str:
    address = url("account_create", household.pk)
    answer = client.get(address, {k: str(v) for k, v in chosen.items()}, HTTP_HX_REQUEST="true")
    assert answer.status_code == (200 if answer.content else 204)
    return text_of(answer)


def test_the_form_proposes_the_owner_s_return_and_stores_nothing(
    advisor: Client, household: Household
) -> None:
    ann, _, joint = a_couple(household)
    part = propose(advisor, household, registration="grantor_trust", owner=ann.pk, tax_unit="")
    assert "<form" not in part and 'data-field="tax_unit"' in part
    assert f'<option value="{joint.pk}" selected>' in part
    assert "Proposed: the return of its grantor, Ann Adler. Change it if that is not so." in part
    assert not household.accounts.exists()


def test_the_proposal_follows_the_owner_and_leaves_a_choice_of_one_s_own(
    advisor: Client, household: Household
) -> None:
    ann, _, joint = a_couple(household)
    dans = household.tax_units.create(name="Dan's return")
    dan = household.people.create(name="Dan", relation="child", tax_unit=dans)
    trust = household.tax_units.create(name="Trust", kind="non_grantor_trust")
    followed = propose(advisor, household, registration="individual", owner=dan.pk, tax_unit=joint.pk)
    assert f'<option value="{dans.pk}" selected>' in followed
    assert propose(advisor, household, registration="individual", owner=ann.pk, tax_unit=trust.pk) == ""
    assert propose(advisor, household, registration="individual", owner="", tax_unit="") == ""
    none = propose(advisor, household, registration="roth_ira", owner=ann.pk, tax_unit=joint.pk)
    assert '<option value="" selected>' in none and "Proposed" not in none


def test_what_is_sent_is_what_is_stored(advisor: Client, household: Household) -> None:
    ann, _, _ = a_couple(household)
    values = {"name": "Ann's account", "registration": "individual", "owner": str(ann.pk), "tax_unit": ""}
    advisor.post(url("account_create", household.pk), values)
    assert household.accounts.get().tax_unit is None


def test_a_forged_choice_is_no_choice(advisor: Client, household: Household, firm: Firm) -> None:
    stranger = firm.others_household.people.get()
    for unit in ("nonsense", str(firm.others_household.tax_units.get().pk)):
        part = propose(advisor, household, registration="individual", owner=stranger.pk, tax_unit=unit)
        assert "Proposed" not in part and '<option value="" selected>' in part
