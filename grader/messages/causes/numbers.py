"""Dtypes, truth values, and what torch's gradients and layers refuse."""

from __future__ import annotations

from grader.messages.causes.row import Cause

_DTYPE = (
    "Tensors of two dtypes meet here. Is one of them made in your code, with a dtype of its own"
    " instead of the input's?"
)
_TRUTH = (
    "`if`, `not`, `and`, `or` and `==` need one truth value, and an array has many."
    " Do you want to ask about its numbers, or whether there is one at all?"
)
_PARAMETER = (
    "A parameter is overwritten in place while gradients are recorded. Can you compute a new tensor instead?"
)
_LISTS = "A plain list of numbers, as `lengths` is, can do less than an array or a tensor."
_LAYER = "A layer stands where its result is meant: has it been called?"
_CUDA = "There is no graphics card here. New tensors belong on the device of the input, whichever it is."
_WRONG_TYPE = "One of the things that go into this call is not of the type it takes: which one is no tensor?"
_READ_ONLY = "An argument is to be changed in place: copy it."
_SEVERAL = "Several things at once stand where one tensor is meant."
_NO_SELF = "Is this line inside a method, and is `self` its first argument?"

CAUSES = (
    # numbers
    Cause("RuntimeError", r"same dtype|expected (?:scalar type|dtype)|Found dtype|^result type", _DTYPE, look="dtypes"),
    Cause(
        r"\w*(?:UFunc\w*|Casting)Error",
        r"^Cannot cast ufunc",
        "Numbers with a fraction are put into an array of whole numbers. With which dtype was it made?",
        look="dtypes",
    ),
    Cause(
        r"TypeError|\w*UFunc\w*Error",
        r"^ufunc '\w+' (?:did not contain|not supported)|^loop of ufunc does not support",
        "Something here is no array of numbers: text, a list of arrays, or a tensor?",
    ),
    Cause(
        "ValueError",
        r"^setting an array element with a sequence",
        "The parts have different shapes, so they make no array together. Print the shape of each.",
    ),
    Cause(
        "TypeError",
        r"^can only concatenate|^unsupported operand type\(s\) for \+: '(?:int|float)' and 'str'",
        "Only two of one kind can be joined by `+`. What stands on each side?",
    ),
    Cause("RuntimeError|ValueError", r"^Boolean value of Tensor|^The truth value of an array", _TRUTH),
    Cause("ValueError", r"^assignment destination is read-only", _READ_ONLY, look="way"),
    Cause(
        "ValueError",
        r"^step must be greater than zero|^At least one stride",
        "A torch tensor cannot be sliced backwards; it has a function for that.",
        look="way",
    ),
    Cause(
        "TypeError|ValueError|RuntimeError",
        r"^only (?:length-1|0-dimensional|one element)|cannot be converted to Scalar|^only integer",
        "One number is wanted here, but an array is given: its shape, or one of its entries, perhaps?",
    ),
    # torch
    Cause("RuntimeError", r"^(?:a view of )?a leaf Variable|a leaf Variable", _PARAMETER, look="way"),
    Cause(
        "RuntimeError",
        r"modified by an inplace operation",
        "A tensor that the way back still needs was overwritten after its use. Which `[...] =` or `+=` does that?",
    ),
    Cause(
        "RuntimeError",
        r"backward through the graph a second time",
        "A tensor of an earlier call is still in use. Does the module keep a state on `self`?",
    ),
    Cause(
        "RuntimeError",
        r"^Can't call numpy\(\)",
        "numpy cannot carry gradients: inside a module stay with torch from the input to the output.",
        look="way",
    ),
    Cause(
        "TypeError",
        r"must be Tensor, not numpy|'numpy\.ndarray' and 'Tensor'|'Tensor' and 'numpy\.ndarray'|got numpy\.ndarray"
        r"|^expected np\.ndarray",
        "A numpy array meets torch here: numpy in the function, torch in the module.",
        look="way",
    ),
    Cause("TypeError", r"must be Tensor, not (?:tuple|list)", _SEVERAL),
    Cause(
        "TypeError",
        r"^unsupported operand type\(s\) for \S+ '(?:tuple' and|\w+(?:\.\w+)*' and 'tuple')",
        "A tuple holds several values: where should it be taken apart, and which of them is meant here?",
    ),
    Cause("TypeError", r"received an invalid combination of arguments", _WRONG_TYPE),
    Cause("RuntimeError", r"^super\(\): ", _NO_SELF),
    Cause("TypeError", r"is not a Module subclass", "Only layers can be put in here: what is it that you put in?"),
    Cause("TypeError", r"and '(?:Linear|RNNCell|RNN)'|'(?:Linear|RNNCell|RNN)' and", _LAYER),
    Cause("AttributeError|TypeError", r"'(?:Linear|RNNCell|RNN)' object", _LAYER),
    Cause(
        "TypeError",
        r"^cannot assign '[\w.]+' (?:object )?(?:as|to) parameter",
        "A parameter is to be replaced by a plain tensor. Should a local name hold the result instead?",
    ),
    Cause("RuntimeError", r"lengths.{0,3} array must be sorted", (
        "Lengths may come in any order: packing can be told so."
    )),
    Cause("RuntimeError", r"^Length of all samples has to be", "Every length is at least 1: is yours changed before?"),
    Cause("RuntimeError|TypeError", r"lengths.{0,40}(?:1D CPU|int64)", "Packing wants whole numbers, one per sample."),
    Cause("TypeError", r"'list' and '(?:Tensor|numpy)|'Tensor' and 'list'|list indices must be integers", _LISTS),
    Cause("TypeError", r"between instances of '(?:list' and|\w+' and 'list)", _LISTS),
    Cause(
        "AssertionError|RuntimeError|NotImplementedError|AcceleratorError",
        r"CUDA|NVIDIA|cuda|'(?:MPS|XPU|HIP)' backend|PyTorch is not linked with|[Cc]annot access accelerator",
        _CUDA,
        look="way",
    ),
)  # fmt: skip
