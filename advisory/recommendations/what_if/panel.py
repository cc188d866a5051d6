"""Everything the what-if panel shows, on the recommendation's page and on its own."""

from collections.abc import Mapping, Sequence
from typing import Any

from advisory.recommendations.models import Recommendation
from advisory.recommendations.what_if.choosing import others, shown_first
from advisory.recommendations.what_if.controls import controls_of
from advisory.recommendations.what_if.form import WhatIfForm, hidden_steps
from advisory.recommendations.what_if.showing import beside
from advisory.recommendations.what_if.working import Step, grounds_of
from households.foundation.errors import DomainError

Document = Mapping[str, Any]


def panel(
    recommendation: Recommendation,
    document: Document,
    *,
    data: Mapping[str, Any] | None = None,
    steps: Sequence[Step] = (),
) -> dict[str, Any]:
    """The panel of a record: its controls and what follows from how they stand.

    Args:
        document: the record's own.
        data: what was sent; or
        steps: the facts that a scenario sets.

    Raises:
        DomainError: 422, what was sent was not made by the page.
        FactError: the steps contradict the record; a form says so at its fields instead.
    """
    try:
        grounds = grounds_of(recommendation)
    except DomainError as error:
        return {"error": error, "status": error.status}
    result = document["result"]
    shown: list[str] = []
    if data is None:  # a page that was sent brings its own
        shown = [step.fact for step in steps]
        shown += [name for name in shown_first(result, grounds) if name not in shown]
    form = WhatIfForm(data, grounds=grounds, steps=steps, shown=shown, recorded=result)
    worked = form.work_out()
    controls = controls_of(form, worked)
    return {
        "form": form,
        "worked": worked,
        "status": 200 if worked else 422,
        "controls": controls,
        "beside": beside(result, worked, document["logic"]["either_within"]) if worked else None,
        "steps": hidden_steps(form.steps),
        "shown": " ".join(form.shown),
        "others": others(form.shown),
        "added": data.get("add") if data is not None and "adding" in data else "",
        "policy": recommendation.policy_version,
        "shelf": recommendation.shelf_version,
        "as_of": recommendation.as_of,
    }
