"""Leaves torch's compiler out, and what torch loads for it: neither changes a number.

Loading the compiler takes as long as loading torch itself. Torch does so when an optimizer makes its first step, and in
other places, only to tell it to keep out. A stand-in takes that, and puts the compiler itself in its place as soon as
anything else is wanted of it.

A quarter of what `import torch` takes is a module that says which shapes operations give on tensors without numbers:
those of the device "meta", with which the compiler tries a program out. It too has a stand-in until it is needed.

Pure Python: torch is what is handed over.
"""

from __future__ import annotations

import importlib
import re
import sys
from collections.abc import Callable
from types import ModuleType
from typing import Any

_NAME = "torch._dynamo"
_REGISTRATIONS = "torch._meta_registrations"
#: Words in programs, and in their texts, that make tensors without numbers or use what is loaded with their shapes.
_NEEDS_REGISTRATIONS = re.compile(
    r"\b(?:meta|skip_init|_subclasses|\w*[Ff]ake_?[Tt]ensor\w*|make_fx|export|jvp|forward_ad|vmap|_refs|_prims|_decomp)\b"
)


def without_registrations() -> None:
    """Have torch be loaded, by the next import of it, without the shapes of what has no numbers."""
    if "torch" not in sys.modules:
        sys.modules[_REGISTRATIONS] = StandIn(_REGISTRATIONS)


def with_registrations() -> None:
    """Load these shapes, where they were left out."""
    module = sys.modules.get(_REGISTRATIONS)
    if isinstance(module, StandIn):
        module.load()


def needs_registrations(source: str) -> bool:
    """Whether a program may look at shapes of tensors without numbers.

    >>> needs_registrations('torch.empty(2, device="meta")'), needs_registrations("torch.empty(2)  # metadata")
    (True, False)
    """
    return _NEEDS_REGISTRATIONS.search(source) is not None


def without_compiler(torch: Any) -> None:
    """Have torch.compile give back what it is given, and nothing load the compiler that only wants it to keep out."""

    def compile(model: Any = None, **options: Any) -> Any:
        return (lambda function: function) if model is None else model

    def use_deterministic_algorithms(mode: bool, *, warn_only: bool = False) -> None:
        torch._C._set_deterministic_algorithms(mode, warn_only=warn_only)

    torch.compile = compile
    torch.nn.Module.compile = lambda self, *arguments, **options: None
    torch.use_deterministic_algorithms = use_deterministic_algorithms
    if _NAME not in sys.modules:
        sys.modules[_NAME] = torch._dynamo = Compiler(_NAME)


class StandIn(ModuleType):
    """A module in the place of another one until that is needed."""

    def load(self) -> ModuleType:
        """Put the module itself in its place."""
        if sys.modules.get(self.__name__) is self:
            del sys.modules[self.__name__]
        return importlib.import_module(self.__name__)

    def __getattr__(self, name: str) -> Any:
        # Whoever goes through all modules asks each for its file.
        if name.startswith("__") and not self._is_path_of_parts(name):
            raise AttributeError(f"module {self.__name__!r} has no attribute {name!r}", name=name, obj=self)
        return getattr(self.load(), name)

    def _is_path_of_parts(self, name: str) -> bool:
        return False


class Compiler(StandIn):
    """The compiler's stand-in. It takes what torch says to the compiler around code that must not be compiled."""

    def load(self) -> ModuleType:
        """Put the compiler in its place, and what it tries programs out with."""
        with_registrations()
        return super().load()

    def _is_path_of_parts(self, name: str) -> bool:
        return name == "__path__"  # only an import of a part asks for it

    @staticmethod
    def graph_break(msg: str = "") -> None:
        """Nothing is compiled here, so there is nothing to interrupt."""

    @staticmethod
    def disable(function: Callable[..., Any] | None = None, *arguments: Any, **options: Any) -> Any:
        """A function as it is, or the decorator that leaves it so."""
        return (lambda inner: inner) if function is None else function
