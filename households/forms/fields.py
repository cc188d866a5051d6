"""Form fields for facts: what is typed as people write it, what is stored as the columns store it.

Empty is *not known yet* in every one of them; nobody has to type a false number.
"""

from collections.abc import Iterable
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from households.forms.numbers import Unreadable, read_number, shown
from households.foundation.columns import SHARE_DIGITS
from households.intake.codes import LEVELS

UNKNOWN_WORD = "Not known yet"


def same_answer(answer: Any, stored: Any) -> bool:
    """Whether a cleaned value is what is stored; empty text is unknown, shares count to the sixth digit."""
    answer, stored = (None if value == "" else value for value in (answer, stored))
    if isinstance(answer, float) and isinstance(stored, float):
        return round(answer, SHARE_DIGITS) == round(stored, SHARE_DIGITS)
    return bool(answer == stored)


class NumberField(forms.Field):
    """A number with a unit; subclasses say how it is written and stored.

    Args:
        low, high: the bounds of what can be true, in the typed unit.
        unknown: whether it may stay empty.
    """

    widget = forms.TextInput
    prefix = suffix = ""
    noun, example, sign, steps = "a number", "12", "", False
    places = 4
    told = 4

    def __init__(self, *, low: float = 0, high: float | None = None, **options: Any) -> None:
        options.setdefault("required", False)
        super().__init__(**options)
        self.low, self.high = Decimal(str(low)), None if high is None else Decimal(str(high))
        self.widget.attrs.setdefault("autocomplete", "off")

    def to_python(self, value: Any) -> Any:
        if value is None or not str(value).strip():
            return None
        text = str(value)
        try:
            number = read_number(
                text,
                noun=self.noun,
                example=self.example,
                sign=self.sign,
                steps=self.steps,
                signed=self.low < 0,
            )
        except Unreadable as error:
            raise self._refusal(text, error.problem, error.remedy) from error
        self._check(text, number)
        return self.stored(number)

    def _refusal(self, text: str, problem: str, remedy: str) -> ValidationError:
        keep = "" if self.required else " Leave it empty if it is not known."
        return ValidationError(f"{self.label}: {shown(text)} {problem}. {remedy}.{keep}", code="invalid")

    def _check(self, text: str, number: Decimal) -> None:
        if number < self.low:
            limit = self._written(self._told(self.low, ROUND_CEILING))
            least = "cannot be negative" if self.low == 0 else f"is below {limit}"
            raise self._refusal(text, least, f"Enter {limit} or more")
        if self.high is not None and number > self.high:
            most = self._written(self._told(self.high, ROUND_FLOOR))
            raise self._refusal(
                text, f"is more than {most}", f"Check the value; {most} is the most there can be"
            )
        if -int(number.normalize().as_tuple().exponent) > self.places:
            if not self.places:
                raise self._refusal(text, f"is not {self.noun}", f"Enter {self.noun} such as {self.example}")
            digits = "1 digit" if self.places == 1 else f"{self.places} digits"
            raise self._refusal(text, "is too fine", f"Give at most {digits} after the decimal point")

    def _told(self, limit: Decimal, rounding: str) -> Decimal:
        """A limit as people write it, never beyond itself; one that was worked out may be finer."""
        finest = Decimal(1).scaleb(-self.told)
        return limit if self.told >= self.places else limit.quantize(finest, rounding=rounding)

    def _written(self, number: Decimal) -> str:
        before = self.prefix
        after = f" {self.suffix}" if self.suffix and self.suffix != "%" else self.suffix
        return f"{before}{number.normalize():,f}{after}"

    def stored(self, number: Decimal) -> Any:
        """As the column stores it."""
        return float(number)

    def typed(self, value: Any) -> Decimal:
        """Back to what is typed."""
        return Decimal(str(value))

    def prepare_value(self, value: Any) -> Any:
        if value is None or isinstance(value, str):
            return value
        return f"{self.typed(value).normalize():,f}"


class MoneyField(NumberField):
    """Dollars typed, whole cents stored."""

    prefix = sign = "$"
    noun, example, steps, places = "an amount", "1,234.50", True, 2

    def __init__(self, *, high: float = 1e11, **options: Any) -> None:
        super().__init__(high=high, **options)

    def stored(self, number: Decimal) -> int:
        return int(number * 100)

    def typed(self, value: Any) -> Decimal:
        return Decimal(value) / 100

    def prepare_value(self, value: Any) -> Any:
        if value is None or isinstance(value, str):
            return value
        return f"{self.typed(value):,.2f}".removesuffix(".00")


class PercentField(NumberField):
    """Percent typed, a fraction stored."""

    suffix = sign = "%"
    noun, example = "a percentage", "23.8"
    told = 1

    def __init__(self, *, low: float = 0, high: float = 100, **options: Any) -> None:
        super().__init__(low=low, high=high, **options)

    def stored(self, number: Decimal) -> float:
        return round(float(number / 100), 6)

    def typed(self, value: Any) -> Decimal:
        return Decimal(str(value)) * 100


class TaxRateField(PercentField):
    """A tax rate: a value such as 0.37 is taken for a fraction typed by mistake."""

    def __init__(self, *, high: float = 75, **options: Any) -> None:
        super().__init__(high=high, **options)

    def _check(self, text: str, number: Decimal) -> None:
        if 0 < number < 1:
            meant = self._written(number * 100)
            raise self._refusal(
                text, "is less than 1%", f"Enter {(number * 100).normalize():f} if you mean {meant}"
            )
        super()._check(text, number)


class BpsField(NumberField):
    """Basis points a year."""

    suffix = "bps"
    noun, example = "a number of basis points", "35"

    def __init__(self, *, high: float = 2_000, **options: Any) -> None:
        super().__init__(high=high, **options)


class YearsField(NumberField):
    """Years."""

    suffix = "years"
    noun, example, places = "a number of years", "15", 1

    def __init__(self, *, high: float = 100, **options: Any) -> None:
        super().__init__(high=high, **options)


class CountField(NumberField):
    """A whole number of things."""

    noun, example, places = "a whole number", "3", 0

    def __init__(self, *, high: float = 1_000_000, **options: Any) -> None:
        super().__init__(high=high, **options)

    def stored(self, number: Decimal) -> int:
        return int(number)


class CodeField(forms.ChoiceField):
    """One of a closed list, or not known yet; stored as the code, unknown as ``empty``."""

    def __init__(
        self,
        *,
        choices: Iterable[tuple[str, str]],
        unknown: str = UNKNOWN_WORD,
        empty: Any = None,
        **options: Any,
    ) -> None:
        options.setdefault("required", False)
        super().__init__(choices=[("", unknown), *choices], **options)
        self.empty = empty

    def clean(self, value: Any) -> Any:
        return super().clean(value) or self.empty

    def validate(self, value: Any) -> None:
        forms.Field.validate(self, value)
        if value and not self.valid_value(value):
            raise ValidationError(f"{self.label}: choose one of the list.", code="invalid_choice")


class FlagField(CodeField):
    """Yes, no, or not known yet."""

    widget = forms.RadioSelect
    choices_as = "inline"

    def __init__(self, **options: Any) -> None:
        super().__init__(choices=[("yes", "Yes"), ("no", "No")], **options)

    def clean(self, value: Any) -> bool | None:
        return {"yes": True, "no": False}.get(super().clean(value))

    def prepare_value(self, value: Any) -> Any:
        return {True: "yes", False: "no", None: ""}.get(value, value)


class LevelField(CodeField):
    """None to very high, or not known yet."""

    widget = forms.RadioSelect
    choices_as = "inline"

    def __init__(self, **options: Any) -> None:
        super().__init__(choices=[(str(n), word) for n, word in enumerate(LEVELS)], **options)

    def clean(self, value: Any) -> int | None:
        answer = super().clean(value)
        return None if answer is None else int(answer)

    def prepare_value(self, value: Any) -> Any:
        return "" if value is None else str(value)


class NoneOfThemField(CodeField):
    """A share that is either settled as none or still open: for holdings whose marks say the rest."""

    widget = forms.RadioSelect

    def __init__(self, *, none_word: str, **options: Any) -> None:
        super().__init__(choices=[("none", none_word)], **options)

    def clean(self, value: Any) -> float | None:
        return 0.0 if super().clean(value) == "none" else None

    def prepare_value(self, value: Any) -> Any:
        return "none" if value == 0 and value is not False else value or ""
