"""Identifiers: UUIDv7, which order nothing by contract but keep B-tree inserts local."""

import uuid

from uuid_utils import compat


def new_id() -> uuid.UUID:
    """A fresh UUIDv7 (RFC 9562), as the standard library's type."""
    return compat.uuid7()
