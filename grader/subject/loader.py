"""Loads what a student wrote: statement by statement, each that fails passed over alone.

THE ONE WAY a submission is loaded: in the jail, and by `grader check` on a student's own machine. Pure Python, for
that reason. A file is more than its last line: whatever stands around the right code (a plot, a training loop, a
forgotten `exit()`) costs that statement and nothing else. What is defined when the last one has been tried, counts.

It cannot stop a statement that hangs, or survive one that ends the process. But it says which one it begins, so that
whoever waits outside knows, and has a fresh process load the same source without it (`passed`).
"""

from __future__ import annotations
import __future__

import ast
import bdb
import builtins
import contextlib
import linecache
import warnings
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from types import CodeType, ModuleType
from typing import Any, TypeGuard

from grader.subject.imports import Imports, module_name
from grader.subject.statements import (
    Statement,
    awaits,
    cut,
    decorator_name,
    imported_late,
    optional_decorators,
)

#: (number of the file, number of the statement in it). Files are the answer's chunks, then the modules.
Place = tuple[int, int]
_ANNOTATIONS = __future__.annotations.compiler_flag
_MODULE = '__import__("torch").nn.Module'
_DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)


@dataclass(frozen=True)
class Program:
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


class NotPython(Exception):
    """A statement that Python refuses to compile; `error` says why."""

    def __init__(self, error: SyntaxError) -> None:
        super().__init__(str(error))
        self.error = error


class MissingDecorator(NameError):
    """A definition was made without a decorator whose name is not there."""


class FailingDecorator(Exception):
    """A definition was made without a decorator that raised; its text begins with the decorator's line."""


class MissingBase(Exception):
    """A class was made without base classes that no import brought; its text is the numbers of these."""


class ProcessWide(Exception):
    """A statement has changed settings of the whole process, which are put back; its text names them."""


class TopLevelAwait(Exception):
    """A statement awaits, at the top of a file."""


class Loader:
    """Loads one program.

    `begins` is called before each statement; `failed` with what a statement raised (NotPython where it does not even
    compile). `filename` says what a file with a label is to be called in tracebacks. `labels` gives the labels back.
    `changed` names the settings of the process that are not as they were.
    """

    def __init__(
        self,
        program: Program,
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
        given = dict.fromkeys(program.given, False)
        self.imports = Imports({**packages, **given}, program.allowed, self._fill)

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
        """
        looked: set[int] = set()
        while todo := [number for number in self._loaded_files() if number not in looked]:
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
        return _Run(self, number, filename, module, flags).run(statements)

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


class _Run:
    """The running of one file."""

    def __init__(self, loader: Loader, file: int, filename: str, module: ModuleType, flags: int) -> None:
        self._loader, self._file, self._filename = loader, file, filename
        self._namespace: dict[str, Any] = module.__dict__
        self._flags = flags
        self._is_begun = False  # whether anything came before that `from __future__` must not follow

    def run(self, statements: Sequence[Statement]) -> int:
        for statement in statements:
            if isinstance(statement.node, ast.Expr) and isinstance(statement.node.value, ast.Constant):
                value = statement.node.value.value
                if isinstance(value, str) and not statement.number and self._namespace.get("__doc__") is None:
                    self._namespace["__doc__"] = value
                continue
            if not self._loader.begin((self._file, statement.number)):
                continue
            follows: tuple[Statement, ...] = ()
            failure: BaseException | None = None
            try:
                follows = self._execute(statement)
            # Whatever it is, SystemExit too: it is the statement's.
            except BaseException as error:
                failure = error
            self._loader.end(failure)
            self.run(follows)
        return self._flags

    def _execute(self, statement: Statement) -> tuple[Statement, ...]:
        node = statement.node
        if statement.body:
            assert isinstance(node, ast.If)
            if awaits(node.test):
                raise TopLevelAwait
            code = self._compiled(ast.Expression(node.test), "eval", self._flags)
            return statement.body if eval(code, self._namespace) else statement.orelse
        if _is_debugger(node):
            raise bdb.BdbQuit  # nobody is there to steer it
        if awaits(node):
            raise TopLevelAwait
        late = isinstance(node, ast.ImportFrom) and node.module == "__future__" and self._is_begun
        self._is_begun = self._is_begun or not _is_future(node)
        if self._loader.is_bare((self._file, statement.number)):
            _Decorated(node).keep([])
        try:
            self._run(node, self._flags)
        except BaseException as error:
            if isinstance(node, (ast.Import, ast.ImportFrom)):
                self._loader.unavailable |= statement.binds
            if not isinstance(node, _DEFINITIONS):
                raise
            self._define(node, error)
        if _is_future(node):
            for alias in node.names:
                self._flags |= getattr(__future__, alias.name).compiler_flag
        if late:
            raise SyntaxError("from __future__ imports must occur at the beginning of the file")
        return ()

    def _run(self, node: ast.stmt, flags: int) -> None:
        exec(self._compiled(ast.Module([node], []), "exec", flags), self._namespace)

    def _define(self, node: ast.stmt, error: BaseException) -> None:
        """Make a definition although making it raised `error`. Raises that again where nothing helps.

        A type hint (`plt.Axes`), a decorator (`@numba.njit`) or a base class that is not there is no reason to lose
        what it belongs to. MissingBase, MissingDecorator and FailingDecorator say what it was made without.
        """
        flags = self._flags | _ANNOTATIONS
        if isinstance(error, NameError):
            bases = self._without_missing_bases(node)
            try:
                self._run(node, flags)
            except BaseException as other:
                error = other
            else:
                if bases:
                    raise MissingBase(bases) from None
                return
        if getattr(node, "name", "") in self._namespace:
            raise error  # an earlier definition holds
        failing = self._without_failing_decorators(node, flags)
        if not failing:
            raise error
        known = {*self._namespace, *vars(builtins)}
        missing = [one for one, _ in failing if decorator_name(one) not in known]
        if missing:
            raise MissingDecorator(f"name '{decorator_name(missing[0])}' is not defined") from None
        decorator, why = failing[0]
        raise FailingDecorator(f"{decorator.lineno} {type(why).__name__} {why}") from None

    def _without_failing_decorators(self, node: ast.stmt, flags: int) -> list[tuple[ast.expr, BaseException]]:
        """Make a definition with those of its decorators that do not raise; the others, each with what it raised.

        None where it has no decorators, or cannot be made without them either.
        """
        decorated = _Decorated(node)
        failing: list[tuple[ast.expr, BaseException]] = []
        if not decorated.optional:
            return []
        try:
            decorated.keep([])
            self._run(node, flags)
        except BaseException:
            return []
        kept: list[ast.expr] = []
        for decorator in reversed(decorated.optional):  # the innermost one is applied first
            try:
                decorated.keep([*kept, decorator])
                self._run(node, flags)
            except BaseException as error:
                failing.append((decorator, error))
            else:
                kept.append(decorator)
        decorated.keep(kept)
        self._run(node, flags)
        return failing[::-1]

    def _without_missing_bases(self, node: ast.stmt) -> str:
        """Take the base classes out that no import brought; their numbers as text, or "" where that is no help.

        A class that has no other base and a `forward` becomes an nn.Module: that is what such bases add to.
        """
        if not isinstance(node, ast.ClassDef) or node.name in self._namespace:
            return ""
        gone = self._loader.unavailable - self._namespace.keys()
        missing = [n for n, base in enumerate(node.bases) if decorator_name(base) in gone]
        left = [base for n, base in enumerate(node.bases) if n not in missing]
        members = {child.name for child in node.body if isinstance(child, ast.FunctionDef)}
        if not missing or (not left and "forward" not in members):
            return ""
        node.bases = left or [ast.parse(_MODULE, mode="eval").body]
        return " ".join(map(str, missing))

    def _compiled(self, tree: ast.AST, mode: str, flags: int) -> CodeType:
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", SyntaxWarning)
                code: CodeType = compile(tree, self._filename, mode, flags, dont_inherit=True)  # type: ignore[call-overload]
        except SyntaxError as error:
            raise NotPython(error) from None
        return code


class _Decorated:
    """A definition's tree, in which decorators can be taken out: its own and those of what is in a class."""

    def __init__(self, node: ast.AST) -> None:
        self.optional = optional_decorators(node)
        self._lists = [
            (owner, list(owner.decorator_list)) for owner in ast.walk(node) if isinstance(owner, _DEFINITIONS)
        ]

    def keep(self, kept: Sequence[ast.expr]) -> None:
        """Leave these of the optional decorators in it, and no others of them."""
        left_out = {*map(id, self.optional)} - {*map(id, kept)}
        for owner, every in self._lists:
            owner.decorator_list = [one for one in every if id(one) not in left_out]


def _is_future(node: ast.stmt) -> TypeGuard[ast.ImportFrom]:
    return isinstance(node, ast.ImportFrom) and node.module == "__future__" and not node.level


def _is_debugger(node: ast.stmt) -> bool:
    """Whether a statement is `breakpoint()`, or `set_trace()` of something."""
    if not isinstance(node, ast.Expr) or not isinstance(node.value, ast.Call):
        return False
    function = node.value.func
    if isinstance(function, ast.Attribute):
        return function.attr == "set_trace"
    return isinstance(function, ast.Name) and function.id in ("breakpoint", "set_trace")


def _refused(error: BaseException) -> BaseException:
    return NotPython(error) if isinstance(error, SyntaxError) else error
