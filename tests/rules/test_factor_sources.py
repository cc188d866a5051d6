"""What a rule may be made of: read from its syntax tree, so that it stays true of rules not yet written."""

from __future__ import annotations

import ast
import inspect
from pathlib import Path
from types import ModuleType

import pytest

from implementation.rules import factors, need
from implementation.rules.contract import FACTS
from implementation.rules.factors import FACTORS, FITS, MEASURES, reads

ROOM = Path(factors.__file__).parent
MODULES = [inspect.getmodule(FITS[name]) for name in FACTORS] + [need]
ALLOWED_NUMBERS = {0, 0.5, 1, 50, 100}
BRANCHES = (
    ast.If, ast.IfExp, ast.For, ast.While, ast.Try, ast.With, ast.Compare, ast.BoolOp, ast.Match,
    ast.comprehension, ast.Lambda, ast.Subscript, ast.Global, ast.Raise, ast.Assert,
)  # fmt: skip
IMPORTS = {"__future__", "implementation.rules.parameters", "implementation.rules.shapes"}


def function_of(module: ModuleType) -> ast.FunctionDef:
    tree = ast.parse(inspect.getsource(module))
    (function,) = (node for node in tree.body if isinstance(node, ast.FunctionDef))
    return function


def test_one_factor_one_file_one_test_file() -> None:
    here = Path(__file__).parent / "factors"
    assert {path.stem for path in ROOM.glob("*.py")} - {"__init__"} == set(FACTORS)
    assert {path.stem for path in here.glob("test_*.py")} == {f"test_{name}" for name in FACTORS}


@pytest.mark.parametrize("module", MODULES, ids=lambda module: module.__name__.rsplit(".", 1)[-1])
class TestEachRule:
    def test_arguments_are_facts_or_measures(self, module: ModuleType) -> None:
        names = [argument.arg for argument in function_of(module).args.args]
        assert names[-1] == "p"
        assert set(names[:-1]) <= set(FACTS) | set(MEASURES)

    def test_no_branch_on_data(self, module: ModuleType) -> None:
        found = [type(node).__name__ for node in ast.walk(function_of(module)) if isinstance(node, BRANCHES)]
        assert found == []

    def test_no_number_but_the_ends_and_the_middle_of_the_scale(self, module: ModuleType) -> None:
        numbers = {
            node.value
            for node in ast.walk(function_of(module))
            if isinstance(node, ast.Constant) and not isinstance(node.value, str)
        }
        assert numbers <= ALLOWED_NUMBERS

    def test_it_calls_shapes_only(self, module: ModuleType) -> None:
        called = {
            node.func.id if isinstance(node.func, ast.Name) else ast.unparse(node.func).split(".")[0]
            for node in ast.walk(function_of(module))
            if isinstance(node, ast.Call)
        }
        assert called <= {"p", "smaller", "larger", "ratio", "within_100"}

    def test_it_imports_nothing_that_could_do_anything(self, module: ModuleType) -> None:
        tree = ast.parse(inspect.getsource(module))
        imports = {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
        assert imports <= IMPORTS
        assert not [node for node in ast.walk(tree) if isinstance(node, ast.Import)]

    def test_every_argument_is_used(self, module: ModuleType) -> None:
        function = function_of(module)
        used = {node.id for node in ast.walk(function) if isinstance(node, ast.Name)}
        assert {argument.arg for argument in function.args.args} <= used

    def test_it_says_what_it_measures(self, module: ModuleType) -> None:
        assert ast.get_docstring(function_of(module))
        assert module.LABEL


def test_the_core_knows_neither_clock_nor_framework() -> None:
    for path in ROOM.parent.rglob("*.py"):
        imported = set()
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                imported |= {alias.name.split(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom):
                imported.add((node.module or "").split(".")[0])
        assert not imported & {"django", "time", "households", "advisory", "random", "os", "pandas"}, (
            path.name
        )
        assert "today(" not in path.read_text(encoding="utf-8"), path.name
        assert ".now()" not in path.read_text(encoding="utf-8"), path.name


def test_every_fact_is_read_by_something() -> None:
    from implementation.rules.reference import readers

    assert [name for name in FACTS if not readers()[name]] == []


def test_reads_leaves_the_parameters_out() -> None:
    assert reads(FITS["minimums"]) == ("headroom_now", "headroom_after", "headroom_sleeve")
