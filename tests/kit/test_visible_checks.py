"""The checks that students get see most of what goes wrong: at least three quarters of the mistakes of each assignment.

A mistake is seen when a visible check fails for each of its ways. The edited references are the course's own, so they
run here, without the jail. `python -m tests.kit.test_visible_checks` prints what is not seen.
"""

from __future__ import annotations

import contextlib
import io
import sys
import warnings
from collections.abc import Iterator
from types import ModuleType

import pytest
import torch

from grader.assignments import find_course, load
from grader.diagnose.mistakes import apply, load_mistakes, variants

from .loading import ROOT

COURSE = find_course(ROOT)
ASSIGNMENTS = sorted(path.parent.name for path in (ROOT / "tests" / "hidden").glob("*/mistakes.py"))
SHARE = 0.75


@contextlib.contextmanager
def in_place_of(name: str, module: ModuleType) -> Iterator[None]:
    """While this lasts, `import name` gives this module."""
    before = sys.modules.get(name)
    sys.modules[name] = module
    try:
        yield
    finally:
        sys.modules.pop(name)
        if before is not None:
            sys.modules[name] = before


def failing_check(assignment: str, source: str) -> str:
    """The name of the first visible check that this source fails; empty when it passes all of them."""
    student, checks = ModuleType(assignment), ModuleType(f"checks_of_{assignment}")
    text = (ROOT / "solutions" / assignment / f"test_{assignment}.py").read_text(encoding="utf-8")
    torch.manual_seed(1)
    with (
        in_place_of(assignment, student),
        contextlib.redirect_stdout(io.StringIO()),
        warnings.catch_warnings(),
    ):
        warnings.simplefilter("ignore")
        try:
            exec(source, vars(student))
            exec(text, vars(checks))
        except Exception as error:  # whatever students' files raise when they are loaded
            return f"{type(error).__name__} while it is loaded"
        for name in [name for name in vars(checks) if name.startswith("test_")]:
            try:
                vars(checks)[name]()
            except Exception:
                return name
    return ""


def unseen(assignment: str) -> dict[str, list[str]]:
    """Every mistake by its id, with the ways of it that no visible check sees."""
    reference = (ROOT / "solutions" / assignment / f"{assignment}.py").read_text(encoding="utf-8")
    mistakes = load_mistakes(load(COURSE, assignment))
    variants_by_id: dict[str, list[str]] = {mistake.id: [] for mistake in mistakes}
    for variant in variants(mistakes):
        if not failing_check(assignment, apply(reference, [variant])):
            variants_by_id[variant.mistake.id].append(f"{variant.place}: {variant.changes}")
    return variants_by_id


@pytest.mark.parametrize("assignment", ASSIGNMENTS)
def test_visible_checks_pass_the_reference(assignment: str) -> None:
    reference = (ROOT / "solutions" / assignment / f"{assignment}.py").read_text(encoding="utf-8")
    assert failing_check(assignment, reference) == ""


@pytest.mark.parametrize("assignment", ASSIGNMENTS)
def test_visible_checks_see_most_mistakes(assignment: str) -> None:
    variants_by_id = unseen(assignment)
    passed_by = sorted(id for id, unseen_variants in variants_by_id.items() if unseen_variants)
    assert 1 - len(passed_by) / len(variants_by_id) >= SHARE, f"no visible check sees: {', '.join(passed_by)}"


def main() -> None:
    for assignment in sys.argv[1:] or ASSIGNMENTS:
        variants_by_id = unseen(assignment)
        noticed = [id for id, unseen_variants in variants_by_id.items() if not unseen_variants]
        print(f"{assignment}: {len(noticed)} of {len(variants_by_id)} mistakes are seen")
        for id, unseen_variants in variants_by_id.items():
            for variant in unseen_variants:
                print(f"    {id} in {variant}"[:230])


if __name__ == "__main__":
    main()
