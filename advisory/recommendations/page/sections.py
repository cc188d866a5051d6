"""The way about a long page: its sections, as far as this record has them."""

from collections.abc import Mapping
from typing import Any


def sections(context: Mapping[str, Any]) -> list[dict[str, str]]:
    """Anchor and label of each section that is worth a jump, in the order of the page.

    Args:
        context: of the page (`recommendation_context`).
    """
    changes = context["changes"]
    found = [
        ("summary", "Summary", True),
        ("why", "Reasons", True),
        ("contrast", "Why not the other", context["contrast"]),
        ("missing", "What is missing", changes["questions"]),
        ("changes", "What would change it", changes["listed"] or changes["nothing"]),
        ("what-if", "What if", True),
        ("decision", "Decision", True),
        ("eligibility", "Eligibility", True),
        ("factors", "Factors", True),
        ("costs", "Costs", True),
        ("conflict", "Who earns what", True),
        ("inputs", "Facts", True),
        ("record", "Record", True),
    ]
    return [{"anchor": anchor, "label": label} for anchor, label, shown in found if shown]
