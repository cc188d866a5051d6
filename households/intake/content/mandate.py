"""Section 5: customization and mandate."""

from households.intake.questions import Block, Question, Section

MANDATE = Section(
    slug="mandate",
    title="Customization and mandate",
    lead="What has to be different from the index, and how the account is to be run.",
    blocks=(
        Block(
            "Restrictions and tilts",
            (
                Question(
                    "security_restrictions",
                    "Securities to exclude",
                    "Single names the client does not want to hold.",
                    "A few are ordinary in both structures; a long list is not.",
                    width="short",
                ),
                Question(
                    "sector_tilts",
                    "Sector or factor tilts",
                    "How many are wanted.",
                    "Each tilt is a wish the manager has to build into this one portfolio.",
                    width="short",
                ),
                Question(
                    "esg_screens",
                    "Values-based screens",
                    "Environmental, social, governance or religious.",
                    "Screens that hold for every sleeve are easier to run at account level.",
                    width="short",
                ),
            ),
            hint="Enter 0 where none are wanted.",
            row=True,
        ),
        Block(
            "What the account must be able to hold",
            (
                Question(
                    "needs_options_overlay",
                    "Is an options overlay needed?",
                    "Such as covered calls or a collar on a concentrated holding.",
                    "Not every program allows options.",
                ),
                Question(
                    "needs_alternatives",
                    "Are alternatives needed in the same account?",
                    "Private funds, interval funds and the like.",
                    "Few programs hold them beside a direct index.",
                ),
                Question(
                    "needs_fixed_income_discretion",
                    "Does a bond manager need discretion in the same account?",
                    "",
                    "Bonds are traded by the manager, not by model.",
                ),
            ),
        ),
        Block(
            "How it is to be run",
            (
                Question(
                    "tracking_tolerance_bps",
                    "Tracking difference the client accepts",
                    "A year, against the index. 100 to 200 is usual for active harvesting.",
                    "More tolerance leaves more room for harvesting and for holdings that stay.",
                    width="short",
                ),
                Question(
                    "flexibility_need",
                    "Flexibility needed",
                    "How often wishes change, and how much has to be done by hand.",
                    "A manager of one account can react to one account.",
                ),
                Question(
                    "standalone_mandate",
                    "Is it to be managed apart from the rest, by intent?",
                    "",
                    "What is meant to stand alone gains nothing from coordination.",
                ),
                Question(
                    "client_requests_direct_indexing",
                    "Did the client ask for direct indexing?",
                    "",
                    "A request is a reason of its own, and is recorded as one.",
                ),
            ),
        ),
    ),
)
