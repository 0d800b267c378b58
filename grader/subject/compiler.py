"""Leaves torch's compiler out: it changes no number, and loading it takes as long as loading torch itself.

Torch loads it when an optimizer makes its first step, and in other places, only to tell it to keep out. A stand-in
takes that, and puts the compiler itself in its place as soon as anything else is wanted of it.

Pure Python: torch is what is handed over.
"""

from __future__ import annotations

import importlib
import sys
from collections.abc import Callable
from types import ModuleType
from typing import Any

_NAME = "torch._dynamo"


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
        sys.modules[_NAME] = torch._dynamo = StandIn(_NAME)


class StandIn(ModuleType):
    """A module in the place of the compiler's until it is needed.

    It takes what torch says to the compiler around code that must not be compiled.
    """

    @staticmethod
    def graph_break(msg: str = "") -> None:
        """Nothing is compiled here, so there is nothing to interrupt."""

    @staticmethod
    def disable(function: Callable[..., Any] | None = None, *arguments: Any, **options: Any) -> Any:
        """A function as it is, or the decorator that leaves it so."""
        return (lambda inner: inner) if function is None else function

    def __getattr__(self, name: str) -> Any:
        # Whoever goes through all modules asks each for its file; only an import of a part asks for the path.
        if name.startswith("__") and name != "__path__":
            raise AttributeError(f"module {_NAME!r} has no attribute {name!r}", name=name, obj=self)
        if sys.modules.get(_NAME) is self:
            del sys.modules[_NAME]
        return getattr(importlib.import_module(_NAME), name)
