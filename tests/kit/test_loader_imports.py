"""Imports of a submission: files beside the answer, modules on the list, and those that are not there."""

from __future__ import annotations

import sys
from types import ModuleType

import pytest

from . import loader_of_a_folder

load = loader_of_a_folder.load


UTILS = ("utils.py", "import numpy as np\n\ndef double(x):\n    return np.multiply(2, x)\n\n_hidden = 1\n")


@pytest.mark.parametrize(
    "source",
    [
        "from utils import double",
        "from utils import *",
        "import utils\ndouble = utils.double",
        "import utils as u\ndouble = u.double",
        "import importlib\ndouble = importlib.import_module('utils').double",
        "from importlib import import_module\ndouble = import_module('utils').double",
        "double = __import__('utils').double",
        "from . import utils\ndouble = utils.double",
        "from .utils import double",
        "def double(x):\n    from utils import double\n    return double(x)",
    ],
)
def test_a_file_beside_the_answer_is_imported(load, source):
    loaded = load(source, [UTILS])
    assert loaded.failures == []
    assert loaded.double(4) == 8


def test_packages_and_relative_imports(load):
    modules = [
        ("layers/__init__.py", "from .cells import Cell\nfrom . import cells\nname = __name__\n"),
        ("layers/cells.py", "from ..utils import double\nfrom .more import depth\nclass Cell: pass\n"),
        ("layers/more/__init__.py", "depth = 2\n"),
        ("layers/more/deep.py", "from .. import name\nfrom ..cells import Cell\n"),
        ("folder/plain.py", "x = 5\n"),
        UTILS,
    ]
    loaded = load(
        "from layers import Cell, name\nimport layers.more.deep as deep\nimport folder.plain\n"
        "from folder import plain\nimport layers.nothing\n",
        modules,
    )
    assert loaded.passed == [("", 5, "ModuleNotFoundError")]
    assert (loaded.name, loaded.deep.Cell, loaded.plain.x) == ("layers", loaded.Cell, 5)
    assert loaded.folder.plain is loaded.plain


def test_circular_imports_see_what_is_there_by_then(load):
    modules = [
        ("a.py", "x = 1\nfrom b import y\nz = 3\n"),
        (
            "b.py",
            "import a\nfrom a import x\nfrom a import z\nimport answer\ny = x + 1\nhead = answer.head\n",
        ),
    ]
    loaded = load("head = 7\nimport a\nimport b\nimport answer\nhead += answer.head\n", modules)
    assert loaded.passed == [("b.py", 3, "ImportError")]
    assert (loaded.a.z, loaded.b.y, loaded.b.head, loaded.head) == (3, 2, 7, 14)


def test_what_fails_in_a_file_beside_the_answer_is_passed_over_there(load):
    loaded = load(
        "from utils import f\n", [("utils.py", "import seaborn\nx = input\n1 / 0\ndef f(): return 1\n")]
    )
    assert loaded.passed == [("utils.py", 1, "ModuleNotFoundError"), ("utils.py", 3, "ZeroDivisionError")]
    assert loaded.f() == 1


def test_a_file_that_does_not_parse_fails_where_it_is_imported(load):
    loaded = load("x = 1\nimport utils\ny = 2\n", [("utils.py", "def (\n")])
    assert loaded.passed == [("", 2, "SyntaxError")]
    assert loaded.y == 2
    again = load("try:\n    import utils\nexcept SyntaxError:\n    x = 1\n", [("utils.py", "def (\n")])
    assert again.x == 1


def test_a_notebook_may_import_the_script_beside_it(load):
    loaded = load(cells=["from answer import f"], modules=[("answer.py", "def f(): return 1\n")])
    assert loaded.failures == []
    assert loaded.f() == 1


def test_a_file_named_like_a_library_is_for_the_student_only(load):
    import random

    modules = [("random.py", "mine = 1\n"), ("numpy.py", "1 / 0\n"), ("math.py", "mine = 1\n")]
    loaded = load("import random\nimport numpy as np\nimport math\nrandom.mine\n", modules)
    assert loaded.failures == []
    assert sys.modules["random"] is random, "numpy and torch draw from Python's own"
    assert loaded.np.zeros(2).shape == (2,)
    assert loaded.math.pi > 3, "always loaded before any program begins"


NOT_LISTED = [
    "import matplotlib",
    "import pytest",
    "import grader",
    "from pytest import fixture",
    "import importlib\nimportlib.import_module('pytest')",
    "__import__('pytest')",
    "def f():\n    import pytest\nf()",
    "class A:\n    import pytest",
    "import google.colab",
]


@pytest.mark.parametrize("source", NOT_LISTED)
def test_what_is_not_on_the_list_is_not_there(load, source):
    """Also where it is installed, as pytest is here, and loaded by now."""
    loaded = load(source)
    ((_, error),) = loaded.failures
    assert isinstance(error, ModuleNotFoundError)
    assert "No module named" in str(error)


@pytest.mark.parametrize(
    "name", ["numpy", "torch", "torch.nn.functional", "json", "os.path", "xml.dom", "dataclasses"]
)
def test_what_is_on_the_list_is_there(load, name):
    assert load(f"import {name}").failures == []


def test_the_course_can_lengthen_the_list(load):
    assert load("import pytest", allowed=["pytest"]).failures == []


def test_the_course_can_give_modules(load):
    modules = {
        "course_tools": "import pytest\nimport course_more\ndef f(): return course_more.x\n",
        "course_more": "x = 4",
    }
    loaded = load("from course_tools import f\n", given=modules)
    assert loaded.failures == []
    assert loaded.f() == 4


def test_libraries_go_on_importing_what_they_need(load):
    """Late, too, and while the student's code calls them."""
    sys.modules.pop("wave", None)
    library = ModuleType("library")
    exec("def late():\n    import pytest\n    import wave\n    return pytest", library.__dict__)
    loaded = load("def f(library):\n    return library.late()\n")
    assert loaded.f(library) is pytest


def test_whether_a_module_is_there_can_be_asked(load):
    loaded = load(
        "import importlib.util\nhas = [importlib.util.find_spec(n) is not None for n in ('pytest', 'utils', 'json')]\n",
        [UTILS],
    )
    assert loaded.has == [False, True, True]
