"""Whether this machine has every lock of the jail, and the mark of tests that cannot do without."""

from __future__ import annotations

import pytest

from grader.subject import jail

MISSING = jail.missing(jail.probe())
REASON = f"this machine lacks {', '.join(MISSING)}"

needs_jail = pytest.mark.skipif(bool(MISSING), reason=REASON)


def skip_without_jail() -> None:
    """Skip the test that asks for a fixture, where the machine lacks a lock."""
    if MISSING:
        pytest.skip(REASON)
