"""What a rule gives each of its parameters, read from the rule's own syntax tree.

`p.many_lots(lot_count, times=work)` reads the fact `lot_count` and is scaled by whatever `work` is made of. A
page that says so, and a check that relies on it, can never drift from what the rule does.
"""

from __future__ import annotations

import ast
import inspect
import textwrap
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from implementation.rules.factors import Fit


@dataclass(frozen=True)
class Given:
    """What one parameter is given.

    Attributes:
        fact: the fact or measure that is its value as it stands; None where the value is made of several.
        facts: facts and measures that the value is made of.
        rules: parameters whose results the value is made of.
        times_facts, times_rules: the same of what the result is scaled by.
        adds: whether the result is a part of the sum (or the least) that the rule gives back.
    """

    fact: str | None
    facts: tuple[str, ...]
    rules: tuple[str, ...]
    times_facts: tuple[str, ...]
    times_rules: tuple[str, ...]
    adds: bool


@lru_cache(maxsize=16)
def given(rule: Fit) -> dict[str, Given]:
    """Name of each parameter that a rule asks for -> what it is given, in the order of the source."""
    function = ast.parse(textwrap.dedent(inspect.getsource(rule))).body[0]
    assert isinstance(function, ast.FunctionDef)
    arguments = [argument.arg for argument in function.args.args if argument.arg != "p"]
    names = _Names(arguments, function)
    found = {}
    added = names.added(function)
    for call in sorted(_calls(function), key=lambda call: (call.lineno, call.col_offset)):
        value = call.args[0]
        times = next((word.value for word in call.keywords if word.arg == "times"), None)
        facts, rules = names.behind(value)
        times_facts, times_rules = names.behind(times) if times is not None else ((), ())
        exact = value.id if isinstance(value, ast.Name) and value.id in arguments else None
        name = _asked(call)
        found[name] = Given(exact, facts, rules, times_facts, times_rules, name in added)
    return found


def _asked(node: ast.AST) -> str:
    """The parameter that a node calls; empty for any other node."""
    if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
        return ""
    owner = node.func.value
    return node.func.attr if isinstance(owner, ast.Name) and owner.id == "p" else ""


def _calls(function: ast.FunctionDef) -> Iterator[ast.Call]:
    for node in ast.walk(function):
        if isinstance(node, ast.Call) and _asked(node):
            yield node


class _Names:
    """What names inside a rule stand for: its arguments, and what it has worked out from them."""

    def __init__(self, arguments: list[str], function: ast.FunctionDef) -> None:
        self.arguments = arguments
        self.worked_out: dict[str, ast.expr] = {}
        for statement in function.body:
            if isinstance(statement, ast.Assign) and isinstance(statement.targets[0], ast.Name):
                self.worked_out[statement.targets[0].id] = statement.value

    def behind(self, node: ast.expr) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Facts and parameters that an expression is made of, each once, in the order of the source."""
        facts: dict[str, None] = {}
        rules: dict[str, None] = {}
        self._walk(node, facts, rules)
        return tuple(facts), tuple(rules)

    def added(self, function: ast.FunctionDef) -> frozenset[str]:
        """Parameters whose results go into what the rule gives back as they are."""
        statement = function.body[-1]
        assert isinstance(statement, ast.Return)
        return frozenset(self._terms(statement.value))

    def _terms(self, node: ast.AST | None) -> Iterator[str]:
        match node:
            case ast.Call() if name := _asked(node):
                yield name
            case ast.Call():
                for part in node.args:
                    yield from self._terms(part)
            case ast.BinOp(op=ast.Add()):
                yield from self._terms(node.left)
                yield from self._terms(node.right)
            case ast.Name() if node.id in self.worked_out:
                yield from self._terms(self.worked_out[node.id])

    def _walk(self, node: ast.AST, facts: dict[str, None], rules: dict[str, None]) -> None:
        if name := _asked(node):
            rules[name] = None
            return
        if isinstance(node, ast.Name):
            if node.id in self.worked_out:
                self._walk(self.worked_out[node.id], facts, rules)
            elif node.id in self.arguments:
                facts[node.id] = None
        for child in ast.iter_child_nodes(node):
            self._walk(child, facts, rules)
