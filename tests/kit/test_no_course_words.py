"""The engine grades whatever has a hidden suite: no line of its code speaks of recurrent networks.

What a course is about stands in the course: axes have their names in tests/hidden/course.toml and in each spec.py, the
words of mistakes in tests/hidden/shared/ideas.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from .loading import ROOT

ENGINE = ROOT / "grader"
WORDS = re.compile(
    r"\b(rnn|birnn|lstm|gru|bptt|recurren\w*|lengths|seq_len|time[ _]steps?|hidden[ _]states?|padding|num_steps)\b"
    r"|RNN|LSTM|GRU",
)

#: Where torch's own names and exceptions are quoted, or the name of the program itself stands.
QUOTES_TORCH = {
    "messages/forms.py": "the forms of torch's exceptions",
    "messages/causes/names.py": "causes of exceptions, some of them torch's about its own layers",
    "messages/causes/numbers.py": "the same",
    "messages/causes/shapes.py": "the same",
    "subject/warmup.py": "layers of torch that are run once beforehand",
    "check/child.py": "the same",
    "suite/differences.py": "names of kinds that a message may repeat",
}
#: What the program is called, what it says of itself, and a file that stands for any.
HARMLESS = re.compile(r"rnn-grader|Grades recurrent-network exercises|(?:test_)?birnn\.py")
#: Single words that mean something else there: of rows, and torch's own layers, of which one is written for another.
OTHERWISE = {"roster/table.py": {"lengths"}, "operators/calls.py": {"RNN", "GRU", "RNNCell", "GRUCell"}}


def spoken(path: Path) -> Iterator[tuple[int, str]]:
    """Each name and each string of a module's code, docstrings left out."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    docstrings = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, (ast.Module, ast.ClassDef, ast.FunctionDef))
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docstrings:
            yield node.lineno, node.value
        for field in ("id", "attr", "name", "arg"):
            value = getattr(node, field, None)
            if isinstance(value, str):
                yield getattr(node, "lineno", 0), value


def of_the_course(path: Path) -> list[str]:
    allowed = OTHERWISE.get(path.relative_to(ENGINE).as_posix(), set())
    return [
        f"{path.name}:{line}: {text[:80]}"
        for line, text in spoken(path)
        if WORDS.search(HARMLESS.sub("", text)) and text not in allowed
    ]


@pytest.mark.parametrize("path", sorted(ENGINE.rglob("*.py")), ids=lambda path: str(path.relative_to(ENGINE)))
def test_no_line_of_the_engine_names_recurrent_networks(path):
    if path.relative_to(ENGINE).as_posix() not in QUOTES_TORCH:
        assert of_the_course(path) == []


@pytest.mark.parametrize(
    "line",
    [
        "lengths = [1]",
        "def of(hidden_state): ...",
        'message = "only at time step 2"',
        "x.num_steps",
        "class RNNGrid: ...",
    ],
)
def test_such_a_line_would_be_seen(line, tmp_path):
    """The test can fail."""
    (tmp_path / "new.py").write_text(f'"""Words such as lengths may stand in a docstring."""\n{line}\n')
    assert [spoken_of for _, spoken_of in spoken(tmp_path / "new.py") if WORDS.search(spoken_of)]


def test_what_is_left_out_is_there_and_needs_it():
    for file in (*QUOTES_TORCH, *OTHERWISE):
        path = ENGINE / file
        assert any(WORDS.search(text) for _, text in spoken(path)), f"{file} needs no exception any more"
