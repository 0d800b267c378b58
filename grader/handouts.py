"""What students of an assignment were given, as data for reading what they hand in. Runs nothing."""

from __future__ import annotations

from grader.assignments import TOML, Assignment, Course
from grader.skeletons import skeleton
from grader.submissions import Handout


def handout(course: Course, assignment: Assignment) -> Handout:
    """The hand-out of an assignment: as its solution gives it today, and as it lies in assignments/.

    Raises CourseError when the solution's regions are not marked as they must be.
    """
    solution = assignment.solution.read_text(encoding="utf-8")
    sources = [skeleton(solution, str(assignment.solution))]
    skeleton_path = assignment.handout / f"{assignment.name}.py"
    if skeleton_path.is_file():  # the course may have gone on since students got theirs
        sources.append(skeleton_path.read_text(encoding="utf-8"))
    # A solution without a region is handed out nowhere: whoever hands it in has worked.
    blank = tuple(source for source in dict.fromkeys(sources) if source.strip() != solution.strip())
    hidden = course.root / "tests" / "hidden"
    others = frozenset(path.parent.name for path in hidden.glob(f"*/{TOML}")) - {assignment.name}
    return Handout(assignment.exercises, blank, others, frozenset(path.stem for path in assignment.given))
