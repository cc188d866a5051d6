"""The shipped sample: labelled, sourced, dated, without licensed numbers, and true to what can be checked."""

import csv
from pathlib import Path

from django.core.management import call_command

from households.models import Security
from households.securities.loading import load_securities
from households.securities.samples import SAMPLE
from tests.firm import Firm

TWO_CLASSES = (
    ("GOOG", "GOOGL"), ("BRK.A", "BRK.B"), ("FOX", "FOXA"), ("NWS", "NWSA"), ("BF.A", "BF.B"),
    ("LEN", "LEN.B"), ("UA", "UAA"),
)  # fmt: skip


def rows() -> list[dict[str, str]]:
    with SAMPLE.open(newline="") as file:
        return list(csv.DictReader(file))


def test_every_row_says_that_it_is_a_sample_with_source_and_date() -> None:
    listed = rows()
    assert 60 <= len(listed) <= 150
    assert all(row["source"].startswith("SAMPLE") and row["as_of"] for row in listed)
    assert not {"cusip", "isin"} & set(listed[0])


def test_it_loads_without_a_fault_and_classes_of_one_issuer_are_one(firm: Firm) -> None:
    loaded = load_securities(by=firm.operations, content=SAMPLE.read_bytes(), name=SAMPLE.name)
    assert len(loaded.added) == len(rows())
    issuers = dict(Security.objects.values_list("key", "issuer"))
    assert all(issuers[one] == issuers[other] for one, other in TWO_CLASSES)
    stocks = Security.objects.filter(kind="stock")
    assert stocks.values("issuer").distinct().count() == stocks.count() - len(TWO_CLASSES)
    assert not Security.objects.exclude(kind="stock").exclude(issuer="").exists()


def test_sectors_are_those_of_the_index_list(real_data: Path) -> None:
    with (real_data / "lots" / "sp500_sectors.csv").open(newline="") as file:
        listed = {row["Symbol"]: row["GICS Sector"] for row in csv.DictReader(file)}
    found = {row["symbol"]: row["sector"] for row in rows() if row["symbol"] in listed}
    assert len(found) > 80
    assert found == {symbol: listed[symbol] for symbol in found}


def test_the_command_loads_it_and_says_so(firm: Firm) -> None:
    call_command("load_securities", str(SAMPLE), "--by", firm.operations.email, "--dry-run")
    assert not Security.objects.exists()
    call_command("load_securities", str(SAMPLE), "--by", firm.operations.email)
    assert Security.objects.count() == len(rows())
