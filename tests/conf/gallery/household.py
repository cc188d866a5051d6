"""The household that the gallery draws: several returns, every mark, two lines, unknowns, long names."""

from households.foundation import svg


def a_household() -> svg.Chart:
    """Seven accounts of a couple, a trust and a child."""
    joint = (
        svg.Holding(
            "Joint brokerage",
            "Ann Adler",
            "Joint",
            "Charles Schwab",
            "House overlay",
            2_400_000,
            {0: "counts"},
        ),
        svg.Holding(
            "Adler Revocable Living Trust of 1998, amended",
            "Ann Adler",
            "Grantor trust",
            "Fidelity",
            "No overlay platform",
            900_000,
            {0: "counts"},
        ),
    )
    trust = (
        svg.Holding(
            "Adler Irrevocable Trust",
            "",
            "Non-grantor trust",
            "Bank trust department",
            "",
            None,
            {0: "judged"},
        ),
    )
    child = (
        svg.Holding("Cleo's account", "Cleo Adler", "Individual", "Vanguard", "Orion", 80_000, {1: "counts"}),
        svg.Holding("Old account", "", "", "", "", 12_000, {0: "open", 1: "open"}),
    )
    retirement = (
        svg.Holding(
            "Ann's traditional IRA",
            "Ann Adler",
            "Traditional IRA",
            "Charles Schwab",
            "House overlay",
            610_000,
            {0: "lost"},
        ),
        svg.Holding("Cleo's Roth IRA", "Cleo Adler", "Roth IRA", "Vanguard", "Orion", 21_000, {1: "lost"}),
    )
    units = (
        svg.Unit("Joint return of Ann and Ben", "Ann Adler, Ben Adler", joint),
        svg.Unit("Adler trust", "Non-grantor trust", trust),
        svg.Unit("Return of Cleo", "Cleo Adler", child),
        svg.Unit("Return of Dan", "Dan Adler", ()),
        svg.Unit("Retirement accounts", "No gains land on a return", retirement),
    )
    return svg.household_picture(units, ("Ann Adler and Ben Adler", "Cleo Adler"), title="The household")
