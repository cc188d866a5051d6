"""Published documents: written once, found by day and by fingerprint, never swapped by an upgrade."""

from datetime import date
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction

from households.foundation.appendonly import AppendOnlyError
from households.foundation.errors import DomainError
from implementation import selectors, services
from implementation.models import PolicyVersion, ShelfVersion
from implementation.rules.documents.document import read_document
from implementation.rules.shelf import Shelf

pytestmark = pytest.mark.django_db
SHELF = """
document: shelf
name: house
version: "1"
effective_from: 2026-01-01
sources:
  page: {title: A page, date: "2026-01", evidence: program document}
programs:
  - code: one
    name: One
    sponsor: Sponsor
    structure: UMA
    source: page
    verify_by: 2027-01-31
    initial_minimum: {value: 100000, unit: USD}
"""


def shelf(version: str = "1", minimum: int = 100_000, name: str = "house") -> str:
    text = SHELF.replace('version: "1"', f'version: "{version}"').replace("100000", str(minimum))
    return text.replace("name: house", f"name: {name}")


def test_a_published_shelf_is_found_by_day_and_by_fingerprint(firm: Any) -> None:
    first = services.publish_shelf(by=firm.compliance, text=shelf(), note="First")
    second = services.publish_shelf(
        by=firm.compliance, text=shelf("2", 200_000), effective_from=date(2026, 6, 1)
    )
    assert (first.effective_from, first.published_by, first.note) == (
        date(2026, 1, 1),
        firm.compliance,
        "First",
    )
    assert selectors.shelf_in_force(date(2026, 5, 31)).programs[0].initial_minimum == 100_000
    assert selectors.shelf_in_force(date(2026, 6, 1)).programs[0].initial_minimum == 200_000
    assert selectors.shelf_version_in_force(date(2026, 6, 1)) == second
    assert selectors.shelf_by_hash(first.sha256).version == "1"
    assert selectors.shelf_by_hash(first.sha256).sha256 == first.sha256


def test_of_two_from_the_same_day_the_later_published_is_in_force() -> None:
    services.publish_shelf(by=None, text=shelf())
    services.publish_shelf(by=None, text=shelf("2"))
    assert selectors.shelf_in_force(date(2026, 1, 1)).version == "2"


def test_publishing_the_same_content_again_changes_nothing() -> None:
    first = services.publish_shelf(by=None, text=shelf())
    again = services.publish_shelf(by=None, text="# a comment" + shelf(), effective_from=date(2026, 9, 1))
    assert again == first
    assert ShelfVersion.objects.count() == 1
    assert ShelfVersion.objects.get().effective_from == date(2026, 1, 1)


def test_a_version_is_never_published_with_other_content() -> None:
    services.publish_shelf(by=None, text=shelf())
    with pytest.raises(DomainError) as caught:
        services.publish_shelf(by=None, text=shelf("1", 200_000))
    assert (caught.value.field, caught.value.value, caught.value.status) == ("version", "1", 409)
    assert ShelfVersion.objects.count() == 1


def test_two_who_publish_at_once_end_with_one_version(monkeypatch: pytest.MonkeyPatch) -> None:
    first = services.publish_shelf(by=None, text=shelf())
    look, looks = services._same_version, []

    def blind_at_first(*arguments: Any) -> Any:
        looks.append(arguments)
        return None if len(looks) == 1 else look(*arguments)

    monkeypatch.setattr(services, "_same_version", blind_at_first)
    assert services.publish_shelf(by=None, text=shelf()) == first
    assert len(looks) == 2
    assert ShelfVersion.objects.count() == 1


def test_a_document_cannot_be_in_force_before_the_day_it_names() -> None:
    with pytest.raises(DomainError) as caught:
        services.publish_shelf(by=None, text=shelf(), effective_from=date(2025, 12, 31))
    assert caught.value.field == "effective_from"
    assert not ShelfVersion.objects.exists()


@pytest.mark.parametrize("publish", [services.publish_shelf, services.publish_policy])
def test_what_is_no_document_is_refused_with_key_value_and_remedy(publish: Any) -> None:
    with pytest.raises(DomainError) as caught:
        publish(by=None, text="document: memo")
    assert (caught.value.field, caught.value.value) == ("document", "memo")
    assert "one of" in caught.value.remedy


def test_nothing_in_force_says_so_with_the_day() -> None:
    services.publish_shelf(by=None, text=shelf())
    with pytest.raises(DomainError, match="No shelf named 'house' is in force on 2025-12-31"):
        selectors.shelf_in_force(date(2025, 12, 31))
    with pytest.raises(DomainError, match="No policy named 'house'"):
        selectors.policy_in_force(date(2026, 1, 1))
    with pytest.raises(DomainError, match="fingerprint"):
        selectors.shelf_by_hash("0" * 64)


def test_shelves_in_force_begin_with_the_default() -> None:
    services.publish_shelf(by=None, text=shelf(name="alpha"))
    services.publish_shelf(by=None, text=shelf(name="house"))
    services.publish_shelf(by=None, text=shelf("2", name="house"))
    rows = selectors.shelves_in_force(date(2026, 1, 1))
    assert [(row.name, row.version) for row in rows] == [("house", "2"), ("alpha", "1")]
    assert selectors.shelves_in_force(date(2025, 1, 1)) == []


def test_parsing_happens_once_a_fingerprint(django_assert_num_queries: Any) -> None:
    services.publish_shelf(by=None, text=shelf())
    first = selectors.shelf_in_force(date(2026, 1, 1))
    with django_assert_num_queries(1):  # which one is in force is asked each time, its text is not
        assert selectors.shelf_in_force(date(2026, 1, 1)) is first


def test_an_altered_text_decides_nothing() -> None:
    parsed = Shelf.parse(shelf("9"))
    row = ShelfVersion.objects.create(
        name="house",
        version="9",
        sha256=parsed.sha256,
        text=shelf("9", 1),
        effective_from=date(2026, 1, 1),
    )
    selectors.shelf_by_hash.cache_clear()
    with pytest.raises(DomainError, match="not the one that was published"):
        selectors.shelf_by_hash(row.sha256)


def published_policy(change: dict[str, str]) -> PolicyVersion:
    """The shipped policy with words of its text replaced, as a row that was published before."""
    text = (services.DATA / "house_policy.yaml").read_text(encoding="utf-8")
    for before, after in change.items():
        assert before in text
        text = text.replace(before, after)
    return PolicyVersion.objects.create(
        name="house",
        version="old",
        sha256=read_document(text).sha256,
        text=text,
        effective_from=date(2026, 1, 1),
    )


def test_a_check_added_later_leaves_published_policies_readable() -> None:
    row = published_policy({"says_from: -30": "says_from: 30"})
    with pytest.raises(DomainError, match=r"says_to is not accepted, and \d+ more"):
        services.publish_policy(by=None, text=row.text)
    assert selectors.policy_by_hash(row.sha256).factors["minimums"]["SMA"].now.says_from == 30


def test_a_policy_of_a_form_that_is_no_longer_read_says_so() -> None:
    row = published_policy({"household_plan:": "plan_for_households:"})
    with pytest.raises(DomainError, match="house old is stated in a form") as caught:
        selectors.policy_by_hash(row.sha256)
    assert (caught.value.field, caught.value.status) == ("household_plan", 409)


def test_published_rows_are_written_once() -> None:
    row = services.publish_shelf(by=None, text=shelf())
    row.note = "changed"
    for change in (row.save, row.delete, ShelfVersion.objects.all().delete):
        with pytest.raises(AppendOnlyError):
            change()
    for sql in (
        "UPDATE implementation_shelfversion SET note = 'changed'",
        "DELETE FROM implementation_shelfversion",
    ):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql)
    assert ShelfVersion.objects.get().note == ""


def publish_defaults(*arguments: str) -> str:
    out = StringIO()
    call_command("publish_defaults", *arguments, stdout=out)
    return out.getvalue()


def test_the_first_start_publishes_what_ships() -> None:
    publish_defaults()
    assert list(PolicyVersion.objects.values_list("name", flat=True)) == ["house"]
    assert set(ShelfVersion.objects.values_list("name", flat=True)) == {"house", "published"}
    today = date(2026, 11, 22)
    assert selectors.policy_in_force(today).name == "house"
    assert selectors.shelf_in_force(today).programs[0].code == "house_sma"
    assert len(selectors.shelf_in_force(today, name="published").programs) == 9


def test_a_second_start_publishes_nothing() -> None:
    publish_defaults()
    assert publish_defaults().count("is published already") == 3
    assert (PolicyVersion.objects.count(), ShelfVersion.objects.count()) == (1, 2)


def test_the_firms_own_shelf_is_not_replaced_by_an_upgrade() -> None:
    services.publish_shelf(by=None, text=shelf("the firm's own"))
    assert "is newer than what is in force" in publish_defaults("-v0")
    assert selectors.shelf_in_force(date(2026, 12, 31)).version == "the firm's own"
    assert "Published house 1 (house_shelf.yaml)" in publish_defaults("--update")
    newest = selectors.shelf_version_in_force(date(2999, 1, 1))
    assert newest.version == "1"
    assert newest.effective_from > date(2026, 1, 1)


def test_a_shipped_document_changed_without_a_new_version_is_refused(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    publish_defaults()
    for file in (*services.SHIPPED_POLICIES, *services.SHIPPED_SHELVES):
        (tmp_path / file).write_text((services.DATA / file).read_text())
    changed = (tmp_path / "house_shelf.yaml").read_text().replace("value: 250000", "value: 240000")
    (tmp_path / "house_shelf.yaml").write_text(changed)
    monkeypatch.setattr(services, "DATA", tmp_path)
    with pytest.raises(CommandError, match="published with other content"):
        publish_defaults("--update")
