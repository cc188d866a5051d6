"""How many rows of an import are stored, how many are left out, how many are realized gains."""

from dataclasses import dataclass

from households.imports.mapping import SKIP
from households.models import Import


@dataclass(frozen=True, slots=True)
class Counts:
    """Rows that were taken, each in one of three.

    Attributes:
        stored: positions and lots that a commit stores, or stored.
        realized: realized gains; they are kept with the import and change no holding.
        left_out: rows of any kind whose account is left out.
        accounts_left_out: the names of those accounts in the files.
    """

    stored: int
    realized: int
    left_out: int
    accounts_left_out: list[str]

    @property
    def kept(self) -> int:
        """Rows that are not left out."""
        return self.stored + self.realized


def counts_of(import_: Import) -> Counts:
    """Count the rows that were taken; two queries."""
    skipped = labels_left_out(import_)
    rows = import_.rows.filter(taken=True)
    out = rows.filter(label__in=skipped).count()
    realized = _realized(import_, skipped)
    return Counts(rows.count() - out, realized[False], out + realized[True], skipped)


def labels_left_out(import_: Import) -> list[str]:
    """The files' names of the accounts that somebody left out."""
    return [label for label, account in import_.account_map.items() if account == SKIP]


def only_realized(import_: Import) -> bool:
    """Whether the files hold realized gains and nothing else."""
    sections = [account for file in import_.files for account in file["accounts"]]
    listing = any(section["holds_positions"] or section["lots"] for section in sections)
    return not listing and not import_.rejected and sum(_realized(import_, []).values()) > 0


def _realized(import_: Import, skipped: list[str]) -> dict[bool, int]:
    """Rows of realized gains; True: of accounts that are left out."""
    found = {False: 0, True: 0}
    for file in import_.files:
        for account in file["accounts"]:
            found[account["label"] in skipped] += account.get("realized", {}).get("rows", 0)
    return found
