"""What people read calls the security master the list of securities (docs/glossary.md)."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings

ROOT = Path(settings.BASE_DIR)
MASTER = re.compile(r"\bthe master\b", re.IGNORECASE)


def told(source: str) -> Iterator[str]:
    """The texts of a module but for its docstrings: those stand alone as statements."""
    tree = ast.parse(source)
    docs = {
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and node not in docs:
            yield node.value


def test_a_text_is_told_from_a_docstring() -> None:
    assert list(told('"""The master."""\nx = f"In the master {x}."')) == ["In the master ", "."]


def test_no_message_and_no_page_says_master() -> None:
    found = [
        f"{path.relative_to(ROOT)}: {text}"
        for floor in ("households", "implementation", "advisory")
        for path in sorted((ROOT / floor).rglob("*.py"))
        if not {"models", "migrations"} & set(path.parts)  # what they say of a column is for programmers
        for text in told(path.read_text())
        if MASTER.search(text)
    ]
    for path in sorted((ROOT / "templates").rglob("*.html")):
        shown = re.sub(r"{% comment %}.*?{% endcomment %}", "", path.read_text(), flags=re.DOTALL)
        found += [f"{path.name}: {text}" for text in MASTER.findall(shown)]
    assert found == []
