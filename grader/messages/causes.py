"""What beginners meet of Python's, numpy's and torch's exceptions: the likely cause of each, and where to look next.

Tables and nothing else: `likely` reads them. No sentence gives the line to type.
"""

from __future__ import annotations

from dataclasses import dataclass

from grader.messages.passed import IMPORTS


@dataclass(frozen=True)
class Cause:
    """A row of the table. `text` must be found in the exception's text, and `line` in the line that raised it.

    `says` may hold {name}, the group of that name in `text`. `sizes`: the arrays' shapes help.
    `look` is what to look at next, a key of LOOK; where there is none, it follows from `sizes`.
    """

    kinds: str
    text: str
    says: str
    sizes: bool = False
    look: str = ""
    line: str = ""


#: What to do next; {where} is a place such as "line 12".
LOOK = {
    "shapes": "Just before {where}, print the shapes of what goes into it. Is each what you expect there?",
    "dtypes": "Just before {where}, print the dtype of each array that goes into it. Which is not the input's?",
    "values": "Just before {where}, print what goes into it. Is it what you expect there?",
    "name": "Go to {where}: which name stands there, and where is it to get its value?",
    "define": "Compare your `class` and `def` lines with those of the hand-out: which one differs?",
    "call": "Put the call and the `def` line side by side: which argument goes where?",
    "library": "Go to {where}, and read in the documentation what is called there: which arguments does it take?",
    "closed": "Go to {where}: can the exercise do without it?",
    "debugger": "Take breakpoint() or set_trace() out: it stands just before {where}.",
    "own": "Go to {where}: should your code stop there, for an input that the hand-out allows?",
    "round": "Go to {where}: what is called there, and when does that ever stop?",
    "way": "Go to {where}: is there another way to say it?",
}
#: After which of these it helps to see the call that shows it.
SHOWN_BY_A_CALL = {"shapes", "dtypes", "values", "call", "own", "way"}


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
_ARGUMENTS = "Your code is imported, not started with arguments of its own: the functions get all they need."
_MODULES = f"This module is not there when it is graded. {IMPORTS}"
_NOT_IN_MODULE = "The module is there, but it has no such name: is it spelled so, and is it defined there?"
_COMPILE = (
    "torch.compile wants a compiler and much time, and neither is there in grading: plain PyTorch is enough."
)
_DEBUGGER = "A debugger has stopped here, and nobody is there to steer it: take it out before you hand in."
_EXIT = "This ends the whole program, not only the function: what is graded after it would be lost as well."
_TUPLE = "A tuple came back: which part of it do you need?"
_WRONG_TYPE = "One of the things that go into this call is not of the type it takes: which one is no tensor?"
_EMPTY = "There is nothing in it: did the loop before it run at all?"
_INDEX = "An index must be a whole number or a slice. What is it here?"
_READ_ONLY = "An argument is to be changed in place: copy it."
_SEVERAL = "Several things at once stand where one tensor is meant."
_NO_SELF = "Is this line inside a method, and is `self` its first argument?"
_ENDLESS = "Something calls or makes itself without end. What should it call instead?"
_NOBODY = "Nobody is there to type while code is graded: `input()` gets nothing."
_OWN_CHECK = "An `assert` of your own does not hold. Does it expect one certain size?"
_OWN_RAISE = "Your own code raises this. Does it refuse something that the hand-out allows?"

#: The first row that fits is used, so the narrower one comes first.
CAUSES = (
    # what the student's code says itself
    Cause(r"AssertionError", r"^(?!Torch not compiled)", _OWN_CHECK, look="own", line=r"^assert\b"),
    Cause(r"(?!NotImplementedError|SystemExit)\w+", r"", _OWN_RAISE, look="own", line=r"^raise\b"),
    # what cannot be had in grading, told by the line: the exceptions of these vary
    Cause(r"\w+", r"", _COMPILE, look="closed", line=r"\btorch\.compile\b"),
    Cause(r"BdbQuit", r"", _DEBUGGER, look="debugger"),
    Cause(r"IndexError|ValueError", r"", _ARGUMENTS, look="closed", line=r"\bsys\.argv\b"),
    Cause(r"SystemExit", r"", _ARGUMENTS, look="closed", line=r"\bparse_(?:known_)?args\b"),
    Cause(r"SystemExit|KeyboardInterrupt", r"", _EXIT, look="closed"),
    Cause(r"KeyError", r"", _CLOSED, look="closed", line=r"\benviron\b"),
    Cause(
        r"PermissionError|FileNotFoundError|FileExistsError|IsADirectoryError|NotADirectoryError|BlockingIOError"
        r"|OSError|URLError|HTTPError|gaierror|Connection\w*Error|TimeoutError|CalledProcessError|TimeoutExpired"
        r"|BrokenProcessPool|UnsupportedOperation|TclError",
        r"",
        _CLOSED,
        look="closed",
    ),
    Cause(r"RuntimeError|OSError", r"^can't start new thread", _CLOSED, look="closed"),
    Cause(r"RuntimeError", r"", _CLOSED, look="closed", line=r"\btorch\.(?:save|load)\b"),
    # names
    Cause(
        "NameError",
        r"name '(?:np|torch|nn|math|F)' is not defined",
        "Is its import missing at the top of the file?",
        look="name",
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
        r"module '\w[\w.]*' has no attribute",
        "Is the name spelled as in the library's documentation?",
        look="name",
    ),
    Cause("ImportError", r"^cannot import name", _NOT_IN_MODULE, look="name"),
    Cause("ModuleNotFoundError|ImportError", r"", _MODULES, look="closed"),
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
    Cause(
        "RuntimeError|ValueError",
        r"Expected hidden to be 1D or 2D|^Expected hidden size|Expected input to be 2D or 3D",
        "The state or the input that goes in has another number of axes than this layer takes. Which part is meant?",
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
    # numbers
    Cause("RuntimeError", r"same dtype|expected scalar type|Found dtype|^result type", _DTYPE, look="dtypes"),
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
    Cause("AssertionError|RuntimeError", r"CUDA|NVIDIA|cuda", _CUDA, look="way"),
    # calls
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
    Cause("RecursionError", r"", _ENDLESS, look="round"),
    Cause("EOFError", r"reading a line", _NOBODY, look="closed"),
    Cause("StopIteration", r"", _EMPTY),
    Cause("MemoryError|_ArrayMemoryError", r"", _LARGE, look="shapes"),
    Cause("RuntimeError", r"DefaultCPUAllocator|[Nn]ot enough memory", _LARGE, look="shapes"),
)  # fmt: skip
