"""Whatever differs between SQLite (the embedded default) and PostgreSQL (the real one), side by side.

Nothing else in the project asks which database it runs on.
"""

from households.foundation.databases.bulk import insert_columns, insert_rows
from households.foundation.databases.fences import (
    append_only_tables,
    can_rewrite,
    grant_application_role,
    install_append_only,
    rewriting_allowed,
)
from households.foundation.databases.locks import (
    database_now,
    hold_name,
    lock_for_claim,
    met_another_writer,
)
from households.foundation.databases.queries import JsonLength, among, json_entries, newest_rows
from households.foundation.databases.which import is_postgresql

__all__ = [
    "JsonLength",
    "among",
    "append_only_tables",
    "can_rewrite",
    "database_now",
    "grant_application_role",
    "hold_name",
    "insert_columns",
    "insert_rows",
    "install_append_only",
    "is_postgresql",
    "json_entries",
    "lock_for_claim",
    "met_another_writer",
    "newest_rows",
    "rewriting_allowed",
]
