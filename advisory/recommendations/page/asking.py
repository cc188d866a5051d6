"""What to ask next of an account, from its facts as they are now: only what can still change the outcome."""

from datetime import date
from typing import Any

from advisory.recommendations.columns import FactRows, core_columns
from advisory.recommendations.page.links import links_of
from advisory.recommendations.page.verdict import SHORT
from advisory.recommendations.words import fact_label
from households.facts import fresh_facts, read_facts
from households.foundation.errors import DomainError
from households.models import Account
from implementation.rules.engine import OUTCOMES, evaluate
from implementation.rules.explanation.questions import questions
from implementation.selectors import policy_in_force, shelf_in_force

FIRST = 5
"""Questions shown; answering one changes which come next."""


def asking_context(account: Account, as_of: date) -> dict[str, Any]:
    """The questions that could still change the outcome, the most telling first, or that none is left.

    Worked out anew, recorded nowhere; a fixed number of queries.
    """
    try:
        policy, shelf = policy_in_force(as_of), shelf_in_force(as_of)
    except DomainError as problem:
        return {"account": account, "problem": str(problem)}
    fresh_facts([account.household_id], as_of=as_of)
    facts = FactRows.of(read_facts(account_ids=[account.pk]))
    if not facts.account_ids:
        return {"account": account, "problem": "A closed account is not evaluated."}
    columns = core_columns(facts.facts)
    found = evaluate(columns, shelf, policy, as_of)
    outcome = OUTCOMES[int(found.outcome[0])]
    possible = [name for bit, name in enumerate(OUTCOMES) if int(found.outcome_set[0]) >> bit & 1]
    asked = questions(columns, shelf, policy) if len(possible) > 1 else []
    links = links_of(account)
    return {
        "account": account,
        "outcome": outcome,
        "settled": SHORT[outcome] if len(possible) == 1 else "",
        "possible": [SHORT[name] for name in possible],
        "open": sum(column[0] is None for column in facts.facts.values()),
        "questions": [
            {
                "label": fact_label(question.fact),
                "link": links(question.fact),
                "settles": question.outcomes < len(possible),
            }
            for question in asked[:FIRST]
        ],
        "more": max(len(asked) - FIRST, 0),
    }
