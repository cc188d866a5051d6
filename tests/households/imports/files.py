"""Uploads for the service tests: small files in memory under a name."""

import contextlib
import io

from households.imports.uploads import Arrival, FilesRefused, arrive, read_arrivals
from tests.households.imports.formats.build import lots, positions, row, template

APPLE = row("AAPL", "10", "$20.00", "$200.00", "$150.00", "$50.00")
FUND = row("VTI", "4", "$250.00", "$1,000.00", "$900.00", "$100.00", kind="ETFs & Closed End Funds")
CASH = '"Cash & Cash Investments","--","--","--","$100.00","--","--","Cash and Money Market",'
BAD = row("MSFT", "1", "$5.00", "1,234.50-", "$5.00", "$0.00")
TITLE = '"Positions for account Joint XXXX-4321 as of 04:00 PM ET, 06/30/2026"'
LATER = '"Positions for account Joint XXXX-4321 as of 04:00 PM ET, 07/31/2026"'
LOT_TITLE = '"AAPL Lot Details for XXXX-4321 as of 04:00 PM ET, 06/30/2026"'
LOTS = (
    '"01/02/2020","6","$20.00","$12.50","$120.00","$75.00","$45.00","+60%","Long Term",',
    '"05/01/2026","4","$20.00","$18.75","$80.00","$75.00","$5.00","+6.67%","Short Term",',
)


class Upload(io.BytesIO):
    """Bytes with a name, as a form or a command hands them over."""

    def __init__(self, name: str, data: bytes) -> None:
        super().__init__(data)
        self.name = name


def positions_upload(*rows: str, title: str = TITLE, name: str = "positions.csv") -> Upload:
    """A Schwab positions file for the test firm's account (number ending 4321)."""
    return Upload(name, positions(*rows, title=title))


def lots_upload(*rows: str, title: str = LOT_TITLE, name: str = "lots.csv") -> Upload:
    """A Schwab lot file for the same account."""
    return Upload(name, lots(*(rows or LOTS), title=title))


def template_upload(*rows: str, name: str = "template.csv") -> Upload:
    """A file in the product's own template."""
    return Upload(name, template(*rows))


def arrived(*uploads: Upload) -> list[Arrival]:
    """Uploads that were taken in and looked at."""
    files = arrive(uploads)
    with contextlib.suppress(FilesRefused):
        read_arrivals(files)
    return files
