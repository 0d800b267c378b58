"""Steps that are put into text are those that are put into a syntax tree: the same instructions, at the same lines."""

from __future__ import annotations

from pathlib import Path
from types import CodeType

import pytest

from grader.assignments import find_course, load
from grader.diagnose import stepped
from grader.diagnose.bounded import by_tree, counting
from grader.diagnose.mistakes import load_mistakes, variants
from grader.diagnose.source import Source
from grader.errors import CourseError

ROOT = Path(__file__).parents[2]


def alike(first: CodeType, second: CodeType) -> bool:
    """Whether two pieces of code do the same, and begin at the same lines."""
    consts = [*zip(first.co_consts, second.co_consts, strict=True)]
    return (
        (first.co_code, first.co_names, first.co_varnames, first.co_freevars, first.co_name)
        == (second.co_code, second.co_names, second.co_varnames, second.co_freevars, second.co_name)
        and first.co_firstlineno == second.co_firstlineno
        and all(alike(*pair) if isinstance(pair[0], CodeType) else pair[0] == pair[1] for pair in consts)
    )


def from_text(text: str) -> CodeType | None:
    return stepped.compiled(
        text, "f", 0, "from grader.diagnose.bounded import counted as _grader_counted, step as _grader_step",
        "_grader_step(locals())",
    )  # fmt: skip


@pytest.mark.parametrize("name", ["rnn_cell", "rnn", "birnn", "lstm", "gru", "bptt"])
def test_every_way_of_every_mistake_is_the_same_code(name):
    """And many are made from text; in `bptt` two references have comprehensions, which are left to the tree."""
    assignment = load(find_course(ROOT), name)
    source = Source((ROOT / "solutions" / name / f"{name}.py").read_text("utf-8"))
    texts: set[str] = set()
    for variant in variants(load_mistakes(assignment)):
        try:
            texts.update(source.edited((variant,)))
        except CourseError:  # pragma: no cover
            pytest.fail(f"{variant.name} does not apply")
    codes = {text: from_text(text) for text in texts}
    for text, code in codes.items():
        if code is not None:
            assert alike(code, by_tree(text, "f", 0)), text
    assert sum(code is not None for code in codes.values()) > 0.4 * len(codes)


PLAIN = {
    "nested loops that end together": "def f(a):\n    for x in a:\n        for y in x:\n            g(y)\n",
    "a loop with else": "def f(a):\n    for x in a:\n        g(x)\n    else:\n        h()\n    return 1\n",
    "a loop in if": "def f(a):\n    if a:\n        while a:\n            a -= 1\n    else:\n        g()\n",
    "a loop in try": "def f(a):\n    try:\n        for x in a:\n            g(x)\n    except E:\n        pass\n",
    "comments between": "def f(a):  # for all\n    for x in a:\n        g(x)\n    # and\n\n    return x\n",
    "a decorated method": "class A:\n    @d\n    def f(self):\n        '''Doc.'''\n        def g():\n"
    "            return 1\n",
}


@pytest.mark.parametrize(
    "text", [pytest.param(text, id=name) for name, text in PLAIN.items() if "comments" not in name]
)
def test_plain_text_is_compiled_alike(text):
    code = from_text(text)
    assert code is not None
    assert alike(code, by_tree(text, "f", 0))


@pytest.mark.parametrize(
    "text",
    [
        PLAIN["comments between"],
        "def f(a):\n    return [x for x in a]\n",
        "def f(\n    a,\n):\n    return a\n",
        "def f(a):\n    for x in a: g(x)\n",
        "def f(a):\n    s = '''\n    for x in a:\n        g(x)\n    '''\n    return s\n",
        "def f(a):\n    for x in [y for y in a]:\n        g(x)\n",
        "async def f(a):\n    return a\n",
        "x = [\n    y\n    for y in a\n]\n",
    ],
)
def test_other_text_is_left_to_the_tree(text):
    assert from_text(text) is None
    assert alike(counting(text, "f", 0), by_tree(text, "f", 0))


def test_what_is_no_python_is_left_to_the_tree():
    assert from_text("def f(a):\n    return (\n") is None
    with pytest.raises(SyntaxError):
        counting("def f(a):\n    return (\n", "f", 0)
