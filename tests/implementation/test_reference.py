"""The reference is the one that the code and the shipped policy make, and it leaves nothing out."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

from implementation import reference
from implementation.reference.__main__ import main
from implementation.reference.curves import short_key, standalone
from implementation.reference.eligibility import PASSES
from implementation.reference.facts import readers
from implementation.rule_plots import plot
from implementation.rule_words import sentence
from implementation.rules.checks.spans import spans
from implementation.rules.contract import FACTS
from implementation.rules.eligibility import TESTS
from implementation.rules.factors import FACTORS, FITS, MEASURES, MEASURES_MEAN
from implementation.rules.shapes import Bands, Curve
from tests.rules.books import POLICY
from tests.rules.changed import policy_with

SVG = "{http://www.w3.org/2000/svg}"
MADE = reference.pages()
RULES = MADE["rules.md"]


def entry(key: str) -> str:
    """What the page of rules says of one rule."""
    start = RULES.index(f"(`{key}`)")
    end = RULES.find("\n**", start)
    return RULES[start : end if end > 0 else len(RULES)]


def test_what_is_written_is_current() -> None:
    assert reference.stale() == [], "run: python -m implementation.reference"


def test_the_check_tells_what_is_missing_changed_or_left_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert set(reference.write(tmp_path)) == set(MADE)
    assert reference.stale(tmp_path) == []
    (tmp_path / "facts.md").unlink()
    page = tmp_path / "rules.md"
    page.write_text(page.read_text(encoding="utf-8").replace("+42 points", "+43 points"), encoding="utf-8")
    (tmp_path / "curves" / "funding.sma.gone.svg").write_text("<svg/>", encoding="utf-8")
    assert reference.stale(tmp_path) == ["facts.md", "rules.md", "curves/funding.sma.gone.svg"]

    monkeypatch.setattr("implementation.reference.__main__.stale", lambda: reference.stale(tmp_path))
    assert main(["--check"]) == 1
    assert "stale: docs/reference/rules.md" in capsys.readouterr().err
    reference.write(tmp_path)
    assert main(["--check"]) == 0
    assert not (tmp_path / "curves" / "funding.sma.gone.svg").exists()


def test_the_same_policy_makes_the_same_bytes() -> None:
    assert reference.pages() == MADE


def test_readers_of_a_fact() -> None:
    assert readers()["planned_withdrawals"] == ["tests of minimums"]
    assert readers()["single_report_wanted"] == ["Portfolio context"]


def test_every_rule_is_told_with_what_it_stands_on() -> None:
    for key, rule in POLICY.rules.items():
        told = " ".join(entry(key).split())
        assert " ".join(rule.basis.rationale.split()) in told, key
        assert f"Review by {rule.basis.review_by}." in told, key
        assert (
            f"{rule.basis.source.title}, {rule.basis.source.date} ({rule.basis.source.evidence})" in told
        ), key
        if rule.says:
            assert f"Says `{rule.says}`" in told and POLICY.reasons[rule.says].text in told, key


def test_a_curve_in_words() -> None:
    told = entry("factors.funding.sma.concentrated")
    assert (
        "No change up to 10%, then in straight lines to +10 points at 20%, +27 points at 40%, +37 points "
        "at 60% "
        "and +42 points at 80%; level from there." in told
    )
    assert "![Largest position to be sold down](curves/funding.sma.concentrated.svg)" in told
    assert (
        "Reads [`saleable_largest_share`](facts.md#saleable_largest_share) (share of value); gives points"
        in told
    )
    assert (
        "Scaled by *Tax status*, *Transition work left where holding comes first* and *Gains in indiv" in told
    )
    assert "Says `funding.concentrated_to_sell_down` where it gives +5 points or more: “{saleable_l" in told
    assert "Allowed: results 0 to +50 points. Review by 2027-11-01." in told


def test_bands_tables_and_bounds_in_words() -> None:
    assert "No change below 2; +14 points from 2, +20 points from 3 and +24 points from 5." in entry(
        "factors.tax.uma.sleeves"
    )
    assert "Times 1 for Taxable; times 0 for Tax deferred, Tax exempt, Tax free." in entry(
        "need.rules.applies"
    )
    assert (
        "Times 0.2 for none, times 0.5 for low, times 0.8 for moderate, times 1 for high and times 1.2 "
        in (entry("factors.tax.both.importance"))
    )
    assert "Noted above 5 bps; otherwise not noted." in entry("need.rules.tax_value")
    assert "Its bound is `numbers.etf_baseline_bps`; stated there alone." in entry("need.rules.tax_value")
    assert "+30 points if yes; otherwise no change." in entry("factors.context.sma.standalone")
    assert "+8 points at 1 or less; otherwise no change." in entry("factors.context.sma.only_account")
    assert "The same rule as `need.rules.depth`; stated there alone." in entry("factors.tax.both.depth")


def test_a_single_band_is_told_without_bounds() -> None:
    rule = policy_with("factors.tax.both.alone.bands", [[0, 0.5]]).rules["factors.tax.both.alone"]
    assert sentence(rule, 0) == "Times 0.5 for any value."


def test_weights_tolerances_ranges_and_plan_are_told() -> None:
    for basis in POLICY.bases.values():
        assert " ".join(basis.rationale.split()) in RULES
    assert "| [Tax coordination](#tax-coordination) | 25% | 15% to 35% |" in RULES
    assert "| Either structure fits within | 12 points of net fit | 8 to 20 points of net fit |" in RULES
    assert "| $1,000 to $50,000,000 | $0 to $1,000,000,000 |" in RULES
    assert "| The account is worth 5% less | " in RULES and "| −20% to −1% |" in RULES
    assert "| Tax rates are 3 points higher | " in RULES and "| +1 to +10 points |" in RULES
    assert POLICY.plan.left_out_because in RULES


def test_every_reason_every_test_and_every_measure_is_told() -> None:
    for reason in POLICY.reasons.values():
        assert reason.text.replace("|", "\\|") in RULES, reason.code
    assert set(PASSES) == {test.name for test in TESTS}
    assert set(MEASURES_MEAN) == set(MEASURES)
    for name in FACTORS:
        assert " ".join((FITS[name].__doc__ or "").split("\n\n")[0].split()) in RULES


def test_links_lead_somewhere() -> None:
    anchors = set(re.findall(r'<a id="([a-z_]+)">', MADE["facts.md"]))
    assert anchors == set(FACTS)
    assert set(re.findall(r"\(facts\.md#([a-z_]+)\)", RULES)) <= anchors
    assert {f"curves/{short_key(key)}.svg" for key in drawn()} == set(
        re.findall(r"\((curves/[^)]+)\)", RULES)
    )


def drawn() -> list[str]:
    return [key for key, rule in POLICY.rules.items() if isinstance(rule.shape, Curve | Bands)]


def test_every_curve_and_every_band_has_a_picture() -> None:
    assert len(drawn()) > 40
    for key in drawn():
        picture = ET.fromstring(MADE[f"curves/{short_key(key)}.svg"])
        words = [text.text for text in picture.iter(f"{SVG}text")]
        across, upward = POLICY.rules[key].unit
        assert across in words and upward[:20] in " ".join(filter(None, words)), key
        assert len(list(picture.iter(f"{SVG}circle"))) == len(POLICY.rules[key].shape.gives), key


def test_a_picture_follows_light_and_dark_and_needs_nothing_else() -> None:
    picture = MADE["curves/tax.sma.own_harvest.svg"]
    assert "@media (prefers-color-scheme: dark)" in picture
    assert not re.search(r"<script|url\(|xlink|http(?!://www\.w3\.org/2000/svg)", picture)
    used = set(re.findall(r'class="([a-z-]+)"', picture))
    assert all(f".{name}{{" in picture for name in used), used


def test_a_picture_tints_where_the_reason_is_given() -> None:
    # 5 points at 15%: half way from (10%, 0) to (20%, 10). The scale goes from 0% to 100%, 14 to 97 across.
    svg = MADE["curves/funding.sma.concentrated.svg"]
    assert f'<rect x="{14 + 0.15 * 83:.2f}%" y="28" width="{0.85 * 83:.2f}%"' in svg
    quiet = policy_with("factors.cost.sma.exit_cost.points", [[0, 0], [0.02, -30]])
    chart = plot(quiet.rules["factors.cost.sma.exit_cost"], spans(quiet)["factors.cost.sma.exit_cost"].value)
    assert chart is not None and "gives its reason here" not in standalone(chart)
