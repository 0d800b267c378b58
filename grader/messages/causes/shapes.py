"""Arrays whose shapes do not fit, and indices that run past them."""

from __future__ import annotations

from grader.messages.causes.row import Cause

_MATMUL = "In a product A @ B the last axis of A must be as long as the last but one of B. Which axis is which here?"
_BROADCAST = (
    "Two arrays are combined entry by entry, and shapes are matched from their last axis on:"
    " each axis must be equal, or 1."
)
_JOIN = "What is joined must agree in every axis but the one it is joined along."
_STACKED = "What is stacked must have one and the same shape."
_PAST = "An index runs past the end. Which axis does your loop run over, and is it the one it should be?"
_EMPTY = "There is nothing in it: did the loop before it run at all?"
_INDEX = "An index must be a whole number or a slice. What is it here?"

CAUSES = (
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
        "This layer reads one row for each sample, (N, I); what was given has another number of axes.",
        True,
    ),
    Cause(
        "RuntimeError|ValueError",
        r"Expected hidden to be 1D or 2D|^Expected hidden size|Expected input to be 2D or 3D",
        "The state or the input that goes in has another number of axes than this layer takes. Which part is meant?",
        True,
    ),
    Cause("ValueError|RuntimeError", r"(?:cannot reshape|is invalid for input of size)", (
        "A reshape keeps the number of entries. Is the new shape computed from the sizes of this very input?"
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
    Cause(
        "IndexError",
        r"array is 0-dimensional",
        "What is indexed holds one single thing: is it a number where an array is meant, or None?",
    ),
    Cause("IndexError", r"^too many indices", "It has fewer axes than there are indices. Has one been lost?", True),
    Cause("IndexError", r"^pop from", _EMPTY),
    Cause("ValueError", r"^(?:max|min)\(\)", _EMPTY),
    Cause("IndexError", r"out of bounds|out of range", _PAST, True),
    Cause("IndexError", r"^only integers, slices|used as ind", _INDEX),
    Cause(
        "ValueError",
        r"^not enough values to unpack|^too many values to unpack",
        "Count what comes from the right of `=`: does that function return so many things?"
        " (A single tensor is taken apart along its first axis.)",
    ),
    Cause("TypeError", r"^cannot unpack non-iterable", "One thing came back where several are taken apart."),
)  # fmt: skip
