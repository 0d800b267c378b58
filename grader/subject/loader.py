"""Loads what a student wrote: statement by statement, each that fails passed over alone.

THE ONE WAY a submission is loaded: in the jail, and by `grader check` on a student's own machine. Pure Python, for
that reason. A file is more than its last line: whatever stands around the right code (a plot, a training loop, a
forgotten `exit()`) costs that statement and nothing else. What is defined when the last one has been tried, counts.

It cannot stop a statement that hangs, or survive one that ends the process. But it says which one it begins, so that
whoever waits outside knows, and has a fresh process load the same source without it (`passed`).
"""

from __future__ import annotations

import contextlib
import linecache
import warnings
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from types import ModuleType

from grader.subject.imports import Imports, module_name
from grader.subject.running import FileRun, NotPython
from grader.subject.statements import Place, cut, imported_late


@dataclass(frozen=True)
class LoadRequest:
    """What is to be loaded: the answer's chunks and the student's other modules, as (source, label).

    `allowed` are modules that may be imported beside Python's own, numpy and torch; `given` are sources of the
    course's own modules by name. `passed` are the places that are not run, `bare` those of definitions that are made
    without their decorators.
    """

    name: str
    chunks: Sequence[tuple[str, str]]
    modules: Sequence[tuple[str, str]] = ()
    allowed: Sequence[str] = ()
    given: Mapping[str, str] = field(default_factory=dict)
    passed: Collection[Place] = frozenset()
    bare: Collection[Place] = frozenset()


class ProcessWide(Exception):
    """A statement has changed settings of the whole process, which are put back; its text names them."""


class Loader:
    """Loads one program.

    `begins` is called before each statement; `failed` with what a statement raised (NotPython where it does not even
    compile). `filename` says what a file with a label is to be called in tracebacks. `labels` gives the labels back.
    `changed` names the settings of the process that are not as they were.
    """

    def __init__(
        self,
        program: LoadRequest,
        module: ModuleType,
        *,
        begins: Callable[[Place], None] = lambda place: None,
        failed: Callable[[Place, BaseException], None] = lambda place, error: None,
        filename: Callable[[str], str] = lambda label: label,
        labels: dict[str, str] | None = None,
        changed: Callable[[], Sequence[str]] = lambda: (),
    ) -> None:
        self.program, self.module = program, module
        self.labels: dict[str, str] = {} if labels is None else labels
        self._begins, self._failed, self._filename = begins, failed, filename
        self._passed, self._bare = frozenset(program.passed), frozenset(program.bare)
        self._changed = changed
        self._changes: dict[str, Place] = {}  # settings of the process -> the statement that changed them
        self.unavailable: set[str] = set()  # names that imports did not bring
        self._busy: list[
            Place
        ] = []  # the statements that are being run: an import's, then one of what it imports
        self._files: dict[str, int] = {}
        packages: dict[str, bool] = {}
        for number, (_, label) in enumerate(program.modules, len(program.chunks)):
            name, is_package = module_name(label)
            if name and (name not in packages or is_package):
                self._files[name], packages[name] = number, is_package
        course_modules = dict.fromkeys(program.given, False)
        self.imports = Imports({**packages, **course_modules}, program.allowed, self._fill)

    def load(self) -> None:
        """Run every statement of the answer. Never raises for what is in it."""
        if self.program.name not in self._files:
            # The answer's own name means itself; in a notebook it may mean the .py file beside it.
            self.imports.modules[self.program.name] = self.module
        self.imports.bind(self.module)
        flags = 0
        for number, (source, label) in enumerate(self.program.chunks):
            try:
                flags = self._run_file(number, source, label, self.module, flags)
            except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
                self._failed((number, 0), _refused(error))
        self._load_late()
        for name in self._changed():
            if name in self._changes:
                self._failed(self._changes[name], ProcessWide(name))
        self._begins = lambda place: None  # what is imported later, in a call, is part of that call

    def modules(self) -> list[ModuleType]:
        """The program's own modules that are loaded, the answer's first."""
        mine = [self.imports.modules[name] for name in [*self.imports.modules] if name in self._files]
        return [self.module, *(module for module in mine if module is not self.module)]

    def module_of(self, file: int) -> tuple[ModuleType, str]:
        """The module that a file's definitions are in, and the file's label. Raises LookupError where none is."""
        label = (*self.program.chunks, *self.program.modules)[file][1]
        if file < len(self.program.chunks):
            return self.module, label
        return self.imports.modules[module_name(label)[0]], label

    def _load_late(self) -> None:
        """Load the student's files that functions import when they are called.

        What fails or hangs at the top of such a file would else take the answer along, and nobody would say so.
        Nothing is read for it where every file is loaded, as where there is but one.
        """
        looked: set[int] = set()
        while todo := [number for number in self._loaded_files() if number not in looked]:
            if self._files.keys() <= self.imports.modules.keys():
                return
            for number in todo:
                looked.add(number)
                source, label = (*self.program.chunks, *self.program.modules)[number]
                own, is_package = module_name(label)
                package = own if is_package else own.rpartition(".")[0]
                for name in imported_late(source):
                    for absolute in dict.fromkeys((f"{package}.{name}".lstrip("."), name)):
                        if absolute in self._files and absolute not in self.imports.modules:
                            self._import_late(absolute)

    def _loaded_files(self) -> list[int]:
        """The numbers of the answer's chunks and of the modules that were imported."""
        loaded = [self._files[name] for name in [*self.imports.modules] if name in self._files]
        return [*range(len(self.program.chunks)), *loaded]

    def _import_late(self, name: str) -> None:
        with contextlib.suppress(BaseException):  # then it is raised again where it is imported
            self.imports.load(name)

    def _fill(self, name: str, module: ModuleType) -> None:
        """Run a module that is imported. Raises SyntaxError where it does not parse, as an import does."""
        if name in self.program.given:  # whatever of that name was handed in
            self.imports.bind(module, strict=False)
            module.__file__ = f"{name}.py"
            exec(compile(self.program.given[name], f"{name}.py", "exec", dont_inherit=True), module.__dict__)
            return
        number = self._files.get(name)
        if number is None:
            return  # a folder without an __init__.py
        source, label = self.program.modules[number - len(self.program.chunks)]
        module.__file__ = self._filename(label)
        try:
            self._run_file(number, source, label, module, 0)
        finally:
            if self._busy:
                self._begins(self._busy[-1])  # the import goes on

    def _run_file(self, number: int, source: str, label: str, module: ModuleType, flags: int) -> int:
        """Run one file's statements; gives the future flags that hold at its end."""
        filename = self._filename(label)
        self.labels[filename] = label
        linecache.cache[filename] = (len(source), None, source.splitlines(keepends=True), filename)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", SyntaxWarning)
            statements = cut(source)
        may_await = "await" in source or "async" in source
        return FileRun(self, number, filename, module, flags, may_await).run(statements)

    def begin(self, place: Place) -> bool:
        """Whether a statement is to be run; says that it begins."""
        if place in self._passed:
            return False
        self._busy.append(place)
        self._begins(place)
        return True

    def end(self, error: BaseException | None) -> None:
        """The statement that began last is over."""
        place = self._busy.pop()
        for name in self._changed():
            self._changes.setdefault(name, place)
        if error is not None:
            self._failed(place, error)

    def is_bare(self, place: Place) -> bool:
        """Whether a definition is to be made without its decorators."""
        return place in self._bare


def _refused(error: BaseException) -> BaseException:
    return NotPython(error) if isinstance(error, SyntaxError) else error
