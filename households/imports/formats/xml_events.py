"""XML as a stream of elements: no tree, no entities of its own, no reference to anything outside.

Expat reads piece by piece. A document type, and with it every entity declaration, ends the reading: none of
the statements has one, and each attack on XML readers needs one.
"""

from collections.abc import Callable, Mapping
from typing import Any
from xml.parsers import expat

from households.imports.formats.content import CHUNK, Limits
from households.imports.formats.parsed import FileRefused

MAX_DEPTH = 32
_XML_REMEDY = "Export the file again, and upload it as it is."


def read_elements(
    text: str,
    name: str,
    limits: Limits,
    start: Callable[[str, Mapping[str, str], int], None],
    end: Callable[[str], None],
) -> None:
    """Tell the elements of a document in their order.

    Args:
        start: called with the tag, its attributes and its line.
        end: called with the tag.

    Raises:
        FileRefused: not well formed, cut off, with a document type, nested too deeply, or with too many
            attributes.
    """
    parser: Any = expat.ParserCreate("utf-8")
    parser.SetParamEntityParsing(expat.XML_PARAM_ENTITY_PARSING_NEVER)
    depth = 0

    def refuse(problem: str) -> FileRefused:
        return FileRefused(problem, file=name, line=parser.CurrentLineNumber, remedy=_XML_REMEDY)

    def on_start(tag: str, attributes: dict[str, str]) -> None:
        nonlocal depth
        depth += 1
        if depth > MAX_DEPTH:
            raise refuse(f"The file nests elements more than {MAX_DEPTH} deep.")
        if len(attributes) > limits.max_columns:
            raise refuse(f"The element {tag[:60]} has more than {limits.max_columns} attributes.")
        start(tag, attributes, parser.CurrentLineNumber)

    def on_end(tag: str) -> None:
        nonlocal depth
        depth -= 1
        end(tag)

    def on_doctype(*_: object) -> None:
        raise refuse("The file has a document type declaration, which no statement has.")

    parser.StartElementHandler, parser.EndElementHandler = on_start, on_end
    parser.StartDoctypeDeclHandler = parser.EntityDeclHandler = on_doctype
    parser.ExternalEntityRefHandler = on_doctype
    try:
        for place in range(0, len(text), CHUNK):
            parser.Parse(text[place : place + CHUNK].encode("utf-8", "replace"), False)
        parser.Parse(b"", True)
    except expat.ExpatError as error:
        cut = error.code in (expat.errors.codes[expat.errors.XML_ERROR_NO_ELEMENTS],
                             expat.errors.codes[expat.errors.XML_ERROR_UNCLOSED_TOKEN])  # fmt: skip
        raise FileRefused(
            "The file ends before the statement does."
            if cut
            else f"The file is not well-formed XML ({expat.errors.messages[error.code]}).",
            file=name,
            line=error.lineno,
            remedy=_XML_REMEDY,
        ) from None
