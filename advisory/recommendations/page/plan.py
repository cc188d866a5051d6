"""The household plan as its panel shows it: worked out when it is looked at, recorded nowhere."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from advisory.recommendations.columns import FactRows, core_columns
from households.facts import fresh_facts, read_facts, tax_members
from households.foundation.errors import DomainError
from households.foundation.formats import decimal
from households.foundation.svg import Chart, Standing, standing_bars
from households.foundation.svg.plan import STAYS
from households.models import Account, Household
from implementation.rules.household.plan import Member, Placement, Plan, Worth, household_plan
from implementation.rules.shelf import Shelf
from implementation.selectors import policy_in_force, shelf_in_force

_OWN = {"SMA": "SMA", "UMA": "UMA", "EITHER": "Either", "NEITHER": "Neither", "INDETERMINATE": "Not known"}
_TODAY = {"sma": "SMA", "uma": "UMA", "": "Not known"}
_LITTLE = 0.05


def plan_context(household: Household, as_of: date) -> dict[str, Any]:
    """Everything the panel shows, or the problem that stands in its way; a fixed number of queries."""
    try:
        policy, shelf = policy_in_force(as_of), shelf_in_force(as_of)
    except DomainError as problem:
        return {"household": household, "problem": str(problem)}
    fresh_facts([household.pk], as_of=as_of)
    facts = FactRows.of(read := read_facts(household_ids=[household.pk]))
    found = household.accounts.filter(closed_on=None).in_bulk()
    accounts = [found[key] for key in facts.account_ids]
    members = tax_members(read, [account.tax_unit_id for account in accounts])
    plan = household_plan(
        core_columns(facts.facts),
        [Member(*member) for member in members],
        [account.name for account in accounts],
        shelf,
        policy,
        as_of,
    )
    placed = sum(placement.relation != "fixed" for placement in plan.placements)
    return {
        "household": household,
        "accounts": accounts,
        "plan": plan,
        "placed": placed,
        "lead": _lead(plan),
        "destinations": _destinations(plan, accounts, shelf),
        "uncovered": _uncovered(plan, accounts),
        "ways": _ways(plan),
        "chart": _chart(plan, facts.facts["current_structure"]) if placed else None,
        "credit": f"{policy.plan.coordination_points:g}",
        "rules": f"{policy.name} policy {policy.version} and {shelf.name} shelf {shelf.version}",
    }


def _lead(plan: Plan) -> str:
    """What the plan does, in a line: how many accounts go together, and how many not as on their own."""
    relations = [placement.relation for placement in plan.placements]
    together = sum(len(company.accounts) for company in plan.companies)
    differs, settled = relations.count("differs"), relations.count("settled")
    parts = []
    if together:
        parts.append(f"{_accounts(together)} go where one overlay coordinates them.")
    else:
        parts.append("No accounts are coordinated with each other.")
    if differs:
        parts.append(f"{_accounts(differs)} would go elsewhere alone.")
    if settled:
        parts.append(f"{_accounts(settled)} could go either way alone.")
    fixed = relations.count("fixed")
    if fixed:
        parts.append(f"{_accounts(fixed)} {'stays as it is' if fixed == 1 else 'stay as they are'}.")
    return " ".join(parts)


def _accounts(count: int) -> str:
    return f"{count} {'account' if count == 1 else 'accounts'}"


# --- which accounts go where -------------------------------------------------------------------------------


def _destinations(plan: Plan, accounts: Sequence[Account], shelf: Shelf) -> list[dict[str, Any]]:
    """Accounts by where they go: together first, then by value; those that stay as they are last."""
    groups: dict[tuple[int | None, int | None], list[dict[str, Any]]] = {}
    for placement, account in zip(plan.placements, accounts, strict=True):
        groups.setdefault((placement.company, placement.program), []).append(_row(placement, account))
    found = [_destination(shelf, company, program, rows) for (company, program), rows in groups.items()]
    return sorted(
        found, key=lambda entry: (not entry["structure"], not entry["together"], -(entry["value"] or 0))
    )


def _destination(
    shelf: Shelf, company: int | None, program: int | None, rows: list[dict[str, Any]]
) -> dict[str, Any]:
    chosen = None if program is None else shelf.programs[program]
    known = [row["placement"].value for row in rows if row["placement"].value is not None]
    return {
        "title": chosen.name if chosen else STAYS,
        "structure": chosen.structure if chosen else "",
        "together": company is not None,
        "rows": sorted(rows, key=lambda row: -(row["placement"].value or 0)),
        "value": sum(known) if known else None,
        "more": len(known) < len(rows),
    }


def _row(placement: Placement, account: Account) -> dict[str, Any]:
    return {
        "account": account,
        "placement": placement,
        "fit": _toward(placement),
        "missing": placement.own == "INDETERMINATE",
    }


def _toward(placement: Placement) -> str:
    """Own net fit by the structure it speaks for."""
    if placement.relation == "fixed":
        return ""
    if abs(placement.fit) < _LITTLE:
        return "Neither ahead"
    return f"{'SMA' if placement.fit > 0 else 'UMA'} by {decimal(abs(placement.fit))}"


def _uncovered(plan: Plan, accounts: Sequence[Account]) -> list[dict[str, Any]]:
    return [
        {"account": account, "text": coverage.text}
        for account, coverage in zip(accounts, plan.coverage, strict=True)
        if coverage.code != "covered"
    ]


# --- what it is worth --------------------------------------------------------------------------------------


def _ways(plan: Plan) -> list[dict[str, Any]]:
    """The plan beside what it is measured against."""
    named: list[tuple[str, Worth]] = [
        ("This plan", plan.plan),
        ("Each account by its own answer", plan.own),
        ("Staying as is", plan.today),
    ]
    return [{"name": name, "worth": worth} for name, worth in named]


def _chart(plan: Plan, structures: Sequence[str | None]) -> Chart:
    known = [(p, structure) for p, structure in zip(plan.placements, structures, strict=True) if p.value]
    placed = [(p.structure or STAYS, p.value or 0) for p, _ in known]
    own = [(_OWN[p.own], p.value or 0) for p, _ in known]
    today = [(_TODAY.get(structure or "", "In no structure"), p.value or 0) for p, structure in known]
    return standing_bars(
        [
            Standing("Today", _summed(today), plan.today.coordinated),
            Standing("Each by its own answer", _summed(own), plan.own.coordinated),
            Standing("By the plan", _summed(placed), plan.plan.coordinated),
        ],
        title="Where the money is",
        left_out=sum(placement.value is None for placement in plan.placements),
    )


def _summed(parts: Sequence[tuple[str, float]]) -> Mapping[str, float]:
    sums: dict[str, float] = {}
    for label, amount in parts:
        sums[label] = sums.get(label, 0.0) + amount
    return sums
