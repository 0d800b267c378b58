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
from types import FrameType, ModuleType, TracebackType
from typing import Any

from grader.check import closed, nothing
from grader.check.printed import Printed
from grader.check.watchdog import Tell, Watchdog
from grader.messages import watched
from grader.subject.imports import uses
from grader.subject.loader import Loader, Program
from grader.subject.running import NotPython
from grader.subject.settings import Settings
from grader.subject.statements import Place
from grader.subject.watched import CALLS

MOST_TEXT = 2_000  # characters
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
    sys.stdout = sys.stderr = Printed()
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
        if name in request["skip"]:
            continue
        tell({"event": "begin", "check": name})
        CALLS.take()  # those of loading, and of a check before, are not this one's
        watchdog.begin(name)
        settings.restore()
        ended = _called(check, labels, request["checks_file"], name)
        if ended["outcome"] == "passed" and (changed := settings.changed()):
            ended = {**ended, **_changing(changed)}
        watchdog.end()
        called = CALLS.take()
        if called and ended["outcome"] == "passed" and name in request["costs"]:
            ended = {**ended, **_failed(watched.failure(called[0], request["rule"]))}
        tell({"event": "end", "check": name, "watched": called, **ended})
    return tell({"event": "done"})


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
    printed = sys.stdout = Printed()
    files = [*request["chunks"], *request["modules"]]

    def begins(place: Place) -> None:
        watchdog.begin("", request["statement_seconds"])
        tell({"event": "statement", "place": place})

    def failed(place: Place, error: BaseException) -> None:
        label = files[place[0]][1]
        if isinstance(error, NotPython):
            raised = _raised(error.error, labels, request["checks_file"], "")
            at = (label, error.error.lineno or 1, "<module>")
            raised = {**raised, "outcome": "error", "kind": SYNTAX, "frames": [at], "entered": [at]}
        else:
            raised = _raised(error, labels, request["checks_file"], "")
        failures.append({**raised, "place": place})

    program = Program(
        request["name"],
        request["chunks"],
        request["modules"],
        request["allowed"],
        request["given"],
        frozenset((file, number) for file, number in request["passed"]),
        frozenset((file, number) for file, number in request["bare"]),
    )

    def filename(label: str) -> str:
        if not label:
            return str(request["file"])
        return os.path.join(request["folder"], label) if label.endswith(".py") else f"<{label}>"

    loader = Loader(
        program,
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
        return {}, _raised(error, labels, file, "")
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


class Missing:
    """Stands where the checks want a name that the student's file does not define; using it says so."""

    def __init__(self, name: str) -> None:
        self.name = name

    def __call__(self, *arguments: Any, **keywords: Any) -> Any:
        raise MissingNameError(self.name)

    def __getattr__(self, attribute: str) -> Any:
        raise MissingNameError(self.name)


class MissingNameError(Exception):
    """A check used a name that the student's file does not define."""


def _called(check: Callable[[], Any], labels: Mapping[str, str], file: str, name: str) -> dict[str, Any]:
    printed = sys.stdout = Printed()
    if "torch" in sys.modules:
        sys.modules["torch"].manual_seed(0)  # two looks at the same file say the same
    if "numpy" in sys.modules:
        sys.modules["numpy"].random.seed(0)
    begun = time.perf_counter()
    try:
        check()
        ended: dict[str, Any] = {"outcome": "passed"}
    except BaseException as error:
        ended = _raised(error, labels, file, name)
    return {**ended, "printed": printed.text(), "seconds": time.perf_counter() - begun}


def _changing(settings: Sequence[str]) -> dict[str, Any]:
    """The failure of a check in which the student's code has changed settings of the whole process.

    What the check computes after that is not what it would be; grading puts them back.
    """
    said = f"your code changes {settings[0]} for the whole program that uses it: what you make must not need that"
    return _failed(said)


def _failed(said: str) -> dict[str, Any]:
    return {"outcome": "failed", "kind": "AssertionError", "text": said}


def _raised(error: BaseException, labels: Mapping[str, str], checks_file: str, check: str) -> dict[str, Any]:
    """An exception as data: what it is, the student's and the check's lines, and the arrays in sight."""
    student: list[tuple[str, int, str]] = []
    check_line, innermost = 0, ""
    arrays: dict[str, Any] = {}
    of_checks: list[tuple[FrameType, int]] = []
    shapes: tuple[Any, ...] = ()
    trace: TracebackType | None = error.__traceback__
    while trace is not None:
        code = trace.tb_frame.f_code
        if code.co_filename in labels:
            student.append((labels[code.co_filename], trace.tb_lineno, code.co_name))
            innermost, shapes = "student", _shapes(trace)
        elif code.co_filename == checks_file:
            innermost = "check"
            if code.co_name == check:
                check_line = trace.tb_lineno
            arrays = dict(trace.tb_frame.f_locals)
            of_checks.append((trace.tb_frame, trace.tb_lineno))
        trace = trace.tb_next
    kind = type(error).__name__
    if isinstance(error, MissingNameError):
        outcome = "missing"
    elif isinstance(error, SystemExit):
        outcome = "exit"
    elif isinstance(error, NotImplementedError) and innermost == "student":
        outcome = "todo"
    else:
        outcome = "error" if innermost == "student" else "failed"
    compared, came_nothing = [], False
    if isinstance(error, AssertionError) and outcome == "failed":
        came_nothing = nothing.came_back("".join(linecache.getlines(checks_file)), of_checks)
        from grader.check.arrays import side_by_side  # numpy is there by now

        compared = side_by_side(arrays.get("expected"), arrays.get("got"))
    return {
        "outcome": outcome,
        "kind": kind,
        "text": _text(error),
        "frames": student[-1:],
        "entered": student[:1],
        "check_line": check_line,
        "shapes": shapes,
        "compared": compared,
        "bare": isinstance(error, AssertionError) and not error.args,
        "nothing": came_nothing,
    }


def _text(error: BaseException) -> str:
    try:
        return (str(error.msg) if isinstance(error, SyntaxError) else str(error))[:MOST_TEXT]
    except Exception:  # a student's own exception class
        return ""


def _shapes(trace: TracebackType) -> tuple[Any, ...]:
    from grader.subject.operands import shapes

    torch, numpy = sys.modules.get("torch"), sys.modules.get("numpy")
    kinds = [numpy.ndarray] if numpy else []
    if torch:
        kinds += [torch.Tensor, torch.nn.Parameter]
    return tuple((name, tuple(shape)) for name, shape in shapes(trace, kinds))
