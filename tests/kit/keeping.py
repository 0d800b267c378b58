"""Places of kept answers."""

from __future__ import annotations

import pytest

from grader.subject import jail

from . import course_factory as factory

MISSING = jail.missing(jail.probe())


needs_jail = pytest.mark.skipif(bool(MISSING), reason=f"this machine lacks {', '.join(MISSING)}")


@pytest.fixture
def course(tmp_path, monkeypatch):
    monkeypatch.setenv("GRADER_CACHE", str(tmp_path / "cache"))
    tiny = factory.make_course(tmp_path / "course")
    (tiny[1].hidden / "mistakes.py").write_text(factory.MISTAKES)
    return tiny
