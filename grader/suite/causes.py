"""What beginners meet of Python's, numpy's and torch's exceptions, and the likely cause of each in one kind sentence.

A table and nothing else: `likely` reads it. No sentence gives the line to type.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Cause:
    """A row of the table. `text` must be found in the exception's text; `sizes`: the arrays' shapes help.

    `says` may hold {name}, the group of that name in `text`.
    """

    kinds: str
    text: str
    says: str
    sizes: bool = False


_MATMUL = "In a product A @ B the last axis of A must be as long as the last but one of B. Which axis is which here?"
_BROADCAST = (
    "Two arrays are combined entry by entry, and shapes are matched from their last axis on:"
    " each axis must be equal, or 1."
)
_DTYPE = (
    "Tensors of two dtypes meet here. Is one of them made in your code, with a dtype of its own"
    " instead of the input's?"
)
_TRUTH = (
    "`if`, `not`, `and`, `or` and `==` need one truth value, and an array has many."
    " Do you want to ask about its numbers, or whether there is one at all?"
)
_NONE = (
    "Something here is None: a state that was not given, or the result of a function that returns nothing?"
)
_JOIN = "What is joined must agree in every axis but the one it is joined along."
_STACKED = "What is stacked must have one and the same shape."
_PAST = (
    "An index runs past the end. Which axis does your loop run over: samples (N), time steps (L) or features?"
)
_PARAMETER = (
    "A parameter is overwritten in place while gradients are recorded. Can you compute a new tensor instead?"
)
_LISTS = "A plain list of numbers, as `lengths` is, can do less than an array or a tensor."
_INIT = (
    "A module must be set up by nn.Module before anything is stored in it. What has `__init__` to call first?"
)
_LAYER = "A layer stands where its result is meant: has it been called?"
_CUDA = "There is no graphics card here. New tensors belong on the device of the input, whichever it is."
_LARGE = "An array became very large: print the shapes that lead to it."
_CLOSED = "Your code is graded without files, network and other programs: it gets all it needs as arguments."

#: The first row that fits is used, so the narrower one comes first.
CAUSES = (
    # names
    Cause(
        "NameError",
        r"name '(?:np|torch|nn|math|F)' is not defined",
        "Is its import missing at the top of the file?",
    ),
    Cause(
        "UnboundLocalError",
        r"variable '(?P<name>\w+)'",
        "`{name}` is read before it has a value: is it set only in an `if`, in a loop, or further down?",
    ),
    Cause(
        "AttributeError|TypeError",
        r"'NoneType' object|'NoneType' and|and 'NoneType'|non-iterable NoneType",
        _NONE,
    ),
    Cause("AttributeError", r"before Module\.__init__\(\) call", _INIT),
    Cause("AttributeError", r"'list' object has no attribute", _LISTS),
    Cause(
        "AttributeError",
        r"'Tensor' object has no attribute '(?:astype|copy|nonzeros|concatenate|append)'",
        "That is numpy's name; a torch tensor has another one for it.",
    ),
    Cause(
        "AttributeError",
        r"'numpy\.ndarray' object has no attribute '\w+'",
        "That may be torch's name: numpy functions get numpy arrays.",
    ),
    Cause(
        "AttributeError", r"'tuple' object has no attribute", "A tuple came back: which part of it do you need?"
    ),
    Cause(
        "AttributeError",
        r"module '\w[\w.]*' has no attribute",
        "Is the name spelled as in the library's documentation?",
    ),
    Cause(
        "ModuleNotFoundError|ImportError", r"", "Python's own modules, numpy and torch are there; no other is."
    ),
    # sizes
    Cause(
        "ValueError",
        r"^matmul: Input operand \d does not have enough dimensions",
        "A product @ needs an array on both sides. Is one of them None, or a single number?",
        True,
    ),
    Cause("ValueError|RuntimeError", r"^matmul: Input operand|mat1 and mat2 shapes|not aligned", _MATMUL, True),
    Cause("RuntimeError", r"^size mismatch, got input|must be a matrix|must be a 3D tensor", _MATMUL, True),
    Cause(
        "ValueError", r"^could not broadcast input array", "The place and what is put there differ in shape.", True
    ),
    Cause("ValueError", r"^operands could not be broadcast|output operand .* broadcast", _BROADCAST, True),
    Cause("RuntimeError", r"^The size of tensor a", _BROADCAST, True),
    Cause("RuntimeError", r"^The expanded size of the tensor", _BROADCAST, True),
    Cause(
        "RuntimeError",
        r"^einsum\(\)",
        "One letter of an einsum stands for two different lengths: write each array's axes under its letters.",
        True,
    ),
    Cause(
        "RuntimeError",
        r"^Input batch size .* hidden",
        "The state must have one row for every sample of the input: (N, H).",
        True,
    ),
    Cause(
        "RuntimeError",
        r"inconsistent (?:input|hidden)_size",
        "The last axis is not as long as the layer was made for. Were the two sizes swapped when it was made?",
        True,
    ),
    Cause(
        "RuntimeError|ValueError",
        r"Expected input to be 1D or 2D|For (?:un)?batched",
        "A cell reads one time step, (N, I), at a time; what was given has another number of axes.",
        True,
    ),
    Cause("ValueError|RuntimeError", r"(?:cannot reshape|is invalid for input of size)", (
        "A reshape keeps the number of entries. Is the new shape computed from N, L and H of this very input?"
    ), True),
    Cause(
        "RuntimeError",
        r"^view size is not compatible",
        "After a transpose, `view` cannot be used. And is it the order of the axes that should change?",
        True,
    ),
    Cause("RuntimeError|ValueError", r"^stack expects each|^all input arrays must have the same shape", _STACKED, True),
    Cause(
        "RuntimeError|ValueError",
        r"^stack expects a non-empty|^need at least one array",
        "The list is empty: did the loop run at all?",
    ),
    Cause("RuntimeError|ValueError", r"^Sizes of tensors must match|^all the input array", _JOIN, True),
    Cause("RuntimeError", r"^Tensors must have same number of dimensions", _JOIN, True),
    Cause(
        "TypeError",
        r"^(?:cat|stack|concat)\(\): .*must be tuple of Tensors",
        "The tensors to be joined go in together, as one list or tuple.",
    ),
    Cause(
        "IndexError|AxisError",
        r"^(?:Dimension out of range|axis -?\d)",
        "The array has fewer axes than that. Print its shape: has an axis been lost on the way?",
        True,
    ),
    Cause("IndexError", r"^too many indices", "It has fewer axes than there are indices. Has one been lost?", True),
    Cause("IndexError", r"out of bounds|out of range", _PAST, True),
    Cause("IndexError", r"^only integers, slices", "An index must be a whole number or a slice. What is it here?"),
    Cause(
        "ValueError",
        r"^not enough values to unpack|^too many values to unpack",
        "Count what comes from the right of `=`: does that function return so many things?"
        " (A single tensor is taken apart along its first axis.)",
    ),
    Cause("TypeError", r"^cannot unpack non-iterable", "One thing came back where several are taken apart."),
    # numbers
    Cause("RuntimeError", r"same dtype|expected scalar type|Found dtype", _DTYPE),
    Cause("RuntimeError|ValueError", r"^Boolean value of Tensor|^The truth value of an array", _TRUTH),
    Cause("ValueError", r"^assignment destination is read-only", "An argument is to be changed in place: copy it."),
    Cause(
        "ValueError",
        r"^step must be greater than zero",
        "A torch tensor cannot be sliced backwards; it has a function for that.",
    ),
    Cause(
        "TypeError|ValueError|RuntimeError",
        r"^only (?:length-1|0-dimensional|one element)|cannot be converted to Scalar|^only integer",
        "One number is wanted here, but an array is given: its shape, or one of its entries, perhaps?",
    ),
    # torch
    Cause("RuntimeError", r"^(?:a view of )?a leaf Variable|a leaf Variable", _PARAMETER),
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
    ),
    Cause(
        "TypeError",
        r"must be Tensor, not numpy|'numpy\.ndarray' and 'Tensor'|'Tensor' and 'numpy\.ndarray'",
        "A numpy array meets torch here: numpy in the function, torch in the module.",
    ),
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
    Cause("AssertionError|RuntimeError", r"CUDA|NVIDIA|cuda", _CUDA),
    # calls
    Cause("TypeError", r"\(\) takes no arguments", "Has `__init__` two underscores on each side?"),
    Cause(
        "TypeError",
        r"^(?P<name>[\w.]+)\(\) (?:takes|missing|got)",
        "Compare the call with the `def` line, and that with the hand-out:"
        " the same arguments, in the same order, `self` first in a method?",
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
    Cause("RecursionError", r"", "Something calls or makes itself without end. What should it call instead?"),
    Cause("EOFError", r"reading a line", "Nobody is there to type while code is graded: `input()` gets nothing."),
    Cause("AssertionError", r"^$", "An `assert` of your own does not hold. Does it expect one certain size?"),
    Cause("PermissionError|FileNotFoundError|BlockingIOError", r"", _CLOSED),
    Cause("MemoryError|_ArrayMemoryError", r"", _LARGE),
    Cause("RuntimeError", r"DefaultCPUAllocator|[Nn]ot enough memory", _LARGE),
)  # fmt: skip
