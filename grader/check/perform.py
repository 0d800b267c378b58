"""Inside the child: loads the student's file as a module, runs the visible checks on it, and tells what happens.

The checks are plain functions (`grader build` sees to it), so they are called, one after the other, as pytest
would. A step that takes longer than the limit ends this process: Python cannot be stopped otherwise. What is told
is plain data; the words for it are found elsewhere, in a process that student code cannot disturb.
"""

from __future__ import annotations

import ast
import importlib
import io
import linecache
import os
import sys
import threading
import time
from collections.abc import Callable, Mapping
from importlib.machinery import (
    EXTENSION_SUFFIXES,
    SOURCE_SUFFIXES,
    ExtensionFileLoader,
    FileFinder,
    SourceFileLoader,
)
from pathlib import Path
from types import CodeType, ModuleType, TracebackType
from typing import Any

Tell = Callable[[Mapping[str, Any]], None]

HUNG = 86  # exit status of a step that took too long
MOST_TEXT, MOST_PRINTED = 2_000, 4_000  # characters
POLL = 0.05  # seconds


def run(request: Mapping[str, Any], tell: Tell) -> None:
    """Carry out a request and tell each step: `loaded`, then `begin` and `end` of each check, then `done`.

    `request` holds name, folder, file (its path), chunks [source, label], checks (their source), checks_file,
    skip (names of checks) and limit (seconds for each step).
    """
    _fresh_imports(request["folder"])
    sys.stdout = sys.stderr = io.StringIO()
    labels: dict[str, str] = {}
    watchdog = Watchdog(request["limit"], labels, tell)
    watchdog.begin("")
    student = ModuleType(request["name"])
    student.__file__ = request["file"]
    sys.modules[request["name"]] = student
    failures, printed = _load(student, request, labels)
    tell({"event": "loaded", "failures": failures, "printed": printed})
    if failures and not any(label for _, label in request["chunks"]):
        return tell({"event": "done"})
    checks, problem = _checks(student, request, labels)
    if problem is not None:
        return tell({"event": "broken", **problem})
    for name, check in checks.items():
        if name in request["skip"]:
            continue
        tell({"event": "begin", "check": name})
        watchdog.begin(name)
        ended = _called(check, labels, request["checks_file"], name)
        watchdog.end()
        tell({"event": "end", "check": name, **ended})
    return tell({"event": "done"})


def _fresh_imports(folder: str) -> None:
    """Imports from the student's folder, always of what is in the files now."""
    sys.path_hooks.insert(0, lambda path: _finder(path, folder))
    sys.path.insert(0, folder)
    importlib.invalidate_caches()
    os.chdir(folder)


class _Fresh(SourceFileLoader):
    """Compiles what is in the file. Compiled files are told by whole seconds and sizes: two quick saves look alike."""

    def get_code(self, fullname: str) -> CodeType:
        path = self.get_filename(fullname)
        return self.source_to_code(self.get_data(path), path)


def _finder(path: str, folder: str) -> FileFinder:
    """A finder for the student's own files; ImportError for other places, as the protocol wants it."""
    parts = Path(path).parts
    if parts[: len(Path(folder).parts)] != Path(folder).parts or "site-packages" in parts:
        raise ImportError
    return FileFinder(path, (_Fresh, SOURCE_SUFFIXES), (ExtensionFileLoader, EXTENSION_SUFFIXES))


def _load(
    student: ModuleType, request: Mapping[str, Any], labels: dict[str, str]
) -> tuple[list[dict[str, Any]], str]:
    """Run the chunks; what raised. In a notebook the cells after one that raised are still run."""
    failures = []
    printed = sys.stdout = Printed()
    for source, label in request["chunks"]:
        file = f"<{label}>" if label else request["file"]
        labels[file] = label
        linecache.cache[file] = (len(source), None, source.splitlines(True), file)
        try:
            exec(compile(source, file, "exec", dont_inherit=True), student.__dict__)
        except BaseException as error:  # SystemExit too: whatever it is, it is the student's to know
            failures.append(_raised(error, labels, request["checks_file"], ""))
    return failures, printed.text()


def _checks(
    student: ModuleType, request: Mapping[str, Any], labels: Mapping[str, str]
) -> tuple[dict[str, Any], dict[str, Any] | None]:
    """The checks by name, in the order of the file; or what their file raised."""
    source, file = request["checks"], request["checks_file"]
    module = ModuleType(f"test_{request['name']}")
    module.__file__ = file
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


def _raised(error: BaseException, labels: Mapping[str, str], checks_file: str, check: str) -> dict[str, Any]:
    """An exception as data: what it is, the student's and the check's lines, and the arrays in sight."""
    student: list[tuple[str, int, str]] = []
    check_line, innermost = 0, ""
    arrays: dict[str, Any] = {}
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
    compared = []
    if isinstance(error, AssertionError) and outcome == "failed":
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


class Printed(io.StringIO):
    """What a check's run prints, up to a bound: a print in a loop must not fill the memory."""

    def write(self, text: str) -> int:
        room = MOST_PRINTED + 1 - self.tell()
        if room > 0:
            super().write(text[:room])
        return len(text)

    def text(self) -> str:
        """What was printed; one character more than MOST_PRINTED where it was cut."""
        return self.getvalue() if not self.closed else ""


class Watchdog:
    """Ends this process when a step takes longer than the limit, and tells where the student's code was then."""

    def __init__(self, limit: float, labels: Mapping[str, str], tell: Tell) -> None:
        self.limit, self.labels, self.tell = limit, labels, tell
        self.step, self.deadline = "", float("inf")
        self.watched = threading.get_ident()
        threading.Thread(target=self._watch, daemon=True).start()

    def begin(self, step: str) -> None:
        """`step` is the name of a check, or "" for the loading of the file."""
        self.step, self.deadline = step, time.monotonic() + self.limit

    def end(self) -> None:
        self.deadline = float("inf")

    def _watch(self) -> None:
        while time.monotonic() < self.deadline:
            time.sleep(POLL)
        frames: list[tuple[str, int, str]] = []
        frame = sys._current_frames().get(self.watched)
        while frame is not None and not frames:
            if frame.f_code.co_filename in self.labels:
                label = self.labels[frame.f_code.co_filename]
                frames.append((label, frame.f_lineno, frame.f_code.co_name))
            frame = frame.f_back
        self.tell({"event": "hang", "check": self.step, "frames": frames})
        os._exit(HUNG)
