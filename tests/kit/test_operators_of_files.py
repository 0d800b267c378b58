"""Operators that look beyond one line: at other functions, at a class, at what a body asks for."""

from __future__ import annotations

import pytest

from grader.operators import Text, edits, scopes

from .test_operators import function, results

OTHER = "def other(x, w, n):\n    return x\n"


def test_another_function_of_the_file_is_asked():
    programs = {
        program for program in results(function("return x", before=OTHER)) if program.count("other(") == 2
    }
    line = "return other(x, w, {})"
    assert programs == {
        function(line.format(size), before=OTHER) for size in ("x.shape[0]", "x.shape[1]", "w.shape[1]")
    }
    add = "def add(total, part):\n    return total + part\n"
    loop = "y = 0\nfor t in x:\n    y = {}"
    assert function(loop.format("add(y, t)"), before=add) in results(function(loop.format("t"), before=add))
    used = function(loop.format("t") + "\nreturn add(x, w)", before=add)
    assert "ask_helper" not in {edit.operator for scope in scopes(Text(used)) for _, edit in edits(scope)}
    whole = OTHER.replace(", n", "")
    assert function("return other(x, w)", before=whole) in results(function("return None", before=whole))


def test_a_size_that_is_never_read_is_no_forgotten_result():
    body = "n, m = x.shape\ny = w\nreturn np.exp(v), m"
    text = Text(function(body))
    programs = {
        edit.applied(text.source): edit.operator for scope in scopes(text) for _, edit in edits(scope)
    }
    assert programs[function(body.replace("v), m", "v), np.exp(y)"))] == "part_as_another"
    assert function(body.replace("v), m", "v), n")) in programs  # one size for another
    bringing = {
        operator
        for changed, operator in programs.items()
        if "exp(n)" in changed or "n," in changed.rpartition("return")[2]
    }
    assert not bringing & {"part_as_another", "missing_results", "only_filled"}


def test_a_helper_is_asked_as_it_is_elsewhere():
    helper = "def turned(x, n):\n    return x\n"
    body = "y = turned(w, 2)\nz = {}"
    text = Text(function(body.format("np.exp(b).flip(1)"), before=helper))
    programs = [
        edit.applied(text.source)
        for scope in scopes(text)
        for _, edit in edits(scope)
        if edit.operator == "own_helper"
    ]
    assert function(body.format("turned(np.exp(b), 2)"), before=helper) in programs
    assert all(
        "turned(" in program.partition("z = ")[2] for program in programs if "y = turned(w, 2)" in program
    )


def test_a_function_that_never_reads_an_argument_may_be_given_it():
    assert function("return x", "x, w") not in results(function("return x", "x, w"))
    assert function("return (x + w)", "x, w") in results(function("return x", "x, w"))


@pytest.mark.parametrize(
    ("head", "body", "right"),
    [
        ("x", "w = None\nreturn x, w", ("x, w=None", "pass\nreturn x, w")),
        ("x, v=1", "w = None\nreturn x, w", ("x, v=1, w=None", "pass\nreturn x, w")),
        ("x", "return x + w", ("x, w=None", "return x + w")),
        ("x", "if True:\n    w = 1\nreturn w", ("x, w=None", "if w is None:\n    w = 1\nreturn w")),
        (
            "x, v=None",
            "if True:\n    return x\nreturn w",
            ("x, v=None, w=None", "if w is None:\n    return x\nreturn w"),
        ),
        (
            "x",
            "if True:\n    return x\nw = np.abs(w)",
            ("x, w=None", "if w is None:\n    return x\nw = np.abs(w)"),
        ),
    ],
)
def test_an_argument_that_the_body_asks_for_is_accepted(head, body, right):
    text = Text(function(body, head))
    programs = {edit.applied(text.source) for s in scopes(text, frozenset({"np"})) for _, edit in edits(s)}
    assert function(right[1], right[0]) in programs


def test_what_is_exchanged_throughout_knows_all_its_lines():
    source = function("y = x + 1\nz = w + y\nreturn x, z")
    (edit,) = [
        edit
        for scope in scopes(Text(source))
        for _, edit in edits(scope)
        if edit.applied(source) == function("y = w + 1\nz = x + y\nreturn w, z")
    ]
    assert (edit.operator, edit.line, edit.more) == ("exchange_names", 4, (5, 6))


CELLS = """
class C(Base):
    def __init__(self, n, m):
        self.a = Linear(n, m)
        {0}
        {1}

    def go(self, x):
        return self.a(x) + self.b(x) + self.c
"""


@pytest.mark.parametrize(
    ("wrong", "right"),
    [
        (("self.b = self.a", "self.c = m"), ("self.b = Linear(n, m)", "self.c = m")),
        (("pass", "self.c = m"), ("self.b = Linear(n, m)", "self.c = m")),
        (("pass", "self.c = m"), ("self.b = Linear(m, m)", "self.c = m")),
        (("self.c = m", "self.d = n"), ("self.c = m", "self.d = n\n        self.b = Linear(n, m)")),
        (("self.b = Linear(m, n)", "self.c = m"), ("self.b = Linear(n, m)", "self.c = m")),
    ],
)
def test_an_attribute_is_set_as_those_beside_it_are(wrong, right):
    assert CELLS.format(*right) in results(CELLS.format(*wrong))


def test_sizes_that_an_object_keeps_are_no_factors():
    source = (
        "class C(B):\n    def __init__(self, n):\n        self.n, self.c = n, {0}\n"
        "\n    def f(self, x):\n        return x\n"
    )
    assert not any("x * self.n" in program for program in results(source.format("n")))
    programs = results(source.format("n + 1"))
    assert any("x * self.c" in text for text in programs)
    assert not any("x * self.n" in text for text in programs)


def test_what_may_be_left_out_is_asked_for():
    assert function("if w is None:\n    w = x", "x, w=None") in results(
        function("if True:\n    w = x", "x, w=None")
    )


def test_the_lines_of_a_change_that_is_made_at_several_places_are_known():
    source = function("y = np.tanh(x)\nz = x + w\nreturn y + np.tanh(z)")
    both = [edit for scope in scopes(Text(source)) for _, edit in edits(scope) if edit.more]
    assert [
        (edit.applied(source), edit.line, edit.more) for edit in both if edit.operator == "drop_call"
    ] == [(source.replace("np.tanh(x)", "(x)").replace("np.tanh(z)", "(z)"), 4, (6,))]


def test_a_base_class_is_set_up():
    source = "from torch import nn\n\nclass C(nn.Module):\n    def __init__(self):\n        self.w = 3\n"
    assert source.replace("self.w", "super().__init__()\n        self.w") in results(source)
    assert not any("super" in text for text in results(source.replace("(nn.Module)", "")))


def test_parameters_are_registered():
    source = (
        "import torch\nfrom torch import nn\n\nclass C(nn.Module):\n    def __init__(self):\n"
        "        super().__init__()\n        self.w = torch.zeros(3)\n"
    )
    assert source.replace("torch.zeros(3)", "torch.nn.Parameter(torch.zeros(3))") in results(source)


def test_an_edit_knows_its_line_whatever_stands_before_it():
    source = 'import numpy as np\n\ndef f(x):\n    s = "é→𝄞"; return np.tanh(x)\n'
    assert 'import numpy as np\n\ndef f(x):\n    s = "é→𝄞"; return (x)\n' in results(source)
    lines = {edit.line for scope in scopes(Text(source)) for _, edit in edits(scope)}
    assert lines <= {3, 4}


def test_of_two_definitions_the_last_is_edited():
    source = "def f(x):\n    return x + 1\n\ndef f(x):\n    return x + 2\n"
    lines = {edit.line for scope in scopes(Text(source)) for _, edit in edits(scope)}
    assert lines == {4, 5}
