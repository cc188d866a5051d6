"""Two people at one form, of the intake or a record: what stands together, what clashes, what is chosen."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import QueryDict

from households.forms.intake import SectionForm
from households.foundation.formats import moment
from households.intake.homes import HOME, Home
from households.intake.sections import LABELS
from households.intake.words import fact_words
from households.models import Account, Change, Household, Intake, TaxUnit
from households.selectors import last_changes
from households.services.recording import written

MINE, THEIRS = "mine", "theirs"
NOT_KNOWN = "Not known yet"
_KEPT_BY = {Home.ACCOUNT: Account, Home.TAX_UNIT: TaxUnit, Home.HOUSEHOLD: Household, Home.INTAKE: Intake}


@dataclass(frozen=True, slots=True)
class Clash:
    """One field, or question of the intake, that both filled in differently.

    Attributes:
        mine, theirs: the values in words; shown is theirs as its field would show it.
        who, when: of theirs; empty and None where history does not tell who made it.
        chosen: what this page has chosen so far: mine, theirs, or empty.
        missing: the page showed both values, and was sent to be saved without a choice.
    """

    name: str
    label: str
    mine: str
    theirs: str
    shown: str
    who: str
    when: datetime | None
    chosen: str
    missing: bool = False

    @property
    def problem(self) -> dict[str, str]:
        """What the error summary says of a missing choice, and where it is made."""
        return {
            "text": f"{self.label}: choose which value stands, then save.",
            "href": f"#choice-{self.name}-mine",
        }


@dataclass(frozen=True, slots=True)
class News:
    """A value that this page shows as it was, and that is another by now."""

    label: str
    now: str
    who: str
    when: datetime | None

    @property
    def words(self) -> str:
        """One sentence that says so."""
        by = f", by {self.who}, {moment(self.when)}" if self.who else ""
        return f"{self.label} is now: {self.now}{by}."


def lacks_choice(sent: Mapping[str, Any], name: str) -> bool:
    """Whether a page that showed two answers to this question was sent without a choice between them."""
    return f"theirs-{name}" in sent and sent.get(f"choice-{name}") not in (MINE, THEIRS)


def clashes(form: SectionForm, *, live: bool = False) -> list[Clash]:
    """What the reader has to choose, with both answers side by side.

    Args:
        live: the page was not sent by a button, but saved as one types: no choice is missing yet.
    """
    names = form.overtaken()
    changed, shown = _makers(form, names), form.shown_values()
    return [
        Clash(
            name=name,
            label=LABELS[name],
            mine=_words(name, form.cleaned_data[name]),
            theirs=_words(name, form.state.stated(name)),
            shown=shown[name],
            who=str(changed[name].by) if name in changed else "",
            when=changed[name].at if name in changed else None,
            chosen=str(form.data.get(f"choice-{name}", "")),
            missing=not live and lacks_choice(form.data, name),
        )
        for name in names
    ]


def news(form: SectionForm) -> list[News]:
    """Questions that this reader left alone and others answered, or that are not asked any more."""
    moved, gone = form.moved(), form.not_asked_any_more()
    changed = _makers(form, moved)
    values = {name: form.state.stated(name) for name in moved} | {
        name: form.state.fact(name) for name in gone
    }
    return [
        News(
            label=LABELS[name],
            now=_words(name, value),
            who=str(changed[name].by) if name in changed else "",
            when=changed[name].at if name in changed else None,
        )
        for name, value in values.items()
    ]


def _makers(form: SectionForm, names: list[str]) -> dict[str, Change]:
    """Question -> the change that made today's answer; none where history tells of another one."""
    if not names:
        return {}
    state, account = form.state, form.state.account
    keys = [str(key) for key in (account.pk, account.tax_unit_id, account.household_id) if key]
    changed = last_changes(account.household_id, keys, names)
    return {
        name: change
        for name, change in changed.items()
        if change.new == written(_KEPT_BY[HOME[name]], name, state.stated(name))
    }


def _words(name: str, value: Any) -> str:
    return fact_words(name, value) or NOT_KNOWN


def with_choices(sent: QueryDict) -> QueryDict:
    """What a page sent, with its choices between two values carried out.

    Whoever chose has seen the other's value: it counts as what the page showed from then on, so that a third
    one, given since, clashes anew. Not for a page saved as one types: a choice is made by a button.
    """
    settled = sent.copy()
    was = held_by(sent)
    for key, choice in sent.items():
        name = key.removeprefix("choice-")
        if key.startswith("choice-") and choice in (MINE, THEIRS):
            was[name] = str(sent.get(f"theirs-{name}", ""))
            if choice == THEIRS:
                settled[name] = was[name]
    settled["was"] = json.dumps(was)
    return settled


def held_by(sent: QueryDict) -> dict[str, str]:
    """What the page says it showed; nothing where that cannot be read."""
    try:
        was = json.loads(str(sent.get("was", "")) or "{}")
    except ValueError:
        return {}
    return was if isinstance(was, dict) else {}


def was_after(form: SectionForm, stored: set[str]) -> dict[str, str]:
    """What the page shows and needs no saving any more: the ``was`` it sends next time.

    Args:
        stored: questions whose answers were saved now.
    """
    done = stored | {name for name in form.touched() if form.agrees(name)}
    return form.showed | {name: str(form.data[name]) for name in done}
