"""What about an import should make one think: another number, custodian or value, answers newer than it."""

from collections.abc import Collection, Iterator, Mapping
from datetime import date
from typing import Any

from households.foundation.formats import day, money, percent
from households.imports.formats import (
    fidelity_positions,
    ibkr_flex,
    schwab_lots,
    schwab_positions,
    schwab_realized,
    vanguard_holdings,
)
from households.imports.mapping import LEAST_DIGITS, same_ending
from households.imports.plans import Plan
from households.intake.codes import code_word
from households.intake.sections import LABELS
from households.intake.state import HELD
from households.models import Intake
from households.quality import is_apart

_CUSTODIANS: Mapping[str, str] = {
    schwab_positions.CODE: "schwab",
    schwab_lots.CODE: "schwab",
    schwab_realized.CODE: "schwab",
    fidelity_positions.CODE: "fidelity",
    vanguard_holdings.CODE: "vanguard",
    ibkr_flex.CODE: "interactive_brokers",
}
"""Whose files a format is; formats of any custodian are not among them."""
_NAMED = 5


def doubts(
    plan: Plan,
    formats: Collection[str],
    endings: Collection[str],
    intake: Intake | None,
    users: Mapping[str, str],
) -> list[str]:
    """What to think over before the plan is carried out, in words.

    Args:
        formats: the formats of the files that the account's rows are in.
        endings: the last digits under which the files name the account.
        users: id -> name, of those who answered the intake.
    """
    return [
        *_other_number(plan, endings),
        *_other_custodian(plan, formats),
        *(_other_value(plan, intake, users) if intake and plan.replaces_all else ()),
        *(_newer_answers(plan, intake) if intake and plan.replaces_all else ()),
    ]


def _other_number(plan: Plan, endings: Collection[str]) -> Iterator[str]:
    here = plan.account.number_ending
    told = {ending for ending in endings if len(ending) >= LEAST_DIGITS and not same_ending(ending, here)}
    found = sorted(told)
    if len(here) >= LEAST_DIGITS and found:
        yield (
            f"The number of {plan.account.name} ends in {here}; these files are of the account ending in "
            f"{' and '.join(found)}. Check that this is the right account."
        )


def _other_custodian(plan: Plan, formats: Collection[str]) -> Iterator[str]:
    here = plan.account.custodian
    found = sorted({_CUSTODIANS[code] for code in formats if code in _CUSTODIANS} - {here})
    if here and found:
        named = " and ".join(code_word("custodian", code) or code for code in found)
        yield (
            f"{plan.account.name} is said to be held at {code_word('custodian', here) or here}; these files "
            f"are from {named}. Check that this is the right account."
        )


def _other_value(plan: Plan, intake: Intake, users: Mapping[str, str]) -> Iterator[str]:
    stated, coming = intake.account_value, plan.value_after
    if not is_apart("account_value", stated, coming):
        return
    told = _told(intake.provenance.get("account_value") or {}, users)
    far = percent(abs(coming - stated) / stated, 0) if stated else ""
    apart = f", {far} {'less' if coming < stated else 'more'}" if far else ""
    yield (
        f"The intake states an account value of {money(stated, 2)}{told}; with these files it would be "
        f"{money(coming, 2)}{apart}. Holdings count before what is stated."
    )


def _told(entry: Mapping[str, Any], users: Mapping[str, str]) -> str:
    """Who stated something and when: `` (Ann Advisor, Nov 22, 2026)``; empty where nobody knows."""
    said = _day(entry)
    words = [users.get(str(entry.get("by") or ""), ""), day(said) if said else ""]
    known = ", ".join(word for word in words if word)
    return f" ({known})" if known else ""


def _newer_answers(plan: Plan, intake: Intake) -> Iterator[str]:
    newer = {
        name: said
        for name, entry in intake.provenance.items()
        if name in HELD and (said := _day(entry)) is not None and said > plan.as_of
    }
    if newer:
        names = [LABELS[name].lower() for name in LABELS if name in newer]
        if len(names) > _NAMED:
            names[_NAMED:] = [f"{len(names) - _NAMED} more"]
        yield (
            f"These files are of {day(plan.as_of)}, and older than answers that the holdings would override: "
            f"{', '.join(names)} (stated up to {day(max(newer.values()))})."
        )


def _day(entry: Mapping[str, Any]) -> date | None:
    try:
        return date.fromisoformat(str(entry.get("date") or "")[:10])
    except ValueError:
        return None
