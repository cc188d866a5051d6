"""Files that list little or nothing of what an account holds say so before anything is stored."""

import pytest

from households.imports.commits import commit_import
from households.imports.selectors import plans_of
from households.imports.staging import stage_import
from households.models import Position
from tests.firm import Firm
from tests.households.imports.files import APPLE, CASH, FUND, Upload, positions_upload
from tests.households.imports.formats.test_ofx import ofx

pytestmark = pytest.mark.django_db


def stage(firm: Firm, *uploads: Upload):  # type: ignore[no-untyped-def]
    return stage_import(by=firm.advisor, household=firm.household, uploads=uploads)


@pytest.mark.parametrize(
    ("rows", "count", "words"),
    [((APPLE,), 1, "1 position held now would be removed"),
     ((APPLE, FUND, CASH), 3, "all 3 positions held now would be removed")],
)  # fmt: skip
def test_a_statement_without_positions_says_that_all_would_go(
    firm: Firm, rows: tuple[str, ...], count: int, words: str
) -> None:
    commit_import(by=firm.advisor, import_=stage(firm, positions_upload(*rows)))
    empty = ofx(balance="").replace(b"01234567890", b"01234564321").replace(b"20260630", b"20260731")
    (plan,) = plans_of(stage(firm, Upload("x.ofx", empty)))
    assert len(plan.gone) == count
    assert f"These files list no positions at all: {words}." in plan.warnings[0]
    assert Position.objects.count() == count


def test_other_positions_altogether_say_so_too(firm: Firm) -> None:
    commit_import(by=firm.advisor, import_=stage(firm, positions_upload(APPLE)))
    (plan,) = plans_of(stage(firm, positions_upload(FUND, name="b.csv")))
    assert "none of what is held now: 1 position held now" in plan.warnings[0]
