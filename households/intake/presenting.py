"""The intake as lists that templates draw: the sections as tasks, facts by section, answers to check."""

from collections.abc import Mapping
from typing import Any

from django.urls import reverse

from households.intake.aging import to_confirm
from households.intake.questions import Section
from households.intake.sections import LABELS, SECTIONS
from households.intake.state import IntakeState, Mode
from households.intake.words import fact_words


def section_url(state: IntakeState, section: Section) -> str:
    """The address of a section."""
    return reverse("households:intake_section", args=[state.account.pk, section.slug])


def tasks(
    state: IntakeState, *, brief: bool = False, pages: tuple[Section, ...] = SECTIONS
) -> list[dict[str, Any]]:
    """The sections as a task list; ``brief`` leaves out what a section is about.

    Args:
        pages: the sections, or the turns of the conversation.
    """
    listed, old = [], set(to_confirm(state.intake, state.today))
    for section in pages:
        unknown, status = len(state.unknown(section)), state.status(section)
        hint = f"{unknown} not known yet." if unknown else "Everything known."
        if status == "not_started" and not brief:
            hint = section.lead
        if last_years := len(old.intersection(section.names)):
            hint, status = f"{last_years} of last year's answers to confirm or change.", "attention"
        listed.append(
            {"title": section.title, "url": section_url(state, section), "hint": hint, "state": status}
        )
    return listed


def fact_groups(
    state: IntakeState, doubts: Mapping[str, Mapping[str, Any]] | None = None
) -> list[dict[str, Any]]:
    """Every fact by section: label, value, provenance; and how many are open.

    Args:
        doubts: fact -> what its row says besides; see households.intake.disagreements.
    """
    doubts = doubts or {}
    groups = []
    for section in SECTIONS:
        rows = [
            {
                "label": LABELS[name],
                "value": fact_words(name, state.fact(name)),
                "provenance": state.badge(name),
                **doubts.get(name, {}),
            }
            for name in section.facts
            if state.mode(name) is not Mode.NOT_APPLICABLE
        ]
        open_ = sum(row["value"] is None for row in rows)
        groups.append({"section": section, "rows": rows, "open": open_, "known": len(rows) - open_})
    return groups


def check_groups(state: IntakeState) -> list[dict[str, Any]]:
    """Every answer by section with the link that changes it, and those that are not known yet."""
    return [_check_group(state, section) for section in SECTIONS]


def _check_group(state: IntakeState, section: Section) -> dict[str, Any]:
    url = section_url(state, section)
    rows = []
    for name in dict.fromkeys((*section.names, *section.facts)):
        mode = state.mode(name)
        if mode in (Mode.NOT_APPLICABLE, Mode.SKIP):
            continue
        value = fact_words(name, state.fact(name))
        row = {"label": LABELS[name], "value": value, "provenance": state.badge(name)}
        if mode in (Mode.ASK, Mode.SETTLE):
            row |= {"url": f"{url}#id_{name}", "action": "Change" if value else "Answer"}
        rows.append(row)
    return {
        "section": section,
        "url": url,
        "rows": rows,
        "unknown": [row for row in rows if not row["value"]],
    }
