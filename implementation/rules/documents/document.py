"""Dated, hashed documents: how a policy or a shelf is read from YAML, refused with a reason, identified.

The YAML that is accepted is a narrow one: a firm's rules must read the same to a person and to the program.

* only `true` and `false` are flags (`no`, `on`, `off` stay text), only plain decimals are numbers;
* dates stay text in ISO form, infinities and NaN stay text and are then refused by whoever wanted a number;
* duplicate keys, keys that are not text, aliases and tags are errors;
* nothing but mappings, lists, text, numbers, flags and null can come out.

A document is identified by the SHA-256 of its canonical JSON: sorted keys, no spaces, UTF-8, whole floats
written as integers. Comments and layout therefore never change the identity, any value does.
"""

from __future__ import annotations

import hashlib
import json
import math
import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final

import yaml

from implementation.rules.documents.strict_yaml import StrictLoader, short

MAX_CHARACTERS: Final = 2_000_000
_EXACT_INTEGERS: Final = 2**53
MISSING: Final = object()


class DocumentError(ValueError):
    """A document cannot be used. Names the file, the key, the value found and what was expected.

    Attributes:
        others: what else is wrong with the same document, as far as it was found.
    """

    def __init__(self, file: str, key: str, value: object, expected: str) -> None:
        self.file, self.key, self.value, self.expected = file, key, value, expected
        self.others: tuple[DocumentError, ...] = ()
        found = "nothing" if value is MISSING else short(value)
        super().__init__(f"{file}: {key or 'document'}: found {found}; expected {expected}")


class Faults:
    """Gathers the errors of one document, so that its author hears of all of them at once."""

    def __init__(self) -> None:
        self.found: list[DocumentError] = []

    @contextmanager
    def gathered(self) -> Iterator[None]:
        """Keep the error that the block raises, and go on after it."""
        try:
            yield
        except DocumentError as error:
            self.found.append(error)

    def raise_any(self) -> None:
        """Raise the first error, which carries the others."""
        if self.found:
            first, *others = self.found
            first.others = tuple(others)
            raise first


@dataclass(frozen=True)
class Document:
    """A document as read: where from, the text as written, the plain data and the identity."""

    file: str
    text: str
    data: dict[str, Any]
    sha256: str

    @property
    def root(self) -> Section:
        """The whole document as a section to read from."""
        return Section(self.file, "", self.data)


def read_document(text: str, file: str = "document") -> Document:
    """Read YAML (or canonical JSON, which is a part of it).

    Raises:
        DocumentError: not readable, or not a mapping at the top.
    """
    if len(text) > MAX_CHARACTERS:
        raise DocumentError(file, "", f"{len(text):,} characters", f"at most {MAX_CHARACTERS:,} characters")
    try:
        data = yaml.load(text, Loader=StrictLoader)  # noqa: S506 - derives from SafeLoader
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        where = f"line {mark.line + 1}, column {mark.column + 1}" if mark else "document"
        lines = text.splitlines()[mark.line :] if mark else []
        found = lines[0].strip() if lines else MISSING
        raise DocumentError(file, where, found, f"readable YAML ({error.problem})") from error
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise DocumentError(file, "", str(error).splitlines()[0][:80], "readable YAML") from error
    if not isinstance(data, dict):
        raise DocumentError(file, "", data, "a mapping of keys to values")
    return Document(file=file, text=text, data=data, sha256=sha256_of(data))


def load_document(path: str | Path) -> Document:
    """Read a document from a UTF-8 file.

    Raises:
        DocumentError: the file is missing, not UTF-8, or not a document.
    """
    path = Path(path)
    try:
        text = path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise DocumentError(
            path.name, "", str(path), f"a file that can be read ({error.strerror})"
        ) from error
    except UnicodeDecodeError as error:
        raise DocumentError(path.name, "", f"byte {error.start}", "UTF-8 text") from error
    return read_document(text, path.name)


def canonical_json(data: Any) -> str:
    """The one JSON text of plain data: sorted keys, no spaces, whole floats as integers, no infinities."""
    return json.dumps(
        _whole(data), sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False
    )


def sha256_of(data: Any) -> str:
    """SHA-256 of the canonical JSON, 64 lower-case hex digits."""
    return hashlib.sha256(canonical_json(data).encode("utf-8")).hexdigest()


def _whole(data: Any) -> Any:
    if isinstance(data, dict):
        return {key: _whole(value) for key, value in data.items()}
    if isinstance(data, list | tuple):
        return [_whole(value) for value in data]
    if isinstance(data, float) and data.is_integer() and abs(data) < _EXACT_INTEGERS:
        return int(data)
    return data


class Section:
    """One mapping of a document, read key by key; `finish()` refuses what nobody read.

    Every reader names the key and raises `DocumentError`. Readers without `default` demand the key.
    """

    def __init__(self, file: str, path: str, data: object) -> None:
        if not isinstance(data, dict):
            raise DocumentError(file, path, data, "a mapping of keys to values")
        self.file, self.path, self.data = file, path, data
        self._read: set[str] = set()

    def __contains__(self, key: str) -> bool:
        return key in self.data

    def __iter__(self) -> Iterator[str]:
        return iter(self.data)

    def key(self, key: str) -> str:
        """The full path of a key, as errors name it: `programs[0].initial_minimum`."""
        return f"{self.path}.{key}" if self.path else key

    def error(self, key: str, expected: str) -> DocumentError:
        """The error to raise about `key`, for a rule that only the caller knows."""
        return DocumentError(self.file, self.key(key), self.data.get(key, MISSING), expected)

    def raw(self, key: str, expected: str, default: Any = MISSING) -> Any:
        """The plain value of `key`, or `default` where the key is absent."""
        self._read.add(key)
        if key not in self.data:
            if default is MISSING:
                raise self.error(key, expected)
            return default
        return self.data[key]

    def text(self, key: str, default: Any = MISSING) -> Any:
        """Text that is not blank."""
        value = self.raw(key, "text", default)
        if key in self.data and not (isinstance(value, str) and value.strip()):
            raise self.error(key, "text that is not blank (in quotes when it looks like a number)")
        return value

    def number(self, key: str, low: float = -math.inf, high: float = math.inf, default: Any = MISSING) -> Any:
        """A finite number within `low` and `high`, both included, as a float."""
        expected = f"a number{_range(low, high)}"
        value = self.raw(key, expected, default)
        if key not in self.data:
            return value
        if isinstance(value, bool) or not isinstance(value, int | float) or not low <= value <= high:
            raise self.error(key, expected)
        return float(value)

    def flag(self, key: str, default: Any = MISSING) -> Any:
        """`true` or `false`."""
        value = self.raw(key, "true or false", default)
        if key in self.data and not isinstance(value, bool):
            raise self.error(key, "true or false")
        return value

    def choice(self, key: str, choices: Iterable[str], default: Any = MISSING) -> Any:
        """One of the given words."""
        words = tuple(choices)
        value = self.raw(key, "one of " + ", ".join(words), default)
        if key in self.data and value not in words:
            raise self.error(key, "one of " + ", ".join(words))
        return value

    def iso_date(self, key: str, default: Any = MISSING) -> Any:
        """A day in ISO form, kept as text."""
        value = self.raw(key, "a date as YYYY-MM-DD", default)
        if key in self.data and not is_iso_date(value):
            raise self.error(key, "a date as YYYY-MM-DD")
        return value

    def list_of_text(self, key: str, default: Any = MISSING) -> Any:
        """A list of texts, each once, as a tuple."""
        value = self.raw(key, "a list of words", default)
        if key not in self.data:
            return value
        if not isinstance(value, list) or not all(isinstance(word, str) and word.strip() for word in value):
            raise self.error(key, "a list of words")
        if len(set(value)) != len(value):
            raise self.error(key, "a list in which each word stands once")
        return tuple(value)

    def section(self, key: str) -> Section:
        """A mapping below this one."""
        return Section(self.file, self.key(key), self.raw(key, "a mapping of keys to values"))

    def sections(self, key: str) -> list[Section]:
        """A list of mappings, at least one."""
        rows = self.raw(key, "a list of mappings")
        if not isinstance(rows, list) or not rows:
            raise self.error(key, "a list of mappings, at least one")
        return [Section(self.file, f"{self.key(key)}[{index}]", row) for index, row in enumerate(rows)]

    def named_rows(self) -> dict[str, Section]:
        """Every value of this section as a mapping of its own, by name, in the order of the document."""
        return {name: self.section(name) for name in self}

    def named_sections(self, key: str) -> dict[str, Section]:
        """`named_rows` of the mapping below `key`."""
        return self.section(key).named_rows()

    def finish(self) -> None:
        """Refuse keys that nobody read: a misspelled key must never be ignored."""
        for key in self.data:
            if key not in self._read:
                known = ", ".join(sorted(self._read))
                raise self.error(key, f"no such key here; the keys are {known}")


def is_iso_date(value: object) -> bool:
    """True for a day written as YYYY-MM-DD."""
    if not isinstance(value, str) or not re.fullmatch(r"\d{4}-\d{2}-\d{2}", value):
        return False
    try:
        date.fromisoformat(value)
    except ValueError:
        return False
    return True


def _range(low: float, high: float) -> str:
    if math.isinf(low) and math.isinf(high):
        return ""
    if math.isinf(high):
        return f" of {low:,.12g} or more"
    if math.isinf(low):
        return f" of {high:,.12g} or less"
    return f" from {low:,.12g} to {high:,.12g}"
