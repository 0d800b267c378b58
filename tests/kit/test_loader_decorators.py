"""Loading definitions: without a decorator or base class that is not there, or that raises."""

from __future__ import annotations

import pytest

from . import loader_of_a_folder

load = loader_of_a_folder.load


@pytest.mark.parametrize(
    "source",
    [
        "import numba\n@numba.njit(parallel=True)\ndef f():\n    return 1\n",
        "from typing import override_of_another\n@staticmethod\n@override_of_another\ndef f():\n    return 1\n",
        "class C:\n    @property\n    def size(self): return 1\n    @size.setter\n    def size(self, x): pass\n"
        "    @numba.njit\n    def f(self): return self.size\nf = C().f\n",
        "from __future__ import annotations\n@numba.njit\ndef f() -> plt.Axes:\n    return 1\n",
    ],
)
def test_a_decorator_that_is_not_there_is_passed_over_alone(load, source):
    loaded = load(source)
    assert loaded.passed[-1][2] == "MissingDecorator"
    assert loaded.f() == 1


@pytest.mark.parametrize("what", ["return missing", "return 1 / 0", "raise SystemExit", "return f.nothing"])
def test_a_decorator_that_raises_is_passed_over_alone(load, what):
    loaded = load(f"def d(f):\n    {what}\n@staticmethod\n@d\ndef f():\n    return 1\n")
    assert loaded.passed == [("", 3, "FailingDecorator")]
    assert str(loaded.failures[0][1]).startswith("4 "), (
        "the line of the decorator, not of what it stands above"
    )
    assert loaded.f() == 1
    assert isinstance(vars(loaded.module)["f"], staticmethod), "the other one holds"


def test_of_the_decorators_in_a_class_only_those_that_raise_go(load):
    loaded = load(
        "from functools import cache, wraps\n"
        "def d(f): raise ValueError\n"
        "def twice(f):\n    @wraps(f)\n    def g(self): return 2 * f(self)\n    return g\n"
        "class C:\n    @property\n    @d\n    def size(self): return 1\n"
        "    @d\n    @twice\n    def both(self): return 1\n"
        "    @staticmethod\n    @cache\n    def f(): return 1\n"
    )
    assert [kind for _, _, kind in loaded.passed] == ["FailingDecorator"]
    instance = loaded.C()
    assert (instance.size, instance.both(), instance.f()) == (1, 2, 1)


def test_a_body_that_raises_is_lost_whatever_stands_above_it(load):
    loaded = load("def d(f): return f\n@d\nclass C:\n    x = 1 / 0\n@d\ndef f(x=1 / 0): pass\n")
    assert loaded.passed == [("", 2, "ZeroDivisionError"), ("", 5, "ZeroDivisionError")]
    assert not {"C", "f"} & set(vars(loaded.module))


def test_a_definition_can_be_made_without_its_decorators(load):
    source = "def d(f): raise SystemExit\n@d\nclass C:\n    @staticmethod\n    @d\n    def f(): return 1\n"
    loaded = load(source, bare={(0, 1)})
    assert loaded.failures == []
    assert loaded.C.f() == 1


@pytest.mark.parametrize(
    ("source", "bases", "missing"),
    [
        (
            "import lightning as L\nclass C(L.LightningModule):\n    def forward(self, x): return x\n",
            "Module",
            "0",
        ),
        ("from pl import Module\nclass C(Module):\n    def forward(self, x): return x\n", "Module", "0"),
        ("from hub import Mixin\nclass B: pass\nclass C(B, Mixin, dict): pass\n", "B dict", "1"),
        ("import a1, b1\nclass B: pass\nclass C(a1.X, B, b1.Y): pass\n", "B", "0 2"),
    ],
)
def test_a_class_is_made_without_a_base_class_that_no_import_brought(load, source, bases, missing):
    loaded = load(source)
    assert (loaded.passed[-1][2], str(loaded.failures[-1][1])) == ("MissingBase", missing)
    assert " ".join(base.__name__ for base in loaded.C.__bases__) == bases


@pytest.mark.parametrize(
    "source",
    [
        "class B:\n    x = 1 / 0\nclass C(B):\n    def forward(self, x): return x\n",  # what it inherits is work
        "import numba\nclass C(numba.Thing): pass\n",  # nothing tells what it was to be
    ],
)
def test_a_class_is_not_made_without_what_tells_what_it_is(load, source):
    loaded = load(source)
    assert loaded.passed[-1][2] == "NameError"
    assert "C" not in vars(loaded.module)
