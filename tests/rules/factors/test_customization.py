"""Customization: depth toward the SMA, breadth over sleeves toward the UMA, the ordinary toward neither."""

from implementation.rules.factors import reads
from implementation.rules.factors.customization import fit
from implementation.rules.shapes import Bands
from tests.rules.scored import contribution, reasons
from tests.rules.small import call, line, rules

ALL = reads(fit)


def test_depth_adds_up() -> None:
    p = rules(
        restrictions=line(20.0, at=40.0),
        tilts=Bands.of([(0.0, 0.0), (1.0, 6.0)]),
        flexibility=Bands.of([(0.0, 0.0), (3.0, 8.0)]),
        tight_tracking=line(-1.0).through([(50.0, 4.0), (100.0, 0.0)]),
        gifting=line(10.0, at=0.1),
    )
    facts = {"security_restrictions": 20.0, "sector_tilts": 1.0, "flexibility_need": 3.0}
    facts |= {"tracking_tolerance_bps": 75.0, "annual_gifting": 5_000.0, "account_value": 100_000.0}
    assert call(fit, p, ALL, **facts) == 50 + 10 + 6 + 8 + 2 + 5


def test_breadth_needs_several_sleeves() -> None:
    p = rules(account_wide=line(10.0, at=10.0), several_sleeves=Bands.of([(0.0, 0.0), (2.0, 1.0)]))
    facts = {"security_restrictions": 3.0, "esg_screens": 2.0}
    assert call(fit, p, ALL, **facts, sleeves_wanted=1.0) == 50
    assert call(fit, p, ALL, **facts, sleeves_wanted=2.0) == 55


def test_house_policy_leaves_ordinary_restrictions_neutral() -> None:
    assert contribution("customization", security_restrictions=5) == 0
    assert "customization.ordinary" in reasons(security_restrictions=5)
    assert "customization.ordinary" not in reasons(security_restrictions=6)


def test_house_policy_pulls_both_ways() -> None:
    assert contribution("customization", security_restrictions=42, sector_tilts=2) > 2
    assert contribution("customization", esg_screens=3, sleeves_wanted=3) < 0
