"""Staging and committing in one line, and what an account holds then."""

from datetime import date
from typing import Any

from households.imports.commits import commit_import
from households.imports.staging import stage_import
from households.models import Account, Import
from tests.firm import Firm
from tests.households.imports.files import Upload

AS_OF = date(2026, 7, 1)


def stage(firm: Firm, *uploads: Upload, **options: Any) -> Import:
    return stage_import(by=firm.advisor, household=firm.household, uploads=uploads, as_of=AS_OF, **options)


def commit(firm: Firm, import_: Import, **options: Any) -> Import:
    return commit_import(by=firm.advisor, import_=import_, as_of=AS_OF, **options)


def held(account: Account) -> dict[str, tuple[str, int, int | None]]:
    return {p.symbol: (p.asset_class, p.market_value, p.cost_basis) for p in account.positions.all()}
