"""Places of kept answers."""

from __future__ import annotations

import pytest

from . import course_factory as factory


@pytest.fixture
def course(tmp_path, monkeypatch):
    monkeypatch.setenv("GRADER_CACHE", str(tmp_path / "cache"))
    tiny = factory.make_course(tmp_path / "course")
    (tiny[1].hidden / "mistakes.py").write_text(factory.MISTAKES)
    return tiny
