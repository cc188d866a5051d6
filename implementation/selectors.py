"""The documents in force: which version on which day, parsed once and kept under its hash.

Published documents are the firm's own rules: every signed-in role may read them, so nothing is scoped here.
"""

from datetime import date
from functools import lru_cache
from typing import TypeVar

from households.foundation.errors import DomainError
from implementation.models import DocumentVersion, PolicyVersion, ShelfVersion
from implementation.rules.documents.document import DocumentError
from implementation.rules.policy import Policy
from implementation.rules.shelf import Shelf

DEFAULT = "house"
Version = TypeVar("Version", PolicyVersion, ShelfVersion)


def policy_in_force(as_of: date, name: str = DEFAULT) -> Policy:
    """The policy in force on a day.

    Raises:
        DomainError: none is.
    """
    return policy_by_hash(policy_version_in_force(as_of, name).sha256)


def shelf_in_force(as_of: date, name: str = DEFAULT) -> Shelf:
    """The shelf of that name in force on a day.

    Raises:
        DomainError: none is.
    """
    return shelf_by_hash(shelf_version_in_force(as_of, name).sha256)


def policy_version_in_force(as_of: date, name: str = DEFAULT) -> PolicyVersion:
    """The published row behind `policy_in_force`, without its text."""
    return _in_force(PolicyVersion, as_of, name)


def shelf_version_in_force(as_of: date, name: str = DEFAULT) -> ShelfVersion:
    """The published row behind `shelf_in_force`, without its text."""
    return _in_force(ShelfVersion, as_of, name)


def newest_policy(as_of: date, name: str = DEFAULT) -> PolicyVersion | None:
    """The same, or None where no policy is in force."""
    return _newest(PolicyVersion, as_of, name)


def published_policy(sha256: str) -> PolicyVersion:
    """The published row of a policy by its hash; raises `DomainError` where there is none."""
    return _published(PolicyVersion, sha256)


def published_shelf(sha256: str) -> ShelfVersion:
    """The published row of a shelf by its hash; raises `DomainError` where there is none."""
    return _published(ShelfVersion, sha256)


def shelves_in_force(as_of: date) -> list[ShelfVersion]:
    """One row per shelf that is in force on a day, the default first, the others by name."""
    names = ShelfVersion.objects.filter(effective_from__lte=as_of).order_by().values_list("name", flat=True)
    ordered = sorted(set(names), key=lambda name: (name != DEFAULT, name))
    return [shelf_version_in_force(as_of, name) for name in ordered]


@lru_cache(maxsize=32)
def policy_by_hash(sha256: str) -> Policy:
    """A published policy by its hash, whether in force or not: what an old record was made with.

    Raises:
        DomainError: never published, stated in a form that is no longer read, or stored with a text that no
            longer has this hash.
    """
    version = _published(PolicyVersion, sha256)
    try:
        policy = Policy.accepted(version.text, str(version))
    except DocumentError as error:
        raise DomainError(
            f"{version} is stated in a form that this version of the product does not read.",
            field=error.key,
            value=error.value,
            remedy=f"Look at it with the version that it was published with; expected is {error.expected}.",
            status=409,
        ) from error
    return _intact(policy, version)


@lru_cache(maxsize=32)
def shelf_by_hash(sha256: str) -> Shelf:
    """A published shelf by its hash; errors as in `policy_by_hash`."""
    version = _published(ShelfVersion, sha256)
    return _intact(Shelf.parse(version.text), version)


def _newest(model: type[Version], as_of: date, name: str) -> Version | None:
    versions = model.objects.filter(name=name, effective_from__lte=as_of).defer("text")
    newest: Version | None = versions.order_by("-effective_from", "-published_at", "-id").first()
    return newest


def _in_force(model: type[Version], as_of: date, name: str) -> Version:
    version = _newest(model, as_of, name)
    if version is None:
        raise DomainError(
            f"No {_kind(model)} named {name!r} is in force on {as_of:%Y-%m-%d}.",
            field="as_of",
            value=as_of,
            remedy="Choose a later day, or publish one that holds from this day.",
            status=409,
        )
    return version


def _published(model: type[Version], sha256: str) -> Version:
    version: Version | None = model.objects.filter(sha256=sha256).first()
    if version is None:
        raise DomainError(
            f"No {_kind(model)} with this fingerprint was ever published.",
            value=sha256,
            remedy="Check the fingerprint against the record it was taken from.",
            status=404,
        )
    return version


Parsed = TypeVar("Parsed", Policy, Shelf)


def _intact(parsed: Parsed, version: DocumentVersion) -> Parsed:
    """Refuses a stored text that is not what was published: nothing may be decided by altered rules."""
    if parsed.sha256 != version.sha256:
        raise DomainError(
            f"The stored text of {version} is not the one that was published.",
            value=parsed.sha256,
            remedy="Restore the database from a backup and have the change investigated.",
            status=500,
        )
    return parsed


def _kind(model: type[DocumentVersion]) -> str:
    return "policy" if model is PolicyVersion else "shelf"
