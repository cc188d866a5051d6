"""Members of a household: the same one is not recorded twice by accident."""

import pytest
from django.test import Client
from django.urls import reverse

from households.models import Person
from tests.firm import Firm


@pytest.mark.parametrize(
    ("name", "born", "status"),
    [
        ("Alex Other", "", 302),
        ("pat example", "", 422),
        ("Pat Example", "1990-01-01", 302),  # a father and a son
    ],
)
def test_the_same_person_is_recorded_once(
    advisor: Client, firm: Firm, name: str, born: str, status: int
) -> None:
    Person.objects.filter(household=firm.household).update(name="Pat Example", birth_date=None)
    url = reverse("households:person_create", args=[firm.household.pk])
    answer = advisor.post(url, {"name": name, "relation": "other", "birth_date": born})
    assert answer.status_code == status
    if status == 422:
        assert "Pat Example is in this household already." in answer.content.decode()


def test_a_person_may_be_saved_as_they_are(advisor: Client, firm: Firm) -> None:
    person = firm.household.people.get()
    born = person.birth_date.isoformat() if person.birth_date else ""
    data = {"name": person.name, "relation": person.relation, "birth_date": born}
    assert advisor.post(reverse("households:person_edit", args=[person.pk]), data).status_code == 302
