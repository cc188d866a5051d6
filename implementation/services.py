"""Publishing: a document becomes a version that nothing changes afterwards."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TypeVar

from django.db import IntegrityError, transaction

from households.foundation.errors import DomainError
from households.models import User
from implementation.models import PolicyVersion, ShelfVersion
from implementation.rules.documents.document import DocumentError
from implementation.rules.policy import Policy
from implementation.rules.shelf import Shelf

DATA = Path(__file__).parent / "data"
SHIPPED_POLICIES = ("house_policy.yaml",)
SHIPPED_SHELVES = ("house_shelf.yaml", "published_shelf.yaml")
Version = TypeVar("Version", PolicyVersion, ShelfVersion)


def publish_policy(
    *, by: User | None, text: str, effective_from: date | None = None, note: str = "", file: str = "policy"
) -> PolicyVersion:
    """Publish a policy, or return the version that was published before with the same content.

    Args:
        by: who publishes; None for a document that ships with the product.
        text: the document.
        effective_from: the first day it is in force; the day that the document names when left out.
        note: why, for the reader of the history.
        file: what errors call the document.

    Raises:
        DomainError: not a policy, to be in force before the day that it names itself, or its name and
            version were published with other content.
    """
    try:
        parsed = Policy.parse(text, file)
    except DocumentError as error:
        raise _refused(error) from error
    return _publish(PolicyVersion, parsed, by=by, text=text, effective_from=effective_from, note=note)


def publish_shelf(
    *, by: User | None, text: str, effective_from: date | None = None, note: str = "", file: str = "shelf"
) -> ShelfVersion:
    """Publish a shelf; arguments and errors as in `publish_policy`."""
    try:
        parsed = Shelf.parse(text, file)
    except DocumentError as error:
        raise _refused(error) from error
    return _publish(ShelfVersion, parsed, by=by, text=text, effective_from=effective_from, note=note)


@dataclass(frozen=True)
class Shipped:
    """What became of one document that ships with the product."""

    file: str
    version: str
    published: bool
    waiting: bool


def publish_shipped(*, as_of: date, update: bool = False) -> list[Shipped]:
    """Publish what ships with the product where the firm has nothing under that name.

    A newer shipped document never replaces what is in force unless `update` asks for it: the rules of a firm
    change when the firm decides so, not when its software is upgraded.

    Args:
        as_of: today; an updated document is in force from this day at the earliest, a first one from the
            day that it names.
        update: publish newer shipped documents too.

    Raises:
        DomainError: a shipped document was changed without a new version.
    """
    done = [_ship(PolicyVersion, Policy.load(DATA / file), file, as_of, update) for file in SHIPPED_POLICIES]
    return done + [
        _ship(ShelfVersion, Shelf.load(DATA / file), file, as_of, update) for file in SHIPPED_SHELVES
    ]


def _ship(model: type[Version], parsed: Policy | Shelf, file: str, as_of: date, update: bool) -> Shipped:
    known = set(model.objects.filter(name=parsed.name).values_list("sha256", flat=True))
    there = parsed.sha256 in known
    publish = not there and (update or not known)
    if publish:
        first_day = max(as_of, date.fromisoformat(parsed.effective_from)) if known else None
        note = "Ships with the product."
        _publish(model, parsed, by=None, text=parsed.text, effective_from=first_day, note=note)
    waiting = not there and not publish
    return Shipped(file=file, version=f"{parsed.name} {parsed.version}", published=publish, waiting=waiting)


def _publish(
    model: type[Version],
    parsed: Policy | Shelf,
    *,
    by: User | None,
    text: str,
    effective_from: date | None,
    note: str,
) -> Version:
    own_day = date.fromisoformat(parsed.effective_from)
    if effective_from is not None and effective_from < own_day:
        raise DomainError(
            f"{parsed.name} {parsed.version} says itself that it holds from {own_day}.",
            field="effective_from",
            value=effective_from,
            remedy=f"Choose {own_day} or a later day.",
        )
    with transaction.atomic():
        before = _same_version(model, parsed)
        if before is not None:
            return before
        try:
            with transaction.atomic():
                return model.objects.create(
                    name=parsed.name,
                    version=parsed.version,
                    sha256=parsed.sha256,
                    text=text,
                    effective_from=effective_from or own_day,
                    published_by=by,
                    note=note,
                )
        except IntegrityError:
            # Somebody published the same version between the look and the write.
            before = _same_version(model, parsed)
            if before is None:
                raise
            return before


def _same_version(model: type[Version], parsed: Policy | Shelf) -> Version | None:
    before = model.objects.filter(name=parsed.name, version=parsed.version).first()
    if before is not None and before.sha256 != parsed.sha256:
        raise DomainError(
            f"Version {parsed.version} of {parsed.name!r} was published with other content.",
            field="version",
            value=parsed.version,
            remedy="Give the changed document a new version; published ones are never changed.",
            status=409,
        )
    return before


def _refused(error: DocumentError) -> DomainError:
    others = f", and {len(error.others)} more" if error.others else ""
    return DomainError(
        f"{error.file} cannot be published: {error.key or 'the document'} is not accepted{others}.",
        field=error.key,
        value=error.value,
        remedy=f"Expected {error.expected}.",
    )
