"""Records of what was handed in: sources as they were read, and what of them was not run."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import PurePath


@dataclass(frozen=True)
class Chunk:
    """A piece of source that is loaded on its own: a whole .py file, or one code cell of a notebook."""

    source: str
    label: str = ""  # "" for a .py file, "cell 3" for a notebook's third cell (markdown cells count)


@dataclass(frozen=True)
class StudentSource:
    """The program of one submission, as it is loaded and as messages speak of it.

    `name` is what its file is called; `chunks` are loaded in turn; `modules` are the student's own other files, which
    the chunks may import.

        StudentSource("rnn.py", (Chunk("import tools"),), (Chunk("…", "tools.py"),))
    """

    name: str
    chunks: tuple[Chunk, ...]
    modules: tuple[Chunk, ...] = ()

    @property
    def files(self) -> tuple[Chunk, ...]:
        """All that its code stands in: the answer's chunks, then the modules."""
        return (*self.chunks, *self.modules)


@dataclass(frozen=True)
class Member:
    """One of several students who handed in together, as their platform calls them; "" where it does not say."""

    name: str
    sid: str = ""
    email: str = ""


@dataclass(frozen=True)
class Submission:
    """What one student handed in, decoded and split into chunks; with `problem` set when it cannot be read.

    `fault`: the problem is the machine's (rights, a disk), so that it must not cost the student anything.
    `other` is the same student's other file, when a .py and a notebook differ: both are graded, the better counts.
    `modules` are the student's own other .py files, which the answer may import: their labels are the paths that
    they are imported by, such as "utils.py" or "layers/cells.py".
    `misplaced` says of exercises that they stand where nothing is run, as in a notebook's text cells.
    `text` is what a file holds that has no chunks because Python cannot read it; it is shown, and never run.
    `absent`: nothing was handed in; `problem` says so.
    `late` is what the platform says; `members` is everybody who handed in together, where that is more than a name.
    """

    student: str
    file: str
    sha256: str
    chunks: tuple[Chunk, ...]
    problem: str = ""
    notes: tuple[str, ...] = ()
    fault: bool = False
    other: Submission | None = None
    modules: tuple[Chunk, ...] = ()
    misplaced: tuple[str, ...] = ()
    late: bool = False
    members: tuple[Member, ...] = ()
    line: int = 0  # that the problem is at, where it is one of a .py file
    more_time: float = 1.0  # what the limits are multiplied by for this student
    text: str = ""
    absent: bool = False

    @property
    def is_notebook(self) -> bool:
        """Whether the chunks are cells."""
        return any(chunk.label for chunk in self.chunks)

    @property
    def source(self) -> StudentSource:
        """The program that is graded."""
        return StudentSource(PurePath(self.file).name, self.chunks, self.modules)


@dataclass(frozen=True)
class PassedOver:
    """A statement at the top of a student's file that was not run to its end, so that the rest could be graded.

    `kind`: module (what it imports is not there), notebook (it needs a running notebook), input (it asks somebody to
    type), debugger, decorator (left out alone: what stands below it is graded), base (a base class that is not there:
    the class is graded without it), setting (of the whole process: run, and put back), closed (files, the network,
    other processes), exit (it ends the program), future (a late `from __future__`), syntax, raised (any other
    exception), timeout, crashed, or time (loops and calls were left out for want of time).
    `because` is the exception as far as it may be shown, or how the process ended; `seconds` what a timeout was given.
    `follows`: lines (as "line 4" or "cell 2, line 1") of what was passed over for want of the names that it binds;
    `along`: of what needs that it was run, or the same file.
    """

    kind: str
    label: str  # as Chunk.label
    line: int
    text: str
    because: str = ""
    names: tuple[str, ...] = ()
    follows: tuple[str, ...] = ()
    along: tuple[str, ...] = ()
    seconds: float = 0.0
