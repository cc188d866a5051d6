"""Imports as lists and notices name them: by their files and their accounts."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from households.imports.counting import only_realized
from households.imports.mapping import SKIP, UNDECIDED
from households.models import Account, Import

_NAMED = 3


@dataclass(frozen=True, slots=True)
class ListedImport:
    """An import, the names of its files, and of the accounts it is for as far as that is decided."""

    source: Import
    files: list[str]
    accounts: list[str]

    @property
    def file_names(self) -> str:
        """``positions.csv, lots.csv``; of many the first few."""
        return _several(self.files)

    @property
    def account_names(self) -> str:
        """``Joint brokerage, IRA``; of many the first few, empty where none is decided."""
        return _several(self.accounts)

    @property
    def only_realized(self) -> bool:
        """Whether it brought realized gains and nothing else."""
        return only_realized(self.source)


def _several(names: Sequence[str]) -> str:
    more = len(names) - _NAMED
    return ", ".join(names[:_NAMED]) + (f" and {more} more" if more > 0 else "")


def account_ids(import_: Import) -> list[str]:
    """The accounts that an import is for, in the order of the files' labels."""
    return list(dict.fromkeys(key for key in import_.account_map.values() if key not in (UNDECIDED, SKIP)))


def listed(imports: Iterable[Import]) -> list[ListedImport]:
    """Imports with their names, in the order given: one query more, whatever their number."""
    found: Sequence[Import] = list(imports)
    wanted = {key for import_ in found for key in account_ids(import_)}
    households = {import_.household_id for import_ in found}
    accounts = Account.objects.filter(pk__in=wanted, household__in=households)
    names = {str(pk): name for pk, name in accounts.values_list("pk", "name")}
    return [
        ListedImport(
            import_,
            [file["name"] for file in import_.files],
            [names[key] for key in account_ids(import_) if key in names],
        )
        for import_ in found
    ]
