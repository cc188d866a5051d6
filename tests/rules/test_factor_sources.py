"""What a rule may be made of: read from its syntax tree, so that it stays true of rules not yet written."""

from __future__ import annotations

import ast
import inspect
from pathlib import Path
from types import ModuleType

import pytest

from implementation.reference.facts import readers
from implementation.rules import factors, need
from implementation.rules.contract import FACTS
from implementation.rules.factors import FACTORS, FITS, MEASURES, reads

ROOM = Path(factors.__file__).parent
MODULES = [inspect.getmodule(FITS[name]) for name in FACTORS] + [need]
ALLOWED_NUMBERS = {0, 1, 50, 100}
"""The ends and the middle of the scale, none and all of something; 100 x 100 are the bps of a whole."""
BRANCHES = (
    ast.If, ast.IfExp, ast.For, ast.While, ast.Try, ast.With, ast.Compare, ast.BoolOp, ast.Match,
    ast.comprehension, ast.Lambda, ast.Subscript, ast.Global, ast.Nonlocal, ast.Raise, ast.Assert, ast.Await,
    ast.Yield, ast.YieldFrom, ast.NamedExpr, ast.Starred, ast.JoinedStr, ast.Not, ast.Invert,
)  # fmt: skip
IMPORTS = {"__future__", "implementation.rules.parameters", "implementation.rules.shapes"}
CALLS = {"smaller", "larger", "ratio", "within_100"}
ALLOWED_AT_TOP = (ast.ImportFrom, ast.FunctionDef)


def faults(source: str) -> list[str]:
    """Whatever a rule's module holds that a rule may not be made of."""
    tree = ast.parse(source)
    functions = [node for node in tree.body if isinstance(node, ast.FunctionDef)]
    if len(functions) != 1:
        return ["functions"]
    return [*_at_top(tree), *_imports(tree), *_signature(functions[0]), *_inside(functions[0])]


def _at_top(tree: ast.Module) -> list[str]:
    """Beside the function: the docstring, imports, and the label, which is text."""
    found = []
    for node in tree.body[1 if ast.get_docstring(tree) else 0 :]:
        match node:
            case ast.Assign([ast.Name("LABEL")], ast.Constant(str())):
                pass
            case _ if not isinstance(node, ALLOWED_AT_TOP):
                found.append(f"at the top: {ast.unparse(node)}")
    return found


def _imports(tree: ast.Module) -> list[str]:
    found = [node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
    found += [name.name for node in ast.walk(tree) if isinstance(node, ast.Import) for name in node.names]
    return [f"import: {name}" for name in found if name not in IMPORTS]


def _signature(function: ast.FunctionDef) -> list[str]:
    given = function.args
    found = [f"default: {ast.unparse(value)}" for value in [*given.defaults, *given.kw_defaults] if value]
    found += [f"decorator: {ast.unparse(node)}" for node in function.decorator_list]
    if given.kwonlyargs or given.posonlyargs or given.vararg or given.kwarg:
        found.append("arguments: not all plain")
    names = [argument.arg for argument in given.args]
    found += [f"argument: {name}" for name in names[:-1] if name not in FACTS and name not in MEASURES]
    if names[-1:] != ["p"]:
        found.append("argument: p is not the last")
    used = {node.id for node in ast.walk(function) if isinstance(node, ast.Name)}
    return found + [f"unused: {name}" for name in names if name not in used]


def _inside(function: ast.FunctionDef) -> list[str]:
    found = []
    docstring = function.body[0].value if isinstance(function.body[0], ast.Expr) else None
    for node in ast.walk(function):
        match node:
            case _ if isinstance(node, BRANCHES):
                found.append(f"branch: {type(node).__name__}")
            case ast.Constant(value) if node is not docstring and (
                isinstance(value, bool | str | bytes) or value not in ALLOWED_NUMBERS
            ):
                found.append(f"literal: {value!r}")
            case ast.Call(ast.Name(name)) if name not in CALLS:
                found.append(f"call: {name}")
            case ast.Call(ast.Attribute(owner)) if not (isinstance(owner, ast.Name) and owner.id == "p"):
                found.append(f"call: {ast.unparse(node.func)}")
            case ast.Attribute(owner) if not (isinstance(owner, ast.Name) and owner.id == "p"):
                found.append(f"attribute: {ast.unparse(node)}")
    called = {id(node.func) for node in ast.walk(function) if isinstance(node, ast.Call)}
    for node in ast.walk(function):
        if isinstance(node, ast.Attribute) and id(node) not in called:
            found.append(f"not called: {ast.unparse(node)}")
    return found + _names(function)


def _names(function: ast.FunctionDef) -> list[str]:
    """Names are arguments, what was worked out from them, and the few functions that a rule may call."""
    known = {argument.arg for argument in function.args.args} | CALLS | {"p"}
    annotations = [argument.annotation for argument in function.args.args] + [function.returns]
    typed = {id(node) for part in annotations if part for node in ast.walk(part)}
    assigned = {
        node.id
        for node in ast.walk(function)
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
    }
    return [
        f"name: {node.id}"
        for node in ast.walk(function)
        if isinstance(node, ast.Name) and id(node) not in typed and node.id not in known | assigned
    ]


def test_one_factor_one_file_one_test_file() -> None:
    here = Path(__file__).parent / "factors"
    assert {path.stem for path in ROOM.glob("*.py")} - {"__init__"} == set(FACTORS)
    assert {path.stem for path in here.glob("test_*.py")} == {f"test_{name}" for name in FACTORS}


@pytest.mark.parametrize("module", MODULES, ids=lambda module: module.__name__.rsplit(".", 1)[-1])
def test_a_rule_holds_no_number_no_branch_and_does_nothing_else(module: ModuleType) -> None:
    assert faults(inspect.getsource(module)) == []
    (function,) = (
        node for node in ast.parse(inspect.getsource(module)).body if isinstance(node, ast.FunctionDef)
    )
    assert ast.get_docstring(function) and module.LABEL


SOUND = '''"""Cost."""

from __future__ import annotations

from implementation.rules.shapes import Values, larger

LABEL = "Cost"


def fit(account_value: Values, exit_cost: Values, p: Parameters) -> Values:
    """What it measures."""
    over = larger(account_value - exit_cost, 0)
    return 50 + p.cheaper(over, times=p.leaves(exit_cost))
'''


def test_a_sound_rule_has_no_faults() -> None:
    assert faults(SOUND) == []


@pytest.mark.parametrize(
    ("before", "after", "fault"),
    [
        ("return 50 + p", "return 12 + p", "literal: 12"),
        ("return 50 + p", "return 50 + 0.5 * p", "literal: 0.5"),
        ("return 50 + p", "return True + p", "literal: True"),
        ("return 50 + p", 'return "50" + p', "literal: '50'"),
        ("exit_cost, 0)", "exit_cost, 250_000)", "literal: 250000"),
        ("return 50", "if over:\n        return 0\n    return 50", "branch: If"),
        ("return 50", "return 50 if over else 0", "branch: IfExp"),
        ("return 50", "return (over > 0) * 50", "branch: Compare"),
        ("return 50", "return over and 50", "branch: BoolOp"),
        ("return 50", "return [0, 1][over] + 50", "branch: Subscript"),
        ("return 50", "return (lambda x: x)(50)", "branch: Lambda"),
        ("return 50", "return sum(x for x in p) + 50", "branch: comprehension"),
        ("    return 50", "    while over:\n        over = 0\n    return 50", "branch: While"),
        ("    return 50", "    for over in p:\n        over = 0\n    return 50", "branch: For"),
        ("    return", "    match over:\n        case 0:\n            over = 1\n    return", "branch: Match"),
        ("    return", "    try:\n        over = 0\n    finally:\n        0\n    return", "branch: Try"),
        ("    return 50", '    open("x")\n    return 50', "call: open"),
        ("    return 50", '    with open("x") as over:\n        over = 0\n    return 50', "branch: With"),
        ("    return 50", "    print(over)\n    return 50", "call: print"),
        ("    return 50", "    account_value.tofile(over)\n    return 50", "call: account_value.tofile"),
        ("return 50", "return np.where(over, 50, 0)", "call: np.where"),
        ("return 50", "return p.cheaper.shape.bound + 50", "attribute: p.cheaper.shape.bound"),
        ("return 50", "return p.cheaper + 50", "not called: p.cheaper"),
        ("return 50", "return BOUND + 50", "name: BOUND"),
        ('LABEL = "Cost"', 'LABEL = "Cost"\nBOUND = 12', "at the top: BOUND = 12"),
        ('LABEL = "Cost"', 'LABEL = "Cost"\nprint(LABEL)', "at the top: print(LABEL)"),
        ("p: Parameters)", "p: Parameters = 12)", "default: 12"),
        ("def fit", "@cache\ndef fit", "decorator: cache"),
        ("exit_cost: Values,", "exit_costs: Values,", "argument: exit_costs"),
        ("exit_cost: Values,", "exit_cost: Values, lot_count: Values,", "unused: lot_count"),
        ("Values, larger", "Values, larger\nimport os", "import: os"),
        ("Values, larger", "Values, larger\nfrom pathlib import Path", "import: pathlib"),
        ("def fit", "def other():\n    return 12\n\n\ndef fit", "functions"),
    ],
)  # fmt: skip
def test_a_planted_fault_is_caught(before: str, after: str, fault: str) -> None:
    assert before in SOUND
    assert fault in faults(SOUND.replace(before, after))


STRANGERS = {"django", "time", "households", "advisory", "random", "os", "pandas"}
CLOCKS = ("today", "now", "utcnow", "time", "perf_counter", "monotonic")


def test_the_core_knows_neither_clock_nor_framework() -> None:
    for path in ROOM.parent.rglob("*.py"):
        imported = set()
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                imported |= {alias.name.split(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom):
                imported.add((node.module or "").split(".")[0])
            elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
                called = ast.unparse(node.func)
                assert called.startswith("p.") or node.func.attr not in CLOCKS, f"{path.name}: {called}"
        assert not imported & STRANGERS, path.name


def test_every_fact_is_read_by_something() -> None:
    assert [name for name in FACTS if not readers()[name]] == []


def test_reads_leaves_the_parameters_out() -> None:
    assert reads(FITS["minimums"]) == ("headroom_now", "headroom_after", "headroom_sleeve")
