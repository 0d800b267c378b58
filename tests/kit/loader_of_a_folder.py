"""A loader of the files of one folder."""

from __future__ import annotations

import pdb
import sys
from types import ModuleType

import pytest

from grader.subject.loader import Loader, LoadRequest
from grader.subject.statements import numbered


class LoadedFolder:
    """What became of a program: its module, the statements that began, and what was passed over as (line, kind)."""

    def __init__(self, source, modules=(), *, cells=None, changed=lambda: (), **options):
        chunks = [(source, "")] if cells is None else [(cell, f"cell {n}") for n, cell in enumerate(cells, 1)]
        self.program = LoadRequest("answer", chunks, [(text, label) for label, text in modules], **options)
        self.module = ModuleType("answer")
        self.began, self.failures = [], []
        self.loader = Loader(
            self.program,
            self.module,
            begins=self.began.append,
            failed=lambda place, error: self.failures.append((place, error)),
            filename=lambda label: label or "answer.py",
            changed=changed,
        )

    @property
    def passed(self):
        files = [*self.program.chunks, *self.program.modules]
        return [
            (files[file][1], numbered(files[file][0])[number].line, type(error).__name__)
            for (file, number), error in self.failures
        ]

    def __getattr__(self, name):
        return getattr(self.module, name)


@pytest.fixture
def load(monkeypatch):
    """Load a source as a child does, with the list in force until the test is over."""
    monkeypatch.setattr(pdb, "set_trace", pdb.set_trace)  # and put it back
    installed, before = [], dict(sys.modules)

    def load(source="", modules=(), **options):
        loaded = LoadedFolder(source, modules, **options)
        sys.modules["answer"] = loaded.module
        loaded.loader.imports.install()
        installed.append(loaded.loader.imports)
        loaded.loader.load()
        return loaded

    yield load
    for imports in installed:
        imports.remove()
    for name in set(sys.modules) - set(before):
        if name.partition(".")[0] in ("answer", "utils", "layers", "a", "b", "c", "course_tools"):
            del sys.modules[name]
