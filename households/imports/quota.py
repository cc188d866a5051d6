"""Stops oversized uploads while they arrive, before they fill the disk; the page then says the limit."""

from typing import Any

from django.core.files.uploadhandler import FileUploadHandler, StopUpload
from django.http import HttpRequest

from households.imports.uploads import MAX_TOTAL_BYTES

_ENVELOPE = 1024 * 1024  # boundaries, other fields


class QuotaUploadHandler(FileUploadHandler):
    """First of ``settings.FILE_UPLOAD_HANDLERS``: lets chunks pass until a request's files are too large.

    The rest is read off the line and dropped, so that the browser gets an answer and not a reset.
    """

    def __init__(self, request: HttpRequest | None = None) -> None:
        super().__init__(request)
        self._received = 0

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        """Count a chunk and hand it on.

        Raises:
            StopUpload: the files are too large together.
        """
        self._received += len(raw_data)
        if self._received > MAX_TOTAL_BYTES:
            raise StopUpload(connection_reset=False)
        return raw_data

    def file_complete(self, file_size: int) -> None:
        """Leave the file to the handlers behind."""


def is_too_large(request: Any) -> bool:
    """Whether a request's body is larger than all files together may be."""
    length = request.META.get("CONTENT_LENGTH") or "0"
    return length.isdigit() and int(length) > MAX_TOTAL_BYTES + _ENVELOPE
