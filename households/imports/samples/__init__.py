"""Files to try the import with, good ones and broken ones. Written for this product; no client's data."""

from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Sample:
    """A sample file: its name, what it shows, and whether it is meant to be refused."""

    name: str
    shows: str
    broken: bool = False

    @property
    def path(self) -> Path:
        """Where the file lies."""
        return FOLDER / self.name


SAMPLES = {
    sample.name: sample
    for sample in (
        Sample("schwab-positions.csv", "Schwab positions of one account, newer layout"),
        Sample("schwab-lots-NVDA.csv", "The lots of one of its positions"),
        Sample("schwab-all-accounts.csv", "Schwab positions of three accounts in one file"),
        Sample("template-with-lots.csv", "The template, filled in: positions and lots"),
        Sample("acme-trust-2026-10-30.csv", "A custodian nobody knows: you say what its columns are"),
        Sample(
            "broken-total.csv", "Lots that do not add up to their own total line: warned about", broken=True
        ),
        Sample("broken-amount.csv", 'An amount written as "1,234.50-": that row is rejected', broken=True),
        Sample("broken-share.csv", "A share of the account above 1: that row is rejected", broken=True),
        Sample("broken-columns.csv", "The column Market Value is missing: refused", broken=True),
        Sample("broken-picture.csv", "A picture named .csv: refused", broken=True),
        Sample("broken-empty.csv", "An empty file: refused", broken=True),
    )
}
