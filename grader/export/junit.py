"""JUnit XML, as GitLab, Jenkins and others read it: a test suite for each student, a test case for each hidden test.

GitLab drops test cases whose class name and name are those of another, so names are made to differ. It does not fail
a job by what is in the file: `grade --fail-under` does.
"""

from __future__ import annotations

from xml.etree import ElementTree

from grader.export.base import Options, Test, score, tests
from grader.messages.page import feedback
from grader.records import Result
from grader.run.store import Graded
from grader.text import clean, points

FOR_STUDENTS = True


def export(graded: Graded, options: Options) -> bytes:
    """XML in UTF-8."""
    root = ElementTree.Element("testsuites", name=graded.assignment)
    counts = [_suite(root, graded, result) for result in graded.results]
    for place, name in enumerate(("tests", "failures", "errors", "skipped")):
        root.set(name, str(sum(count[place] for count in counts)))
    root.set("time", f"{sum(result.seconds for result in graded.results):.3f}")
    ElementTree.indent(root)
    return bytes(ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)) + b"\n"


def _suite(root: ElementTree.Element, graded: Graded, result: Result) -> tuple[int, int, int, int]:
    suite = ElementTree.SubElement(root, "testsuite", name=clean(result.student, 120))
    properties = ElementTree.SubElement(suite, "properties")
    values = {"score": points(score(result)), "max_score": points(result.max_score), "status": result.status}
    for name, value in values.items():
        ElementTree.SubElement(properties, "property", name=name, value=value)
    classname = f"{graded.assignment}.{clean(result.student, 120)}"
    file = clean(result.file, 300)
    parts = tests(result)
    seconds = result.seconds / max(len(parts), 1)
    names: dict[str, int] = {}
    ends = []
    for test in parts:
        names[test.sentence] = names.get(test.sentence, 0) + 1
        name = test.sentence if names[test.sentence] == 1 else f"{test.sentence} ({test.name})"
        case = ElementTree.SubElement(
            suite, "testcase", classname=classname, name=name, file=file, time=f"{seconds:.4f}"
        )
        ends.append(_end(case, test))
    if not parts:
        case = ElementTree.SubElement(
            suite, "testcase", classname=classname, name="The submission can be tested", file=file, time="0"
        )
        error = ElementTree.SubElement(case, "error", type=result.status)
        error.set("message", clean(result.message, 900) or result.status)
        ends.append("error")
    ElementTree.SubElement(suite, "system-out").text = feedback(result)
    count = (len(ends), ends.count("failure"), ends.count("error"), ends.count("skipped"))
    for name, number in zip(("tests", "failures", "errors", "skipped"), count):
        suite.set(name, str(number))
    suite.set("time", f"{result.seconds:.3f}")
    return count


def _end(case: ElementTree.Element, test: Test) -> str:
    """Write how a test ended; gives the name of the element, or "" when it passed."""
    if test.passed:
        return ""
    outcomes = {case.outcome for case in test.cases} - {"passed"}
    end = "failure" if "failed" in outcomes else "error" if "error" in outcomes else "skipped"
    element = ElementTree.SubElement(case, end)
    message = test.message or "It does not hold."
    element.set("message", f"{message} ({points(test.points)} of {points(test.max_points)} points)")
    if end != "skipped":
        element.set("type", test.group)
    return end
