"""Section 4: taxes."""

from households.intake.questions import Block, Question, Section

TAXES = Section(
    slug="taxes",
    title="Taxes",
    lead="On whose return gains land, at which rates, and how much the client minds.",
    blocks=(
        Block(
            "Whose return",
            (
                Question(
                    "tax_unit",
                    "Gains land on",
                    "A grantor trust files with its grantor.",
                    "Losses of one account offset gains of another on the same return, and on no other.",
                ),
            ),
        ),
        Block(
            "The return",
            (
                Question(
                    "short_term_rate",
                    "Rate on short-term gains",
                    "Marginal: federal and state, with the 3.8% net investment income tax only "
                    "where it applies.",
                    "It prices what harvested losses save.",
                    width="short",
                ),
                Question(
                    "long_term_rate",
                    "Rate on long-term gains",
                    "Marginal, in the same way.",
                    "Most of what is realized over the years is long-term.",
                    width="short",
                ),
                Question(
                    "gains_elsewhere",
                    "Gains from elsewhere",
                    "Expected each year outside the accounts recorded here: a business, real estate, "
                    "funds held away.",
                    "Harvested losses are worth something only against gains.",
                    per="a year",
                ),
                Question(
                    "short_term_gain_fraction",
                    "Short-term part of gains that losses could offset",
                    "Of holdings kept a year or less when they are sold.",
                    "A loss used against short-term gains saves more.",
                    width="short",
                ),
                Question(
                    "loss_carryforward",
                    "Loss carryforward",
                    "From Schedule D of the last return. Enter 0 if there is none.",
                    "It comes first: new losses wait behind it.",
                ),
            ),
            hint="These belong to the return: an answer counts for every account on it.",
            worked_out=("usable_gains",),
        ),
        Block(
            "What the client wants",
            (
                Question(
                    "tax_sensitivity",
                    "How much taxes matter to the client",
                    "",
                    "It weighs tax work against cost and simplicity.",
                ),
                Question(
                    "gain_budget",
                    "Gains the client accepts to realize",
                    "For the transition, each year. Enter 0 if none.",
                    "It sets the pace at which a concentrated or appreciated portfolio can be changed.",
                    per="a year",
                ),
            ),
        ),
        Block(
            "Horizon and estate",
            (
                Question(
                    "holding_horizon_years",
                    "Holding horizon",
                    "How long the portfolio is expected to be held.",
                    "Harvesting mostly defers tax: it needs time to pay.",
                    width="short",
                ),
                Question(
                    "step_up_expected",
                    "Is a step-up in basis expected?",
                    "The holdings are likely to pass at death within the horizon.",
                    "A step-up forgives the deferred tax: holding may be best.",
                ),
                Question(
                    "annual_gifting",
                    "Appreciated securities given away",
                    "To charity or family, each year. Enter 0 if none are.",
                    "Giving the most appreciated lots avoids their tax, whoever manages them.",
                    per="a year",
                ),
            ),
        ),
    ),
)
