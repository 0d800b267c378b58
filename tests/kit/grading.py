"""What the tests of a run share: a suite that kills its own process on demand, its course, and one engine for all."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from grader.run import path as main_path

from . import course_factory as factory

ROOT = Path(__file__).resolve().parents[2]

#: A suite that kills its own process when a submission gives a certain number: the only way a worker can die.
DEADLY = factory.SUITE.replace(
    """    assert_close(student.scale(X, factor), reference.scale(X, factor))
""",
    """    got = student.scale(X, factor)
    if isinstance(got, int):
        marker = Path(__file__).parents[3] / "killed_once"
        if got == 13 or not marker.exists():
            if got == 14:
                marker.touch()
            os.kill(os.getpid(), signal.SIGKILL)
        got = reference.scale(X, factor)
    if isinstance(got, str) and got == "stuck":
        signal.pause()
    if isinstance(got, str):
        got = None + 1
    assert_close(got, reference.scale(X, factor))
""",
).replace(
    "import numpy as np",
    "import os\nimport signal\nfrom pathlib import Path\n\nimport numpy as np",
)


@pytest.fixture(scope="module", autouse=True)
def engine(warm_zygotes):
    """One engine for all of these tests, even if somebody edits it while they run."""
    with pytest.MonkeyPatch.context() as patch:
        digest = main_path.digests.engine_digest()
        patch.setattr(main_path.digests, "engine_digest", lambda: digest)
        yield


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    root = tmp_path_factory.mktemp("grade") / "course"
    return factory.make_course(root, suite=DEADLY, call_seconds=0.7, total_seconds=3.0)


def strict(text: str):
    """JSON without the extensions that other readers refuse."""

    def refuse(constant: str):
        raise ValueError(f"{constant} is no JSON")

    return json.loads(text, parse_constant=refuse)
