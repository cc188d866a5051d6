"""Lists of what a strategy buys: loaded strictly, and what holdings then say of the overlap."""

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.test import Client

from households.facts import rebuild_facts
from households.models import Account, Change, Household, Universe, UniverseChange, UniverseMember
from households.provenance import decode
from households.securities.reading import FileFaulty
from households.securities.universes import LoadedUniverses, load_universes
from tests.firm import Firm
from tests.households.book import a_couple, a_household, a_position, an_account, facts_of
from tests.households.pages.conftest import text_of
from tests.households.securities.files import FUND, TODAY, load

HEADER = "strategy,symbol,source,as_of"
FACT = "wash_group_overlap_share"


def lines(*symbols: str, strategy: str = "us_large", as_of: str = "2026-11-01") -> list[str]:
    return [f"{strategy},{symbol},Index provider,{as_of}" for symbol in symbols]


def put(firm: Firm, *rows: str, **options: Any) -> LoadedUniverses:
    content = "\n".join([HEADER, *rows, ""]).encode()
    return load_universes(by=firm.operations, content=content, name="lists.csv", as_of=TODAY, **options)


@pytest.fixture
def joint(firm: Firm) -> Account:
    """A joint account in cash aims at US large caps; Ben's IRA has $300,000 of KO, $100,000 of ZZZ."""
    household = a_household(firm.advisor)
    ann, ben, unit = a_couple(household)
    joint = an_account(household, "joint", owner=ann, tax_unit=unit, strategy="us_large")
    a_position(joint, "CASH", "cash", 200_000)
    ira = an_account(household, "traditional_ira", name="IRA", owner=ben, strategy="us_small")
    a_position(ira, "KO", "stock", 300_000)
    a_position(ira, "ZZZ", "stock", 100_000)
    rebuild_facts([household.pk])
    return joint


def ira_of(joint: Account) -> Account:
    return joint.household.accounts.get(name="IRA")


def test_without_a_list_the_other_accounts_targets_estimate_it(joint: Account) -> None:
    facts = facts_of(joint)
    assert facts[FACT] == 0
    assert decode(facts["provenance"])[FACT].quality == "estimate"


def test_a_list_tells_what_is_held_of_the_target(firm: Firm, joint: Account) -> None:
    """$300,000 of the IRA's $400,000 is in the list, whatever the IRA's own target is."""
    loaded = put(firm, *lines("KO", "AAPL"))
    assert (loaded.changed, loaded.households) == ({"us_large": (2, 0)}, 1)
    facts = facts_of(joint)
    assert facts[FACT] == 0.75
    assert decode(facts["provenance"])[FACT].quality == "exact"
    joint.household.refresh_from_db()
    assert joint.household.revision == 2
    assert Change.objects.get(entity="security").new == "US large cap"


def test_a_fund_counts_where_the_list_names_it_and_is_never_looked_through(
    firm: Firm, joint: Account
) -> None:
    """$400,000 of VTI beside the stocks: 37.5% to 87.5% are in the list, and the estimate of 0 is not."""
    a_position(ira_of(joint), "VTI", "fund", 400_000)
    put(firm, *lines("KO"))
    assert facts_of(joint)[FACT] is None
    put(firm, *lines("KO", "VTI", as_of="2026-11-02"))
    assert facts_of(joint)[FACT] == 0.875


def test_an_estimate_within_what_can_be_stands(firm: Firm, joint: Account) -> None:
    """All in a fund nobody looks through: 0 to 100%. The estimate by targets, all or nothing, is within."""
    ira = ira_of(joint)
    ira.positions.all().delete()
    a_position(ira, "VTI", "fund", 400_000)
    put(firm, *lines("KO"))
    assert facts_of(joint)[FACT] == 0
    ira.intake.strategy = "us_total"
    ira.intake.save()
    assert facts_of(joint)[FACT] == 1


def test_a_bond_fund_holds_no_stock(firm: Firm, joint: Account) -> None:
    """$400,000 of a fund of bonds beside $300,000 in and $100,000 out of the list: 3 of 8."""
    a_position(ira_of(joint), "BND", "fund", 400_000)
    load(firm.operations, FUND.replace("VTI", "BND").replace(",equity,", ",fixed_income,"))
    put(firm, *lines("KO"))
    assert facts_of(joint)[FACT] == 0.375


def test_cash_waits_for_its_own_target(firm: Firm, joint: Account) -> None:
    """$400,000 of cash that aims at the same list will be in it: (300 + 400) of 800."""
    ira = ira_of(joint)
    a_position(ira, "CASH", "cash", 400_000)
    ira.intake.strategy = "us_large"
    ira.intake.save()
    put(firm, *lines("KO"))
    assert facts_of(joint)[FACT] == 0.875


def test_a_held_cusip_that_nobody_knows_may_be_in_the_list(firm: Firm, joint: Account) -> None:
    a_position(ira_of(joint), "037833100", "stock", 400_000)
    put(firm, *lines("KO", "AAPL"))
    assert facts_of(joint)[FACT] is None


def test_only_lists_of_the_target_matter(firm: Firm, joint: Account) -> None:
    loaded = put(firm, *lines("KO", strategy="emerging"))
    assert loaded.households == 0
    assert facts_of(joint)[FACT] == 0
    assert Household.objects.get(pk=joint.household_id).revision == 1


def test_a_list_replaces_the_former_whole_and_the_same_changes_nothing(firm: Firm) -> None:
    put(firm, *lines("KO", "BRK/B"), *lines("AAPL", strategy="global"))
    loaded = put(firm, *lines("BRK.B", "PEP", as_of="2026-11-02"))
    assert loaded.changed == {"us_large": (1, 1)}
    assert set(UniverseMember.objects.values_list("universe_id", "key")) == {
        ("us_large", "BRK.B"), ("us_large", "PEP"), ("global", "AAPL"),
    }  # fmt: skip
    again = put(firm, *lines("PEP", "BRK.B", as_of="2026-11-02"))
    assert (again.changed, again.same) == ({}, 1)
    change = UniverseChange.objects.filter(strategy="us_large").latest("at")
    assert (change.added, change.removed, change.by) == (["PEP"], ["KO"], firm.operations)


def test_everything_that_is_wrong_with_a_list_is_told_at_once(firm: Firm) -> None:
    rows = (
        "us_huge,KO,Index provider,2026-11-01",  # 2
        "us_large,=1,Index provider,2026-11-01",  # 3
        "us_large,KO,,2026-11-01",  # 4: no source
        "us_large,PEP,Index provider,2026-12-01",  # 5: still to come
        "us_large,=1,Index provider,2026-11-02",  # 6: another day, line 3 once more
    )
    with pytest.raises(FileFaulty) as refused:
        put(firm, *rows)
    assert [(p.line, p.field) for p in refused.value.problems] == [
        (2, "strategy"), (3, "symbol"), (4, "source"), (5, "as_of"),
        (6, "symbol"), (6, "as_of"), (6, "symbol"),
    ]  # fmt: skip
    assert not Universe.objects.exists()


def test_an_older_list_is_refused_and_a_dry_run_stores_nothing(firm: Firm) -> None:
    assert put(firm, *lines("KO"), dry_run=True).changed == {"us_large": (1, 0)}
    assert not Universe.objects.exists()
    put(firm, *lines("KO"))
    with pytest.raises(FileFaulty):
        put(firm, *lines("PEP", as_of="2026-10-01"))


def test_the_command_and_the_page_load_lists(
    firm: Firm, tmp_path: Path, signed_in: Callable[[str], Client]
) -> None:
    content = "\n".join([HEADER, *lines("KO"), ""])
    path = tmp_path / "lists.csv"
    path.write_text(content)
    out = io.StringIO()
    call_command("load_universe", str(path), "--by", firm.operations.email, "--dry-run", stdout=out)
    assert "us_large: 1 in, 0 out." in out.getvalue()
    client, address = signed_in("operations"), "/securities/universes/"
    for button, word in (("check", "nothing was stored"), ("store", "The lists are in place")):
        file = SimpleUploadedFile("lists.csv", content.encode(), content_type="text/csv")
        assert word in text_of(client.post(address, {"file": file, button: "1"}))
    assert "Index provider" in text_of(signed_in("advisor").get(address))
    assert signed_in("advisor").post(address).status_code == 403
