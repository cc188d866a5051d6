"""The household plan: which program each account takes when the household is looked at as a whole.

What is maximized is the sum over the accounts of value x (own net fit in an SMA, minus it in a UMA), plus the
policy's coordination credit, value x points, for taxable equity accounts of one tax unit that are together on
one platform whose overlay reaches them, two or more. Own net fit leaves out the rules about other accounts,
which would count the same thing twice. Ties keep the structure of today, then cost less. The plan is exact
for any number of accounts as long as few platforms matter (12 accounts on nine of them); beyond that the
platforms on which the most credit could be earned are tried, and it says so. See `assignment` for how.

Accounts that are not warranted, not eligible or not determined stay as they are and are nobody's company.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from implementation.rules.engine import OUTCOMES
from implementation.rules.facts import Columns
from implementation.rules.household import words as say
from implementation.rules.household.assignment import UNKNOWN_COST, Choice, assign, points_of, together
from implementation.rules.household.choices import (
    HUNDREDTHS,
    Group,
    Member,
    Terms,
    group_of,
    is_on,
    terms_of,
)
from implementation.rules.household.result import Company, Coverage, Placement, Plan, Worth
from implementation.rules.policy import Policy
from implementation.rules.programs import STRUCTURES
from implementation.rules.shelf import Shelf

__all__ = ["Company", "Coverage", "Member", "Placement", "Plan", "Worth", "household_plan"]

_CENTS = 100


def household_plan(
    columns: Columns,
    members: Sequence[Member],
    names: Sequence[str],
    shelf: Shelf,
    policy: Policy,
    as_of: date,
) -> Plan:
    """The plan for the accounts of one household.

    Args:
        columns: the accounts' facts, as for `engine.evaluate`.
        members: whose taxable equity each account is.
        names: what to call the accounts in texts.
        shelf, policy, as_of: as for `engine.evaluate`.

    Raises:
        ValueError: columns, members and names differ in length.
    """
    if {len(members), len(names)} != {len(columns["account_value"])}:
        raise ValueError("columns, members and names differ in length")
    terms = terms_of(columns, members, shelf, policy, as_of)
    rows = terms.planned
    found = assign([terms.choices[row] for row in rows])
    chosen = {row: terms.choices[row][index] for row, index in zip(rows, found.chosen, strict=True)}
    companies = _companies(chosen)
    stands = _stands(terms, chosen)
    placements, coverage = [], []
    for row in range(len(names)):
        at = next((at for at, company in enumerate(companies) if row in company.accounts), None)
        with_whom = [] if at is None else [names[other] for other in companies[at].accounts if other != row]
        placements.append(_placement(terms, row, chosen, names[row], at, with_whom))
        coverage.append(Coverage(*say.coverage(terms, row, with_whom)))
    return Plan(
        placements=tuple(placements),
        companies=companies,
        coverage=tuple(coverage),
        plan=_worth(terms, chosen),
        own=_worth(terms, {row: _own_choice(terms, row) for row in rows}),
        today=_worth_today(terms),
        provisional=any(terms.low[row] != terms.high[row] for row in rows),
        stands=stands,
        exact=found.exact,
        method=say.method(found),
        notes=say.notes(terms, stands),
    )


def _companies(chosen: Mapping[int, Choice]) -> tuple[Company, ...]:
    """The groups that two or more accounts take, in the order of their first accounts."""
    groups: dict[Group, list[int]] = {}
    joined = together(list(chosen.values()))
    for row in sorted(chosen):
        if chosen[row].group in joined:
            groups.setdefault(chosen[row].group, []).append(row)
    return tuple(Company(platform, int(unit), tuple(rows)) for (unit, platform, _), rows in groups.items())


def _placement(
    terms: Terms,
    row: int,
    chosen: Mapping[int, Choice],
    name: str,
    company: int | None,
    with_whom: Sequence[str],
) -> Placement:
    choice, value = chosen.get(row), terms.value[row]
    relation, why = say.why(terms, row, chosen, with_whom)
    return Placement(
        name=name,
        value=None if value is None else value / _CENTS,
        own=OUTCOMES[int(terms.found.outcome[row])],
        program=choice.program if choice else None,
        structure=terms.structure_of(choice) if choice else "",
        fit=terms.fit(row) / HUNDREDTHS,
        credit=0.0 if company is None else terms.credit / HUNDREDTHS,
        company=company,
        relation=relation,
        why=why,
        dollars=_dollars([choice.cost if choice else terms.cost_today[row]]),
        dollars_today=_dollars([terms.cost_today[row]]),
    )


# --- what the plan is measured against ---------------------------------------------------------------------


def _worth(terms: Terms, chosen: Mapping[int, Choice]) -> Worth:
    cost = _dollars([choice.cost for choice in chosen.values()])
    return Worth(_average(terms, points_of(list(chosen.values()))), cost, _coordinated(terms, chosen))


def _coordinated(terms: Terms, chosen: Mapping[int, Choice]) -> float:
    joined = together(list(chosen.values()))
    return sum(terms.value[row] or 0 for row, choice in chosen.items() if choice.group in joined) / _CENTS


def _average(terms: Terms, worth: int) -> float:
    value = sum(terms.value[row] or 0 for row in terms.planned)
    return worth / value / HUNDREDTHS if value else 0.0


def _dollars(cents: Sequence[int]) -> float | None:
    return None if UNKNOWN_COST in cents else sum(cents) / _CENTS


def _own_choice(terms: Terms, row: int) -> Choice:
    """The program of the account's own answer; where either fits, of the structure it leans to."""
    structure = OUTCOMES[int(terms.found.outcome[row])]
    if structure not in STRUCTURES:
        structure = _leaning(terms, row)
    index = int(terms.found.program[structure][row])
    own = [choice for choice in terms.choices[row] if terms.structure_of(choice) == structure]
    return next((choice for choice in own if choice.program == index), (own or terms.choices[row])[0])


def _leaning(terms: Terms, row: int) -> str:
    """The structure that either-fits leans to; with no lean the one it has, else the cheaper."""
    lean = float(terms.found.low[row] + terms.found.high[row])
    if lean:
        return "SMA" if lean > 0 else "UMA"
    now = (terms.structure[row] or "").upper()
    if now in STRUCTURES:
        return now
    cheapest = min(terms.choices[row], key=lambda choice: (choice.cost == UNKNOWN_COST, choice.cost))
    return terms.structure_of(cheapest)


def _worth_today(terms: Terms) -> Worth:
    """What staying as is is worth: fit where an account is in a structure, credit where it has company."""
    stays = {row: _choice_today(terms, row) for row in terms.planned}
    cost = _dollars([terms.cost_today[row] for row in stays])
    if any(terms.structure[row] is None for row in stays):
        return Worth(None, cost, None)
    return Worth(_average(terms, points_of(list(stays.values()))), cost, _coordinated(terms, stays))


def _choice_today(terms: Terms, row: int) -> Choice:
    value, structure = terms.value[row] or 0, terms.structure[row]
    worth = {"sma": value * terms.fit(row), "uma": -value * terms.fit(row)}.get(structure or "", 0)
    group: Group = ()
    if structure == "uma":
        here = [program for program in terms.shelf.programs if is_on(program, terms.platform[row])]
        group = next((found for program in here if (found := group_of(terms, row, program))), ())
    return Choice(0, worth, group=group, credit=value * terms.credit)


def _stands(terms: Terms, chosen: Mapping[int, Choice]) -> bool:
    """Whether no completion of what is unknown makes another plan worth more.

    The fit that speaks most against the plan is that of each account against its structure: whatever another
    plan gains over this one, it gains most there.
    """
    if all(terms.low[row] == terms.high[row] for row in chosen):
        return True
    against = {
        row: terms.choices_at(row, terms.low[row] if terms.structure_of(choice) == "SMA" else terms.high[row])
        for row, choice in chosen.items()
    }
    best = assign(list(against.values()))
    others = [choices[index] for choices, index in zip(against.values(), best.chosen, strict=True)]
    same = [
        next(other for other in against[row] if other.program == choice.program)
        for row, choice in chosen.items()
    ]
    return points_of(others) <= points_of(same)
