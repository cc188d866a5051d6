"""The documentation of the imports names what the code does."""

import re
from pathlib import Path

from django.conf import settings

from households.foundation.roles import Role
from households.imports.formats import FORMATS
from households.imports.formats.generic_csv import TEMPLATE
from households.imports.formats.securities import unsupported
from households.imports.permissions import MATRIX
from tests.households.imports.formats.build import parse

DOCS = (Path(settings.BASE_DIR) / "docs" / "imports.md").read_text()
SOURCES = Path(settings.BASE_DIR) / "households" / "imports"


def test_every_warning_is_documented() -> None:
    """Codes are the first argument of ``warn``; the unsupported kinds are made from their words."""
    codes = {
        code
        for path in SOURCES.rglob("*.py")
        for code in re.findall(r'\.warn\(\s*"([a-z_]+)"', path.read_text())
    }
    kinds = {
        unsupported("option", False, False),
        unsupported("stock", True, False),
        unsupported("cash", False, True),
    }
    assert len(codes) >= 20
    for code in codes | {kind.replace(" ", "_") for kind in kinds}:
        assert f"`{code}`" in DOCS


def test_formats_and_template_columns_are_documented() -> None:
    for name in (*FORMATS, *TEMPLATE):
        assert f"`{name}`" in DOCS


def test_the_example_in_the_documentation_is_read() -> None:
    example = re.search(r"```\n(account,as_of.*?)```", DOCS, re.DOTALL)
    assert example is not None
    file = parse(example[1].encode())
    assert (file.rows_read, file.rows_taken, file.accounts[0].ending) == (2, 2, "4321")


def test_who_may_undo_is_documented() -> None:
    """A client associate imports files (docs/adr/0013), and takes back what was imported."""
    found = re.search(r"^(.+) may undo a committed import", DOCS, re.MULTILINE)
    assert found is not None
    words = {Role.ADVISOR: "advisors", Role.ASSISTANT: "client associates"}
    named = {role for role in Role if words.get(role, role.label.lower()) in found[1].lower()}
    assert named == MATRIX["households:import_undo"]["GET"] == MATRIX["households:import_undo"]["POST"]
