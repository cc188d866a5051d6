"""Before a commit: another custodian than said, another value than stated, answers newer than the file."""

import io
from datetime import date
from pathlib import Path

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from households.imports.selectors import plans_of
from households.imports.staging import stage_import
from households.models import Account, Import, Intake
from households.services.intakes import save_intake
from tests.firm import Firm
from tests.households.imports.files import APPLE, FUND, Upload, lots_upload, positions_upload
from tests.households.imports.formats.test_ibkr_flex import APPLE as FLEX_APPLE
from tests.households.imports.formats.test_ibkr_flex import flex

pytestmark = pytest.mark.django_db
ELSEWHERE = (
    "Joint brokerage is said to be held at Charles Schwab; these files are from Interactive Brokers. "
    "Check that this is the right account."
)


def stage(firm: Firm, *uploads: Upload) -> Import:
    return stage_import(by=firm.advisor, household=firm.household, uploads=uploads)


def old_flex() -> Upload:
    """$200.00 of Apple and $50.01 of cash, of March 31, 2023, in the account ending 4321."""
    data = flex(FLEX_APPLE | {"reportDate": "20230331"}, account="U7774321")
    return Upload("old.xml", data.replace(b"20260630", b"20230331"))


@pytest.fixture
def typed(firm: Firm) -> Intake:
    """$600,000 and a cash share, typed on November 22, 2026, into an account at Schwab."""
    Account.objects.filter(pk=firm.account.pk).update(custodian="schwab")
    version = Intake.objects.get_or_create(account=firm.account)[0].version
    answers = {"account_value": 60_000_000, "cash_share": 0.6, "needs_alternatives": False}
    intake = save_intake(by=firm.advisor, account=firm.account, answers=answers, version=version)
    for entry in intake.provenance.values():
        entry["date"] = "2026-11-22"
    intake.save()
    return intake


def test_an_old_file_of_another_custodian(firm: Firm, typed: Intake) -> None:
    (plan,) = plans_of(stage(firm, old_flex()))
    assert plan.warnings == [
        ELSEWHERE,
        f"The intake states an account value of $600,000.00 ({firm.advisor}, Nov 22, 2026); with these files "
        "it would be $250.01, 100% less. Holdings count before what is stated.",
        "These files are of Mar 31, 2023, and older than answers that the holdings would override: "
        "account value, cash (stated up to Nov 22, 2026).",
    ]


def test_the_page_and_the_terminal_say_so(firm: Firm, typed: Intake, client: Client, tmp_path: Path) -> None:

    client.force_login(firm.advisor)
    page = client.get(reverse("households:import_detail", args=[stage(firm, old_flex()).pk])).content.decode()
    assert ELSEWHERE in page
    assert "The intake states an account value of $600,000.00" in page
    path, out = tmp_path / "old.xml", io.StringIO()
    path.write_bytes(old_flex().getvalue())
    call_command("import_positions", str(path), household=firm.household.name, dry_run=True, stdout=out)
    assert ELSEWHERE in out.getvalue()
    assert "older than answers" in out.getvalue()


@pytest.mark.parametrize(("stated", "said"), [(132_000, False), (132_001, True), (None, False), (0, True)])
def test_a_tenth_apart_is_the_limit(firm: Firm, typed: Intake, stated: int | None, said: bool) -> None:
    """The file holds $1,200.00; a tenth above it is $1,320.00."""
    typed.account_value, typed.provenance = stated, {}
    typed.save()
    (plan,) = plans_of(stage(firm, positions_upload(APPLE, FUND)))
    assert any("The intake states" in text for text in plan.warnings) is said


@pytest.mark.parametrize(
    ("ending", "told"),
    [
        ("4321", ""),
        ("321", ""),
        ("21", ""),
        ("", ""),
        ("4322", "4322"),
        ("9914321", ""),
        ("9914322", "9914322"),
    ],
)
def test_the_number_is_another(firm: Firm, ending: str, told: str) -> None:
    """The files are of the account ending in 4321; two digits tell nothing apart."""
    import_ = stage(firm, lots_upload(), positions_upload(APPLE, FUND))
    import_.account_map = dict.fromkeys(import_.account_map, str(firm.account.pk))
    Account.objects.filter(pk=firm.account.pk).update(number_ending=ending)
    (plan,) = plans_of(import_)
    assert [text for text in plan.doubts if "number" in text] == (
        [
            f"The number of Joint brokerage ends in {told}; these files are of the account ending in 4321. "
            "Check that this is the right account."
        ]
        if told
        else []
    )


def test_lots_alone_replace_no_value(firm: Firm, typed: Intake) -> None:
    (plan,) = plans_of(stage(firm, lots_upload()))
    assert plan.doubts == []


def test_an_account_without_custodian_or_intake_raises_no_doubt(firm: Firm) -> None:
    Account.objects.filter(pk=firm.account.pk).update(custodian="")
    Intake.objects.filter(account=firm.account).delete()
    (plan,) = plans_of(stage(firm, old_flex()))
    assert plan.doubts == []
    assert plan.as_of == date(2023, 3, 31)
