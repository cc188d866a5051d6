"""What a file that is no text is, by its first bytes."""

import codecs

_SIGNATURES: tuple[tuple[bytes, str], ...] = (
    (b"\x89PNG", "a PNG picture"),
    (b"\xff\xd8\xff", "a JPEG picture"),
    (b"GIF8", "a GIF picture"),
    (b"%PDF", "a PDF document"),
    (b"\xd0\xcf\x11\xe0", "an old Excel workbook (.xls)"),
    (b"\x1f\x8b", "a compressed file (gzip)"),
    (b"7z\xbc\xaf", "a compressed file (7z)"),
    (b"Rar!", "a compressed file (RAR)"),
    (b"{\\rtf", "a rich text document"),
    (b"SQLite format 3", "a database file"),
)


def binary_kind(data: bytes) -> str:
    """What a file that is not text is, by its first bytes; empty where it may be text."""
    if data.startswith(b"PK"):
        return "an Excel workbook (.xlsx)" if b"xl/" in data[:8192] else "a ZIP archive"
    for signature, kind in _SIGNATURES:
        if data.startswith(signature):
            return kind
    has_mark = data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    return "not a text file" if b"\0" in data[:8192] and not has_mark else ""
