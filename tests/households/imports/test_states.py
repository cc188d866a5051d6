"""Where an import may go; the page of imports draws the same table."""

from pathlib import Path

from django.conf import settings

from households.imports.states import IMPORT

PAGE = Path(settings.BASE_DIR) / "docs" / "imports.md"


def test_the_diagram_in_the_docs_is_the_table() -> None:
    assert f"```mermaid\n{IMPORT.mermaid()}\n```" in PAGE.read_text()


def test_only_a_committed_import_is_undone_and_an_undone_one_goes_nowhere() -> None:
    assert [state for state in IMPORT.labels if IMPORT.allows(state, "undone")] == ["committed"]
    assert not any(IMPORT.allows("undone", move.event) for move in IMPORT.moves)
