"""A book in the database: exactly what was drawn, once, with the same facts however it was written."""

from collections import Counter
from datetime import date
from io import StringIO
from uuid import UUID

import numpy as np
import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.models import Count, F, Sum
from django.test.utils import CaptureQueriesContext

from households.facts import rebuild_facts
from households.foundation.roles import Role
from households.generation.draw import Book, draw_demo, draw_slices
from households.generation.firm import DEMO_PASSWORD, demo_firm, synthetic_firm
from households.generation.load import SliceWriter, load_firm
from households.generation.loading import book_is_empty, load_demo, load_synthetic
from households.models import (
    Account,
    AccountFacts,
    Household,
    Intake,
    Office,
    Person,
    Position,
    TaxLot,
    TaxUnit,
    User,
)
from households.models.facts import FACT_NAMES
from tests.households.generation.conftest import AS_OF

pytestmark = pytest.mark.django_db


def _facts() -> dict[str, dict[str, object]]:
    """Facts by account id, without when and whence they were built."""
    return {row["account_id"]: row for row in AccountFacts.objects.values("account_id", *FACT_NAMES)}


def test_the_demo_is_there_to_the_row(demo: Book) -> None:
    loaded = load_demo(as_of=AS_OF)
    assert loaded is not None
    (part,) = demo.slices
    expected = {
        Office: 3, User: 15, Household: 40, Account: 150, Intake: 150, AccountFacts: 150,
        Person: len(part.people.name), TaxUnit: len(part.tax_units.name),
        Position: len(part.positions.account), TaxLot: len(part.lots.position),
    }  # fmt: skip
    for model, count in expected.items():
        assert model.objects.count() == count, model.__name__
        assert loaded.counts[model.__name__] == count
    assert Household.objects.aggregate(least=Count("advisor", distinct=True))["least"] == 6
    roles = Counter(User.objects.values_list("role", flat=True))
    assert roles == {
        "advisor": 6,
        "assistant": 1,
        "supervisor": 3,
        "compliance": 2,
        "operations": 1,
        "administrator": 1,
        "examiner": 1,
    }


def test_values_arrive_to_the_cent(demo: Book) -> None:
    load_demo(as_of=AS_OF)
    (part,) = demo.slices
    accounts = Account.objects.annotate(total=Sum("positions__market_value")).order_by("id")
    assert [account.total for account in accounts] == part.accounts.value.tolist()
    assert [account.name for account in accounts] == part.accounts.name
    facts = dict(AccountFacts.objects.values_list("account_id", "account_value"))
    assert [facts[account.pk] for account in accounts] == part.accounts.value.tolist()
    uneven = (
        Position.objects.filter(lots__isnull=False)
        .annotate(q=Sum("lots__quantity"), v=Sum("lots__market_value"), c=Sum("lots__cost_basis"))
        .exclude(v=F("market_value"), c=F("cost_basis"))
    )
    assert not uneven.exists()
    lots = TaxLot.objects.aggregate(value=Sum("market_value"), cost=Sum("cost_basis"))
    assert lots == {"value": part.lots.value.sum(), "cost": part.lots.cost.sum()}


def test_the_demo_log_ins_open_and_see_their_own(client) -> None:
    load_demo(as_of=AS_OF)
    for login in demo_firm().logins:
        assert client.login(username=login.email, password=DEMO_PASSWORD), login.email
    advisor, teammate, other = (User.objects.get(email=f"advisor{n}@demo.example") for n in ("", "2", "3"))
    assert advisor.supervisor.email == "supervisor@demo.example"
    own = set(Household.objects.visible_to(advisor))
    assert own == set(Household.objects.filter(advisor__in=[advisor, teammate]))
    assert not own & set(Household.objects.visible_to(other))
    examiner = User.objects.get(role=Role.EXAMINER)
    assert examiner.access_expires == date(2027, 11, 20)
    assert set(Household.objects.visible_to(examiner)) == own
    assert (
        Household.objects.visible_to(User.objects.get(role=Role.COMPLIANCE, first_name="Verity")).count()
        == 40
    )
    assert not Household.objects.visible_to(User.objects.get(role=Role.ADMINISTRATOR)).exists()


def test_a_second_load_of_the_demo_changes_nothing() -> None:
    load_demo(as_of=AS_OF)
    before = set(Account.objects.values_list("id", flat=True))
    with CaptureQueriesContext(connection) as queries:
        assert load_demo(as_of=AS_OF) is None
    assert len(queries) == 1
    assert set(Account.objects.values_list("id", flat=True)) == before


def test_ids_follow_from_seed_and_date() -> None:
    load_demo(as_of=AS_OF)
    ids = list(Account.objects.order_by("id").values_list("id", flat=True))
    assert all(key.version == 7 and key.variant == "specified in RFC 4122" for key in ids)
    part = draw_demo(as_of=AS_OF).slices[0]
    again = SliceWriter(part, ["x"] * 6, seed=2, as_of=AS_OF, using="default")
    assert [UUID(text) for text in again.accounts] == ids


def test_complete_intakes_have_every_answer_and_say_whence() -> None:
    load_demo(as_of=AS_OF)
    complete = Intake.objects.filter(state=Intake.State.COMPLETE)
    assert complete.count() >= 60
    assert Intake.objects.filter(state=Intake.State.OPEN).count() >= 5
    for intake in complete.select_related("account__household"):
        assert intake.completed_by_id == intake.account.household.advisor_id
        assert intake.planned_withdrawals is not None
        known = {name for name in FACT_NAMES if getattr(intake, name) is not None}
        assert set(intake.provenance) == known
        assert {entry["source"] for entry in intake.provenance.values()} == {"typed"}
        assert intake.visited == ["account", "funding", "holdings", "taxes", "mandate", "household"]
    begun = Intake.objects.filter(state=Intake.State.OPEN).values_list("visited", flat=True)
    assert [] in begun
    assert any(begun)


def test_facts_of_complete_accounts_with_all_lots_are_complete() -> None:
    load_demo(as_of=AS_OF)
    insider = AccountFacts.objects.filter(restriction_reason="insider").get()
    assert 0.7 <= insider.restricted_share <= 0.8
    assert insider.largest_position_share == insider.restricted_share
    assert insider.saleable_largest_share == 0
    unknown = [name for name in FACT_NAMES if getattr(insider, name) is None]
    assert unknown == []


def test_some_demo_accounts_have_too_few_facts_and_most_have_enough() -> None:
    load_demo(as_of=AS_OF)
    rows = _facts().values()
    missing = [sum(row[name] is None for name in FACT_NAMES) for row in rows]
    assert sum(count == 0 for count in missing) >= 50
    assert sum(count >= 8 for count in missing) >= 3


def test_facts_are_the_same_with_lots_and_without() -> None:
    """The same slice written both ways; what its holdings say, its intake says instead."""
    firm = synthetic_firm(700, seed=9)
    users = [user.pk for user in load_firm(firm, as_of=AS_OF)]
    advisors = [users[row] for row in firm.advisors]
    (part,) = draw_slices(700, 9, AS_OF, len(advisors))
    found = []
    for lots in (True, False):
        writer = SliceWriter(part, advisors, seed=9, as_of=AS_OF, using="default")
        writer.write(with_lots=np.full(700, lots))
        rebuild_facts([UUID(key) for key in writer.households], as_of=AS_OF)
        found.append(_facts())
        assert Position.objects.exists() is lots
        Household.objects.all().delete()
    with_lots, without = found
    assert with_lots.keys() == without.keys()
    differing = [
        (row["registration"], name, row[name], without[key][name])
        for key, row in with_lots.items()
        for name in FACT_NAMES
        if row[name] != without[key][name] and not (name == "usable_gains" and _is_marked(row))
    ]
    assert differing == []
    assert any(_is_marked(row) for row in with_lots.values())


def _is_marked(row: dict[str, object]) -> bool:
    """Gains in stock that must stay are told apart only where positions are there to carry the mark."""
    return row["restriction_reason"] not in ("none", None) or bool(row["legacy_retention_share"])


def test_facts_survive_being_rebuilt_without_lots() -> None:
    load_synthetic(300, seed=4, as_of=AS_OF, lots="none")
    before = _facts()
    rebuild_facts(list(Household.objects.values_list("id", flat=True)), as_of=AS_OF)
    assert _facts() == before


def test_some_lots_are_those_of_one_household_in_ten() -> None:
    load_synthetic(400, seed=4, as_of=AS_OF, lots="some")
    held = Household.objects.filter(accounts__positions__isnull=False).distinct().count()
    assert held == -(-Household.objects.count() // 10)


def test_queries_do_not_grow_with_the_accounts_of_a_slice() -> None:
    counts = []
    for seed, accounts in ((31, 60), (32, 600)):
        with CaptureQueriesContext(connection) as queries:
            load_synthetic(accounts, seed=seed, as_of=AS_OF, lots="all")
        counts.append(len([query for query in queries if "SAVEPOINT" not in query["sql"]]))
    # One more batch for a table above 4,096 rows, and one more advisor or two.
    assert counts[1] - counts[0] <= 6


def test_position_numbers_go_on_from_what_is_there() -> None:
    load_demo(as_of=AS_OF)
    before = Position.objects.count()
    load_synthetic(50, seed=8, as_of=AS_OF, lots="all")
    account = Account.objects.first()
    new = Position.objects.create(
        account=account, symbol="NEW", asset_class="stock", market_value=1, as_of=AS_OF
    )
    assert new.pk == Position.objects.count()
    assert Position.objects.count() > before + 1


class TestCommand:
    def _call(self, *arguments: str) -> str:
        out = StringIO()
        call_command("generate_book", *arguments, stdout=out, stderr=StringIO(), skip_checks=True)
        return out.getvalue()

    def test_prints_what_it_wrote(self) -> None:
        said = self._call("120", "--seed", "6", "--as-of", "2026-11-20")
        assert Account.objects.count() == 120
        assert f"{'120':>12} accounts\n" in said
        assert "positions" not in said
        assert "Set on 2026-11-20." in said
        assert DEMO_PASSWORD not in said

    def test_the_demo_prints_its_log_ins_once(self) -> None:
        said = self._call("--demo")
        assert "advisor        advisor@demo.example" in said
        assert DEMO_PASSWORD in said
        assert self._call("--demo") == "The demo firm is there already; nothing was changed.\n"

    def test_refuses_a_book_that_is_not_empty_unless_told_to_append(self) -> None:
        self._call("20", "--seed", "6")
        assert not book_is_empty()
        with pytest.raises(CommandError, match="not empty"):
            self._call("20", "--seed", "7")
        self._call("20", "--seed", "7", "--append")
        assert Account.objects.count() == 40

    def test_the_same_seed_twice_is_refused_and_nothing_is_half_stored(self) -> None:
        self._call("20", "--seed", "6")
        users = User.objects.count()
        with pytest.raises(CommandError, match="Choose another seed"):
            self._call("20", "--seed", "6", "--append")
        assert (Account.objects.count(), User.objects.count()) == (20, users)

    @pytest.mark.parametrize(
        "arguments", [(), ("10", "--demo"), ("0",), ("many",), ("9", "--as-of", "today")]
    )
    def test_wrong_use_writes_nothing(self, arguments: tuple[str, ...]) -> None:
        with pytest.raises(CommandError):
            self._call(*arguments)
        assert book_is_empty()

    def test_wrong_use_is_exit_code_2(self) -> None:
        with pytest.raises(CommandError) as caught:
            self._call()
        assert caught.value.returncode == 2

    def test_commas_in_numbers_are_read(self) -> None:
        self._call("1_0", "--seed", "3")
        assert Account.objects.count() == 10

    def test_nobody_logs_in_to_a_synthetic_book(self) -> None:
        self._call("20", "--seed", "6")
        assert not any(user.has_usable_password() for user in User.objects.all())
