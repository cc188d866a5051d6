"""Mappings of columns that the firm remembers: made once, found by header, changed by few, with history."""

from typing import Any

import pytest

from households.foundation.errors import DomainError
from households.imports.formats.guessing import guess_columns
from households.imports.remembering import (
    NAME_LENGTH,
    Remembered,
    change_words,
    changes_of,
    delete_mapping,
    free_name,
    mapping_of,
    may_change,
    remember_mapping,
    remembered,
)
from households.models import ColumnMapping, ColumnMappingChange
from tests.firm import Firm
from tests.households.imports.formats.acme import HEADER

CELLS = HEADER.split(",")


def make(firm: Firm, **given: Any) -> ColumnMapping:
    columns, rows = guess_columns(CELLS)
    values = {"by": firm.advisor, "header": CELLS, "columns": columns, "rows": rows, "name": "Acme Trust"}
    return remember_mapping(**values | given)


def test_a_mapping_made_by_one_serves_all(firm: Firm) -> None:
    made = make(firm, name="  Acme   Trust ")
    again = [cell.upper() for cell in CELLS[::-1]]
    assert mapping_of(again) == made
    found = remembered([made.signature, "0" * 64])
    assert list(found) == [made.signature]
    told = found[made.signature].told
    assert (told["name"], told["by"]) == ("Acme Trust", str(firm.advisor))
    assert found[made.signature].columns["symbol"] == "ticker"
    assert mapping_of(CELLS[1:]) is None
    (change,) = changes_of(made)
    assert (change.field, change.by, change.old) == ("made", firm.advisor, None)
    assert change.new.startswith("Symbol: Ticker; Quantity: Shares; Market value: Market Value (USD)")


def test_what_was_first_found_is_read_by_until_it_is_asked_whether_it_still_is(firm: Firm) -> None:
    """A file that is read twice is not read by two mappings, not even where the first comes back."""
    made, nobodys = make(firm), "0" * 64
    known = Remembered()
    first = known([made.signature, nobodys])
    assert known.still()
    fewer = {name: key for name, key in made.columns.items() if name != "cost_basis"}
    make(firm, columns=fewer, seen=1)
    assert known([nobodys, made.signature]) == first
    assert known([nobodys]) == {}
    assert not known.still()
    make(firm, columns=made.columns, seen=2)
    assert known([made.signature]) == first
    assert known.still()


def test_a_mapping_that_is_made_after_it_was_asked_for(firm: Firm) -> None:
    known = Remembered()
    assert known(["0" * 64]) == {}
    ColumnMapping.objects.create(signature="0" * 64, name="Acme", columns={"symbol": "a"}, by=firm.advisor)
    assert known(["0" * 64]) == {}
    assert not known.still()


def test_every_change_is_history(firm: Firm) -> None:
    made = make(firm)
    columns = {**made.columns, "symbol": "security name"}
    del columns["description"]
    changed = make(firm, by=firm.operations, columns=columns, name="Acme", seen=1)
    assert (changed.pk, changed.revision, changed.by) == (made.pk, 2, firm.advisor)
    history = {c.field: (c.old, c.new, c.by) for c in changes_of(made)}
    assert history["name"] == ("Acme Trust", "Acme", firm.operations)
    was = ("Symbol: Ticker; Description: Security Name", "Symbol: Security Name")
    assert history["columns"][:2] == was
    same = make(firm, columns=columns, name="Acme", seen=2)
    assert (same.revision, changes_of(made).count()) == (2, 3)
    rows = make(firm, columns=columns, name="Acme", rows="lot", seen=2)
    assert (rows.revision, changes_of(made)[0].new) == (
        3,
        "every row is a tax lot of positions listed elsewhere",
    )


def test_who_made_it_their_team_and_operations_may_change_it(firm: Firm) -> None:
    made = make(firm)
    who = {
        role: may_change(firm.user(role), made)
        for role in ("advisor", "assistant", "stranger", "operations", "compliance")
    }
    assert who == {
        "advisor": True, "assistant": True, "stranger": False, "operations": True, "compliance": False
    }  # fmt: skip
    with pytest.raises(DomainError, match="only their team and operations") as refused:
        make(firm, by=firm.stranger, name="Mine", seen=1)
    assert refused.value.status == 403
    with pytest.raises(DomainError, match="only their team and operations"):
        delete_mapping(by=firm.stranger, mapping=made)
    assert make(firm, by=firm.stranger, seen=1) == made  # nothing differs: nothing is changed
    assert ColumnMapping.objects.get().name == "Acme Trust"


def test_two_users_at_once(firm: Firm) -> None:
    """The second is told of the first, and says once more what is to be."""
    make(firm)
    with pytest.raises(DomainError, match="mapped in the meantime: Acme Trust, by Advisor Tester") as late:
        make(firm, by=firm.operations, name="Other", seen=0)
    assert late.value.status == 409
    make(firm, by=firm.operations, name="Other", seen=1)
    with pytest.raises(DomainError, match="Other, by Operations Tester"):
        make(firm, name="Third", seen=1)
    delete_mapping(by=firm.advisor, mapping=ColumnMapping.objects.get())
    with pytest.raises(DomainError, match="Somebody deleted") as gone:
        make(firm, seen=2)
    assert gone.value.status == 409
    assert make(firm).revision == 1


def test_a_change_is_told_by_the_file_s_columns(firm: Firm) -> None:
    """A column's name may look like one of ours, with signs between that lists are told with."""
    made = ColumnMapping(name="Acme")
    change = ColumnMappingChange(
        mapping=made, field="columns", old="Description: Name; Price: Price: USD; net",
        new="Description: Remarks; Market value: Price: USD; net",
    )  # fmt: skip
    assert change_words(change) == (
        "Name: Description → not read; Price: USD; net: Price → Market value; Remarks: not read → Description"
    )


def test_what_is_deleted_leaves_its_history(firm: Firm) -> None:
    made = make(firm)
    delete_mapping(by=firm.operations, mapping=made)
    delete_mapping(by=firm.operations, mapping=made)  # gone already: nothing happens
    assert not ColumnMapping.objects.exists()
    fields = ColumnMappingChange.objects.order_by("at").values_list("field", "name", "new")
    assert [(field, name) for field, name, _ in fields] == [("made", "Acme Trust"), ("deleted", "Acme Trust")]
    with pytest.raises(TypeError):
        ColumnMappingChange.objects.all().delete()


@pytest.mark.parametrize(
    ("given", "field", "words"),
    [
        ({"name": "  "}, "name", "has no name"),
        ({"name": "x" * 81}, "name", "longer than 80"),
        ({"header": ["Acme", "VTI", "1,200.00"]}, "header", "holds values"),
        ({"columns": {"symbol": "ticker"}}, "quantity", "which column holds the quantity"),
        ({"columns": guess_columns(CELLS)[0] | {"symbol": "gone"}}, "symbol", "not in the header"),
    ],
)  # fmt: skip
def test_what_is_not_sound_is_not_remembered(
    firm: Firm, given: dict[str, Any], field: str, words: str
) -> None:
    with pytest.raises(DomainError, match=words) as refused:
        make(firm, **given)
    assert (refused.value.field, refused.value.status) == (field, 422)
    assert not ColumnMapping.objects.exists()


def test_a_name_is_one_mappings(firm: Firm) -> None:
    make(firm)
    with pytest.raises(DomainError, match="Another mapping is called Acme Trust"):
        make(firm, header=[*CELLS, "Yield"], name="acme trust")


def test_two_users_at_the_very_same_moment(firm: Firm, monkeypatch: pytest.MonkeyPatch) -> None:
    """The other's mapping is stored between the look and the insert: the database tells, nothing is lost."""

    def meanwhile(held: Any, seen: int) -> None:
        monkeypatch.undo()
        make(firm, by=firm.operations, name="Theirs")

    monkeypatch.setattr("households.imports.remembering._refuse_unseen", meanwhile)
    with pytest.raises(DomainError, match="at the same moment") as late:
        make(firm)
    assert late.value.status == 409
    assert not ColumnMapping.objects.filter(name="Acme Trust").exists()


def test_a_suggested_name_is_one_that_is_free(firm: Firm) -> None:
    assert free_name("Acme Trust") == "Acme Trust"
    make(firm, name="ACME trust")
    assert free_name("Acme Trust") == "Acme Trust (2)"
    ColumnMapping.objects.create(signature="1" * 64, name="Acme Trust (2)", by=firm.advisor)
    assert free_name("Acme Trust") == "Acme Trust (3)"
    assert len(free_name("A" * 500)) <= NAME_LENGTH
