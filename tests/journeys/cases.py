"""The worked cases as an advisor types them in."""

from pathlib import Path
from typing import Any

import yaml
from django.conf import settings

_CASES = yaml.safe_load((Path(settings.BASE_DIR) / "tests/rules/golden/cases.yaml").read_text())
BY_ID: dict[int, dict[str, Any]] = {case["id"]: case for case in _CASES["cases"]}


def answers_of(number: int) -> dict[str, Any]:
    """The facts of a case as the intake asks for them.

    Usable gains are worked out, not asked: without gains in the account and without a carryforward they are
    the gains from elsewhere.
    """
    facts = _CASES["base"] | BY_ID[number]["set"]
    assert not facts["unrealized_gain"] and not facts["loss_carryforward"]
    return facts | {"gains_elsewhere": facts["usable_gains"]}
