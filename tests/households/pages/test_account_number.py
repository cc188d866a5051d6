"""Of an account's number the last digits are kept, never the first: imports find the account by them."""

import pytest
from django.test import Client
from django.urls import reverse

from households import services
from households.imports.mapping import same_ending
from households.models import Account, Change
from tests.firm import Firm
from tests.households.pages.conftest import open_form, text_of

WHOLE, ENDING = "12345678901", "45678901"


@pytest.mark.parametrize("typed", [WHOLE, f" {WHOLE} ", ENDING])
def test_the_form_keeps_the_last_digits(advisor: Client, firm: Firm, typed: str) -> None:
    page = reverse("households:account_edit", args=[firm.account.pk])
    assert (
        "maxlength" not in advisor.get(page).content.decode().split('id="id_number_ending"')[1].split(">")[0]
    )
    answer = open_form(advisor, page).send(number_ending=typed)
    assert answer.status_code == 302
    firm.account.refresh_from_db()
    assert firm.account.number_ending == ENDING
    assert same_ending("8901", firm.account.number_ending)
    assert WHOLE not in str(list(Change.objects.values_list("new", flat=True)))
    assert f"ending {ENDING}" in text_of(advisor.get(reverse("households:account", args=[firm.account.pk])))


@pytest.mark.django_db
def test_so_does_every_other_way_in(firm: Firm) -> None:
    made = services.create_account(
        by=firm.advisor, household=firm.household, name="Other", number_ending=WHOLE
    )
    services.update_account(by=firm.advisor, account=firm.account, number_ending=f"00{WHOLE}")
    endings = Account.objects.filter(pk__in=[made.pk, firm.account.pk]).values_list(
        "number_ending", flat=True
    )
    assert list(endings) == [ENDING, ENDING]
