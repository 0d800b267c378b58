"""JUnit XML, as GitLab, Jenkins and others read it: a test suite for each student, a test case for each hidden test.

GitLab drops test cases whose class name and name are those of another, so names are made to differ. It does not fail
a job by what is in the file: `grade --fail-under` does.
"""

from __future__ import annotations

from collections.abc import Iterator
from xml.etree import ElementTree

from grader.export.base import ExportOptions, Test, score, tests
from grader.messages.page import feedback
from grader.records import Result
from grader.run.store import GradedClass
from grader.text import clean, points

FOR_STUDENTS = True
COUNTED = ("tests", "failures", "errors", "skipped")


def export(graded: GradedClass, options: ExportOptions) -> Iterator[str]:
    """XML in UTF-8, one student after the other."""
    counts = dict.fromkeys(COUNTED, 0)
    seconds = 0.0
    for result in graded.results:  # the sums stand before what they are of
        suite = _suite(graded, result)
        for name in COUNTED:
            counts[name] += int(suite.get(name, "0"))
        seconds += result.seconds
    root = ElementTree.Element("testsuites", name=graded.assignment)
    for name, count in counts.items():
        root.set(name, str(count))
    root.set("time", f"{seconds:.3f}")
    yield "<?xml version='1.0' encoding='utf-8'?>\n"
    if not graded.results:
        yield f"{ElementTree.tostring(root, encoding='unicode')}\n"
        return
    end = f"</{root.tag}>"
    yield ElementTree.tostring(root, encoding="unicode", short_empty_elements=False).removesuffix(end) + "\n"
    for result in graded.results:
        suite = _suite(graded, result)
        ElementTree.indent(suite, level=1)
        yield f"  {ElementTree.tostring(suite, encoding='unicode')}\n"
    yield f"{end}\n"


def _suite(graded: GradedClass, result: Result) -> ElementTree.Element:
    """One student as a test suite, with its counts."""
    suite = ElementTree.Element("testsuite", name=clean(result.student, 120))
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
    for name, number in zip(COUNTED, count):
        suite.set(name, str(number))
    suite.set("time", f"{result.seconds:.3f}")
    return suite


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
