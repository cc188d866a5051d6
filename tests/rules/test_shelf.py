"""The shelf: what the shipped documents say, how a document is refused, and what a changed shelf is."""

import math
from pathlib import Path

import numpy as np
import pytest
import yaml

from implementation.evidence.fees import annual_fee
from implementation.rules.documents.document import DocumentError
from implementation.rules.programs import Program
from implementation.rules.shelf import Shelf

DATA = Path(__file__).parents[2] / "implementation" / "data"
HOUSE = Shelf.load(DATA / "house_shelf.yaml")
PUBLISHED = Shelf.load(DATA / "published_shelf.yaml")

SMALL = """
document: shelf
name: test
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


def program(shelf: Shelf, code: str) -> Program:
    return next(program for program in shelf.programs if program.code == code)


def dollars(one: Program, value: float) -> float:
    return float(annual_fee(one.fees, np.array([value]), np.array([math.nan]))[0])


def test_the_house_shelf_is_two_programs_with_the_minimums_of_the_domain() -> None:
    sma, uma = HOUSE.programs
    assert (sma.structure, sma.initial_minimum, sma.maintenance_minimum) == ("SMA", 250_000, 250_000)
    assert (uma.structure, uma.initial_minimum, uma.maintenance_minimum) == ("UMA", 50_000, 50_000)
    assert (sma.sleeve_minimum, uma.sleeve_minimum) == (0, 50_000)
    assert (sma.overlay_scope, uma.overlay_scope) == ("none", "tax_unit")
    for one in HOUSE.programs:
        assert one.custodians is one.registrations is one.strategies is one.overlay_custodians is None
        assert one.unknowns == frozenset()


def test_house_fees_are_illustrative_and_the_minimums_are_sourced() -> None:
    for one in HOUSE.programs:
        assert one.illustrative
        assert one.citations["fees[0]"].source.illustrative
        assert one.citations["firm_revenue_bps"].source.illustrative
        assert not one.citations["initial_minimum"].source.illustrative
        assert one.citations["initial_minimum"].source.title.startswith("Envestnet")
        assert one.fees is not None
        assert "advisor" not in [part.kind for part in one.fees.components]
        assert "left out" in one.fees.note


def test_house_costs_by_hand() -> None:
    sma, uma = HOUSE.programs
    # SMA on 400,000: 35 bps for the manager, 1 for trades placed away: 1,400 + 40.
    assert dollars(sma, 400_000) == pytest.approx(1_440)
    # UMA on 400,000: 250,000 at 25 bps, 150,000 at 20, 15 for the sleeve: 625 + 300 + 600.
    assert dollars(uma, 400_000) == pytest.approx(1_525)
    # SMA on 2,000,000: 1,750 + 4,500 + 200; UMA: 625 + 1,500 + 1,200 + 3,000.
    assert dollars(sma, 2_000_000) == pytest.approx(6_450)
    assert dollars(uma, 2_000_000) == pytest.approx(6_325)


def test_every_published_program_is_there_and_tells_whom_to_ask() -> None:
    assert [(one.code, one.structure, one.initial_minimum) for one in PUBLISHED.programs] == [
        ("schwab_personalized_indexing", "SMA", 100_000),
        ("fidelity_equity_index_sma", "SMA", 100_000),
        ("jpmorgan_tax_smart", "SMA", 250_000),
        ("natixis_aia_sp500", "SMA", None),
        ("orion_custom_indexing", "UMA", None),
        ("edward_jones_uma_models", "UMA", 300_000),
        ("geowealth_uma", "UMA", 25_000),
        ("orion_wrap", "UMA", None),
        ("sei_managed_account_wrap", "UMA", None),
    ]
    for one in PUBLISHED.programs:
        assert "verify with the sponsor" in one.note.lower()
        assert not one.illustrative
        assert one.firm_revenue_bps is one.advisor_pay_bps is None


def test_published_details() -> None:
    schwab = program(PUBLISHED, "schwab_personalized_indexing")
    assert schwab.maximum_restrictions == 3
    assert schwab.source_date == "undated"
    assert schwab.fees is not None and schwab.fees.components[0].at_most
    assert dollars(schwab, 200_000) == pytest.approx(500)  # 25 bps
    assert "350,000" in program(PUBLISHED, "fidelity_equity_index_sma").note
    assert program(PUBLISHED, "edward_jones_uma_models").source_date == "2025-11"
    assert program(PUBLISHED, "edward_jones_uma_models").fees is None
    assert program(PUBLISHED, "geowealth_uma").maintenance_minimum == 25_000
    assert dollars(program(PUBLISHED, "orion_custom_indexing"), 300_000) == pytest.approx(1_350)  # 45 bps
    assert dollars(program(PUBLISHED, "sei_managed_account_wrap"), 1_000_000) == pytest.approx(10_250)


def test_a_published_range_is_no_price() -> None:
    for code, between in (
        ("jpmorgan_tax_smart", (10, 23)),
        ("fidelity_equity_index_sma", (20, math.inf)),
        ("orion_wrap", None),
    ):
        one = program(PUBLISHED, code)
        assert one.fees is not None
        assert one.fees.components[-1].between == between
        assert math.isnan(dollars(one, 1_000_000))
        assert "fees" in one.unknowns


def test_every_number_of_the_shipped_shelves_has_unit_source_and_date() -> None:
    for shelf in (HOUSE, PUBLISHED):
        for one in shelf.programs:
            stated = [
                name for name in ("initial_minimum", "firm_revenue_bps") if getattr(one, name) is not None
            ]
            parts = [f"fees[{index}]" for index in range(len(one.fees.components))] if one.fees else []
            assert {*stated, *parts} <= set(one.citations)
            for citation in one.citations.values():
                assert citation.unit and citation.source.title and citation.source.date


def test_unknown_any_and_none_are_three_things() -> None:
    text = SMALL + "    custodians: any\n    registrations: unknown\n    sleeve_minimum: none\n"
    one = Shelf.parse(text).programs[0]
    assert one.custodians is None and "custodians" not in one.unknowns
    assert one.registrations is None and "registrations" in one.unknowns
    assert one.strategies is None and "strategies" in one.unknowns
    assert one.sleeve_minimum == 0
    assert one.maximum_restrictions is None
    assert one.overlay_scope == "account" and "overlay_scope" in one.unknowns
    assert one.fees is None
    assert (
        Shelf.parse(SMALL + "    maximum_restrictions: no limit").programs[0].maximum_restrictions == math.inf
    )


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (
            "value: 100000",
            "value: -1",
            "programs[0].initial_minimum.value: found -1; expected a number from 0",
        ),
        ("unit: USD", "unit: EUR", "programs[0].initial_minimum.unit: found 'EUR'; expected one of USD"),
        ("{value: 100000, unit: USD}", "100000", "programs[0].initial_minimum: found 100000; expected none"),
        ("structure: UMA", "structure: uma", "programs[0].structure: found 'uma'; expected one of SMA, UMA"),
        ("source: page", "source: book", "programs[0].source: found 'book'; expected one of page"),
        ("2027-01-31", "soon", "programs[0].verify_by: found 'soon'; expected a date"),
        ("code: one", "code: One", "programs[0].code: found 'One'; expected small letters"),
        ("    sponsor: Sponsor\n", "", "programs[0].sponsor: found nothing; expected text"),
        ("name: One", "name: One\n    minimun: 3", "programs[0].minimun: found 3; expected no such key"),
        ('date: "2026-01"', "date: 2026", "sources.page.date: found 2026; expected a date"),
        ("effective_from: 2026-01-01", "effective_from: 2026", "effective_from: found 2026; expected a date"),
        ("document: shelf", "document: policy", "document: found 'policy'; expected one of shelf"),
        ("evidence: program document", "evidence: rumor", "sources.page.evidence: found 'rumor'"),
    ],
)
def test_errors_name_the_file_the_key_the_value_and_the_expectation(old: str, new: str, message: str) -> None:
    assert old in SMALL
    with pytest.raises(DocumentError) as caught:
        Shelf.parse(SMALL.replace(old, new), "firm.yaml")
    assert str(caught.value).startswith(f"firm.yaml: {message}")


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("custodians: [bank]", "custodians: found ['bank']; expected any, unknown, or a list of schwab"),
        ("custodians: []", "custodians: found []; expected any, unknown"),
        ("maintenance_minimum: {value: 150000, unit: USD}", "maintenance_minimum: found {"),
        ("options_overlay: 1", "options_overlay: found 1; expected true or false"),
        ("overlay_scope: firm", "overlay_scope: found 'firm'; expected one of none, account, tax_unit"),
        ("platform: moon", "platform: found 'moon'; expected one of none"),
        ("fees: {components: []}", "fees.components: found []; expected a list of mappings"),
    ],
)
def test_fields_of_a_program_are_checked(line: str, message: str) -> None:
    with pytest.raises(DocumentError) as caught:
        Shelf.parse(f"{SMALL}    {line}\n", "firm.yaml")
    assert str(caught.value).startswith(f"firm.yaml: programs[0].{message}")


@pytest.mark.parametrize(
    ("tiers", "message"),
    [
        ("[{up_to_usd: 5, bps: 1}]", "tiers[0].up_to_usd: found 5; expected no end in the last tier"),
        (
            "[{up_to_usd: 5, bps: 1}, {up_to_usd: 5, bps: 2}, {bps: 3}]",
            "tiers[1].up_to_usd: found 5; expected mo",
        ),
        ("[{bps: 1}, {bps: 3}]", "tiers[0].up_to_usd: found nothing"),
        ("[{bps: 2000}]", "tiers[0].bps: found 2000; expected a number from 0 to 1,000"),
        ("[{bps: 1, upto: 3}]", "tiers[0].upto: found 3; expected no such key"),
    ],
)
def test_fee_tiers_are_checked(tiers: str, message: str) -> None:
    part = f"{{kind: manager, unit: bps a year, tiers: {tiers}}}"
    with pytest.raises(DocumentError) as caught:
        Shelf.parse(f"{SMALL}    fees: {{components: [{part}]}}\n")
    assert str(caught.value).startswith(f"shelf: programs[0].fees.components[0].{message}")


def test_two_programs_cannot_share_a_code() -> None:
    row = SMALL[SMALL.index("  - code") :]
    with pytest.raises(DocumentError, match=r"programs\[1\].code: found 'one'"):
        Shelf.parse(SMALL + row)


def test_an_sma_has_no_overlay() -> None:
    with pytest.raises(DocumentError, match="overlay_scope: found 'tax_unit'; expected one of none"):
        Shelf.parse(SMALL.replace("UMA", "SMA") + "    overlay_scope: tax_unit\n")


def test_changes_reach_every_program_of_the_structure_and_no_other() -> None:
    changed = PUBLISHED.with_changes({"UMA": {"fee": None, "overlay_scope": "household"}})
    for before, after in zip(PUBLISHED.programs, changed.programs, strict=True):
        if before.structure == "UMA":
            assert (after.fees, after.overlay_scope) == (None, "household")
        else:
            assert after == before


def test_the_maintenance_minimum_follows_where_it_was_equal() -> None:
    lower = HOUSE.with_changes({"SMA": {"initial_minimum": 100_000}, "UMA": {"initial_minimum": 300_000}})
    assert [(p.initial_minimum, p.maintenance_minimum) for p in lower.programs] == [
        (100_000, 100_000),
        (300_000, 300_000),
    ]
    stated = PUBLISHED.with_changes({"UMA": {"initial_minimum": 40_000}})
    assert program(stated, "geowealth_uma").maintenance_minimum == 40_000  # stated, and equal before
    apart = HOUSE.with_changes({"SMA": {"initial_minimum": 100_000, "maintenance_minimum": 75_000}})
    assert apart.programs[0].maintenance_minimum == 75_000
    again = apart.with_changes({"SMA": {"initial_minimum": 90_000}})
    assert again.programs[0].maintenance_minimum == 75_000


def test_changes_take_plain_values() -> None:
    part = {"kind": "manager", "unit": "bps a year", "tiers": [{"bps": 20}]}
    changed = HOUSE.with_changes(
        {
            "SMA": {
                "custodians": {"schwab", "fidelity"},
                "registrations": None,
                "initial_minimum": None,
                "maximum_restrictions": math.inf,
                "options_overlay": None,
                "fee": {"components": [part]},
            },
            "UMA": {"custodians": "any", "firm_revenue_bps": math.nan},
        }
    )
    sma, uma = changed.programs
    assert sma.custodians == frozenset({"schwab", "fidelity"})
    assert sma.registrations is None and "registrations" in sma.unknowns
    assert sma.initial_minimum is sma.maintenance_minimum is sma.options_overlay is None
    assert sma.maximum_restrictions == math.inf
    assert dollars(sma, 100_000) == 200
    assert sma.citations["fees[0]"].source.title == "Changed for this evaluation"
    assert uma.custodians is None and "custodians" not in uma.unknowns
    assert uma.firm_revenue_bps is None


def test_a_changed_shelf_is_another_document() -> None:
    changed = HOUSE.with_changes({"SMA": {"initial_minimum": 100_000}})
    assert changed.sha256 != HOUSE.sha256
    assert changed.version == "1 (changed)"
    assert Shelf.parse(changed.text) == changed
    assert Shelf.parse(HOUSE.text) == HOUSE
    assert HOUSE.programs[0].initial_minimum == 250_000
    assert HOUSE.with_changes({}) is HOUSE


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"ETF": {"fee": None}}, "a structure of this shelf: SMA or UMA"),
        ({"SMA": {"minimum": 1}}, "SMA.minimum: found 1; expected a field that can be changed"),
        ({"SMA": {"code": "x"}}, "SMA.code: found 'x'; expected a field that can be changed"),
        ({"SMA": {"initial_minimum": -5}}, "initial_minimum.value: found -5"),
        ({"SMA": {"initial_minimum": "100k"}}, "initial_minimum: found '100k'"),
        ({"SMA": {"initial_minimum": True}}, "initial_minimum: found True"),
        ({"SMA": {"fee": {"components": [3]}}}, "fees.components[0]: found 3"),
    ],
)
def test_changes_are_checked_as_documents_are(changes: dict[str, dict[str, object]], words: str) -> None:
    with pytest.raises(DocumentError) as caught:
        HOUSE.with_changes(changes)
    assert words in str(caught.value)


def test_comments_do_not_change_the_identity_of_a_shelf() -> None:
    assert Shelf.parse("# a comment\n" + HOUSE.text).sha256 == HOUSE.sha256
    assert Shelf.parse(yaml.safe_dump(HOUSE.document.data)).sha256 == HOUSE.sha256
