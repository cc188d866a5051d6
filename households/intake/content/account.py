"""Section 1: the account and its purpose."""

from households.intake.questions import Block, Question, Section

ACCOUNT = Section(
    slug="account",
    title="The account and its purpose",
    lead="How the account is held today, and what its money is meant to track.",
    blocks=(
        Block(
            "How it is held",
            (
                Question(
                    "registration",
                    "Registration",
                    "As it stands on the custodian's statement.",
                    "It decides how the account is taxed, and which programs accept it.",
                ),
                Question(
                    "custodian",
                    "Custodian",
                    "Where the assets are held now.",
                    "A program works at certain custodians only, and tax coordination stops where they end.",
                ),
                Question(
                    "platform",
                    "Overlay platform today",
                    "The platform whose overlay manager trades it today. Choose “On no overlay "
                    "platform” if none does.",
                    "Accounts already together on one platform can be coordinated without moving anything.",
                ),
            ),
            worked_out=("tax_status",),
        ),
        Block(
            "What it is for",
            (
                Question(
                    "strategy",
                    "Target exposure",
                    "The market the direct-indexed part is to track.",
                    "Programs offer certain exposures; accounts that buy the same market can spoil losses.",
                ),
            ),
        ),
        Block(
            "How it is invested today",
            (
                Question(
                    "current_structure",
                    "Invested through today",
                    "What a change would replace.",
                    "Staying as it is is always one of the alternatives that are compared.",
                ),
                Question(
                    "current_cost_bps",
                    "All-in cost today",
                    "A year, in basis points of the account: manager, platform and fund expenses, "
                    "without your own fee.",
                    "It is what staying as it is costs, and what a change has to beat.",
                    width="short",
                ),
                Question(
                    "exit_cost",
                    "Cost of leaving",
                    "Paid once: surrender, transfer and closing charges. Taxes are counted elsewhere.",
                    "A cheaper structure may not be worth a dear exit.",
                ),
            ),
        ),
    ),
)
