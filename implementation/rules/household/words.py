"""The household plan in words: why an account goes where it goes, and what no overlay covers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from implementation.rules.engine import OUTCOMES
from implementation.rules.household.assignment import UNKNOWN_COST, Assignment, Choice
from implementation.rules.household.choices import HUNDREDTHS, Terms, coordinates, covers
from implementation.rules.wording import plain, words

_OTHER = {"SMA": "UMA", "UMA": "SMA"}
_FIXED = {
    "need": "Nothing here asks for direct indexing, so it stays as it is.",
    "ineligible": "No program of the shelf is open to it, so it stays as it is.",
    "missing_facts": "Facts are missing, so its own answer is open and it stays as it is.",
    "value": "Its value is not known, so it stays as it is.",
    "nothing_in_it": "There is nothing in it to place.",
    "which_program": "Which of the programs is open to it is not known, so it stays as it is.",
}
_OUTSIDE = {
    "not_taxable": "Gains here are not taxed, so there is nothing to coordinate; a purchase here can still "
    "disallow a loss elsewhere.",
    "no_equities": "It holds no equities.",
    "no_return": "Its tax return is not known.",
    "unknown": "How it is taxed, or what it holds, is not known.",
}
ALONE, NOT_WORTH_IT, COVERED = "alone", "not_worth_it", "covered"


def listed(names: Sequence[str]) -> str:
    """`A`, `A and B`, `A, B and C`."""
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)


def points(hundredths: int) -> str:
    """`1 point`, `12.5 points`, without a sign; to tenths unless that leaves nothing."""
    amount = abs(hundredths) / HUNDREDTHS
    amount = round(amount, 1) or amount
    return f"{plain(amount)} {'point' if amount == 1 else 'points'}"


def method(found: Assignment) -> str:
    """How the plan was found."""
    if found.exact:
        return (
            "Exact: every assignment of these accounts to the programs open to them was weighed, and no "
            "other is worth more."
        )
    return (
        f"There are too many platforms to weigh every assignment: the {found.groups_left_out} that the least "
        "credit could be earned on were left out, so a plan that uses them might be worth more."
    )


# --- why an account goes where it goes ---------------------------------------------------------------------


def why(terms: Terms, row: int, chosen: Mapping[int, Choice], company: Sequence[str]) -> tuple[str, str]:
    """How the account's place relates to its own answer (`Placement.relation`), and why it goes there.

    Args:
        chosen: the choice of every placed account.
        company: names of the accounts it is coordinated with.
    """
    if terms.fixed[row]:
        return "fixed", _FIXED[terms.fixed[row]]
    own = OUTCOMES[int(terms.found.outcome[row])]
    structure = terms.structure_of(chosen[row])
    if own == "EITHER":
        return "settled", f"Either structure fits it. {_because(terms, row, chosen, company)}"
    if own == structure:
        return "same", _because(terms, row, chosen, company)
    return "differs", _despite(terms, row, chosen, company, own)


def _because(terms: Terms, row: int, chosen: Mapping[int, Choice], company: Sequence[str]) -> str:
    """Why this structure, whatever the account's own answer is."""
    structure, fit = terms.structure_of(chosen[row]), _toward(terms, row, chosen)
    with_others = f" Together with {listed(company)} on one platform" if company else ""
    added = f"{with_others}, coordination adds {points(terms.credit)}." if company else ""
    if {terms.structure_of(choice) for choice in terms.choices[row]} == {structure}:
        return f"Only the {structure} is open to it.{added}"
    if fit > 0:
        return f"Other accounts left aside, the {structure} fits by {points(fit)}.{added}"
    if fit == 0:
        if company:
            return f"Other accounts left aside neither is ahead.{with_others}, coordination decides."
        return f"Other accounts left aside neither is ahead; {_tie(terms, row, chosen[row])}."
    return _outweighed(terms, fit, structure, company)


def _tie(terms: Terms, row: int, choice: Choice) -> str:
    """What decides where neither structure is ahead."""
    structure = terms.structure_of(choice)
    if choice.kept:
        return "it keeps the structure it has"
    others = {other.cost for other in terms.choices[row] if terms.structure_of(other) != structure}
    if choice.cost != UNKNOWN_COST and choice.cost not in others:
        if UNKNOWN_COST in others:
            return f"of the prices that are known the {structure}'s is the lowest"
        return f"the {structure} costs less"
    return f"the {structure} comes first on the shelf"


def _despite(terms: Terms, row: int, chosen: Mapping[int, Choice], company: Sequence[str], own: str) -> str:
    """Why another structure than the account's own answer."""
    structure, fit = terms.structure_of(chosen[row]), _toward(terms, row, chosen)
    if fit < 0:
        return _outweighed(terms, fit, structure, company)
    aside = f"Its own answer, the {own}, counts the accounts around it. "
    if own == "UMA" and not company:
        joins = (
            "coordination with others would be worth less"
            if _could_join(terms, row)
            else ("no second account can join it where an overlay reaches both")
        )
        return f"{aside}{_because(terms, row, chosen, company)[:-1]}, and {joins}."
    return aside + _because(terms, row, chosen, company)


def _outweighed(terms: Terms, fit: int, structure: str, company: Sequence[str]) -> str:
    """The other structure fits better, but coordination is worth more: to this account, or to the others."""
    other = f"On its own the {_OTHER[structure]} fits by {points(fit)}"
    if terms.credit > 2 * -fit:
        return f"{other}; together with {listed(company)} on one platform, coordination is worth more."
    left = "stand alone" if len(company) == 1 else "be coordinated with fewer or none"
    return (
        f"{other}, more than coordination is worth to it; but without it {listed(company)} would {left}, "
        "and over the household that weighs more."
    )


def _toward(terms: Terms, row: int, chosen: Mapping[int, Choice]) -> int:
    """Own net fit toward the structure that was chosen, in hundredths of a point."""
    fit = terms.fit(row)
    return fit if terms.structure_of(chosen[row]) == "SMA" else -fit


def _could_join(terms: Terms, row: int) -> bool:
    """Whether another placed account could be coordinated with this one."""
    groups = {choice.group for choice in terms.choices[row] if choice.group}
    return any(
        choice.group in groups for other in terms.planned if other != row for choice in terms.choices[other]
    )


# --- what no overlay covers --------------------------------------------------------------------------------


def coverage(terms: Terms, row: int, company: Sequence[str]) -> tuple[str, str]:
    """Whether an overlay coordinates the account in this plan, or why not: `Coverage.code` and its text.

    Args:
        company: names of the accounts it is coordinated with.
    """
    if company:
        return COVERED, f"Coordinated with {listed(company)}."
    member = terms.members[row]
    if member.unit is None:
        return member.outside, _OUTSIDE[member.outside]
    return _not_covered(terms, row)


def _not_covered(terms: Terms, row: int) -> tuple[str, str]:
    custodian, structure = terms.custodian[row], terms.structure[row]
    if structure == "held_away":
        return "held_away", "It is held away: no overlay can act on it until it moves."
    if custodian is None or structure is None:
        return "unknown", "Where and how it is held is not known."
    uma = [program for program in terms.shelf.programs if program.structure == "UMA"]
    reaching = [program for program in uma if coordinates(program)]
    if not reaching and any("overlay_scope" in program.unknowns for program in uma):
        return "unknown_scope", "The shelf does not say how far overlays reach."
    if not reaching:
        return "no_scope", "No overlay of the shelf acts over accounts."
    if not any(covers(program, custodian) for program in reaching):
        held = words("code", custodian)
        return "custodian", f"No overlay that acts over accounts covers its custodian ({held})."
    if terms.fixed[row]:
        return "fixed", "It stays as it is in this plan."
    if not any(coordinates(terms.shelf.programs[choice.program]) for choice in terms.choices[row]):
        return "not_open", "The programs whose overlay would reach it are not open to it."
    if _could_join(terms, row):
        return NOT_WORTH_IT, "An overlay could coordinate it, but here its own fit is worth more."
    return ALONE, "No second account of its return can join it where an overlay reaches both."


# --- what must be said beside it ---------------------------------------------------------------------------


def notes(terms: Terms, stands: bool) -> tuple[str, ...]:
    """What is not available, not watched and not known."""
    found = []
    if _custodians_apart(terms):
        found.append(
            "Coordination across custodians is not available to either structure. Accounts of one return at "
            "different custodians count as together only where they are on one platform today."
        )
    if len(terms.fixed) > 1:
        found.append(
            "Nothing here watches for wash sales. An overlay sees only the accounts it coordinates; "
            "purchases in all others are yours to watch."
        )
    if any(terms.low[row] != terms.high[row] for row in terms.planned):
        so = (
            "The plan stands whatever they turn out to be; its points are the middle of what is possible."
            if stands
            else "They could change this plan."
        )
        found.append(f"Some facts are not known. {so}")
    if any(terms.doubtful[row] for row in terms.planned):
        found.append("Programs whose tests cannot be told for an account are left out for it.")
    return tuple(found)


def _custodians_apart(terms: Terms) -> bool:
    """Whether a tax unit has taxable equity accounts at several custodians."""
    units: dict[int, set[str | None]] = {}
    for member, custodian, structure in zip(terms.members, terms.custodian, terms.structure, strict=True):
        if member.unit is not None and structure != "held_away":
            units.setdefault(member.unit, set()).add(custodian)
    return any(len(custodians) > 1 for custodians in units.values())
