"""Saved views: kept by name, shared within bounds, begun with; and a view as a file."""

import csv
import io
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from python_calamine import CalamineWorkbook

from households import saved_views
from households.foundation.errors import DomainError
from households.models import ExportRecord, Household, SavedView, StartingView, Team
from tests.firm import Firm
from tests.households.book import a_household

BOOK = "/book/"


def kept(firm: Firm, name: str = "Due", query: str = "review=due", audience: str = "private") -> SavedView:
    by = firm.operations if audience == "firm" else firm.advisor
    return saved_views.save_view(by=by, page="book", name=name, query=query, audience=audience)


@pytest.mark.parametrize(
    ("asked", "query"),
    [
        ("review=due&page=3", "review=due"),
        ("?q=&review=due&sort=-value"[1:], "review=due&sort=-value"),
        ("view=all", ""),
        ("q=M%26A+%3D", "q=M%26A+%3D"),
        ("a=1&a=2&csrfmiddlewaretoken=x", "a=1&a=2"),
    ],
)
def test_what_of_a_query_makes_the_view(asked: str, query: str) -> None:
    assert saved_views.kept_query(asked) == query


def test_a_view_is_saved_listed_and_opened(firm: Firm, advisor: Client) -> None:
    answer = advisor.post(
        "/views/save/",
        {"page": "book", "name": " Large  and due ", "query": "review=due&page=2", "audience": "private"},
        follow=True,
    )
    assert answer.redirect_chain == [("/book/?review=due", 302)]
    view = SavedView.objects.get()
    assert (view.name, view.query, view.owner, view.audience) == (
        "Large and due", "review=due", firm.advisor, "private",
    )  # fmt: skip
    page = advisor.get(BOOK).content.decode()
    assert 'href="/book/?review=due"' in page
    assert "Large and due" in page


def test_the_same_name_again_replaces(firm: Firm) -> None:
    kept(firm)
    kept(firm, query="review=none")
    assert [view.query for view in SavedView.objects.all()] == ["review=none"]


@pytest.mark.parametrize(
    ("changed", "problem"),
    [
        ({"name": "  "}, "The view has no name."),
        ({"query": "page=2&q="}, "Nothing is set that a view could keep."),
        ({"query": "q=" + "x" * 1000}, "The view has too many filters to keep."),
        ({"audience": "firm"}, "You cannot share a view with them."),
        ({"page": "elsewhere"}, "This page keeps no views."),
    ],
)
def test_what_is_refused(firm: Firm, changed: dict[str, str], problem: str) -> None:
    given = {"page": "book", "name": "Due", "query": "review=due", "audience": "private"} | changed
    with pytest.raises(DomainError) as refused:
        saved_views.save_view(by=firm.advisor, **given)
    assert refused.value.problem == problem
    assert not SavedView.objects.exists()


def test_without_a_team_there_is_nobody_to_share_with(firm: Firm) -> None:
    with pytest.raises(DomainError, match="cannot share"):
        saved_views.save_view(by=firm.stranger, page="book", name="Due", query="review=due", audience="team")


def test_a_page_keeps_so_many_views_of_one_user(firm: Firm) -> None:
    SavedView.objects.bulk_create(
        SavedView(page="book", name=f"View {n}", query="q=a", owner=firm.advisor) for n in range(50)
    )
    with pytest.raises(DomainError, match="50 views"):
        kept(firm)
    kept(firm, name="View 7")
    assert SavedView.objects.count() == 50


def test_who_sees_whose(firm: Firm) -> None:
    team = Team.objects.create(name="North", office=firm.advisor.office)
    firm.advisor.team = firm.stranger.team = team
    firm.advisor.save()
    firm.stranger.save()
    mine, teams, firms = (
        kept(firm, "Mine"),
        kept(firm, "Team", audience="team"),
        kept(firm, "Firm", audience="firm"),
    )

    def seen(user: Any) -> set[str]:
        return {view.name for view in saved_views.views_of(user, "book")}

    assert seen(firm.advisor) == {"Mine", "Team", "Firm"}
    assert seen(firm.stranger) == {"Team", "Firm"}
    assert seen(firm.compliance) == {"Firm"}
    assert mine.audience == "private"
    assert (teams.audience, firms.owner) == ("team", firm.operations)
    assert not saved_views.views_of(firm.advisor, "reviews")


def test_a_shared_view_shows_each_their_own_clients(firm: Firm, signed_in: Callable[[str], Client]) -> None:
    view = kept(firm, query="q=household", audience="firm")
    names = {
        role: {
            row.record.name for row in signed_in(role).get(saved_views.address(view)).context["table"].page
        }
        for role in ("advisor", "stranger")
    }
    assert names == {"advisor": {"Example household"}, "stranger": {"Stranger household"}}


def test_only_the_owner_deletes(firm: Firm, advisor: Client, signed_in: Callable[[str], Client]) -> None:
    view = kept(firm, audience="firm")
    assert advisor.post(f"/views/{view.pk}/delete/").status_code == 403
    assert SavedView.objects.exists()
    assert signed_in("operations").post(f"/views/{view.pk}/delete/").status_code == 302
    assert not SavedView.objects.exists()


def test_a_strangers_private_view_is_not_there(firm: Firm, signed_in: Callable[[str], Client]) -> None:
    view = kept(firm)
    for action in ("delete", "start"):
        assert signed_in("stranger").post(f"/views/{view.pk}/{action}/").status_code == 404
    assert SavedView.objects.get() == view


def test_a_page_begins_with_ones_own_choice_before_the_roles(
    firm: Firm, advisor: Client, signed_in: Callable[[str], Client]
) -> None:
    own, shared = kept(firm, "Own", "review=none"), kept(firm, "Shared", "intake=open", "firm")
    assert advisor.get(BOOK).status_code == 200
    saved_views.begin_with(by=firm.operations, view=shared, role="advisor")
    assert advisor.get(BOOK)["Location"] == "/book/?intake=open"
    assert signed_in("compliance").get(BOOK).status_code == 200
    assert advisor.post(f"/views/{own.pk}/start/").status_code == 302
    assert advisor.get(BOOK)["Location"] == "/book/?review=none"
    assert advisor.get(BOOK, {"view": "all"}).status_code == 200
    advisor.post(f"/views/{own.pk}/start/", {"plainly": "1"})
    assert advisor.get(BOOK)["Location"] == "/book/?intake=open"


def test_a_view_no_longer_shared_begins_nothing(firm: Firm, advisor: Client) -> None:
    shared = kept(firm, "Shared", "intake=open", "firm")
    saved_views.begin_with(by=firm.operations, view=shared, role="advisor")
    SavedView.objects.update(audience="private")
    assert advisor.get(BOOK).status_code == 200


def test_only_operations_decides_for_a_role(firm: Firm, advisor: Client) -> None:
    shared = kept(firm, "Shared", audience="firm")
    assert advisor.post(f"/views/{shared.pk}/start/", {"role": "advisor"}).status_code == 403
    with pytest.raises(DomainError, match="everyone may open"):
        saved_views.begin_with(
            by=firm.operations,
            view=saved_views.save_view(
                by=firm.operations, page="book", name="Alone", query="q=a", audience="private"
            ),
            role="advisor",
        )
    assert not StartingView.objects.exists()


# --- the view as a file -----------------------------------------------------------------------------------


@pytest.fixture
def three(firm: Firm) -> list[Household]:
    return [a_household(firm.advisor, name) for name in ("=Adler", "Berg", "Chan")]


def test_csv_is_exactly_the_view(firm: Firm, advisor: Client, three: Any) -> None:
    answer = advisor.get("/book/export.csv", {"sort": "-name", "q": "e"})
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text)))
    assert [row["household"] for row in rows] == ["Example household", "Berg", "'=Adler"]
    assert rows[0]["accounts"] == "1"
    record = ExportRecord.objects.get()
    assert (record.by, record.what, record.filter, record.rows) == (
        firm.advisor, "households", "sort=-name&q=e", 3,
    )  # fmt: skip


def test_a_workbook_holds_the_same_and_no_formula(advisor: Client, three: Any) -> None:
    answer = advisor.get("/book/export.xlsx", {"q": "Adler"})
    assert answer["Content-Disposition"].endswith('.xlsx"')
    content = b"".join(answer.streaming_content)
    header, row = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()
    assert header[:2] == ["household", "reference"]
    assert row[0] == "=Adler"
    assert row[3] == 0.0


def test_another_kind_is_not_found(advisor: Client) -> None:
    assert advisor.get("/book/export.pdf").status_code == 404
    assert not ExportRecord.objects.exists()
