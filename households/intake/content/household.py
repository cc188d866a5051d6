"""Section 6: household coordination."""

from households.intake.questions import Block, Question, Section

HOUSEHOLD = Section(
    slug="household",
    title="Household coordination",
    lead="How this account fits with the others of the family.",
    blocks=(
        Block(
            "Answered once for the household",
            (
                Question(
                    "coordination_importance",
                    "How important is tax coordination across the household?",
                    "Your own judgment of this family.",
                    "Only an overlay that reaches the other accounts can coordinate them; this says "
                    "what that is worth.",
                ),
                Question(
                    "sleeves_wanted",
                    "Strategies wanted side by side",
                    "In the whole relationship, this one included.",
                    "One account with sleeves is what a UMA is made for.",
                    width="short",
                ),
                Question(
                    "single_report_wanted",
                    "Is one report over everything wanted?",
                    "",
                    "A UMA reports its sleeves together; separate accounts need that done elsewhere.",
                ),
            ),
            hint="These answers count for every account of the household.",
        ),
        Block(
            "What the records cannot see",
            (
                Question(
                    "household_value",
                    "Household value",
                    "All accounts, those held elsewhere included.",
                    "Fees and some minimums go by the relationship.",
                ),
                Question(
                    "household_accounts", "Accounts in the household", "This one included.", width="short"
                ),
                Question(
                    "household_managed_accounts",
                    "Managed accounts in the household",
                    "All but those held away, this one included.",
                    "Several managed accounts are an ecosystem; one is self-contained.",
                    width="short",
                ),
                Question(
                    "taxable_equity_accounts",
                    "Taxable accounts with equities on this return",
                    "This one included.",
                    "Two or more on one return can be coordinated.",
                    width="short",
                ),
                Question(
                    "wash_group_overlap_share",
                    "Overlap with accounts that could spoil a loss",
                    "Of the other equity of client, spouse and their IRAs: how much is in the market "
                    "of the target.",
                    "A purchase there within 30 days disallows a loss harvested here; in an IRA it "
                    "is lost for good.",
                    width="short",
                ),
                Question(
                    "group_on_platform_share",
                    "Taxable equity on one overlay platform now",
                    "Of the taxable equity on this return.",
                    "An overlay manager coordinates what is on the platform.",
                    width="short",
                ),
                Question(
                    "group_movable_share",
                    "Taxable equity that is on one platform or could move there",
                    "Of the taxable equity on this return.",
                    "What could be moved could be coordinated.",
                    width="short",
                ),
            ),
            hint="Worked out from the accounts recorded here. Enter a value only where you know better.",
        ),
    ),
)
