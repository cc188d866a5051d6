"""Section 3: holdings, gains and lots."""

from households.intake.questions import Block, Question, Section

HOLDINGS = Section(
    slug="holdings",
    title="Holdings, gains and lots",
    lead="How concentrated it is, what must stay, and what selling would realize.",
    blocks=(
        Block(
            "Concentration",
            (
                Question(
                    "largest_position_share",
                    "Largest single issuer",
                    "The biggest stock or bond issuer, of the account's value. Funds do not count.",
                    "Selling down a concentration is the best reason for a manager of this one account.",
                    width="short",
                ),
                Question(
                    "saleable_largest_share",
                    "Part of the largest issuer to be sold down",
                    "What is neither restricted nor to be kept, of the account's value.",
                    "Stock that stays is excluded in either structure; only what is to be sold makes work.",
                    width="short",
                ),
            ),
        ),
        Block(
            "What must stay",
            (
                Question(
                    "restricted_share",
                    "Holdings that must not be sold",
                    "Insider holdings, restricted or pledged stock, of the account's value. Enter 0 "
                    "if there is none.",
                    "Restricted stock calls for its own rules of trading, and some programs do not count it.",
                    width="short",
                ),
                Question(
                    "restriction_reason",
                    "Why they must not be sold",
                    "The main reason, if there are several.",
                    "Insiders and Rule 144 holders need clearance before anything related is traded.",
                ),
                Question(
                    "legacy_retention_share",
                    "Holdings the client wants to keep",
                    "Legacy holdings the client wants to keep, of the account's value. Enter 0 if "
                    "there are none.",
                    "Not every program builds a portfolio around holdings that stay.",
                    width="short",
                ),
            ),
        ),
        Block(
            "Unrealized gains",
            (
                Question(
                    "unrealized_gain_share",
                    "Net unrealized gain of everything",
                    "Gains less losses, of the account's value. A net loss is negative.",
                    "It measures how taxing a change of the portfolio would be.",
                    width="short",
                ),
                Question(
                    "stock_gain_share",
                    "Net unrealized gain of individual stocks",
                    "Of the account's value, like the one above.",
                    "Appreciated stocks can be kept and worked down; appreciated funds can only be sold.",
                    width="short",
                ),
                Question(
                    "unrealized_gain",
                    "Unrealized gains, gross",
                    "The sum over the lots that have a gain.",
                    "Harvested losses can offset what is realized of them.",
                ),
                Question(
                    "short_term_gain",
                    "Short-term part of the unrealized gains",
                    "Held one year or less.",
                    "Short-term gains are taxed at the higher rate, and turn long-term by waiting.",
                ),
                Question(
                    "unrealized_loss",
                    "Unrealized losses, gross",
                    "The sum over the lots that have a loss, as a positive number.",
                    "They can be harvested at once, in either structure or without any.",
                ),
            ),
        ),
        Block(
            "Tax lots",
            (
                Question(
                    "lot_count",
                    "Number of tax lots",
                    "All purchases still held.",
                    "Many old lots make a transition longer and more careful.",
                    width="short",
                ),
                Question(
                    "lots_known_share",
                    "Value whose tax lots are known",
                    "Of the account's value. Cash needs no lots.",
                    "Without dates and cost, nothing can be harvested, and some programs do not take "
                    "the account.",
                    width="short",
                ),
            ),
        ),
    ),
)
