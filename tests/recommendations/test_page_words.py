"""What the pages say: sums that add up, what is within the tolerance, and what is not known."""

from typing import Any

from django.template.loader import render_to_string

from advisory.recommendations.page.contrast import contrast
from advisory.recommendations.page.evidence import cuts, eligibility, factors, need_lines
from advisory.recommendations.page.money import cost_chart, cost_rows
from advisory.recommendations.page.verdict import sureness
from implementation.rules.explain import explain
from tests.recommendations.reading import words_of
from tests.rules.books import AS_OF, POLICY, SHELF, columns
from tests.rules.goldens import worked


def told(**changes: Any) -> dict[str, Any]:
    return explain(columns(changes), 0, SHELF, POLICY, AS_OF)


CONCENTRATED = {
    "cash_share": 0.0, "fund_share": 0.0, "stock_share": 1.0, "bond_share": 0.0, "other_share": 0.0,
    "largest_position_share": 0.9, "saleable_largest_share": 0.9, "stock_gain_share": 0.6,
    "unrealized_gain_share": 0.6, "unrealized_gain": 600_000, "gain_budget": 0, "lot_count": 900,
}  # fmt: skip


def numbers(steps: list[dict[str, Any]]) -> float:
    return sum(float(step["points"].replace("−", "-")) for step in steps)


class TestArithmetic:
    def test_a_fit_held_to_100_says_what_it_loses(self) -> None:
        result = told(**CONCENTRATED)
        funding = next(entry for entry in result["factors"] if entry["factor"] == "funding")
        assert funding["fit_sma"] == 100
        (cut,) = cuts(funding)
        assert (cut["structure"], cut["label"]) == ("SMA", "Held to 100, the most that a fit can be")
        assert cut["points"].startswith("−")
        row = next(
            row for row in factors(result, [], lambda _: "") if row["label"] == "How the account is funded"
        )
        # Each line is rounded to a hundredth.
        assert abs(numbers(row["steps"]) - funding["contribution"]) < 0.005 * (len(row["steps"]) + 1)
        drawn = contrast(result)
        assert drawn is not None
        assert "A fit goes from 0 to 100" in drawn["note"]

    def test_where_nothing_is_cut_nothing_is_said_of_it(self) -> None:
        result = told()
        assert [cut for entry in result["factors"] for cut in cuts(entry)] == []
        drawn = contrast(result)
        assert drawn is not None
        assert drawn["note"] == "Points of net fit that each factor pulls to either side."

    def test_the_lines_of_every_worked_case_add_up(self) -> None:
        for case in worked().values():
            result = case.answered()
            for entry, row in zip(result["factors"], factors(result, [], lambda _: ""), strict=True):
                open_ = entry["contribution"] is None or entry["factor"] == "minimums"
                if not open_:
                    off = abs(numbers(row["steps"]) - entry["contribution"])
                    assert off < 0.005 * (len(row["steps"]) + 1), (case.name, entry["factor"])


def decided_by_eligibility(net: float) -> list[str]:
    result = {
        "outcome": "UMA", "decided_by": "eligibility", "net_fit": net, "lean": "UMA" if net < 0 else "SMA",
        "margin": None, "fragile": False, "provisional": False, "conflict": False, "stability": None,
    }  # fmt: skip
    return sureness(result, 12)


def test_fit_within_the_tolerance_points_no_way() -> None:
    assert decided_by_eligibility(-11.4)[0] == "Fit alone would leave either (−11.4 points, within 12)."
    assert decided_by_eligibility(-12)[0] == "Fit alone would leave either (−12.0 points, within 12)."
    assert decided_by_eligibility(-12.1)[0] == "Fit alone points the same way (−12.1 points)."
    assert decided_by_eligibility(12.1)[0].startswith(
        "By fit alone it would lean toward a manager-traded SMA"
    )


def test_an_eligibility_that_is_not_known_is_said_to_be() -> None:
    result = told()
    for entry in result["cost"]:
        entry["eligible"] = entry["eligible"] if entry["structure"] != "SMA" else None
        entry["cheapest"] = False
    rows = cost_rows(result)
    found = {row["kind"]: (row["open"], row["eligible"]) for row in rows}
    assert found["sma"] == (True, None)
    assert found["stay"] == found["etf"] == (False, None)
    assert "not known" in [row[-1] for row in cost_chart(rows).rows]
    said = render_to_string("components/cost_table.html", {"rows": rows})
    assert "Not known" in said


def test_a_program_that_lacks_what_nobody_needs_passes() -> None:
    """The column says what the program's terms are, for "asks: not offered" would read reversed."""
    group = eligibility(told(), lambda _: "")["first"][0]
    said = words_of(render_to_string("recommendations/program_tests.html", {"program": group}))
    assert "The program's terms" in said
    assert "The program asks" not in said


def test_a_cent_short_is_not_said_to_be_nothing() -> None:
    short = eligibility(told(account_value=249_999.99, direct_index_value=249_999.99), lambda _: "")
    gaps = [test["gap"] for group in short["first"] for test in group["tests"] if test["gap"]]
    assert "$0.01" in gaps


def test_what_may_ask_for_direct_indexing_does_not_say_no() -> None:
    asks = {line["label"]: line for line in need_lines(told(security_restrictions=None))}
    assert (asks["Securities to exclude"]["asks"], asks["Securities to exclude"]["value"]) == (
        None,
        "not known",
    )


def test_the_arithmetic_calls_a_fact_by_its_name() -> None:
    rows = factors(told(**CONCENTRATED), [], lambda _: "")
    labels = [step["label"] for row in rows for step in row["steps"]]
    assert "Part of the largest issuer to be sold down" in labels
    assert "Gains beyond what the client accepts in a year" in labels  # worked out of three facts
    assert not any("Largest position" in label for label in labels)
