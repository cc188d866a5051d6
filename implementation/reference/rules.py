"""The page of rules: the policy and the factors as a compliance officer reads them."""

from __future__ import annotations

import inspect
from collections.abc import Mapping
from itertools import pairwise

from households.foundation import formats
from implementation.reference.answers import how_an_answer_is_reached
from implementation.reference.eligibility import eligibility
from implementation.reference.facts import link
from implementation.reference.markdown import listed, table
from implementation.reference.rule_entries import Entries
from implementation.rule_words import (
    PLAN_LABEL,
    allowed,
    change_allowed,
    from_to,
    left_out,
    number_label,
    range_kind,
    range_label,
    with_unit,
)
from implementation.rules.factors import FACTORS, FITS, LABELS, MEASURES, MEASURES_MEAN, Fit, reads
from implementation.rules.need import LABEL as NEED
from implementation.rules.need import need
from implementation.rules.parameters import Basis
from implementation.rules.policy import Policy

Lines = list[str]
_SIDES = {"both": "For either structure", "sma": "For the SMA", "uma": "For the UMA"}
_STANDS_ON = ("why", "source", "evidence", "review by")


def page(policy: Policy, curves: Mapping[str, str]) -> str:
    """The page as Markdown.

    Args:
        curves: key of a rule -> path of its picture.
    """
    entries = Entries(policy, curves)
    parts = [
        _head(policy),
        how_an_answer_is_reached(policy),
        _weights(policy),
        _numbers(policy),
        _need(entries),
        eligibility(policy),
        _factors(policy, entries),
        _plan(policy),
        _perturbations(policy),
        _ranges(policy),
        _reasons(policy, entries),
        _sources(policy),
    ]
    lines = [line for part in parts for line in [*part, ""]]
    return "\n".join(line for before, line in pairwise(["", *lines]) if line or before).rstrip() + "\n"


def _head(policy: Policy) -> Lines:
    return [
        "# Rules",
        "",
        f"**{policy.title}**, version {policy.version}, in effect from {policy.effective_from}, fingerprint",
        f"`{policy.sha256}`.",
        "",
        policy.note,
        "",
        "This page is made from the policy and the code (`python -m implementation.reference`), so it "
        "says what",
        "is done and nothing else. A firm's own policy is shown in the product, under *Policy*. Every number",
        "has its unit, its reason, a dated source with its grade of evidence, the range it may move in "
        "without",
        "a new discussion, and the day by which to look at it again. `manage.py check_policy` checks a "
        "policy",
        "before it is published ([policy.md](../policy.md)).",
    ]


def _basis(basis: Basis) -> tuple[str, str, str, str]:
    source = basis.source
    return basis.rationale, f"{source.title}, {source.date}", source.evidence, basis.review_by


def _weights(policy: Policy) -> Lines:
    rows = []
    for name in FACTORS:
        basis = policy.bases[f"weights.{name}"]
        weight = formats.percent(policy.weights[name])
        rows.append((f"[{LABELS[name]}](#{_anchor(LABELS[name])})", weight, allowed(basis), *_basis(basis)))
    heads = ("factor", "weight", "may be", *_STANDS_ON)
    return ["## Weights of the factors", "", *table(heads, rows, right=(1,))]


def _numbers(policy: Policy) -> Lines:
    rows = []
    for name, value in policy.numbers.items():
        basis = policy.bases[f"numbers.{name}"]
        rows.append((number_label(name), with_unit(basis.unit, value), allowed(basis), *_basis(basis)))
    heads = ("number", "value", "may be", *_STANDS_ON)
    return ["## Tolerances and yardsticks", "", *table(heads, rows)]


def _need(entries: Entries) -> Lines:
    lines = [f"## {NEED}", "", *_about(need), ""]
    return lines + entries.of_part("need", "both")


def _factors(policy: Policy, entries: Entries) -> Lines:
    lines = [
        "## Factors",
        "",
        "Each factor gives the SMA and the UMA a fit from 0 to 100. Fits begin at 50 (the minimums at "
        "100) and",
        "move by the points of the rules below. Beside facts, factors read measures of the program that",
        "represents a structure, the cheapest eligible one:",
        "",
        *table(("measure", "what it is"), [(f"`{name}`", what) for name, what in MEASURES_MEAN.items()]),
        "",
    ]
    for name in FACTORS:
        weight = formats.percent(policy.weights[name])
        lines += [f"### {LABELS[name]}", "", f"Weight {weight}.", "", *_about(FITS[name]), ""]
        for side, title in _SIDES.items():
            told = entries.of_part(name, side)
            if told:
                lines += [f"#### {LABELS[name]}: {title[0].lower()}{title[1:]}", "", *told]
    return lines[:-1]


def _about(rule: Fit) -> Lines:
    """The docstring of a rule, and what it reads."""
    paragraphs = [" ".join(part.split()) for part in (inspect.getdoc(rule) or "").split("\n\n")]
    names = [f"`{name}`" if name in MEASURES else link(name) for name in reads(rule)]
    told = [line for part in paragraphs for line in (part, "")]
    return [*told, f"Reads {listed(names)}."]


def _plan(policy: Policy) -> Lines:
    key = "household_plan.coordination_points"
    basis, value = policy.bases[key], policy.plan.coordination_points
    row = (PLAN_LABEL, with_unit(basis.unit, value), allowed(basis), *_basis(basis))
    return [
        "## Household plan",
        "",
        "The plan places the accounts of a household together. It counts each account's own fit and, for",
        "taxable equity accounts of one tax unit that share an overlay which reaches them, this credit:",
        "",
        *table(("number", "value", "may be", *_STANDS_ON), [row]),
        "",
        f"Own fit leaves these rules out: {listed(left_out(policy))}. {policy.plan.left_out_because}",
    ]


def _perturbations(policy: Policy) -> Lines:
    rows = []
    for change in policy.perturbations:
        told = change.text[:1].upper() + change.text[1:]
        facts = ", ".join(link(name) for name in change.changes)
        rows.append((told, facts, change_allowed(change), *_basis(change.basis)))
    return [
        "## Small changes that a robust outcome survives",
        "",
        "An account whose outcome changes under one of them is called *fragile*.",
        "",
        *table(("change", "facts", "may be", *_STANDS_ON), rows),
    ]


def _ranges(policy: Policy) -> Lines:
    rows = []
    for name, (low, high) in policy.ranges.items():
        basis = policy.bases.get(f"ranges.{name}")
        if basis is not None:
            kind = range_kind(name)
            within = from_to(kind, basis.low, basis.high)
            rows.append((range_label(name), from_to(kind, low, high), within, *_basis(basis)))
    return [
        "## What an unknown fact may be",
        "",
        "An unknown fact is never given a value: the outcome is worked out over everything it may be. "
        "Shares,",
        "levels, answers and codes may be anything that they can be at all; the others are held to these",
        "ranges.",
        "",
        *table(("fact", "range", "ends may be", *_STANDS_ON), rows),
    ]


def _reasons(policy: Policy, entries: Entries) -> Lines:
    rows = []
    for reason in policy.reasons.values():
        favors = reason.favours.capitalize() if reason.favours.islower() else reason.favours
        first = "; said before all others" if reason.first else ""
        who = entries.who_says(reason.code)
        rows.append((f"`{reason.code}`", favors + first, reason.text, reason.unknown, who))
    return [
        "## Reasons",
        "",
        "A reason is given by the rule that acted, never chosen afterwards. Names in braces are filled "
        "with the",
        "account's own numbers; where one of them is not known, the other text is said.",
        "",
        *table(("code", "favors", "text", "where a number is not known", "said by"), rows),
    ]


def _sources(policy: Policy) -> Lines:
    rows = [(source.title, source.date, source.evidence) for source in policy.sources.values()]
    return ["## Sources", "", *table(("source", "date", "evidence"), rows)]


def _anchor(title: str) -> str:
    kept = "".join(letter for letter in title.lower() if letter.isalnum() or letter in " -")
    return kept.replace(" ", "-")
