"""An exception of student code as data: its class and text, the lines of the student's that it went through, shapes."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from grader.subject import adapted, operands
from grader.subject import operations as ops
from grader.subject.bounds import MAX_BASES, MAX_FRAMES, MAX_NAME, MAX_TEXT


def raised(
    error: BaseException, stage: str, labels: Mapping[str, str], arrays: Collection[type]
) -> ops.Raised:
    """What was raised, within the bounds of an answer.

    `labels` gives the label of each of the student's files by its name in tracebacks; `arrays` are the classes whose
    shapes are told.
    """
    frames = []
    trace, innermost = error.__traceback__, None
    while trace is not None:
        filename = trace.tb_frame.f_code.co_filename
        if filename in labels:
            function = trace.tb_frame.f_code.co_name[:MAX_NAME]
            frames.append(ops.Frame(labels[filename], trace.tb_lineno, function))
            innermost = trace
        trace = trace.tb_next
    if len(frames) > MAX_FRAMES:  # deep recursion: where it began and where it ended
        frames = frames[: MAX_FRAMES // 2] + frames[-MAX_FRAMES // 2 :]
    shapes = operands.shapes(innermost, arrays) if innermost is not None else ()
    kind, lines = str(type(error).__name__)[:MAX_NAME], adapted.lines(error)
    return ops.Raised(kind, text_of(error), stage, tuple(frames), shapes, lines, bases=_bases(type(error)))


def _bases(kind: type) -> tuple[str, ...]:
    """The names of the classes that an exception's is made from, the nearest first, without those of all exceptions."""
    every = (Exception, BaseException, object)
    names = [str(base.__name__)[:MAX_NAME] for base in kind.__mro__[1:] if base not in every]
    return tuple(names[:MAX_BASES])


def text_of(error: BaseException) -> str:
    """The text of an exception, as long as it may be."""
    try:
        return str(error)[:MAX_TEXT]
    except Exception as worse:  # a __str__ of the student's own may raise anything
        return f"(its text cannot be had: {type(worse).__name__})"
