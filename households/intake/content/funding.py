"""Section 2: value and funding."""

from households.intake.questions import Block, Question, Section

_SHARE = "Of the account's value."

FUNDING = Section(
    slug="funding",
    title="Value and funding",
    lead="How much there is, how much is meant for direct indexing, and what it is held in now.",
    blocks=(
        Block(
            "Value",
            (
                Question(
                    "account_value",
                    "Account value",
                    "Market value today, cash included.",
                    "Programs have minimums, and fees fall with size.",
                ),
                Question(
                    "direct_index_value",
                    "Amount meant for direct indexing",
                    "The part of the account that is to track the target. Where one strategy is "
                    "wanted, it is all of it.",
                    "A sleeve has a minimum of its own, smaller than the account's.",
                ),
            ),
        ),
        Block(
            "Money in and out, next 12 months",
            (
                Question(
                    "planned_contributions",
                    "Planned contributions, next 12 months",
                    "Cash or securities to be added. Enter 0 if none are planned.",
                    "Some programs count money on its way toward their minimum.",
                ),
                Question(
                    "planned_withdrawals",
                    "Planned withdrawals, next 12 months",
                    "Spending, required distributions and cash gifts. Enter 0 if none are planned.",
                    "An account must still meet the program's minimum when the money has left.",
                ),
            ),
        ),
        Block(
            "What it is held in",
            (
                Question("cash_share", "Cash", width="short"),
                Question("fund_share", "Mutual funds and ETFs", width="short"),
                Question("stock_share", "Individual stocks", width="short"),
                Question("bond_share", "Individual bonds", width="short"),
                Question("other_share", "Other holdings", width="short"),
            ),
            hint=f"{_SHARE} The five add up to 100%; the last one follows from the others.",
            row=True,
        ),
    ),
)
