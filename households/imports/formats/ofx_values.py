"""How OFX writes days and amounts."""

from datetime import date

from households.imports.formats.cells import cents, day
from households.imports.formats.parsed import CellError


def negative(text: str) -> str:
    """An amount as a negative one; empty stays empty."""
    text = text.strip()
    return text if not text or text.startswith("-") else "-" + text.lstrip("+")


def day_of(text: str) -> date | None:
    """20230909194909.000[-5:EST] is a day in its own zone; None where it is none."""
    digits = text.strip()[:8]
    try:
        return day(f"{digits[:4]}-{digits[4:6]}-{digits[6:]}") if len(digits) == 8 else None
    except CellError:
        return None


def cents_of(text: str) -> int | None:
    """An amount in cents; None where it is none. Some systems pad with zeros in front: +00000001010.60."""
    sign = text[:1] if text[:1] in "+-" else ""
    try:
        return cents(sign + (text.removeprefix(sign).lstrip("0") or "0"))
    except CellError:
        return None
