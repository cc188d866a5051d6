"""Mutants of the core: one small change to one place of one function, compiled, ready to stand in for it.

A mutant is the code object of the outermost function (or method) around the change. `stand_in` puts it into
the live function: every module that has imported the function meets the mutant, and no import or file has to
be told.
"""

from __future__ import annotations

import ast
import copy
import importlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import CodeType, FunctionType
from typing import Any

ROOT = Path(__file__).resolve().parents[2]

_COMPARES: dict[type[ast.cmpop], tuple[type[ast.cmpop], ...]] = {
    ast.Lt: (ast.LtE, ast.GtE),
    ast.LtE: (ast.Lt, ast.Gt),
    ast.Gt: (ast.GtE, ast.LtE),
    ast.GtE: (ast.Gt, ast.Lt),
    ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq,),
    ast.Is: (ast.IsNot,),
    ast.IsNot: (ast.Is,),
    ast.In: (ast.NotIn,),
    ast.NotIn: (ast.In,),
}
_OPERATORS: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Div,
    ast.Div: ast.Mult,
    ast.FloorDiv: ast.Mult,
    ast.Mod: ast.Mult,
    ast.Pow: ast.Mult,
    ast.BitAnd: ast.BitOr,
    ast.BitOr: ast.BitAnd,
    ast.BitXor: ast.BitOr,
    ast.LShift: ast.RShift,
    ast.RShift: ast.LShift,
}
_PAIRS = [
    ("minimum", "maximum"), ("min", "max"), ("fmin", "fmax"), ("argmin", "argmax"), ("any", "all"),
    ("smaller", "larger"), ("floor", "ceil"), ("greater_equal", "greater"), ("less_equal", "less"),
    ("zeros", "ones"), ("low", "high"), ("can_pass", "can_fail"),
]  # fmt: skip
_SWAPS = {a: b for pair in _PAIRS for a, b in (pair, pair[::-1])}
_SIDES = {"left": "right", "right": "left"}


@dataclass(frozen=True)
class Mutant:
    """One change.

    Attributes:
        file: path from the root of the checkout.
        line: where the change is.
        function: qualified name of the outermost function around it.
        source: the line as it stands, without its indentation.
        change: what is changed, in words; with a number from the second on where a function says the same
            line, or the line the same thing, several times.
        code: what takes the function's place.
    """

    file: str
    line: int
    function: str
    source: str
    change: str
    code: CodeType

    def stand_in(self) -> None:
        """Put the mutant in the place of the live function, for good: meant for a process of its own."""
        module = importlib.import_module(self.file.removesuffix(".py").replace("/", "."))
        function_of(module, self.function).__code__ = self.code
        for value in vars(module).values():
            if hasattr(value, "cache_clear"):
                value.cache_clear()


def function_of(module: Any, name: str) -> FunctionType:
    """The live function of a qualified name, under whatever decorates it."""
    place: Any = module
    for part in name.split("."):
        place = vars(place)[part]
    place = getattr(place, "fget", place)
    while hasattr(place, "__wrapped__") or hasattr(place, "__func__"):
        place = getattr(place, "__wrapped__", None) or place.__func__
    assert isinstance(place, FunctionType), f"{name} is no function"
    return place


def mutants_of(file: str) -> Iterator[Mutant]:
    """Every mutant of a file, in the order of its lines."""
    text = (ROOT / file).read_text(encoding="utf-8")
    yield from _mutants(file, text)


def _mutants(file: str, text: str) -> Iterator[Mutant]:
    tree, lines = ast.parse(text), text.splitlines()
    met: Counter[tuple[str, str, str]] = Counter()
    for name, function in _functions(tree):
        for place in list(_places(function)):
            for change, replacement in _changes(place.node):
                place.put(replacement)
                code = _code_of(compile(tree, str(ROOT / file), "exec"), name)
                place.put(place.node)
                line = getattr(place.node, "target", place.node).lineno
                source = lines[line - 1].strip()
                met[name, source, change] += 1
                nth = met[name, source, change]
                yield Mutant(file, line, name, source, change if nth == 1 else f"{change} ({nth})", code)


def _functions(tree: ast.Module) -> Iterator[tuple[str, ast.FunctionDef]]:
    """The outermost functions of a module and of its classes, by qualified name."""
    for node in tree.body:
        if isinstance(node, ast.FunctionDef):
            yield node.name, node
        elif isinstance(node, ast.ClassDef):
            yield from (
                (f"{node.name}.{inner.name}", inner)
                for inner in node.body
                if isinstance(inner, ast.FunctionDef)
            )


def _code_of(code: CodeType, name: str) -> CodeType:
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            if constant.co_qualname == name:
                return constant
            if name.startswith(f"{constant.co_qualname}."):
                return _code_of(constant, name)
    raise LookupError(name)


@dataclass
class _Place:
    """Where a node stands: a field of its parent, or a place in a list there."""

    parent: ast.AST
    field: str
    index: int | None
    node: Any

    def put(self, node: ast.AST) -> None:
        ast.copy_location(node, self.node)
        ast.fix_missing_locations(node)
        if self.index is None:
            setattr(self.parent, self.field, node)
        else:
            getattr(self.parent, self.field)[self.index] = node


_WORDS_ONLY = (ast.Raise, ast.JoinedStr, ast.Assert)
_TYPES_ONLY = ("annotation", "returns", "decorator_list", "args")


def _places(node: ast.AST) -> Iterator[_Place]:
    """Every node under another that may be changed: no annotations, no words of errors, no assertions."""
    for name, value in ast.iter_fields(node):
        if name in _TYPES_ONLY and not isinstance(node, ast.Call):
            continue
        for index, child in enumerate(value) if isinstance(value, list) else [(None, value)]:
            if isinstance(child, ast.AST) and not isinstance(child, _WORDS_ONLY) and not _asserts(child):
                if hasattr(child, "lineno") or isinstance(child, ast.comprehension):
                    yield _Place(node, name, index, child)
                yield from _places(child)


def _asserts(node: ast.AST) -> bool:
    """`strict=True` of a zip says that lengths agree, as an assert would."""
    return isinstance(node, ast.keyword) and node.arg == "strict"


def _changes(node: Any) -> Iterator[tuple[str, ast.AST]]:
    """The changes that are tried on one node: in words, and the node in its place."""
    match node:
        case ast.Compare():
            yield from _compares(node)
        case ast.BinOp() | ast.AugAssign() if type(node.op) in _OPERATORS:
            other = _OPERATORS[type(node.op)]()
            yield f"{_symbol(node.op)} to {_symbol(other)}", _with(node, op=other)
        case ast.BoolOp():
            other_word = ast.Or() if isinstance(node.op, ast.And) else ast.And()
            yield f"{_symbol(node.op)} to {_symbol(other_word)}", _with(node, op=other_word)
        case ast.UnaryOp():
            yield f"{_symbol(node.op)} left out", node.operand
        case ast.IfExp() | ast.If() | ast.While():
            yield "condition turned", _with(node, test=ast.UnaryOp(ast.Not(), node.test))
        case ast.comprehension() if node.ifs:
            yield "condition left out", _with(node, ifs=[])
        case ast.Constant():
            yield from _constants(node)
        case ast.Expr(value=ast.Call()):
            yield "call left out", ast.Pass()
        case ast.Call():
            yield from _calls(node)
        case ast.Attribute() if node.attr in _SWAPS:
            yield f"{node.attr} to {_SWAPS[node.attr]}", _with(node, attr=_SWAPS[node.attr])
        case ast.Name(ctx=ast.Load()) if node.id in _SWAPS:
            yield f"{node.id} to {_SWAPS[node.id]}", _with(node, id=_SWAPS[node.id])


def _with(node: Any, **changes: Any) -> Any:
    other = copy.copy(node)
    for name, value in changes.items():
        setattr(other, name, value)
    return other


def _symbol(op: ast.AST) -> str:
    """An operator as it is written."""
    operand = ast.Name("x", ast.Load())
    match op:
        case ast.cmpop():
            return ast.unparse(ast.Compare(operand, [op], [operand]))[2:-2]
        case ast.operator():
            return ast.unparse(ast.BinOp(operand, op, operand))[2:-2]
        case ast.boolop():
            return ast.unparse(ast.BoolOp(op, [operand, operand]))[2:-2]
    return ast.unparse(ast.UnaryOp(op, operand)).removesuffix("x").strip()  # type: ignore[arg-type]


def _compares(node: ast.Compare) -> Iterator[tuple[str, ast.AST]]:
    for place, op in enumerate(node.ops):
        for other in _COMPARES[type(op)]:
            ops = [*node.ops[:place], other(), *node.ops[place + 1 :]]
            yield f"{_symbol(op)} to {_symbol(other())}", _with(node, ops=ops)


def _constants(node: ast.Constant) -> Iterator[tuple[str, ast.AST]]:
    value = node.value
    if isinstance(value, bool):
        yield f"{value} to {not value}", ast.Constant(not value)
    elif isinstance(value, int | float):
        yield f"{value} to {value + 1}", ast.Constant(value + 1)
    elif value in _SIDES:
        yield f"{value} to {_SIDES[value]}", ast.Constant(_SIDES[value])


def _calls(node: ast.Call) -> Iterator[tuple[str, ast.AST]]:
    if isinstance(node.func, ast.Attribute) and node.func.attr == "where" and len(node.args) == 3:
        first, then, otherwise = node.args
        yield "where turned", _with(node, args=[first, otherwise, then])
    for place, keyword in enumerate(node.keywords):
        if keyword.arg == "times":
            left = [*node.keywords[:place], *node.keywords[place + 1 :]]
            yield "times left out", _with(node, keywords=left)
