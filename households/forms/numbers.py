"""Numbers as people type them: 1,234.50, $250k, 23.8%. Anything doubtful is refused, never repaired."""

import re
from decimal import Decimal

_PLAIN = re.compile(r"(\d{1,3}(,\d{3})+|\d+)?(\.\d*)?")
_EUROPEAN = re.compile(r"-?\d{1,3}(\.\d{3})+(,\d+)?|-?\d+,\d{1,2}")
_STEPS = {"k": Decimal(1_000), "m": Decimal(1_000_000)}
_SHOWN = 40


class Unreadable(ValueError):
    """Text that is not a number.

    Attributes:
        problem: what is wrong with it, to follow the value in quotes.
        remedy: what to type.
    """

    def __init__(self, problem: str, remedy: str) -> None:
        super().__init__(problem)
        self.problem, self.remedy = problem, remedy


def shown(text: str) -> str:
    """What was typed, in quotes, cut to a readable length."""
    text = " ".join(text.split())
    return f"“{text[:_SHOWN]}{'…' if len(text) > _SHOWN else ''}”"


def read_number(
    text: str, *, noun: str, example: str, sign: str = "", steps: bool = False, signed: bool = False
) -> Decimal:
    """A typed number, exactly.

    Args:
        noun: what it should be, such as "an amount".
        example: how it is written.
        sign: a sign that may stand before ("$") or after ("%") it.
        steps: whether k and m may stand for thousands and millions.
        signed: whether negative numbers make sense; what to do about a sign depends on it.

    Raises:
        Unreadable: with problem and remedy.
    """
    remedy = f"Enter {noun} such as {example}"
    of_sign = f"Put the minus sign in front, such as -{example}" if signed else f"{remedy}, without a sign"
    bare = text.strip().replace("\u00a0", "").replace("\u2212", "-")
    negative = bare.startswith("-")
    bare = bare.lstrip("+-").strip()
    if sign and bare.startswith(sign):
        bare = bare[len(sign) :].strip()
        negative, bare = negative or bare.startswith("-"), bare.lstrip("-")
    if sign and bare.endswith(sign):
        bare = bare[: -len(sign)].strip()
    if bare.endswith("-"):
        raise Unreadable("ends with a minus sign", of_sign)
    if bare.startswith("(") and bare.endswith(")"):
        raise Unreadable("is in parentheses", of_sign)
    step = _STEPS.get(bare[-1:].lower()) if steps else None
    digits = bare[:-1].strip() if step else bare
    if not _PLAIN.fullmatch(digits) or not any(letter.isdigit() for letter in digits):
        if _EUROPEAN.fullmatch(bare):
            raise Unreadable(
                f"is not {noun}", f"Write commas for thousands and a point for decimals: {example}"
            )
        raise Unreadable(f"is not {noun}", remedy)
    value = Decimal(digits.replace(",", "")) * (step or 1)
    return -value if negative else value
