"""Whose taxable equity each account is: the accounts behind `taxable_equity_accounts`, one by one."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple
from uuid import UUID

import numpy as np

from households.facts.draft import KINDS, codes, floats
from households.facts.relations import holds_equity
from households.facts.taxes import taxable

_READ = ("tax_status", "strategy", "account_value", "cash_share", "stock_share", "fund_share")


class TaxMember(NamedTuple):
    """Whose taxable equity an account is.

    Attributes:
        unit: number of the tax unit among those given; None where it is in none that is known.
        outside: why not: `not_taxable`, `no_equities`, `no_return` (nobody has said which) or `unknown` (how
            it is taxed, or what it holds); empty for a member.
    """

    unit: int | None
    outside: str


def tax_members(facts: Mapping[str, Sequence[Any]], units: Sequence[UUID | None]) -> list[TaxMember]:
    """One entry an account, by the definitions of `docs/facts.md`.

    Args:
        facts: columns of `read_facts`.
        units: the accounts' tax units, in the same order.
    """
    columns = {name: codes(facts[name]) if KINDS[name] == "code" else floats(facts[name]) for name in _READ}
    named: dict[UUID | None, int] = {}
    numbers = [None if unit is None else named.setdefault(unit, len(named)) for unit in units]
    with np.errstate(invalid="ignore"):
        taxed, holds = taxable(columns), holds_equity(columns)
    return [_member(*row) for row in zip(numbers, taxed, holds, strict=True)]


def _member(unit: int | None, taxed: float, holds: float) -> TaxMember:
    if taxed == 0:
        return TaxMember(None, "not_taxable")
    if holds == 0:
        return TaxMember(None, "no_equities")
    if np.isnan(taxed) or np.isnan(holds):
        return TaxMember(None, "unknown")
    return TaxMember(None, "no_return") if unit is None else TaxMember(unit, "")
