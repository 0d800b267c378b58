"""Classes in which somebody copied, and how tests look for it."""

from __future__ import annotations

from grader.assignments import find_course, load
from grader.handouts import handout
from grader.records import Chunk, Submission
from grader.similar.programs import StudentProgram, given_by, program

from .loading import ROOT

RNN = load(find_course(ROOT), "rnn")


HANDOUT = handout(find_course(ROOT), RNN)


GIVEN = given_by(HANDOUT, [RNN.visible_checks.read_text("utf-8"), *RNN.given_sources.values()])


def a_program(student: str, source: str, course: str = "") -> StudentProgram:
    return program(Submission(student, "rnn.py", str(hash(source)), (Chunk(source),)), course, GIVEN.names)
