"""Whose account a section of a file is: one name for it across files, and the household account it means."""

from collections.abc import Iterable, Sequence

from households.imports.formats.parsed import AccountSection, ParsedFile
from households.models import Account

SKIP = "skip"
"""The account of the file is left out on purpose."""
UNDECIDED = ""
LEAST_DIGITS = 3
"""Fewer of a number do not tell accounts apart."""


def same_ending(one: str, other: str) -> bool:
    """Whether two masked numbers may be the same: the shorter, of three or more digits, ends the longer."""
    one, other = one.lower(), other.lower()
    return min(len(one), len(other)) >= LEAST_DIGITS and (one.endswith(other) or other.endswith(one))


def unify_labels(files: Iterable[ParsedFile]) -> None:
    """Give sections of one account the same label across files.

    A lot file names its account ``XXXX-4321`` where the positions file says ``Intelligent XXXX-4321``. They
    are joined where exactly one positions section has that ending; otherwise somebody has to say.
    """
    sections = [section for file in files for section in file.accounts]
    holders = {section.label: section.ending for section in sections if section.holds_positions}
    for section in sections:
        if section.label in holders:
            continue
        found = [label for label, ending in holders.items() if same_ending(section.ending, ending)]
        if len(found) == 1:
            section.label = found[0]


def match_accounts(sections: Iterable[AccountSection], accounts: Sequence[Account]) -> dict[str, str]:
    """The account id for each label, or :data:`UNDECIDED` where none or more than one fits.

    An account fits by its external reference, or by the last digits of its number.
    """
    endings: dict[str, set[str]] = {}
    references: dict[str, set[str]] = {}
    for section in sections:
        endings.setdefault(section.label, set()).add(section.ending)
        references.setdefault(section.label, set()).add(section.reference.strip().lower())
    chosen = {label: _fitting(references[label], endings[label], accounts) for label in endings}
    # Two labels may not mean one account: where they seem to, somebody has to say which.
    doubled = {account for account in chosen.values() if list(chosen.values()).count(account) > 1}
    return {label: UNDECIDED if account in doubled else account for label, account in chosen.items()}


def _fitting(references: set[str], endings: set[str], accounts: Sequence[Account]) -> str:
    by_reference = [a for a in accounts if a.external_id and a.external_id.strip().lower() in references]
    if len(by_reference) == 1:
        return str(by_reference[0].pk)
    by_number = [a for a in accounts if any(same_ending(ending, a.number_ending) for ending in endings)]
    return str(by_number[0].pk) if len(by_number) == 1 else UNDECIDED
