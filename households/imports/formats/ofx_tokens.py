"""OFX as a stream of tags and values, 1.x (SGML, values without end tags) and 2.x (XML) alike.

One small reader serves both: OFX uses no attributes, no document type and no entities beyond the five of XML,
so nothing here expands or fetches anything.
"""

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass

from households.imports.formats.parsed import FileRefused
from households.imports.formats.statements import MAX_VALUE, cut_short

MAX_DEPTH = 32
MAX_TOKENS = 1_000_000  # ten megabytes of a real statement have about half as many
_TOKEN = re.compile(
    r"<!\[CDATA\[(?P<data>[^\]]*(?:\](?!\]>)[^\]]*)*)\]\]>"
    r"|<(?P<end>/)?(?P<tag>[A-Za-z][A-Za-z0-9._]{0,63})\s*(?P<empty>/)?>(?P<text>[^<]*)"
    r"|<(?P<other>[!?/]?[^<>]{0,200})>?"
)


@dataclass(frozen=True, slots=True)
class Token:
    """A start tag with the text behind it (empty for an aggregate), or an end tag."""

    tag: str
    text: str
    end: bool
    line: int


def is_ofx(sample: str) -> bool:
    """Whether a text is OFX, by its header or its root element."""
    start = sample[:4096].upper()
    return "OFXHEADER" in start or re.search(r"<OFX>", start) is not None


def tokens(text: str, name: str) -> Iterator[Token]:
    """The tags of the document in their order, names in capitals; its end follows one closed in itself.

    Raises:
        FileRefused: no root element, cut off, with a document type, or not OFX in between.
    """
    root = re.search(r"<OFX\s*>", text, re.IGNORECASE)
    if root is None:
        raise cut_short(name)
    head = text[: root.start()].upper()
    if "<!" in head:
        raise strange(name, 1)
    line, place = 1, 0
    closed = False
    pending: Token | None = None
    for number, match in enumerate(_TOKEN.finditer(text, root.start())):
        if number >= MAX_TOKENS:
            raise strange(name, line)
        line, place = line + text.count("\n", place, match.start()), match.start()
        if match["data"] is not None:
            if pending is not None and len(pending.text) <= MAX_VALUE:
                tail = text[match.end() : text.find("<", match.end())]
                pending = Token(
                    pending.tag, f"{pending.text}{match['data']}{tail}".strip(), False, pending.line
                )
            continue
        if match["other"] is not None:
            if match["other"].startswith("!--"):
                continue
            raise strange(name, line) if match[0].endswith(">") else cut_short(name, line)
        if pending is not None:
            yield pending
            pending = None
        tag = match["tag"].upper()
        if match["end"]:
            closed = closed or tag == "OFX"
            yield Token(tag, "", True, line)
        elif match["empty"]:
            yield Token(tag, "", False, line)
            yield Token(tag, "", True, line)
        else:
            pending = Token(tag, _value(match["text"]), False, line)
    if pending is not None:
        yield pending
    if not closed:
        raise cut_short(name, line)


def _value(text: str) -> str:
    text = text.strip()
    if len(text) > MAX_VALUE:
        text = text[: MAX_VALUE + 1]
    return html.unescape(text).strip() if "&" in text else text


def strange(name: str, line: int) -> FileRefused:
    """What no OFX file has: a document type, tags that are none, aggregates nested without end."""
    return FileRefused(
        "The file holds something that OFX does not have.",
        file=name,
        line=line,
        remedy="Download it again from the custodian, and upload it as it is.",
    )


def misplaced(name: str, line: int, tag: str) -> FileRefused:
    """A part of a statement where it cannot be: what stands before it was not ended."""
    return FileRefused(
        f"The part {tag} stands where it cannot be: what comes before it is not ended.",
        file=name,
        line=line,
        remedy="Download it again from the custodian, and upload it as it is.",
    )
