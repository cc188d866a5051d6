"""A record's form sent back: held against the record as it stands, and saved, with nobody in between."""

from collections.abc import Callable
from typing import Any, TypeVar
from uuid import UUID

from django.contrib import messages
from django.db.models import Model
from django.http import HttpRequest, QueryDict

from households.forms.editing import RecordForm
from households.forms.merging import with_choices
from households.services.recording import current, held

Edited = TypeVar("Edited", bound=RecordForm)


def edited(
    request: HttpRequest,
    record: Model,
    household_id: UUID,
    form_of: Callable[[QueryDict | None], Edited],
    save: Callable[[Edited], Any],
) -> tuple[Edited, bool]:
    """The form of a record, and whether it was sent and saved; what others changed meanwhile is told then.

    Args:
        form_of: makes the form from what was sent, or None, and from the record.
        save: stores the form's ``changes()``.

    Raises:
        DomainError: 409, the record is gone; or what ``save`` refuses.
    """
    if request.method != "POST":
        return form_of(None), False
    with held(household_id):
        current(record)
        form = form_of(with_choices(request.POST))
        if not form.is_valid():
            return form, False
        save(form)
    for item in form.news():
        messages.info(request, item.words)
    return form, True
