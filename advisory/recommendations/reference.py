"""The generated parts of docs/ledger.md: states, reasons for decisions, and what each table's hash covers."""

import re

from advisory.recommendations.hashing import HASH_VERSION, hashed_columns
from advisory.recommendations.models import Decision
from advisory.recommendations.reasons import REASONS
from advisory.recommendations.states import RECOMMENDATION
from advisory.recommendations.verification import chain_key, ledger_models
from households.models.facts import FACT_NAMES

_BLOCK = re.compile(r"(<!-- generated: (\w+) -->\n).*?(<!-- end -->)", re.DOTALL)


def _states() -> str:
    return f"```mermaid\n{RECOMMENDATION.mermaid()}\n```"


def _reasons() -> str:
    kinds = dict(Decision.Kind.choices)
    lines = ["| code | reason | for |", "|---|---|---|"]
    for reason in REASONS:
        goes_with = ", ".join(str(kinds[kind]).lower() for kind in reason.kinds)
        lines.append(f"| `{reason.code}` | {reason.label} | {goes_with} |")
    return "\n".join(lines)


def _columns() -> str:
    lines = [f"Hash version {HASH_VERSION}.", "", "| table | chained by | columns hashed |", "|---|---|---|"]
    for model in ledger_models():
        facts = [name for name in hashed_columns(model) if name in FACT_NAMES]
        others = [f"`{name}`" for name in hashed_columns(model) if name not in FACT_NAMES]
        told = (["the facts in the contract's order"] if facts else []) + others
        lines.append(f"| `{model._meta.label_lower}` | `{chain_key(model)}` | {', '.join(told)} |")
    return "\n".join(lines)


BLOCKS = {"states": _states, "reasons": _reasons, "columns": _columns}


def filled(page: str) -> str:
    """The page with its generated parts made new; everything else stays.

    Raises:
        KeyError: the page asks for a part that does not exist.
    """
    return _BLOCK.sub(lambda found: f"{found[1]}{BLOCKS[found[2]]()}\n{found[3]}", page)
