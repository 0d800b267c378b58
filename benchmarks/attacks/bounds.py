"""What can be taken away: layers of the jail, bounds and filters of the trusted side, each as edits of a copy.

A `Way` says how a file is run then: graded by the command's own path, tested by pytest in pytest's own process, or
called by a small program that has nothing to do with the grader.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

Edit = tuple[str, str, str]  # file, the text that stands there once, what stands there instead

_SKIPPED = 'skip=frozenset(request["skip"]),'


def jail_without(*steps: str) -> Edit:
    """What leaves these steps of the jail out."""
    return (
        "grader/subject/zygote.py",
        _SKIPPED,
        f"skip=frozenset(request['skip']) | {set(steps)!r},",
    )


@dataclass(frozen=True)
class Bound:
    """Something that stops attacks. `way` is how a file is run without it: "graded", "tested" or "called"."""

    says: str
    way: str
    edits: tuple[Edit, ...] = ()
    seconds: float = 240  # after which a graded class is ended


_EXPLAIN, _FORMS = "grader/messages/explain.py", "grader/messages/forms.py"
_DIFFERENCES, _CHECKS = "grader/suite/differences.py", "grader/suite/checks.py"
_EVERY_WORD: tuple[Edit, ...] = (
    (
        _FORMS,
        "return word in _words(tuple(chunk.source for chunk in chunks)) or word in _PYTHON or word in _LIBRARIES",
        "return True",
    ),
    (_FORMS, 'return text if fits and few else ""\n    return ""', "return text\n    return text"),
    (_FORMS, 'if len(text) > LONGEST:\n        return ""', "if False:\n        return text"),
    (_FORMS, "if known_class(name, chunks):\n        return name", "if True:\n        return name"),
    (_EXPLAIN, 'if raised.text and re.fullmatch(r"\\w{1,60}", raised.text) and', "if raised.text and"),
    (
        _EXPLAIN,
        'name = error.raised.text if error.raised.text in error.weights else ""',
        "name = error.raised.text",
    ),
    (
        _EXPLAIN,
        "return _NOWHERE if text is None else (lookup.where(frame.label, frame.line), text)",
        'return f"{lookup.where(frame.label, frame.line)} of {frame.function}", text or ""',
    ),
    (_EXPLAIN, r'r"\(((?:\d{1,4}, ?){0,4}\d{0,4})\) "', r'r"\(((?:\d+, ?)*\d*)\) "'),
    (
        _DIFFERENCES,
        "if _KIND.fullmatch(value.description):\n            return value.description",
        "return value.description",
    ),
    (_DIFFERENCES, "if len(shape) > 4 or any(size > 9999 for size in shape):", "if False:"),
    (_CHECKS, "if path in names:\n            return path", "return path"),
    (
        _CHECKS,
        "extra = sum(name not in shapes for name in parameters)",
        "extra = ' and '.join(name for name in parameters if name not in shapes)",
    ),
    (
        "grader/text.py",
        "if len(text) <= limit and _PLAIN.match(text):\n        return text.strip()",
        "return text",
    ),
    ("grader/subject/raising.py", "str(type(error).__name__)[:MAX_NAME]", "str(type(error).__name__)"),
    ("grader/subject/bounds.py", "MAX_TEXT = 300  #", "MAX_TEXT = 20_000_000  #"),
    (_DIFFERENCES, 'return f"{count_text(len(value))} things"', "return repr(value)"),
    (_DIFFERENCES, "name = type(value).__name__", "return repr(value)"),
)

BOUNDS: Mapping[str, Bound] = {
    "landlock": Bound("Landlock", "graded", (jail_without("landlock"),)),
    "seccomp": Bound("the filter of system calls", "graded", (jail_without("seccomp"),)),
    "landlock and seccomp": Bound(
        "Landlock and the filter of system calls, each of which stops it",
        "graded",
        (jail_without("landlock", "seccomp"),),
    ),
    "limits and seccomp": Bound(
        "resource limits and the filter, each of which stops it",
        "graded",
        (jail_without("rlimits", "seccomp"),),
    ),
    "limits": Bound("resource limits", "graded", (jail_without("rlimits"),)),
    "environment": Bound("the empty environment", "graded", (jail_without("environment"),)),
    "jail": Bound(
        "every layer of the jail, of which several stop it",
        "graded",
        (
            jail_without(
                "descriptors", "environment", "rlimits", "capabilities", "process", "landlock", "seccomp"
            ),
        ),
    ),
    "words": Bound("the rule that only known words are shown", "graded", _EVERY_WORD),
    "time": Bound(
        "the time for a whole submission",
        "graded",
        (
            (
                "grader/subject/patience.py",
                "self._waited += seconds",
                "self._waited += 0.0 * seconds",
            ),
        ),
    ),
    "wire errors": Bound(
        "the rule that whatever is wrong with an answer is the child's fault",
        "graded",
        (
            (
                "grader/subject/wire.py",
                'raise WireError(f"not an answer: {type(error).__name__}") from None',
                "raise",
            ),
        ),
    ),
    "the deadline of a message": Bound(
        "the deadline for a whole message, which its bytes do not move",
        "graded",
        (
            (
                "grader/subject/stream.py",
                "                self.reader.feed(self._read())\n                coming = self.reader.next()",
                "                self.reader.feed(self._read())\n                begun = time.monotonic()\n"
                "                coming = self.reader.next()",
            ),
        ),
        seconds=45,
    ),
    "texts that raise": Bound(
        "the care with which an exception's text is taken",
        "graded",
        (("grader/subject/raising.py", "except Exception as worse:", "except ZeroDivisionError as worse:"),),
    ),
    "process": Bound("the process of its own", "called"),
    "process of the tests": Bound("the process of its own, so that it shares that of the tests", "tested"),
    "plain answers": Bound(
        "the process of its own, and the rule that only plain numbers are handed over",
        "tested",
        (
            (
                "grader/subject/plain.py",
                "            return array(value.detach().cpu().numpy())",
                "            return value",
            ),
            (
                "grader/subject/plain.py",
                "    if isinstance(value, np.ndarray):\n        return array(value)",
                "    if True:\n        return value",
            ),
        ),
    ),
}


class StaleBoundError(Exception):
    """A bound is no longer where it is looked for."""


def take_away(bound: Bound, root: Path) -> None:
    """Edit the copy at `root`. Raises StaleBoundError when a text does not stand there once."""
    for file, old, new in bound.edits:
        path = root / file
        text = path.read_text(encoding="utf-8")
        if text.count(old) != 1:
            raise StaleBoundError(f"{file} holds {old[:60]!r} {text.count(old)} times, expected once")
        path.write_text(text.replace(old, new), encoding="utf-8")
