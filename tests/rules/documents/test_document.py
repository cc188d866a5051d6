"""Documents: what is read, what is refused with which words, and what the identity depends on."""

from collections.abc import Callable
from pathlib import Path

import pytest

from implementation.rules.documents.document import (
    DocumentError,
    canonical_json,
    load_document,
    read_document,
    sha256_of,
)


def test_plain_values_are_read_as_a_person_reads_them() -> None:
    text = "day: 2026-01-31\nno_flag: no\nflag: true\nmoney: 250_000\nrate: 0.25\ntime: 12:30\nnothing: ~"
    assert read_document(text).data == {
        "day": "2026-01-31",
        "no_flag": "no",
        "flag": True,
        "money": 250_000,
        "rate": 0.25,
        "time": "12:30",
        "nothing": None,
    }


@pytest.mark.parametrize(
    ("text", "where", "words"),
    [
        ("a: 1\na: 2", "line 2, column 1", "key 'a' twice"),
        ("a: {b: 1, b: 2}", "line 1, column 11", "key 'b' twice"),
        ("1: 2", "line 1, column 1", "not text"),
        ("a: &x [1]\nb: *x", "line 2, column 4", "alias"),
        ("a: !!python/object/apply:os.system [echo]", "line 1, column 4", "tag"),
        ("a: 1e999", "line 1, column 4", "too large"),
        ("a: [1", "line 1, column 6", "readable YAML"),
        ("- 1", "document", "a mapping"),
        ("", "document", "a mapping"),
        ("a: " + "[" * 100_000, "document", "recursion"),
    ],
)
def test_what_cannot_be_trusted_is_refused_with_its_place(text: str, where: str, words: str) -> None:
    with pytest.raises(DocumentError) as caught:
        read_document(text, "rules.yaml")
    assert str(caught.value).startswith(f"rules.yaml: {where}: ")
    assert words in str(caught.value)


def test_infinity_and_not_a_number_are_no_numbers() -> None:
    root = read_document("a: .inf\nb: .nan").root
    for key in ("a", "b"):
        with pytest.raises(DocumentError, match=f"{key}: found .*expected a number"):
            root.number(key)


def test_the_identity_depends_on_values_and_not_on_writing() -> None:
    first = read_document("# why\nb: [1, 2.0]\na: {y: x, x: 0.5}")
    second = read_document('{"a": {"x": 0.5, "y": "x"}, "b": [1.0, 2]}')
    other = read_document("b: [2, 1]\na: {y: x, x: 0.5}")
    assert first.sha256 == second.sha256 == sha256_of(first.data)
    assert first.sha256 != other.sha256
    assert canonical_json(first.data) == '{"a":{"x":0.5,"y":"x"},"b":[1,2]}'
    # echo -n '{"a":{"x":0.5,"y":"x"},"b":[1,2]}' | sha256sum
    assert first.sha256 == "db8d2e9c001a27822d70aaee6d41805ee1769f167a558a31dd5c2ee8fe9236b5"


def test_readers_name_the_key_the_value_and_the_expectation() -> None:
    root = read_document("fees: {rate: 12, word: x, flag: 1, day: 2026-02-30, list: [a, a]}", "s.yaml").root
    fees = root.section("fees")
    cases: tuple[tuple[Callable[[], object], str], ...] = (
        (lambda: fees.number("rate", 0, 10), "s.yaml: fees.rate: found 12; expected a number from 0 to 10"),
        (lambda: fees.number("none"), "s.yaml: fees.none: found nothing; expected a number"),
        (lambda: fees.choice("word", ("y", "z")), "s.yaml: fees.word: found 'x'; expected one of y, z"),
        (lambda: fees.flag("flag"), "s.yaml: fees.flag: found 1; expected true or false"),
        (lambda: fees.iso_date("day"), "s.yaml: fees.day: found '2026-02-30'; expected a date as YYYY-MM-DD"),
        (lambda: fees.list_of_text("list"), "s.yaml: fees.list: found ['a', 'a']; expected a list in which"),
    )
    for read, message in cases:
        with pytest.raises(DocumentError) as caught:
            read()
        assert str(caught.value).startswith(message)


def test_a_misspelled_key_is_refused_and_the_keys_are_named() -> None:
    root = read_document("name: a\nnmae: b", "s.yaml").root
    root.text("name")
    with pytest.raises(DocumentError, match=r"s\.yaml: nmae: found 'b'; expected no such key here; .* name"):
        root.finish()


def test_a_file_that_is_missing_or_not_text_is_named(tmp_path: Path) -> None:
    with pytest.raises(DocumentError, match=r"gone\.yaml"):
        load_document(tmp_path / "gone.yaml")
    (tmp_path / "picture.yaml").write_bytes(b"\x89PNG\r\n\x1a\n\xff")
    with pytest.raises(DocumentError, match=r"picture\.yaml: document: found 'byte 0'; expected UTF-8 text"):
        load_document(tmp_path / "picture.yaml")


def test_a_byte_order_mark_is_no_part_of_the_document(tmp_path: Path) -> None:
    (tmp_path / "bom.yaml").write_bytes(b"\xef\xbb\xbfa: 1")
    assert load_document(tmp_path / "bom.yaml").data == {"a": 1}
