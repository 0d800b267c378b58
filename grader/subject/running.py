"""Runs the statements of one file, each by itself, and makes of a definition that raises what can be made of it.

Pure Python: it runs in the jail, and in `grader check` on a student's own machine.
"""

from __future__ import annotations
import __future__

import ast
import bdb
import builtins
import sys
import warnings
from collections.abc import Sequence
from types import CodeType, ModuleType
from typing import Any, Protocol, TypeGuard

from grader.subject.statements import Place, Statement, awaits, decorator_name, optional_decorators

_ANNOTATIONS = __future__.annotations.compiler_flag
_MODULE = '__import__("torch").nn.Module'
_DEEPER = 3_000  # levels of a tree beyond those that calls may be nested: no text that is parsed has more
_DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)


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


class TopLevelAwait(Exception):
    """A statement awaits, at the top of a file."""


class Watcher(Protocol):
    """Whoever has a file's statements run: the loader."""

    unavailable: set[str]
    """names that imports did not bring"""

    def begin(self, place: Place) -> bool:
        """Whether a statement is to be run; it begins now."""

    def end(self, error: BaseException | None) -> None:
        """The statement that began last is over."""

    def is_bare(self, place: Place) -> bool:
        """Whether a definition is to be made without its decorators."""


class FileRun:
    """The running of one file."""

    def __init__(
        self,
        watcher: Watcher,
        file: int,
        filename: str,
        module: ModuleType,
        flags: int,
        may_await: bool,
    ) -> None:
        """`flags` are those of `from __future__` in earlier cells. Only what `may_await` is searched for `await`."""
        self._watcher, self._file, self._filename, self._may_await = watcher, file, filename, may_await
        self._namespace: dict[str, Any] = module.__dict__
        self._flags = flags
        self._is_begun = False  # whether anything came before that `from __future__` must not follow

    def run(self, statements: Sequence[Statement]) -> int:
        """Run them in turn; gives the future flags that hold at the end."""
        for statement in statements:
            if isinstance(statement.node, ast.Expr) and isinstance(statement.node.value, ast.Constant):
                value = statement.node.value.value
                if isinstance(value, str) and not statement.number and self._namespace.get("__doc__") is None:
                    self._namespace["__doc__"] = value
                continue
            if not self._watcher.begin((self._file, statement.number)):
                continue
            follows: tuple[Statement, ...] = ()
            failure: BaseException | None = None
            try:
                follows = self._execute(statement)
            # Whatever it is, SystemExit too: it is the statement's.
            except BaseException as error:
                failure = error
            self._watcher.end(failure)
            self.run(follows)
        return self._flags

    def _execute(self, statement: Statement) -> tuple[Statement, ...]:
        node = statement.node
        if statement.body:
            assert isinstance(node, ast.If)
            if self._may_await and awaits(node.test):
                raise TopLevelAwait
            code = self._compile(ast.Expression(node.test), "eval", self._flags)
            return statement.body if eval(code, self._namespace) else statement.orelse
        if _is_debugger(node):
            raise bdb.BdbQuit  # nobody is there to steer it
        if self._may_await and awaits(node):
            raise TopLevelAwait
        late = isinstance(node, ast.ImportFrom) and node.module == "__future__" and self._is_begun
        self._is_begun = self._is_begun or not _is_future(node)
        if self._watcher.is_bare((self._file, statement.number)):
            _DecoratedDefinition(node).keep([])
        try:
            self._run(node, self._flags)
        except BaseException as error:
            if isinstance(node, (ast.Import, ast.ImportFrom)):
                self._watcher.unavailable |= statement.binds
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
        exec(self._compile(ast.Module([node], []), "exec", flags), self._namespace)

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
        defined = {*self._namespace, *vars(builtins)}
        missing = [expression for expression, _ in failing if decorator_name(expression) not in defined]
        if missing:
            raise MissingDecorator(f"name '{decorator_name(missing[0])}' is not defined") from None
        decorator, why = failing[0]
        raise FailingDecorator(f"{decorator.lineno} {type(why).__name__} {why}") from None

    def _without_failing_decorators(self, node: ast.stmt, flags: int) -> list[tuple[ast.expr, BaseException]]:
        """Make a definition with those of its decorators that do not raise; the others, each with what it raised.

        None where it has no decorators, or cannot be made without them either.
        """
        decorated = _DecoratedDefinition(node)
        failing: list[tuple[ast.expr, BaseException]] = []
        if not decorated.optional:
            return []
        try:
            decorated.keep([])
            self._run(node, flags)
        except BaseException:
            return []
        decorators_kept: list[ast.expr] = []
        for decorator in reversed(decorated.optional):  # the innermost one is applied first
            try:
                decorated.keep([*decorators_kept, decorator])
                self._run(node, flags)
            except BaseException as error:
                failing.append((decorator, error))
            else:
                decorators_kept.append(decorator)
        decorated.keep(decorators_kept)
        self._run(node, flags)
        return failing[::-1]

    def _without_missing_bases(self, node: ast.stmt) -> str:
        """Take the base classes out that no import brought; their numbers as text, or "" where that is no help.

        A class that has no other base and a `forward` becomes an nn.Module: that is what such bases add to.
        """
        if not isinstance(node, ast.ClassDef) or node.name in self._namespace:
            return ""
        unavailable = self._watcher.unavailable - self._namespace.keys()
        missing = [n for n, base in enumerate(node.bases) if decorator_name(base) in unavailable]
        kept_bases = [base for n, base in enumerate(node.bases) if n not in missing]
        members = {child.name for child in node.body if isinstance(child, ast.FunctionDef)}
        if not missing or (not kept_bases and "forward" not in members):
            return ""
        node.bases = kept_bases or [ast.parse(_MODULE, mode="eval").body]
        return " ".join(map(str, missing))

    def _compile(self, tree: ast.AST, mode: str, flags: int) -> CodeType:
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", SyntaxWarning)
                return _code(tree, self._filename, mode, flags)
        except SyntaxError as error:
            raise NotPython(error) from None


def _code(tree: ast.AST, filename: str, mode: str, flags: int) -> CodeType:
    """Compile a tree. Python lets a text nest three times as deep, so what runs as a file is compiled here too."""
    try:
        return compile(tree, filename, mode, flags, dont_inherit=True)  # type: ignore[call-overload, no-any-return]
    except RecursionError:
        usual = sys.getrecursionlimit()
        sys.setrecursionlimit(min(usual + _DEEPER, 2**31 - 1))
        try:
            return compile(tree, filename, mode, flags, dont_inherit=True)  # type: ignore[call-overload, no-any-return]
        finally:
            sys.setrecursionlimit(usual)


class _DecoratedDefinition:
    """A definition's tree, in which decorators can be taken out: its own and those of what is in a class."""

    def __init__(self, node: ast.AST) -> None:
        self.optional = optional_decorators(node)
        self._lists = [
            (owner, list(owner.decorator_list)) for owner in ast.walk(node) if isinstance(owner, _DEFINITIONS)
        ]

    def keep(self, decorators: Sequence[ast.expr]) -> None:
        """Leave these of the optional decorators in it, and no others of them."""
        left_out = {*map(id, self.optional)} - {*map(id, decorators)}
        for owner, every in self._lists:
            owner.decorator_list = [decorator for decorator in every if id(decorator) not in left_out]


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
