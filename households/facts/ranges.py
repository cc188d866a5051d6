"""Between what an account's holdings leave a share that they do not settle."""

from django.utils import timezone

from households.facts.draft import Draft
from households.facts.holdings import HeldFacts, short_term_since
from households.facts.reading import read_accounts, read_holdings
from households.models import Account


def held_ranges(account: Account) -> dict[str, tuple[float, float]]:
    """Fact -> least and most share, of an open account with positions; five queries."""
    accounts = read_accounts([account.household_id])
    if account.pk not in accounts.ids:
        return {}
    holdings = read_holdings([account.household_id], accounts, short_term_since(timezone.localdate()))
    held = HeldFacts(Draft(len(accounts)), holdings)
    row = accounts.ids.index(account.pk)
    found = {name: (float(held.least[name][row]), float(held.most[name][row])) for name in held.least}
    return {name: limits for name, limits in found.items() if limits[0] == limits[0]}
