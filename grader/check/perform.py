"""Inside the child: loads the student's file as a module, runs the visible checks on it, and tells what happens.

The checks are plain functions (`grader build` sees to it), so they are called, one after the other, as pytest
would. A step that takes longer than the limit ends this process (`watchdog`). What is told
is plain data; the words for it are found elsewhere, in a process that student code cannot disturb.
"""

from __future__ import annotations

import ast
import contextlib
import importlib
import linecache
import os
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from types import ModuleType
from typing import Any

from grader.check import closed
from grader.check.printed import PrintedOutput
from grader.check.raised import Missing, raised
from grader.check.watchdog import Tell, Watchdog
from grader.messages import watched
from grader.subject.imports import uses
from grader.subject.loader import Loader, LoadRequest
from grader.subject.running import NotPython
from grader.subject.settings import Settings
from grader.subject.statements import Place
from grader.subject.watched import CALLS

SYNTAX = "Syntax"  # the kind of what does not compile


def run(request: Mapping[str, Any], tell: Tell) -> None:
    """Carry out a request and tell each step: `statement` and `loaded`, then `begin` and `end` of each check, `done`.

    `request` holds name, folder, file (its path), chunks and modules [source, label], given {name: source}, allowed
    (more modules that may be imported), passed (places that are not run), bare (definitions to be made without their
    decorators), checks (their source), checks_file, skip
    (names of checks), limit (seconds for each check) and statement_seconds (for each statement at the top); watch
    (names of libraries whose calls are told), others (files whose calls are not), costs (the checks that such a call
    fails) and rule (what is said then).
    """
    _go_to(request["folder"])
    sys.stdout = sys.stderr = PrintedOutput()
    labels: dict[str, str] = {}
    watchdog = Watchdog(request["limit"], labels, tell)
    _load_optimizers(request)
    _watch(request)
    settings = Settings()
    closed.close()  # no thread after this one
    watchdog.begin("")
    student = ModuleType(request["name"])
    student.__file__ = request["file"]
    sys.modules[request["name"]] = student
    sys.argv[:] = [request["file"]]
    loader, failures, printed = _load(student, request, labels, watchdog, tell, settings)
    tell({"event": "loaded", "failures": failures, "printed": printed})
    if any(failure["kind"] == SYNTAX and not failure["frames"][0][0] for failure in failures):
        return tell({"event": "done"})  # Python would not run this file at all
    watchdog.begin("")
    settings.restore()
    checks, problem = _checks(student, request, labels, loader)
    if problem is not None:
        return tell({"event": "broken", **problem})
    for name, check in checks.items():
        if name not in request["skip"]:
            tell({"event": "begin", "check": name})
            outcome = _outcome(name, check, request, labels, watchdog, settings)
            tell({"event": "end", "check": name, **outcome})
    return tell({"event": "done"})


def _outcome(
    name: str,
    check: Callable[[], Any],
    request: Mapping[str, Any],
    labels: Mapping[str, str],
    watchdog: Watchdog,
    settings: Settings,
) -> dict[str, Any]:
    """How a check ended, with the watched names that were called in it."""
    CALLS.take()  # those of loading, and of a check before, are not this one's
    watchdog.begin(name)
    settings.restore()
    outcome = _outcome_of_call(check, labels, request["checks_file"], name)
    if outcome["outcome"] == "passed" and (changed := settings.changed()):
        outcome |= _changing(changed)
    watchdog.end()
    called = CALLS.take()
    if called and outcome["outcome"] == "passed" and name in request["costs"]:
        outcome |= _failure(watched.failure(called[0], request["rule"]))
    return {"watched": called, **outcome}


def _load_optimizers(request: Mapping[str, Any]) -> None:
    """Have what torch loads with its first optimizer loaded: it takes longer than a statement may, as in grading."""
    torch = sys.modules.get("torch")
    files = [*request["chunks"], *request["modules"]]
    if torch is not None and any(uses(["optim"], source) for source, _ in files):
        torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=0.1).step()


def _watch(request: Mapping[str, Any]) -> None:
    """Note calls of what the exercise asks to write oneself, as grading does."""
    CALLS.others = frozenset([request["checks_file"], *request["others"]])
    for name in request["watch"]:
        # A library, or a name in it, that is not there in this version is called by nobody.
        with contextlib.suppress(ImportError):
            CALLS.watch(name)


def _go_to(folder: str) -> None:
    """Stand in the student's folder. Nothing is imported from there: its files come with the request."""
    sys.dont_write_bytecode = True
    importlib.invalidate_caches()
    os.chdir(folder)


def _load(
    student: ModuleType,
    request: Mapping[str, Any],
    labels: dict[str, str],
    watchdog: Watchdog,
    tell: Tell,
    settings: Settings,
) -> tuple[Loader, list[dict[str, Any]], str]:
    """Load the file as grading does (`subject.loader`); what was passed over."""
    failures: list[dict[str, Any]] = []
    printed = sys.stdout = PrintedOutput()

    def begins(place: Place) -> None:
        watchdog.begin("", request["statement_seconds"])
        tell({"event": "statement", "place": place})

    def failed(place: Place, error: BaseException) -> None:
        failures.append({**_not_loaded(place, error, request, labels), "place": place})

    def filename(label: str) -> str:
        if not label:
            return str(request["file"])
        return os.path.join(request["folder"], label) if label.endswith(".py") else f"<{label}>"

    loader = Loader(
        _program(request),
        student,
        begins=begins,
        failed=failed,
        filename=filename,
        labels=labels,
        changed=settings.changed,
    )
    loader.imports.install()
    loader.load()
    return loader, failures, printed.text()


def _program(request: Mapping[str, Any]) -> LoadRequest:
    return LoadRequest(
        request["name"],
        request["chunks"],
        request["modules"],
        request["allowed"],
        request["given"],
        frozenset((file, number) for file, number in request["passed"]),
        frozenset((file, number) for file, number in request["bare"]),
    )


def _not_loaded(
    place: Place, error: BaseException, request: Mapping[str, Any], labels: Mapping[str, str]
) -> dict[str, Any]:
    """What a statement of the student's files raised, or why Python would not run their file."""
    if not isinstance(error, NotPython):
        return raised(error, labels, request["checks_file"], "")
    syntax = raised(error.error, labels, request["checks_file"], "")
    _, label = [*request["chunks"], *request["modules"]][place[0]]
    frame = (label, error.error.lineno or 1, "<module>")
    return {**syntax, "outcome": "error", "kind": SYNTAX, "frames": [frame], "entered": [frame]}


def _checks(
    student: ModuleType, request: Mapping[str, Any], labels: Mapping[str, str], loader: Loader
) -> tuple[dict[str, Any], dict[str, Any] | None]:
    """The checks by name, in the order of the file; or what their file raised."""
    source, file = request["checks"], request["checks_file"]
    module = ModuleType(f"test_{request['name']}")
    module.__file__ = file
    loader.imports.bind(module, strict=False)  # the checks may use what the course gives
    loader.imports.modules[request["name"]] = student  # and mean this file, not another of its name
    linecache.cache[file] = (len(source), None, source.splitlines(True), file)
    try:
        tree = ast.parse(source, file)
        for node in tree.body:
            if isinstance(node, ast.ImportFrom) and node.module == request["name"]:
                for alias in node.names:
                    if not hasattr(student, alias.name):
                        # One name that is missing must not keep the checks of the others from running.
                        setattr(student, alias.name, Missing(alias.name))
        exec(compile(tree, file, "exec", dont_inherit=True), module.__dict__)
    except BaseException as error:
        return {}, raised(error, labels, file, "")
    return {node.name: getattr(module, node.name) for node in plain_checks(tree)}, None


def plain_checks(tree: ast.Module) -> list[ast.FunctionDef]:
    """The checks of a file that can be called as they stand; others, a student's own, are left to pytest."""
    return [
        node
        for node in tree.body
        if isinstance(node, ast.FunctionDef)
        and node.name.startswith("test")
        and not node.decorator_list
        and ast.unparse(node.args) == ""
    ]


def _outcome_of_call(
    check: Callable[[], Any], labels: Mapping[str, str], file: str, name: str
) -> dict[str, Any]:
    printed = sys.stdout = PrintedOutput()
    if "torch" in sys.modules:
        sys.modules["torch"].manual_seed(0)  # two looks at the same file say the same
    if "numpy" in sys.modules:
        sys.modules["numpy"].random.seed(0)
    begun = time.perf_counter()
    try:
        check()
        ended: dict[str, Any] = {"outcome": "passed"}
    except BaseException as error:
        ended = raised(error, labels, file, name)
    return {**ended, "printed": printed.text(), "seconds": time.perf_counter() - begun}


def _changing(settings: Sequence[str]) -> dict[str, Any]:
    """The failure of a check in which the student's code has changed settings of the whole process.

    What the check computes after that is not what it would be; grading puts them back.
    """
    return _failure(
        f"your code changes {settings[0]} for the whole program that uses it: what you make must not need that"
    )


def _failure(message: str) -> dict[str, Any]:
    return {"outcome": "failed", "kind": "AssertionError", "text": message}
