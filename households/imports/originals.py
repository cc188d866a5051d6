"""The files as they were uploaded: kept for good beside their import, compressed, checked when handed out."""

import hashlib
import zlib
from collections.abc import Iterable

from households.imports.formats import ParsedFile
from households.models import Import, ImportFile


class Damaged(RuntimeError):
    """What is kept is not what was uploaded."""


def packed(files: Iterable[ParsedFile]) -> list[ImportFile]:
    """The bytes of each file as they came, compressed; their number and size were bounded when they were
    read."""
    return [
        ImportFile(name=file.name, sha256=file.sha256, size=file.size, packed=zlib.compress(file.original))
        for file in files
    ]


def keep_originals(import_: Import, originals: Iterable[ImportFile]) -> None:
    """Store what :func:`packed` answered beside an import."""
    for original in originals:
        original.source_import = import_
        original.save(force_insert=True)


def original_bytes(file: ImportFile) -> bytes:
    """The bytes as they were uploaded.

    Raises:
        Damaged: they do not have the SHA-256 noted at the upload any more.
    """
    data = zlib.decompress(bytes(file.packed))
    if hashlib.sha256(data).hexdigest() != file.sha256:
        raise Damaged(f"The kept file {file.pk} does not have the SHA-256 that was noted at its upload.")
    return data
