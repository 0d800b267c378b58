"""Names that are not there, and objects of another type than was thought."""

from __future__ import annotations

from grader.messages.causes.row import Cause
from grader.messages.not_run import IMPORTS

_NONE = (
    "Something here is None: a state that was not given, or the result of a function that returns nothing?"
)
_LISTS = "A plain list of numbers, as `lengths` is, can do less than an array or a tensor."
_INIT = (
    "A module must be set up by nn.Module before anything is stored in it. What has `__init__` to call first?"
)
_MODULES = f"This module is not there when it is graded. {IMPORTS}"
_NOT_IN_MODULE = "The module is there, but it has no such name: is it spelled so, and is it defined there?"
_TUPLE = "A tuple came back: which part of it do you need?"

CAUSES = (
    Cause(
        "NameError",
        r"name '(?:np|torch|nn|math|F)' is not defined",
        "Is its import missing at the top of the file?",
        look="name",
    ),
    Cause(
        "NameError",
        r"name '(?:xrange|raw_input|unicode|basestring|long|unichr|execfile|reload|cmp|reduce)' is not defined",
        "That was a name of Python 2: Python 3 has another one for it, or a module that holds it.",
        look="way",
    ),
    Cause(
        "UnboundLocalError",
        r"variable '(?P<name>\w+)'",
        "`{name}` is read before it has a value: is it set only in an `if`, in a loop, or further down?",
        look="name",
    ),
    Cause(
        "TypeError",
        r"non-iterable NoneType",
        "Nothing came back from the right of `=`. Does that function have a `return`, and is it reached?",
        look="values",
    ),
    Cause(
        "AttributeError|TypeError|RuntimeError",
        r"'NoneType' object|'NoneType' and|and 'NoneType'|of type NoneType|not NoneType|got NoneType|dtype of NoneType"
        r"|: 'NoneType'",
        _NONE,
    ),
    Cause(
        "AttributeError|TypeError",
        r"\bellipsis\b",
        "A `...` stands where a value should be: what is to come there?",
        look="name",
    ),
    Cause("AttributeError", r"before Module\.__init__\(\) call", _INIT, look="way"),
    Cause("AttributeError", r"'list' object has no attribute", _LISTS),
    Cause(
        "AttributeError",
        r"'Tensor' object has no attribute '(?:astype|copy|nonzeros|concatenate|append)'",
        "That is numpy's name; a torch tensor has another one for it.",
        look="way",
    ),
    Cause(
        "AttributeError",
        r"'numpy\.ndarray' object has no attribute '\w+'",
        "That may be torch's name: numpy functions get numpy arrays.",
        look="way",
    ),
    Cause("AttributeError", r"'tuple' object has no attribute", _TUPLE),
    Cause("TypeError", r"^tuple indices must be integers", _TUPLE),
    Cause(
        "AttributeError|TypeError",
        r"'PackedSequence' object|'PackedSequence' and|and 'PackedSequence'",
        "What is packed is no array any more: it has to be padded again before it can be used like one.",
    ),
    Cause(
        "AttributeError",
        r"^module 'numpy' has no attribute '\w+'\.\s|^module 'numpy' has no attribute '(?:product|cumproduct|trapz|in1d"
        r"|msort|bool8|int0)'|was removed in the NumPy",
        "That is a name of an older NumPy; a newer one has it under another name, or leaves it to Python.",
        look="name",
    ),
    Cause(
        "AttributeError",
        r"module '\w[\w.]*' has no attribute",
        "Is the name spelled as in the library's documentation?",
        look="name",
    ),
    Cause("ImportError", r"^cannot import name", _NOT_IN_MODULE, look="name"),
    Cause("ModuleNotFoundError|ImportError", r"", _MODULES, look="closed"),
)  # fmt: skip
