"""The pages of programs and policy: what a reader sees beside each number."""

import re
from datetime import date
from html import unescape
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from households.foundation.roles import Role
from implementation import selectors, services
from implementation.models import ShelfVersion
from implementation.rule_words import give, lines, read
from implementation.rules.factors import LABELS
from implementation.rules.shapes import AtLeast, Bands, Curve, Table
from implementation.words import listed, words

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 22)


@pytest.fixture
def client(firm: Any) -> Client:
    services.publish_shipped(as_of=TODAY)
    client = Client()
    client.force_login(firm.advisor)
    return client


def text_of(response: Any) -> str:
    """What is read on the page: tags gone, spaces single."""
    body = response.content.decode()
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", body[body.index("<main") :])).split())


def row_of(response: Any, first_cell: str) -> str:
    """The table row whose text begins with these words."""
    rows = re.findall(r"<tr[ >].*?</tr>", response.content.decode(), re.DOTALL)
    texts = [" ".join(unescape(re.sub(r"<[^>]+>", " ", row)).split()) for row in rows]
    return next(text for text in texts if text.startswith(first_cell))


def test_the_house_programs_with_minimums_sources_and_marks(client: Client) -> None:
    response = client.get(reverse("implementation:shelf"))
    assert response.status_code == 200
    side = row_of(response, "House direct index SMA")
    assert "$250,000" in side and "below minimum" in side and "Partly illustrative" in side
    # 35 bps to $500,000, 30 above, 1 for trades placed away: 33.5 bps on $1m.
    assert "33.5 bps $3,350" in side
    assert "2027-03-31" in side
    minimum = row_of(response, "Initial minimum")
    assert "$250,000" in minimum and "Envestnet" in minimum and "2026" in minimum
    manager = row_of(response, "Manager")
    assert "$0 to $500,000" in manager and "35 bps" in manager and "Illustrative" in manager
    page = text_of(response)
    assert "left out" in page and "Verify with the sponsor by" in page


def test_the_published_programs_say_what_nobody_has_stated(client: Client) -> None:
    response = client.get(reverse("implementation:shelf"), {"shelf": "published"})
    side = row_of(response, "Edward Jones UMA Models")
    assert "$300,000" in side and "2025-11" in side and "Not stated" in side
    assert "Partly illustrative" not in text_of(response)
    assert "10 bps to 23 bps; the rate of a size is not stated" in text_of(response)
    assert "At most 25 bps" in text_of(response)
    assert "undated" in row_of(response, "GeoWealth UMA")
    assert text_of(response).lower().count("verify with the sponsor") >= 9


def test_the_selector_names_both_shelves_and_marks_the_chosen(client: Client) -> None:
    body = client.get(reverse("implementation:shelf"), {"shelf": "published"}).content.decode()
    assert 'href="?shelf=house"' in body
    assert re.search(r'href="\?shelf=published" aria-current="page"', body)


def test_an_unknown_shelf_is_not_found(client: Client) -> None:
    assert client.get(reverse("implementation:shelf"), {"shelf": "nobody"}).status_code == 404
    assert client.get(reverse("implementation:shelf"), {"version": "0" * 64}).status_code == 404


def test_a_shelf_is_shown_as_it_stood(client: Client) -> None:
    old = ShelfVersion.objects.get(name="house")
    text = old.text.replace('version: "1"', 'version: "2"').replace("value: 250000", "value: 200000")
    services.publish_shelf(by=None, text=text)
    now = client.get(reverse("implementation:shelf"))
    then = client.get(reverse("implementation:shelf"), {"version": old.sha256})
    assert "$200,000" in row_of(now, "Initial minimum")
    assert "$250,000" in row_of(then, "Initial minimum")
    assert "Not in force today" in then.content.decode()
    assert "Not in force today" not in now.content.decode()


def test_a_passed_day_of_verification_is_marked(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "Overdue" not in text_of(client.get(reverse("implementation:shelf")))
    monkeypatch.setattr("implementation.views.timezone.localdate", lambda: date(2027, 4, 1))
    assert "2027-03-31 Overdue" in text_of(client.get(reverse("implementation:shelf")))


def test_before_anything_is_published_the_pages_say_so(firm: Any) -> None:
    client = Client()
    client.force_login(firm.compliance)
    assert "No programs are in force" in text_of(client.get(reverse("implementation:shelf")))
    assert "No policy is in force" in text_of(client.get(reverse("implementation:policy")))


def part_of_policy(client: Client, part: str) -> Any:
    response = client.get(reverse("implementation:policy"), {"part": part})
    assert response.status_code == 200
    return response


def test_the_policy_opens_with_its_weights_and_what_they_stand_on(client: Client) -> None:
    overview = part_of_policy(client, "overview")
    for name, weight in (("funding", "30%"), ("tax", "25%"), ("cost", "10%")):
        assert row_of(overview, LABELS[name]).startswith(f"{LABELS[name]} {weight} ")
    assert "12 points" in row_of(overview, "Either structure fits within")
    for path, basis in selectors.policy_in_force(TODAY).bases.items():
        where = part_of_policy(client, "unknown") if path.startswith("ranges.") else overview
        assert " ".join(basis.rationale.split()) in text_of(where), path


def test_every_rule_and_every_reason_of_the_policy_can_be_read(client: Client) -> None:
    policy = selectors.policy_in_force(TODAY)
    page = text_of(part_of_policy(client, "reasons"))
    for reason in policy.reasons.values():
        assert " ".join(reason.text.split()) in page
    rules = {name: [*by["SMA"], *by["UMA"]] for name, by in policy.factors.items()} | {"need": [*policy.need]}
    for part, parameters in rules.items():
        page = text_of(part_of_policy(client, part))
        for _, parameter in parameters:
            assert " ".join(parameter.label.split()) in page
            assert " ".join(parameter.basis.rationale.split()) in page


def test_an_unknown_part_of_the_policy_is_not_found(client: Client) -> None:
    assert client.get(reverse("implementation:policy"), {"part": "gossip"}).status_code == 404


@pytest.mark.parametrize("page", ["implementation:shelf", "implementation:policy"])
def test_every_signed_in_role_reads_them_and_nobody_else(page: str, client: Client, firm: Any) -> None:
    for role in Role:
        client.force_login(firm.user(role))
        assert client.get(reverse(page)).status_code == 200
        assert client.post(reverse(page)).status_code == 403
    answer = Client().get(reverse(page))
    assert answer.status_code == 302 and reverse("login") in answer["Location"]


def test_the_pages_ask_the_database_little(client: Client, django_assert_max_num_queries: Any) -> None:
    for page in ("implementation:shelf", "implementation:policy"):
        client.get(reverse(page))
        with django_assert_max_num_queries(8):
            client.get(reverse(page))


def test_no_page_carries_inline_style_or_script(client: Client) -> None:
    for page in ("implementation:shelf", "implementation:policy"):
        body = client.get(reverse(page)).content.decode()
        assert not re.search(r"<style|\sstyle=|\son\w+=|<script(?![^>]*\bsrc=)", body)


def test_shapes_in_words() -> None:
    assert lines(Curve.through([(0.1, 0), (0.4, 25)]), "share", "points") == [
        ("10%", "no change"),
        ("40%", "+25 points"),
    ]
    assert lines(Bands.of([(0, 0), (2, -5), (5, -10)]), "count", "points") == [
        ("Below 2", "no change"),
        ("From 2, below 5", "−5 points"),
        ("From 5", "−10 points"),
    ]
    assert lines(Bands.of([(0, 0.2), (1, 0.5), (4, 1.2)]), "level", "multiplier") == [
        ("None", "times 0.2"),
        ("Low to high", "times 0.5"),
        ("Very high", "times 1.2"),
    ]
    assert lines(AtLeast(250_000, 1, 0), "money", "note") == [
        ("At least $250,000", "noted"),
        ("Otherwise", "not noted"),
    ]
    assert lines(AtLeast(1, 12, 0), "flag", "points")[0] == ("Yes", "+12 points")
    table = Table.of(("taxable", "tax_free", "tax_exempt"), {"taxable": 1}, 0)
    assert lines(table, "code", "multiplier") == [("Taxable", "times 1"), ("Tax exempt, Tax free", "times 0")]


def test_values_in_words() -> None:
    assert [read("level", 3), read("flag", 0), read("years", 5), read("ratio", 1.5)] == [
        "high",
        "no",
        "5 years",
        "1.5",
    ]
    assert [give("bps", 30), give("share", 0.25)] == ["30 bps", "25%"]
    assert words("traditional_ira") == "Traditional IRA"
    assert listed({"us_small", "developed_ex_us"}) == "Developed ex US, US small"
