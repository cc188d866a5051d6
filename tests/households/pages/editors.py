"""Editors in threads of one process, each with a page or a form of their own open; test_race.py runs them."""

import json
import re
from collections import Counter
from collections.abc import Callable
from html import unescape
from typing import Any

from django.core.management import call_command
from django.test import Client

from households.models import Account, Change, Intake, TaxUnit, User
from tests.firm import build_firm
from tests.threads import at_once

HTMX = {"HX-Request": "true"}
CHOICES = re.compile(r'-(?:mine|theirs)">([^<]*)<span class="choice-hint">([^<,]*)')
"""An answer to choose, and whose it is."""


def prepare() -> str:
    """Migrate, and build the small firm; the id of its advisor's account."""
    call_command("migrate", verbosity=0, interactive=False)
    return str(build_firm().account.pk)


class Editor:
    """Somebody with a section open in a browser that saves as they type."""

    def __init__(self, account: str, email: str, section: str) -> None:
        self.client = Client()
        self.client.force_login(User.objects.get(email=email))
        self.address = f"/accounts/{account}/intake/{section}/"
        self._read(self.client.get(self.address).content.decode())
        self.held = dict(self.was)

    def _read(self, html: str) -> None:
        """What the page keeps for its next save, out of its HTML: Django's test context mixes threads up."""
        hidden = dict(re.findall(r'id="intake-(was|version)" value="([^"]*)"', html))
        self.was, self.version = json.loads(unescape(hidden["was"])), hidden["version"]

    def type(self, **answers: str) -> Any:
        """One autosave of the whole page."""
        self.held |= answers
        sent = self.held | {"version": self.version, "was": json.dumps(self.was)}
        answer = self.client.post(self.address, sent, headers=HTMX)
        self._read(answer.content.decode())
        return answer


def different_questions(account: str, rounds: int) -> dict[str, Any]:
    """Four type into one section, each into a box of their own, again and again."""
    questions = ("gain_budget", "holding_horizon_years", "annual_gifting", "tax_sensitivity")
    people = ("advisor@test.example", "assistant@test.example") * 2
    editors = [Editor(account, email, "taxes") for email in people]

    def typing(editor: Editor, question: str) -> Callable[[], Any]:
        top = 4 if question == "tax_sensitivity" else rounds
        return lambda: [editor.type(**{question: str(n % top + 1)}).status_code for n in range(rounds)]

    before = Intake.objects.get(pk=account).version
    found = at_once([typing(*pair) for pair in zip(editors, questions, strict=True)])
    intake = Intake.objects.get(pk=account)
    return {
        "statuses": Counter(str(status) for statuses in found for status in statuses),
        "answers": {name: getattr(intake, name) for name in questions},
        "saves": intake.version - before,
        "history": {name: Change.objects.filter(field=name).count() for name in questions},
    }


def same_question(account: str, rounds: int) -> list[dict[str, Any]]:
    """Two answer the same question in the same moment, from the same page; what each was told."""
    told = []
    for number in range(rounds):
        two = [Editor(account, f"{name}@test.example", "mandate") for name in ("advisor", "assistant")]
        values = [str(100 * number + 1), str(100 * number + 2)]
        answers = at_once(
            [
                lambda editor=editor, value=value: editor.type(security_restrictions=value)
                for editor, value in zip(two, values, strict=True)
            ]
        )
        told.append(
            {
                "values": values,
                "statuses": [answer.status_code for answer in answers],
                "clashes": [CHOICES.findall(answer.content.decode()) for answer in answers],
                "stored": str(Intake.objects.get(pk=account).security_restrictions),
            }
        )
    return told


def confirming_and_answering(account: str, rounds: int) -> list[dict[str, Any]]:
    """One confirms all of last year's answers while another answers one of them."""
    told = []
    advisor = Client()
    advisor.force_login(User.objects.get(email="advisor@test.example"))
    hub = f"/accounts/{account}/intake/"
    for number in range(rounds):
        editor = Editor(account, "assistant@test.example", "mandate")
        editor.type(sector_tilts=str(2 * number), esg_screens="1")
        advisor.post(f"{hub}review/", {"version": str(Intake.objects.get(pk=account).version)})
        editor = Editor(account, "assistant@test.example", "mandate")
        opened = {"version": str(Intake.objects.get(pk=account).version)}
        confirmed, answered = at_once(
            [
                lambda opened=opened: advisor.post(f"{hub}confirm/", opened).status_code,
                lambda editor=editor, number=number: (
                    editor.type(sector_tilts=str(2 * number + 1)).status_code
                ),
            ]
        )
        intake = Intake.objects.get(pk=account)
        told.append(
            {
                "confirmed": confirmed,
                "answered": answered,
                "stored": intake.sector_tilts - 2 * number,
                "by": str(User.objects.get(pk=intake.provenance["sector_tilts"]["by"]).email),
                "left": intake.provenance["esg_screens"]["source"] == "previous",
            }
        )
    return told


def handing_over(account: str) -> list[int]:
    """Both give it to the other in the same moment; their answers."""
    here = Account.objects.get(pk=account)
    clients = []
    for name, other in (("advisor", "assistant"), ("assistant", "advisor")):
        client = Client()
        client.force_login(User.objects.get(email=f"{name}@test.example"))
        clients.append((client, str(User.objects.get(email=f"{other}@test.example").pk)))
    return at_once(
        [
            lambda client=client, to=to: (
                client.post(
                    f"/accounts/{here.pk}/intake/hand-over/", {"hand-to": to, "hand-note": "Please look."}
                ).status_code
            )
            for client, to in clients
        ]
    )


class RecordEditor:
    """Somebody with the form of a return open."""

    def __init__(self, unit: str, email: str) -> None:
        self.client = Client()
        self.client.force_login(User.objects.get(email=email))
        self.address = f"/tax-units/{unit}/"
        (was,) = re.findall(r'name="was" value="([^"]*)"', self.client.get(self.address).content.decode())
        self.was = unescape(was)

    def save(self, **values: str) -> tuple[int, list[tuple[str, str]]]:
        """Type these values and send the form: the status, and the values to choose between."""
        answer = self.client.post(self.address, {**json.loads(self.was), **values, "was": self.was})
        return answer.status_code, CHOICES.findall(answer.content.decode())


def one_return(account: str, rounds: int, *, same: bool) -> list[dict[str, Any]]:
    """Two save the form of one return in the same moment, one field or one each; what each was told."""
    unit = str(Account.objects.get(pk=account).tax_unit_id)
    fields = ["loss_carryforward", "loss_carryforward" if same else "gains_elsewhere"]
    told = []
    for number in range(rounds):
        two = [RecordEditor(unit, f"{name}@test.example") for name in ("advisor", "assistant")]
        values = [str(100 * number + 1), str(100 * number + 2)]
        answers = at_once(
            [
                lambda editor=editor, field=field, value=value: editor.save(**{field: value})
                for editor, field, value in zip(two, fields, values, strict=True)
            ]
        )
        stored = TaxUnit.objects.get(pk=unit)
        told.append(
            {
                "values": [f"${value}" for value in values],
                "statuses": [status for status, _ in answers],
                "choices": [choices for _, choices in answers],
                "stored": [f"${getattr(stored, field) // 100}" for field in fields],
            }
        )
    return told


def one_field_of_a_return(account: str, rounds: int) -> list[dict[str, Any]]:
    """Both change the same field."""
    return one_return(account, rounds, same=True)


def two_fields_of_a_return(account: str, rounds: int) -> list[dict[str, Any]]:
    """Each changes a field of their own."""
    return one_return(account, rounds, same=False)
