"""Whatever is uploaded: every row is taken or rejected, and what is held changes whole or not at all."""

from datetime import date

from django.db import transaction
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st

from households.foundation.errors import DomainError
from households.imports.commits import commit_import
from households.imports.staging import map_accounts, stage_import
from households.models import Import, ImportRow, Position, TaxLot
from tests.firm import Firm
from tests.households.imports.files import LOT_TITLE, TITLE, Upload
from tests.households.imports.formats.build import HEADER, LOT_HEADER, TEMPLATE_HEADER
from tests.households.imports.formats.test_fuzz import LINE, QUOTED


def _mostly(usual: str, *odd: str) -> st.SearchStrategy[str]:
    return st.sampled_from([*[usual] * (3 * len(odd)), *odd])


TEMPLATE_ROW = st.tuples(
    _mostly("XXXX-4321", "XXXX-9999", ""),
    _mostly("2026-06-30", "2026-06-29", ""),
    _mostly("position", "lot", "lot", "trade", ""),
    st.sampled_from(["AAPL", "aapl", "VTI", "MSFT", "=A1", ""]),
    st.just(""),
    _mostly("stock", "cash", "option", "", "crypto"),
    _mostly("10", "-10", "0", "", "ten", "0.00000001"),
    _mostly("20", "", "--", "1e3"),
    _mostly("200", "-200", "", "1,234.50-", "999999999999"),
    _mostly("150", "", "N/A"),
    _mostly("", "0.5", "1.2"),
    _mostly("", "2020-01-02", "2027-01-01"),
    st.just(""),
).map(",".join)
FILES = st.one_of(
    st.lists(TEMPLATE_ROW, max_size=12).map(lambda rows: [TEMPLATE_HEADER, *rows]),
    st.lists(st.one_of(LINE, QUOTED), max_size=8).map(lambda rows: [TITLE, HEADER, *rows]),
    st.lists(st.one_of(LINE, QUOTED), max_size=8).map(lambda rows: [LOT_TITLE, LOT_HEADER, *rows]),
).map(lambda lines: "\n".join(lines).encode("utf-8", "replace"))


@settings(
    max_examples=80,
    deadline=None,
    suppress_health_check=[
        HealthCheck.function_scoped_fixture,
        HealthCheck.too_slow,
        HealthCheck.data_too_large,
    ],
)
@given(files=st.lists(FILES, min_size=1, max_size=3), only_good=st.sampled_from([True, True, False]))
def test_nothing_is_half_stored(firm: Firm, files: list[bytes], only_good: bool) -> None:
    uploads = [Upload(f"{number}.csv", data) for number, data in enumerate(files)]
    with transaction.atomic():
        try:
            import_ = stage_import(
                by=firm.advisor, household=firm.household, uploads=uploads, as_of=date(2026, 7, 1)
            )
        except DomainError as refused:
            assert str(refused)
            event("refused")
            assert Import.objects.count() == ImportRow.objects.count() == 0
        else:
            _commit(firm, import_, only_good)
        transaction.set_rollback(True)


def _commit(firm: Firm, import_: Import, only_good: bool) -> None:
    assert import_.taken + import_.rejected == sum(file["rows"] for file in import_.files)
    assert import_.rows.count() == import_.taken + import_.rejected
    assert all(row.problem and row.remedy for row in import_.rows.filter(taken=False))
    assert Position.objects.count() == 0
    left_out = {label: "skip" for label, account in import_.account_map.items() if not account}
    import_ = map_accounts(by=firm.advisor, import_=import_, account_map=left_out)
    try:
        commit_import(by=firm.advisor, import_=import_, only_good=only_good)
    except DomainError as refused:
        event("staged, not committed")
        assert refused.status == 409
        assert Position.objects.count() == TaxLot.objects.count() == 0
    else:
        event("committed")
        mapped = import_.rows.filter(account__isnull=False, taken=True)
        symbols = {(r.account_id, r.values["symbol"].upper()) for r in mapped if r.kind == "position"}
        assert Position.objects.count() == len(symbols)
        assert TaxLot.objects.count() == sum(1 for r in mapped if r.kind == "lot")
