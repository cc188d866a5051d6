"""The reference of rules and facts, made from the code and the shipped policy, so that it cannot drift.

`python -m implementation.reference` writes it, `--check` says whether what is written is current.
"""

from __future__ import annotations

from pathlib import Path

from implementation.reference import facts, rules
from implementation.reference.curves import pictures
from implementation.rules.policy import Policy

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "docs" / "reference"
POLICY = ROOT / "implementation" / "data" / "house_policy.yaml"
CURVES = "curves"


def pages() -> dict[str, str]:
    """Path of each file below `docs/reference` -> its content."""
    policy = Policy.load(POLICY)
    drawn = pictures(policy)
    return {
        "facts.md": facts.page(),
        "rules.md": rules.page(policy, {key: f"{CURVES}/{name}" for key, (name, _) in drawn.items()}),
        **{f"{CURVES}/{name}": svg for name, svg in drawn.values()},
    }


def write(folder: Path = FOLDER) -> list[str]:
    """Write what is not current and remove pictures that no rule has; their paths."""
    made = pages()
    changed = stale(folder)
    for path in changed:
        if path in made:
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / path).write_text(made[path], encoding="utf-8")
        else:
            (folder / path).unlink()
    return changed


def stale(folder: Path = FOLDER) -> list[str]:
    """Files that are missing, differ from what the code makes, or show a rule that is no more."""
    made = pages()
    found = [path for path, text in made.items() if not _same(folder / path, text)]
    left = sorted(f"{CURVES}/{path.name}" for path in (folder / CURVES).glob("*"))
    return found + [path for path in left if path not in made]


def _same(path: Path, text: str) -> bool:
    return path.is_file() and path.read_bytes() == text.encode("utf-8")
