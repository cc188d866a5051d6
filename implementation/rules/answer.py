"""The answer of an evaluation, as command and API give it: one result per account, in order."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

from implementation.rules.engine import ENGINE
from implementation.rules.explain import explain
from implementation.rules.facts import Facts, account_from_csv, account_from_json, columns_of
from implementation.rules.policy import Policy
from implementation.rules.reading import FactError
from implementation.rules.shelf import Shelf


def answer(
    accounts: Sequence[Mapping[str, Any]], shelf: Shelf, policy: Policy, as_of: date
) -> dict[str, Any]:
    """Evaluate accounts given as JSON objects.

    Args:
        accounts: fact -> value, null or absent for unknown.
        shelf, policy: the documents in force.
        as_of: the day of the evaluation.

    Returns:
        `{"engine", "policy", "shelf", "as_of", "results"}`; an account whose facts cannot be read has
        `{"error": {fact, value, problem, remedy}}` in its place.
    """
    return _answer(accounts, account_from_json, shelf, policy, as_of)


def answer_csv(
    rows: Sequence[Mapping[str, Any]], shelf: Shelf, policy: Policy, as_of: date
) -> dict[str, Any]:
    """Evaluate accounts given as CSV rows; the answer is that of `answer`."""
    return _answer(rows, account_from_csv, shelf, policy, as_of)


def _answer(
    given: Sequence[Any], read: Callable[[Any], Facts], shelf: Shelf, policy: Policy, as_of: date
) -> dict[str, Any]:
    results: list[dict[str, Any]] = [{} for _ in given]
    places, accounts = [], []
    for place, account in enumerate(given):
        try:
            accounts.append(read(account))
            places.append(place)
        except FactError as error:
            results[place] = {"error": error.as_dict()}
    columns = columns_of(accounts)
    for row, place in enumerate(places):
        results[place] = explain(columns, row, shelf, policy, as_of)
    return {
        "engine": ENGINE,
        "policy": {"name": policy.name, "version": policy.version, "sha256": policy.sha256},
        "shelf": {"name": shelf.name, "version": shelf.version, "sha256": shelf.sha256},
        "as_of": as_of.isoformat(),
        "results": results,
    }
