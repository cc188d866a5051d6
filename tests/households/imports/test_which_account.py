"""Which account of the household a section of a file is: matched, chosen, left out."""

import pytest

from households.foundation.errors import DomainError
from households.imports.selectors import rejected_rows
from households.imports.staging import map_accounts
from households.models import Account, Position
from tests.firm import Firm
from tests.households.imports.files import (
    APPLE,
    CASH,
    FUND,
    LATER,
    lots_upload,
    positions_upload,
    template_upload,
)
from tests.households.imports.steps import AS_OF, commit, held, stage


def test_undecided_accounts_hold_the_commit_back(firm: Firm) -> None:
    other = '"Positions for account Trust XXXX-9999 as of 06/30/2026"'
    import_ = stage(firm, positions_upload(APPLE), positions_upload(FUND, title=other, name="trust.csv"))
    assert import_.account_map == {"Joint, ending 4321": str(firm.account.pk), "Trust, ending 9999": ""}
    with pytest.raises(DomainError, match="not decided") as caught:
        commit(firm, import_)
    assert caught.value.field == "Trust, ending 9999"
    map_accounts(by=firm.advisor, import_=import_, account_map={"Trust, ending 9999": "skip"})
    commit(firm, import_)
    assert set(held(firm.account)) == {"AAPL"}
    # left out on purpose: the same files may be given again to import the rest
    assert stage(firm, positions_upload(APPLE), positions_upload(FUND, title=other)).state == "staged"


def test_mapping_refuses_strangers_accounts_and_two_lists_for_one(firm: Firm) -> None:
    other = '"Positions for account Trust XXXX-9999 as of 06/30/2026"'
    import_ = stage(firm, positions_upload(APPLE), positions_upload(FUND, title=other, name="trust.csv"))
    with pytest.raises(DomainError, match="not one of this household"):
        map_accounts(
            by=firm.advisor, import_=import_, account_map={"Trust, ending 9999": str(firm.others_account.pk)}
        )
    with pytest.raises(DomainError, match="cannot both be Joint brokerage"):
        map_accounts(
            by=firm.advisor, import_=import_, account_map={"Trust, ending 9999": str(firm.account.pk)}
        )
    import_.refresh_from_db()
    assert import_.account_map["Trust, ending 9999"] == ""


def test_accounts_are_found_by_reference_and_by_last_digits(firm: Firm) -> None:
    ira = Account.objects.create(
        household=firm.household, name="IRA", external_id="ACC-7", number_ending="321"
    )
    rows = [
        f"{account},2026-06-30,position,AAPL,,stock,1,2,2,1,,,"
        for account in ("acc-7", "XXXX-4321", "Unknown", "21")
    ]
    import_ = stage(firm, template_upload(*rows))
    # 4321 may be the account ending 4321 or the one ending 321, so nobody is chosen for it
    assert import_.account_map == {"acc-7": str(ira.pk), "Account ending 4321": "", "Unknown": "", "21": ""}


def test_a_new_mapping_judges_lots_again(firm: Firm) -> None:
    ira = Account.objects.create(household=firm.household, name="IRA", number_ending="7777")
    Position.objects.create(account=ira, symbol="AAPL", asset_class="stock", market_value=20000, as_of=AS_OF)
    import_ = stage(firm, lots_upload())
    assert import_.rejected == 2
    (label,) = import_.account_map
    import_ = map_accounts(by=firm.advisor, import_=import_, account_map={label: str(ira.pk)})
    assert (import_.taken, import_.rejected, import_.files[0]["taken"]) == (2, 0, 2)
    assert set(import_.rows.values_list("account", flat=True)) == {ira.pk}
    import_ = map_accounts(by=firm.advisor, import_=import_, account_map={label: str(firm.account.pk)})
    assert (import_.taken, import_.rejected) == (0, 2)


def test_of_two_lists_of_one_account_the_newest_counts(firm: Firm) -> None:
    import_ = stage(
        firm,
        positions_upload(FUND, title=LATER, name="july.csv"),
        positions_upload(APPLE, CASH, name="june.csv"),
    )
    assert (import_.taken, import_.rejected) == (1, 2)
    assert "july.csv lists the positions of this account too" in rejected_rows(import_)[0].problem
    commit(firm, import_, only_good=True)
    assert set(held(firm.account)) == {"VTI"}
