"""Loading statement by statement, without a jail: what runs, what is passed over, what may be imported."""

from __future__ import annotations

import builtins
import importlib
import importlib.util
import inspect
import pickle
import subprocess
import sys
from types import ModuleType

import pytest

from grader.subject.imports import Imports, module_name
from grader.subject.running import NotPython
from grader.subject.statements import cut, numbered

from . import loader_of_a_folder

load = loader_of_a_folder.load


def test_only_the_statement_that_raises_is_passed_over(load):
    loaded = load("x = 1\ny = x / 0\nz = x + 1\nraise SystemExit\nlast = 3\n")
    assert loaded.passed == [("", 2, "ZeroDivisionError"), ("", 4, "SystemExit")]
    assert (loaded.x, loaded.z, loaded.last) == (1, 2, 3)
    assert not hasattr(loaded.module, "y")


@pytest.mark.parametrize(
    ("source", "left"),
    [
        ("import json, matplotlib.pyplot as plt, math\n", ["json", "math"]),
        ("from json import nothing, dumps\n", ["dumps"]),
        ("x = 1; import matplotlib; y = 2\n", ["x", "y"]),
        ("if True:\n    x = 1\n    1 / 0\n    y = 2\nelse:\n    z = 3\n", ["x", "y"]),
        ("if 1 / 0:\n    x = 1\ny = 2\n", ["y"]),
        ("if False:\n    x = 1\nelif 1 / 0:\n    pass\ny = 2\n", ["y"]),
        ("if False:\n    x = 1\nelif True:\n    y = 2\n    z\n    w = 3\n", ["w", "y"]),
        ("for i in range(3):\n    def f(): return i\n    1 / 0\n", ["f", "i"]),
        ("try:\n    import matplotlib\n    x = 1\nexcept ImportError:\n    y = 2\n", ["y"]),
        ("a = b = 1\nc, d = 1, 2\ne, f = 1\n", ["a", "b", "c", "d"]),
        ("def f():\n    return 1\ndef f(x=1 / 0):\n    return 2\n", ["f"]),
        ("class A:\n    x = 1\nclass B:\n    x = nothing\n", ["A"]),
        ("x = 1\ndel x, y\nz = 2\n", ["z"]),
        ('if __name__ == "__main__":\n    x = 1\ny = 2\n', ["y"]),
    ],
)
def test_what_is_left_when_something_fails(load, source, left):
    loaded = load(source)
    assert sorted(name for name in vars(loaded.module) if name[0] != "_") == left
    assert len(loaded.failures) <= 1


def test_lines_docstring_and_source_are_those_of_the_file(load):
    source = (
        '"""What it is."""\n\n"another"\n\n\n@staticmethod\ndef f(x):\n    # a comment\n    return 1 / x\n'
    )
    loaded = load(source)
    assert loaded.module.__doc__ == "What it is."
    with pytest.raises(ZeroDivisionError) as caught:
        loaded.f(0)
    assert caught.traceback[-1].lineno + 1 == 9
    assert "# a comment" in inspect.getsource(loaded.f.__func__)


def test_numbers_and_lines_of_statements():
    source = "import a, b\nif x:\n    y = 1\nelse:\n    z = 2\n@dec\ndef f(): pass\n"
    statements = [inner for statement in cut(source) for inner in statement.flat()]
    assert [(each.number, each.line) for each in statements] == [
        (0, 1),
        (1, 1),
        (2, 2),
        (3, 3),
        (4, 5),
        (5, 6),
    ]
    assert numbered("def (") == {}


def test_future_flags_hold_from_where_they_stand(load):
    loaded = load("from __future__ import annotations\ndef f(x: Nowhere) -> Never1: ...\n")
    assert loaded.failures == []
    assert loaded.f.__annotations__ == {"x": "Nowhere", "return": "Never1"}


def test_a_late_future_is_told_and_honoured(load):
    loaded = load("x = 1\nfrom __future__ import annotations\ndef f(x: Nowhere): ...\n")
    assert loaded.passed == [("", 2, "SyntaxError")]
    assert loaded.f.__annotations__ == {"x": "Nowhere"}


def test_cells_share_future_flags_and_names(load):
    cells = ["from __future__ import annotations", "x = 1", "1 / 0", "def f(a: Nowhere): return x"]
    loaded = load(cells=cells)
    assert loaded.passed == [("cell 3", 1, "ZeroDivisionError")]
    assert loaded.f(0) == 1


def test_a_hint_of_what_is_not_there_costs_no_definition(load):
    loaded = load("import matplotlib.pyplot as plt\nclass A:\n    def draw(self, axes: plt.Axes): return 3\n")
    assert loaded.passed == [("", 1, "ModuleNotFoundError")]
    assert loaded.A().draw(None) == 3


def test_what_does_not_compile_is_told_as_such(load):
    loaded = load("x = 1\ndef f(a, a): pass\ny = 2\n")
    ((_, error),) = loaded.failures
    assert isinstance(error, NotPython)
    assert error.error.lineno == 2
    assert loaded.y == 2


#: What makes a tree as deep as it is long: Python reads some 2,900 of them, and calls may be nested 1,000 deep.
CHAINS = {
    "sum": "x = " + " + ".join(["1"] * 2_500),
    "attributes": "x = (1)" + ".real" * 2_500,
    "entries": "x = a" + "[0]" * 2_500,
    "branches": "if a is None: pass\n" + "elif a is None: pass\n" * 2_500 + "else: x = 1\n",
    "function": "def x(): return " + " + ".join(["1"] * 2_500),
}


@pytest.mark.skipif(
    sys.version_info[:2] == (3, 12), reason="Python 3.12 compiles no tree of more than 1,200 levels"
)
@pytest.mark.parametrize("chain", CHAINS)
def test_what_python_runs_is_run_however_long_its_chains(load, chain):
    source = f"a = []\na.append(a)\n{CHAINS[chain]}\ny = 1\n"
    limit = sys.getrecursionlimit()
    loaded = load(source)
    assert loaded.failures == []
    assert loaded.y == 1
    assert sys.getrecursionlimit() == limit
    assert "x" in {name for statement in numbered(source).values() for name in statement.binds}


def test_a_file_that_does_not_parse_fails_as_a_whole(load):
    loaded = load("x = 1\ndef (\n")
    assert isinstance(loaded.failures[0][1], NotPython)


def test_what_is_to_be_passed_over_is_not_begun(load):
    loaded = load("x = 1\ny = 2\nif x:\n    z = 3\n", passed={(0, 1), (0, 3)})
    assert loaded.began == [(0, 0), (0, 2)]
    assert not {"y", "z"} & set(vars(loaded.module))


def test_each_statement_is_told_before_it_runs_and_an_import_again_when_it_goes_on(load):
    loaded = load("x = 1\nimport utils\ny = 2\n", [("utils.py", "a = 1\nb = 2\n")])
    assert loaded.began == [(0, 0), (0, 1), (1, 0), (1, 1), (0, 1), (0, 2)]


def test_objects_of_a_file_beside_the_answer_can_be_pickled(load):
    point = "from dataclasses import dataclass\n@dataclass\nclass Point:\n    x: int\n"
    loaded = load("from utils import Point\n", [("utils.py", point)])
    assert pickle.loads(pickle.dumps(loaded.Point(3))) == loaded.Point(3)


def test_a_forgotten_debugger_stops_nothing_and_is_told(load):
    loaded = load(
        "import pdb\npdb.set_trace()\nbreakpoint()\ndef f():\n    breakpoint()\n    return 1\nf()\n"
    )
    assert loaded.passed == [("", 2, "BdbQuit"), ("", 3, "BdbQuit")]
    assert loaded.f() == 1


def test_only_the_statement_that_awaits_is_passed_over(load):
    source = (
        "async def f():\n    await g()\nx = 1\nawait f()\nasync with f() as y:\n    pass\n"
        "z = [i async for i in f()]\nif await f():\n    w = 1\nlast = 2\n"
    )
    loaded = load(source)
    assert [line for _, line, _ in loaded.passed] == [4, 5, 7, 8]
    assert {kind for _, _, kind in loaded.passed} == {"TopLevelAwait"}
    assert (loaded.x, loaded.last) == (1, 2)


def test_what_functions_import_is_loaded_with_the_rest(load):
    """Then what fails at the top of such a file is passed over, told, and costs no answer."""
    modules = [
        ("utils.py", "x = 1\n1 / 0\ndef g():\n    from layers import cells\n    return cells.y\n"),
        ("layers/__init__.py", "def h():\n    from . import more\n"),
        ("layers/cells.py", "nothing\ny = 3\n"),
        ("layers/more.py", "raise SystemExit\n"),
        ("unused.py", "1 / 0\n"),
        ("broken.py", "def (\n"),
    ]
    loaded = load("def f():\n    import utils, broken\n    return utils.g()\n", modules)
    assert loaded.passed == [
        *(("utils.py", 2, "ZeroDivisionError"), ("layers/cells.py", 1, "NameError")),
        ("layers/more.py", 1, "SystemExit"),
    ]
    assert "unused" not in loaded.loader.imports.modules
    with pytest.raises(SyntaxError):
        loaded.f()


def test_who_changed_a_setting_of_the_process_is_told_if_it_still_is_changed(load):
    now = {"a": 0, "b": 0}
    sys.modules["course_settings"] = ModuleType("course_settings")
    sys.modules["course_settings"].now = now
    source = "from course_settings import now\nnow['a'] = 1\nnow['b'] = 1\nnow['a'] = 2\nnow['b'] = 0\n"
    loaded = load(
        source, allowed=["course_settings"], changed=lambda: [name for name, value in now.items() if value]
    )
    del sys.modules["course_settings"]
    assert [(line, kind) for _, line, kind in loaded.passed] == [(2, "ProcessWide")]
    assert str(loaded.failures[0][1]) == "a"


def test_an_earlier_definition_holds_where_a_decorator_is_not_there(load):
    loaded = load("def f():\n    return 1\n@numba.njit\ndef f():\n    return 2\n")
    assert loaded.passed == [("", 3, "NameError")]
    assert loaded.f() == 1


def test_imports_in_one_try_do_not_take_each_other_along(load):
    source = "try:\n    import seaborn, json\n    import math\nexcept ImportError:\n    missing = True\n"
    loaded = load(source)
    assert loaded.failures == []
    assert (loaded.json.__name__, loaded.math.__name__, loaded.missing) == ("json", "math", True)


def test_a_file_beside_the_answer_can_be_reloaded(load):
    loaded = load(
        "import importlib, utils\nimportlib.reload(utils)\nx = utils.f()\n",
        [("utils.py", "def f(): return 1\n")],
    )
    assert loaded.failures == []
    assert loaded.x == 1


def test_importing_is_given_back():
    before = (builtins.__import__, importlib.import_module, importlib.util.find_spec, sys.breakpointhook)
    imports = Imports({}, (), lambda name, module: None)
    imports.install()
    assert builtins.__import__ is not before[0]
    imports.remove()
    after = (builtins.__import__, importlib.import_module, importlib.util.find_spec, sys.breakpointhook)
    assert before == after


@pytest.mark.parametrize(
    ("label", "name"),
    [
        ("utils.py", ("utils", False)),
        ("layers/cells.py", ("layers.cells", False)),
        ("layers/__init__.py", ("layers", True)),
        ("my file.py", ("", False)),
        ("week 3/utils.py", ("", False)),
        ("__init__.py", ("", False)),
        ("cell 3", ("", False)),
    ],
)
def test_the_name_of_a_file(label, name):
    assert module_name(label) == name


def test_the_loader_needs_nothing_but_the_standard_library():
    code = "import sys, grader.subject.loader; print(*{name.partition('.')[0] for name in sys.modules})"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert "grader" in done.stdout.split()
    assert not {"numpy", "torch", "msgpack"} & set(done.stdout.split())
