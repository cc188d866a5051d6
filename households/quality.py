"""The state of the book's data: what is missing, old or contradictory, as conditions on accounts."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet
from django.utils import timezone

from households.facts.consistency import DROPPABLE
from households.facts.holdings import FUNDING_SHARES
from households.facts.parties import OWN_TAXPAYERS
from households.intake.aging import AnyLastYears
from households.models import Account, Intake, Position, User
from households.securities.selectors import open_questions

HOLDINGS_DAYS = 35
"""Holdings are imported monthly at least; a few days for the statement to come. A matter of display alone."""
APART = 0.1
"""Part by which what was stated and what is held may differ before somebody should look."""

COMPARED = ("account_value", *FUNDING_SHARES, "largest_position_share")
"""Facts of which what is stated and what is held are set beside each other."""
_ROUNDING = 1e-6

MISSING, OLD, CONTRADICTORY = "missing", "old", "contradictory"
KINDS: Mapping[str, str] = {MISSING: "Missing", OLD: "Stale", CONTRADICTORY: "Contradictory"}


@dataclass(frozen=True)
class Problem:
    """Something to put right in accounts.

    Attributes:
        code: as in addresses.
        kind: one of KINDS.
        remedy: what to do, for whoever opens the list.
        where: the condition, given the day; rows are accounts.
    """

    code: str
    kind: str
    label: str
    remedy: str
    where: Callable[[date], Any]


def _taxable(**lacking: Any) -> Q:
    return Q(facts__tax_status="taxable", **lacking)


def _old_holdings(today: date) -> Any:
    before = today - timedelta(days=HOLDINGS_DAYS)
    return Exists(Position.objects.filter(account=OuterRef("pk"), as_of__lt=before))


def _given_up(today: date) -> Q:
    """Stated, and yet unknown: holdings or a stronger answer exclude it."""
    return reduce(
        or_, (Q(**{f"intake__{name}__isnull": False, f"facts__{name}__isnull": True}) for name in DROPPABLE)
    )


def is_apart(name: str, stated: float | None, held: float | None) -> bool:
    """Whether what was stated and what is held differ so much that somebody should look.

    Args:
        name: one of COMPARED. Values differ by a part of the smaller, shares by a part of the account.
    """
    if stated is None or held is None:
        return False
    low, high = sorted((stated, held))
    return high > (low * (1 + APART) if name == "account_value" else low + APART + _ROUNDING)


def _apart(today: date) -> Q:
    """As :func:`is_apart`, of any of COMPARED."""
    sides = [(f"intake__{name}", f"facts__{name}") for name in COMPARED]
    return reduce(or_, (_higher(a, b) for pair in sides for a, b in (pair, pair[::-1])))


def _higher(high: str, low: str) -> Q:
    money = high.endswith("account_value")
    return Q(**{f"{high}__gt": F(low) * (1 + APART) if money else F(low) + APART + _ROUNDING})


PROBLEMS: Mapping[str, Problem] = {
    problem.code: problem
    for problem in (
        Problem(
            "value", MISSING, "No account value",
            "Import holdings, or state the value in the intake.",
            lambda _: Q(facts__account_value=None),
        ),
        Problem(
            "funding", MISSING, "Funding not known",
            "Import holdings, or state what the account holds.",
            lambda _: Q(facts__cash_share=None) | Q(facts__stock_share=None),
        ),
        Problem(
            "symbols", MISSING, "A symbol nobody knows",
            "Say what it is and who issued it; the account names it.",
            lambda _: Exists(open_questions().filter(account=OuterRef("pk"))),
        ),
        Problem(
            "gains", MISSING, "Net gain not known (taxable)",
            "Import holdings with their cost, or state the net gain in the intake.",
            lambda _: _taxable(facts__unrealized_gain_share=None),
        ),
        Problem(
            "lots", MISSING, "Tax lots not complete (taxable)",
            "Import the custodian's lot file.",
            lambda _: _taxable() & (Q(facts__lots_known_share=None) | Q(facts__lots_known_share__lt=1)),
        ),
        Problem(
            "rates", MISSING, "Tax rates not known (taxable)",
            "State the rates of the return that gains land on.",
            lambda _: _taxable() & (Q(facts__short_term_rate=None) | Q(facts__long_term_rate=None)),
        ),
        Problem(
            "owner", MISSING, "No owner",
            "Say whose account it is; coordination follows from the owner's return.",
            lambda _: Q(owner=None) & ~Q(registration__in=OWN_TAXPAYERS),
        ),
        Problem(
            "intake", MISSING, "Intake not complete",
            "Finish the intake; it says what is still open.",
            lambda _: ~Q(intake__state=Intake.State.COMPLETE),
        ),
        Problem(
            "holdings", OLD, f"Holdings older than {HOLDINGS_DAYS} days",
            "Import the custodian's newest file.",
            _old_holdings,
        ),
        Problem(
            "answers", OLD, "An answer that is last year's",
            "Confirm or correct what was stated, in the intake.",
            lambda today: AnyLastYears("intake__provenance", today),
        ),
        Problem(
            "excluded", CONTRADICTORY, "An answer that other facts exclude",
            "Open the intake: it says which answers cannot all be true.",
            _given_up,
        ),
        Problem(
            "apart", CONTRADICTORY, f"Stated and held values differ by more than {APART:.0%}",
            "Correct the stated value, or import the holdings that are missing.",
            _apart,
        ),
    )
}  # fmt: skip


def having(accounts: QuerySet[Account], code: str) -> QuerySet[Account]:
    """Those of the accounts that have a problem."""
    return accounts.filter(PROBLEMS[code].where(timezone.localdate()))


@dataclass(frozen=True)
class Counts:
    """How many accounts of one group there are, and how many of them have each problem."""

    key: Any
    label: str
    accounts: int
    having: Mapping[str, int]


def board(user: User) -> tuple[Counts, list[Counts], list[Counts]]:
    """What is wrong among the open accounts this user may see: in all, by custodian, by advisor.

    Two queries. An account in several problems counts in each.
    """
    seen = Account.objects.visible_to(user).filter(closed_on=None).order_by()
    custodians = _grouped(seen, "custodian")
    names = ("household__advisor__first_name", "household__advisor__last_name")
    advisors = _grouped(seen, "household__advisor", *names)
    total = Counts(
        None, "All accounts", sum(row.accounts for row in custodians),
        {code: sum(row.having[code] for row in custodians) for code in PROBLEMS},
    )  # fmt: skip
    return total, custodians, advisors


def _grouped(accounts: QuerySet[Account], key: str, *names: str) -> list[Counts]:
    today = timezone.localdate()
    counts = {f"n_{code}": Count("pk", filter=one.where(today)) for code, one in PROBLEMS.items()}
    rows = accounts.values(key, *names).annotate(accounts=Count("pk"), **counts)
    found = [
        Counts(
            row[key], " ".join(row[name] for name in names).strip() or str(row[key]), row["accounts"],
            {code: row[f"n_{code}"] for code in PROBLEMS},
        )
        for row in rows
    ]  # fmt: skip
    return sorted(found, key=lambda row: (-row.accounts, row.label))
