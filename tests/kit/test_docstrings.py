"""The examples in docstrings, of what authors of suites call above all, do what they say."""

from __future__ import annotations

import ast
import doctest
import importlib
from pathlib import Path

import numpy as np
import pytest

from grader import diagnose, suite
from grader.assignments import find_course, load
from grader.diagnose.mistakes import load_hidden, load_shared

PACKAGE = Path(__file__).resolve().parents[2] / "grader"
MODULES = sorted(
    ".".join(path.relative_to(PACKAGE.parent).with_suffix("").parts)
    for path in PACKAGE.rglob("*.py")
    if ">>> " in path.read_text(encoding="utf-8")
)

#: Modules that begin with an example in the form of an author's file, with parts left out: it does not run by itself.
SKETCHES = {"ideas.__init__", "ideas.gates"}
#: What spec.py, the tests and mistakes.py of an assignment import.
AUTHORS_IMPORT = (
    *("cases", "sizes", "exercises", "examples", "agreement", "padding", "making_tests", "ideas"),
    *("laws", "laws_of_learning", "laws_of_lengths", "laws_of_sequences"),
)
HIDDEN = PACKAGE.parent / "tests" / "hidden" / "shared"
SHARED = sorted(
    ".".join(path.relative_to(HIDDEN).with_suffix("").parts)
    for path in HIDDEN.rglob("*.py")
    if ">>> " in path.read_text(encoding="utf-8") and path.parent.name != "given"
)


@pytest.mark.parametrize("name", MODULES)
def test_the_examples_of_a_module_do_what_they_say(name: str):
    module = importlib.import_module(name)
    outcome = doctest.testmod(module, extraglobs={"np": np, "module": module})
    assert outcome.attempted
    assert not outcome.failed


@pytest.mark.parametrize("name", SHARED)
def test_the_examples_of_what_suites_share_do_what_they_say(name: str):
    """They speak of the exercises and cases of rnn, and of the vocabulary of ideas, by the names that these have."""
    rnn = load(find_course(PACKAGE.parent), "rnn")
    spec, package = load_hidden(rnn, "spec"), load_shared(rnn, "laws").__package__
    laws, ideas, module = (importlib.import_module(f"{package}.{part}") for part in ("laws", "ideas", name))
    names = {**vars(ideas), **vars(spec), "laws": laws, "SPECIAL": spec.SPECIAL_LENGTHS, "np": np}
    namespace = {key: names[key] for key in names if not key.startswith("__")}
    runner = doctest.DocTestRunner(verbose=False)
    for example in doctest.DocTestFinder().find(module, extraglobs=namespace):
        if name not in SKETCHES or example.name != module.__name__:
            runner.run(example)
    assert runner.tries
    assert not runner.failures


def test_an_example_that_is_wrong_is_seen():
    example = doctest.DocTestParser().get_doctest(">>> 1 + 1\n3\n", {}, "wrong", None, None)
    assert doctest.DocTestRunner(verbose=False).run(example, out=lambda text: None).failed == 1


def test_the_first_line_of_a_docstring_is_a_whole_sentence():
    """One that breaks off at the end of the line is read twice."""
    broken = []
    for path in sorted(PACKAGE.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, (ast.FunctionDef, ast.ClassDef, ast.Module)):
                first = (ast.get_docstring(node) or ".").partition("\n\n")[0].rstrip()
                if first[-1] not in '.:?!…"`)”':
                    broken.append(f"{path.name}, line {getattr(node, 'lineno', 1)}: {first[-60:]}")
    assert broken == []


def test_what_authors_call_has_an_example():
    ours = [*(getattr(suite, name) for name in suite.__all__), diagnose.Mistake, diagnose.Example]
    callables = [function for function in ours if callable(function)]
    assert len(callables) > 16
    assert [function.__name__ for function in callables if ">>> " not in (function.__doc__ or "")] == []


def test_what_authors_take_from_what_suites_share_has_an_example():
    package = load_shared(load(find_course(PACKAGE.parent), "rnn"), "laws").__package__
    modules = [importlib.import_module(f"{package}.{name}") for name in AUTHORS_IMPORT]
    ours = {
        f"{module.__name__.removeprefix(package)}.{name}": value
        for module in modules
        for name, value in vars(module).items()
        if not name.startswith("_")
        and callable(value)
        and getattr(value, "__module__", "").startswith(package)
    }
    assert len(ours) > 40
    assert [name for name, value in ours.items() if ">>> " not in (value.__doc__ or "")] == []
