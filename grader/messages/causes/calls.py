"""Calls with other arguments than they take, of what cannot be called, or without end."""

from __future__ import annotations

from grader.messages.causes.row import Cause

_LARGE = "An array became very large: print the shapes that lead to it."
_EMPTY = "There is nothing in it: did the loop before it run at all?"
_ENDLESS = "Something calls or makes itself without end. What should it call instead?"
_NOBODY = "Nobody is there to type while code is graded: `input()` gets nothing."

CAUSES = (
    Cause(
        "TypeError",
        r"^(?P<name>\w+)\.__init__\(\) (?:takes|missing|got)",
        "A layer takes its sizes when it is made, and its data when it is called. Which of both happens here?",
        look="library",
    ),
    Cause(
        "TypeError",
        r"^(?P<name>[\w.]+)\(\) (?:takes|missing|got)",
        "This function is not yours: which arguments does its documentation name, and in which order?",
        look="library",
    ),
    Cause(
        "TypeError",
        r"^object of type '(?:int|float)' has no len|^len\(\) of a 0-d|^'(?:int|float)' object is not (?:iter|subscr)",
        "One single number stands where several are meant: is it a size, or one entry of an array?",
    ),
    Cause(
        "TypeError",
        r"'(?:Tensor|tuple|torch\.Size|numpy\.ndarray|int|float|list|Parameter)' object is not callable",
        "Round brackets call something. Is a `*`, an `@` or a comma missing, or are square brackets meant?",
    ),
    Cause(
        "TypeError",
        r"'(?:builtin_function_or_method|function|method)'(?: object (?:is not|does not)| and |$)",
        "A function stands where its result is meant: are the brackets of the call missing?",
        look="way",
    ),
    Cause(
        "TypeError",
        r"^'(?:torch\.Size|tuple)' object cannot be interpreted as an integer",
        "A shape is given where one of its sizes is meant.",
    ),
    Cause(
        "TypeError",
        r"^Cannot interpret '.*' as a data type|as an integer",
        "Sizes go in as one shape, such as (N, H), each of them a whole number. What is given here?",
    ),
    Cause(
        "TypeError",
        r"^unhashable type: '(?:numpy\.ndarray|list|dict|set)'",
        "What can change is no key: not of a dict or a set, and not for a function that remembers its calls.",
    ),
    Cause("RecursionError", r"", _ENDLESS, look="round"),
    Cause("EOFError", r"^$|reading a line", _NOBODY, look="closed"),
    Cause("StopIteration", r"", _EMPTY),
    Cause("MemoryError|_ArrayMemoryError", r"", _LARGE, look="shapes"),
    Cause("RuntimeError", r"DefaultCPUAllocator|[Nn]ot enough memory", _LARGE, look="shapes"),
)  # fmt: skip
