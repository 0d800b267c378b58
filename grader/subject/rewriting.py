"""Puts other definitions into a program that is loaded, one after the other, and takes each of them out again.

It runs in the child, beside the submission. Names that other files of the program have imported follow.
"""

from __future__ import annotations
import __future__

from collections.abc import Sequence
from typing import Any

_FLAGS = __future__.annotations.compiler_flag  # hints are not looked at: what they name need not be there


class Rewriter:
    """The namespaces of a program, as they were when it had been loaded."""

    def __init__(self, namespaces: Sequence[dict[str, Any]]) -> None:
        self._before = [(namespace, dict(namespace)) for namespace in namespaces]

    def restore(self) -> None:
        """Give every name the value that it had."""
        for namespace, before in self._before:
            namespace.clear()
            namespace.update(before)

    def rewrite(self, namespace: dict[str, Any], text: str, filename: str, line: int) -> None:
        """Run a definition, which stands at `line` of its file, in place of the one that was loaded."""
        self.restore()
        # Empty lines before it cost next to nothing; counting up the lines of a tree costs more than compiling it.
        code = compile("\n" * (line - 1) + text, filename, "exec", _FLAGS, dont_inherit=True)
        before = dict(namespace)
        exec(code, namespace)
        changed = [(before[name], value) for name, value in namespace.items() if name in before]
        for old, new in changed:
            if old is not new:
                self._replace(namespace, old, new)

    def _replace(self, but: dict[str, Any], old: object, new: object) -> None:
        for namespace, _ in self._before:
            if namespace is not but:
                for name in [name for name, value in namespace.items() if value is old]:
                    namespace[name] = new
