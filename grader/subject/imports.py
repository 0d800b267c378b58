"""What a submission may import: a list, the same on every machine, and modules that are loaded from memory.

The list binds the statements of the student's own files, wherever they run. What numpy and torch import for
themselves, also late, goes on working: such an import comes from another module, and is none of our business.
It is a rule for honest programs, not a lock; the jail is the lock.

A student's own modules come before Python's own of the same name, as Python has it for files beside a program, but
for the student's statements only: a `random.py` beside the answer must not get into numpy's way. The exceptions are
names that mean the library to everybody (`RESERVED`, numpy, torch and the rest of the course's list).
"""

from __future__ import annotations

import builtins
import importlib
import importlib.util
import re
import sys
from collections.abc import Callable, Mapping, Sequence
from importlib.machinery import ModuleSpec, PathFinder
from types import ModuleType
from typing import Any

#: Modules that Python has loaded before any program begins: a file of such a name is never imported.
RESERVED = frozenset(
    [
        *("abc", "builtins", "codecs", "collections", "enum", "functools", "importlib", "io"),
        *("math", "os", "re", "site", "stat", "sys", "time", "types"),
    ]
)
ALWAYS = ("numpy", "torch")
#: Texts and comments of a program, which may name what it does not use.
_TEXTS = re.compile(r"(?s)(\"\"\"|''').*?\1" r"|\"(?:\\.|[^\"\\\n])*\"" r"|'(?:\\.|[^'\\\n])*'" r"|#[^\n]*")

#: Loads a module of this dotted name into the empty module given.
Fill = Callable[[str, ModuleType], None]


def uses(names: Sequence[str], source: str) -> bool:
    """Whether one of these names stands in a program's code: as a whole word, and not in its texts and comments."""
    either = re.compile(rf"\b(?:{'|'.join(map(re.escape, names))})\b")
    return either.search(source) is not None and either.search(_TEXTS.sub('""', source)) is not None


def module_name(label: str) -> tuple[str, bool]:
    """The dotted name of a file and whether it is a package: "layers/cells.py" -> "layers.cells". "" for none."""
    parts = label.removesuffix(".py").split("/")
    package = parts[-1] == "__init__"
    if package:
        parts = parts[:-1]
    fits = label.endswith(".py") and parts and all(part.isidentifier() for part in parts)
    return (".".join(parts), package) if fits else ("", False)


class Imports:
    """The importing of one program: `names` are its own modules (name -> whether it is a package).

    `allowed` are the tops that may be imported beside Python's own. `fill` runs a module's source in it.
    """

    def __init__(self, names: Mapping[str, bool], allowed: Sequence[str], fill: Fill) -> None:
        self._packages = dict(names)
        for name in names:  # a folder without __init__.py is a package too
            while name := name.rpartition(".")[0]:
                self._packages.setdefault(name, True)
        self._allowed = {*ALWAYS, *(name.partition(".")[0] for name in allowed)}
        self._fill = fill
        self.modules: dict[str, ModuleType] = {}
        self._bound: dict[int, bool] = {}  # ids of namespaces -> whether the list binds them
        self._original = builtins.__import__
        self._original_by_name = importlib.import_module
        self._original_find = importlib.util.find_spec
        self._original_reload = importlib.reload

    def bind(self, module: ModuleType, strict: bool = True) -> None:
        """Have the import statements of a module resolved here; `strict`: by the list."""
        self._bound[id(module.__dict__)] = strict

    def install(self) -> None:
        """Take over importing in this process."""
        builtins.__import__ = self._import
        importlib.import_module = self._by_name
        importlib.util.find_spec = self._find
        importlib.reload = self._reload
        # A debugger that nobody sits at would end the statement, or the call, that holds it.
        sys.breakpointhook = lambda *arguments, **keywords: None

    def load(self, name: str) -> None:
        """Import one of the program's own modules, as a statement of the program would. Raises what that raises."""
        if self._is_own(name):
            self._own_module(name)

    def remove(self) -> None:
        """Give importing back."""
        builtins.__import__ = self._original
        importlib.import_module = self._original_by_name
        importlib.util.find_spec = self._original_find
        importlib.reload = self._original_reload
        sys.breakpointhook = sys.__breakpointhook__

    def _import(
        self,
        name: str,
        globals: Mapping[str, Any] | None = None,
        locals: Mapping[str, Any] | None = None,
        fromlist: Sequence[str] | None = (),
        level: int = 0,
    ) -> Any:
        if globals is None:
            globals = sys._getframe(1).f_globals
        if id(globals) not in self._bound:
            return self._original(name, globals, locals, fromlist or (), level)
        absolute = self._absolute(name, globals.get("__package__") or "", level)
        if not absolute and fromlist:
            return self._neighbour(fromlist)
        if not self._is_own(absolute):
            self._check(absolute, globals)
            loaded = self._original(absolute, globals, locals, fromlist or (), 0)
            _without_debugger(absolute)
            return loaded
        module = self._own_module(absolute)
        if not fromlist:
            return self.modules[absolute.partition(".")[0]]
        for submodule in self._submodules(module, fromlist):
            if not hasattr(module, submodule) and f"{absolute}.{submodule}" in self._packages:
                self._own_module(f"{absolute}.{submodule}")
        return module

    def _by_name(self, name: str, package: str | None = None) -> Any:
        globals = sys._getframe(1).f_globals
        if id(globals) not in self._bound:
            return self._original_by_name(name, package)
        level = len(name) - len(name.lstrip("."))
        absolute = self._absolute(name[level:], package or globals.get("__package__") or "", level)
        if self._is_own(absolute):
            return self._own_module(absolute)
        self._check(absolute, globals)
        return self._original_by_name(absolute)

    def _find(self, name: str, package: str | None = None) -> ModuleSpec | None:
        globals = sys._getframe(1).f_globals
        if id(globals) in self._bound:
            if self._is_own(name):
                return ModuleSpec(name, None, is_package=self._packages.get(name, False))
            if self._bound[id(globals)] and not self._may(name):
                return None
        return self._original_find(name, package)

    def _reload(self, module: ModuleType) -> ModuleType:
        """One of the program's own modules is as it was handed in: there is nothing to read again."""
        is_own = any(own is module for own in self.modules.values())
        return module if is_own else self._original_reload(module)

    @staticmethod
    def _absolute(name: str, package: str, level: int) -> str:
        if not level:
            return name
        parts = package.split(".") if package else []
        # One dot beside the answer itself means the folder it lies in, as it would if that were a package.
        if level - 1 > len(parts):
            raise ImportError("attempted relative import beyond top-level package")
        base = parts[: len(parts) - (level - 1)]
        return ".".join([*base, name] if name else base)

    def _neighbour(self, fromlist: Sequence[str]) -> ModuleType:
        """What `from . import utils` means in the answer itself: files beside it."""
        folder = ModuleType(".")
        for name in fromlist:
            if self._is_own(name):
                setattr(folder, name, self._own_module(name))
        return folder

    @staticmethod
    def _submodules(module: ModuleType, fromlist: Sequence[str]) -> list[str]:
        if "*" in fromlist:
            return [str(name) for name in getattr(module, "__all__", ())]
        return list(fromlist)

    def _is_own(self, name: str) -> bool:
        top = name.partition(".")[0]
        is_own = top in self.modules or top in self._packages
        return is_own and top not in RESERVED and top not in self._allowed

    def _may(self, name: str) -> bool:
        top = name.partition(".")[0]
        return top in self._allowed or top in sys.stdlib_module_names

    def _check(self, name: str, globals: Mapping[str, Any]) -> None:
        if self._bound[id(globals)] and not self._may(name):
            raise ModuleNotFoundError(f"No module named '{name}' ({self.list})", name=name)

    @property
    def list(self) -> str:
        """What may be imported, in words."""
        tops = [*ALWAYS, *sorted(self._allowed - {*ALWAYS, *sys.stdlib_module_names})]
        return f"submissions may import Python's own modules, {', '.join(tops)} and their own files"

    def _own_module(self, name: str) -> ModuleType:
        """A module of the program, loaded at its first import; one that is being loaded is given as it is by then."""
        if name in self.modules:
            return self.modules[name]
        parent, _, last = name.rpartition(".")
        if parent:
            above = self._own_module(parent)
            if name not in self._packages:
                raise ModuleNotFoundError(f"No module named '{name}'", name=name)
        is_package = self._packages[name]
        module = ModuleType(name)
        module.__package__ = name if is_package else parent
        module.__spec__ = ModuleSpec(name, None, is_package=is_package)
        if is_package:
            module.__path__ = []
        self._add(name, module)
        try:
            self._fill(name, module)
        except BaseException:
            self._discard(name)
            raise
        if parent:
            setattr(above, last, module)
        return module

    def _add(self, name: str, module: ModuleType) -> None:
        """Enter a module, also where pickling and dataclasses look, unless the name is a library's there."""
        self.modules[name] = module
        self.bind(module)
        if not _is_taken(name.partition(".")[0], self.modules):
            sys.modules[name] = module

    def _discard(self, name: str) -> None:
        """Take a module out again: its import has failed, and a second one tries anew."""
        module = self.modules.pop(name)
        del self._bound[id(module.__dict__)]
        if sys.modules.get(name) is module:
            del sys.modules[name]


def _is_taken(top: str, own: Mapping[str, ModuleType]) -> bool:
    """Whether a library of this name could be meant by other libraries' imports."""
    if top in sys.modules:
        return sys.modules[top] is not own.get(top)
    return top in sys.stdlib_module_names or PathFinder.find_spec(top) is not None


def _without_debugger(name: str) -> None:
    if name == "pdb":
        sys.modules["pdb"].set_trace = lambda *arguments, **keywords: None  # type: ignore[attr-defined]
