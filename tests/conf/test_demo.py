"""What the demo firm leaves open on purpose, so that every page has something to show."""

from django.utils import timezone

from advisory.conf import demo
from households.foundation.roles import Role
from households.generation.loading import load_demo
from households.models import Account, AccountFacts, User
from households.quality import CONTRADICTORY, KINDS, MISSING, OLD, PROBLEMS, board, having


def test_each_kind_of_problem_is_on_the_board_of_the_whole_firm(db: None) -> None:
    load_demo(as_of=timezone.localdate())
    values = dict(AccountFacts.objects.values_list("account", "account_value"))
    demo._leave_a_symbol_unknown()
    demo._leave_holdings_old()
    demo._leave_a_stated_value_behind()
    total, _, _ = board(User.objects.filter(role=Role.OPERATIONS).earliest("email"))
    found = {
        kind: {c for c, one in PROBLEMS.items() if one.kind == kind and total.having[c]} for kind in KINDS
    }
    assert found[OLD] == {"holdings"} and found[CONTRADICTORY] == {"apart"}
    assert found[MISSING] >= {"symbols", "lots", "rates", "intake"}
    (old,), (apart,) = (having(Account.objects.all(), code) for code in ("holdings", "apart"))
    assert old.registration == "roth_ira" and apart.registration == "traditional_ira"
    assert dict(AccountFacts.objects.values_list("account", "account_value")) == values  # holdings count
