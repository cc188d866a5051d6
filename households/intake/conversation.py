"""The intake as a conversation: five guiding questions, each with the answers it leads to.

The same questions as in the sections, in the order in which people talk; what is answered here is answered
there.
"""

from households.intake.questions import Block, Section
from households.intake.sections import QUESTIONS


def _block(legend: str, *names: str, hint: str = "", row: bool = False) -> Block:
    return Block(legend, tuple(QUESTIONS[name] for name in names), hint=hint, row=row)


TURNS: tuple[Section, ...] = (
    Section(
        "talk-size",
        "How large and how complex is it?",
        "“What is in this account, what comes in and goes out, and what else do you have?”",
        (
            _block("This account", "account_value", "direct_index_value"),
            _block("Money in and out, next 12 months", "planned_contributions", "planned_withdrawals"),
            _block(
                "Everything else", "household_value", "household_accounts", "household_managed_accounts",
                hint="Worked out from the accounts recorded here. Enter a value only where you know better.",
            ),
            _block("For how long", "holding_horizon_years"),
        ),
    ),
    Section(
        "talk-taxes",
        "How important is tax coordination across the household?",
        "“Who files with whom, what do gains cost you, and should your accounts know of each other?”",
        (
            _block("What it is worth", "coordination_importance", "tax_sensitivity"),
            _block("Whose return", "tax_unit"),
            _block(
                "The return", "short_term_rate", "long_term_rate", "gains_elsewhere",
                "short_term_gain_fraction", "loss_carryforward",
            ),
            _block(
                "The other accounts on it", "taxable_equity_accounts", "wash_group_overlap_share",
                "group_on_platform_share", "group_movable_share",
                hint="Worked out from the accounts recorded here. Enter a value only where you know better.",
            ),
        ),
    ),
    Section(
        "talk-legacy",
        "Are there legacy positions or constraints on funding?",
        "“What would you fund it with, is anything of it not to be sold, and how much gain may be taken?”",
        (
            _block(
                "What it is held in", "cash_share", "fund_share", "stock_share", "bond_share", "other_share",
                row=True,
            ),
            _block(
                "What must stay", "largest_position_share", "restricted_share", "restriction_reason",
                "legacy_retention_share",
            ),
            _block("Gains", "unrealized_gain_share", "gain_budget", "step_up_expected"),
        ),
    ),
    Section(
        "talk-alongside",
        "Does it stand alone, or beside other accounts?",
        "“Is this to be run on its own, or as one part of the whole, with one report over everything?”",
        (
            _block("On its own or together", "standalone_mandate", "sleeves_wanted", "single_report_wanted"),
            _block("Where it is, and what is asked for", "custodian", "platform", "strategy"),
            _block("The client's own wish", "client_requests_direct_indexing"),
        ),
    ),
    Section(
        "talk-flexibility",
        "How much flexibility and customization is needed?",
        "“What has to be different from the index, and how often will that change?”",
        (
            _block("How it is to be run", "flexibility_need", "tracking_tolerance_bps"),
            _block(
                "Restrictions and tilts", "security_restrictions", "sector_tilts", "esg_screens",
                hint="Enter 0 where none are wanted.", row=True,
            ),
            _block(
                "What the account must be able to hold", "needs_options_overlay", "needs_alternatives",
                "needs_fixed_income_discretion",
            ),
            _block("Giving", "annual_gifting"),
        ),
    ),
)  # fmt: skip
"""The guiding questions in their order."""

TURN_BY_SLUG: dict[str, Section] = {turn.slug: turn for turn in TURNS}
