"""What student code raised, in words a student can use. Never shows text that could carry a hidden input.

An exception's text is the submission's own word: it is shown only when it has one of the forms below, its words
stand in the student's own source (or are well known) and its numbers are small, as sizes are. So no form may hold
a wildcard; what is too long to spell out goes into a group `rest`, which is cut off.
"""

from __future__ import annotations

import builtins
import keyword
import re
from collections.abc import Sequence
from functools import lru_cache

from grader.records import Chunk
from grader.subject import operations as ops
from grader.subject.proxy import StudentRaised, SubjectLost
from grader.suite import likely
from grader.text import clean

_NAME, _NUMBER, _SHAPE, _TYPE = (
    r"(\w{1,60})",
    r"-?\d{1,4}",
    r"[\[(](?:\d{1,4}(?:, ?)?){0,4}[\])]",
    r"([\w.]{1,40})",
)
_DTYPE = r"(?:c10::)?(?:[fF]loat|[dD]ouble|[hH]alf|[bB]ool|[iI]nt|[lL]ong|float(?:16|32|64)|int(?:32|64))"
_CALL = r"([\w.<>]{1,80})\(\)"
_NAMES = r"((?:'\w{1,60}'(?:,? and |, )?){1,6})"
MOST_TEXT = 300  # characters of a child's text that are looked at
MOST_MESSAGE = 600  # of what is made of it

#: Texts of numpy, torch and Python that help and hold nothing but names and sizes. Groups are names to look up.
_SHOWN = [
    re.compile(pattern)
    for pattern in (
        rf"name '{_NAME}' is not defined",
        rf"local variable '{_NAME}' referenced before assignment",
        rf"cannot access local variable '{_NAME}' where it is not associated with a value",
        rf"module '{_TYPE}' has no attribute '{_NAME}'",
        rf"'{_TYPE}' object has no attribute '{_NAME}'",
        rf"'{_TYPE}' object (?:is not (?:callable|iterable|subscriptable)|does not support item assignment)",
        rf"No module named '{_TYPE}'",
        rf"cannot import name '{_NAME}' from '{_TYPE}'(?P<rest> .*)?",
        rf"{_CALL} missing {_NUMBER} required (?:positional|keyword-only) arguments?: {_NAMES}",
        rf"{_CALL} takes (?:from )?{_NUMBER}(?: to {_NUMBER})? positional arguments? but {_NUMBER} (?:was|were) given",
        rf"{_CALL} got (?:an unexpected keyword argument|multiple values for argument) '{_NAME}'",
        rf"unsupported operand type\(s\) for \S{{1,3}}: '{_TYPE}' and '{_TYPE}'",
        rf"can't multiply sequence by non-int of type '{_TYPE}'",
        rf"mat1 and mat2 shapes cannot be multiplied \({_NUMBER}x{_NUMBER} and {_NUMBER}x{_NUMBER}\)",
        r"matmul: Input operand 1 has a mismatch in its core dimension 0, with gufunc signature"
        r" \(n\?,k\),\(k,m\?\)->\(n\?,m\?\) "
        rf"\(size {_NUMBER} is different from {_NUMBER}\)",
        rf"matmul: Input operand {_NUMBER} does not have enough dimensions(?P<rest> .*)?",
        rf"shapes {_SHAPE} and {_SHAPE} not aligned: {_NUMBER} \(dim \d\) != {_NUMBER} \(dim \d\)",
        rf"operands could not be broadcast together with (?:remapped )?shapes (?:{_SHAPE} ?){{1,3}}",
        rf"could not broadcast input array from shape {_SHAPE} into shape {_SHAPE}",
        rf"The size of tensor a \({_NUMBER}\) must match the size of tensor b \({_NUMBER}\)"
        r" at non-singleton dimension \d",
        rf"size mismatch, got input \({_NUMBER}\), mat \({_NUMBER}x{_NUMBER}\), vec \({_NUMBER}\)",
        rf"cannot reshape array of size {_NUMBER} into shape {_SHAPE}",
        rf"shape '{_SHAPE}' is invalid for input of size {_NUMBER}",
        rf"index {_NUMBER} is out of bounds for (?:axis|dimension) {_NUMBER} with size {_NUMBER}",
        r"too many indices for array: array is \d{1,2}-dimensional, but \d{1,2} were indexed",
        r"too many indices for tensor of dimension \d{1,2}",
        r"(?:list|tuple) index out of range",
        r"not enough values to unpack \(expected \d+, got \d+\)",
        r"too many values to unpack \(expected \d+(?:, got \d+)?\)",
        rf"cannot unpack non-iterable {_TYPE} object",
        r"need at least one array to (?:stack|concatenate)",
        r"all input arrays must have the same shape",
        r"all the input array dimensions except for the concatenation axis must match exactly"
        rf", but along dimension \d, the array at index {_NUMBER} has size {_NUMBER}"
        rf" and the array at index {_NUMBER} has size {_NUMBER}",
        r"all the input arrays must have same number of dimensions"
        rf", but the array at index {_NUMBER} has \d dimension\(s\)"
        rf" and the array at index {_NUMBER} has \d dimension\(s\)",
        rf"stack expects each tensor to be equal size, but got {_SHAPE} at entry \d+ and {_SHAPE} at entry \d+",
        r"stack expects a non-empty TensorList",
        r"Sizes of tensors must match except in dimension \d+\."
        rf" Expected size {_NUMBER} but got size {_NUMBER} for tensor number \d+ in the list\.",
        r"Tensors must have same number of dimensions: got \d+ and \d+",
        r"Dimension out of range \(expected to be in range of \[-?\d+, -?\d+\], but got -?\d+\)",
        rf"axis {_NUMBER} is out of bounds for array of dimension {_NUMBER}",
        rf"expected (?:m1 and m2|mat1 and mat2) to have the same dtype, but got: {_DTYPE} != {_DTYPE}",
        rf"mat1 and mat2 must have the same dtype, but got {_DTYPE} and {_DTYPE}",
        rf"expected scalar type {_DTYPE} but found {_DTYPE}",
        rf"Found dtype {_DTYPE} but expected {_DTYPE}",
        r"Boolean value of Tensor with more than one value is ambiguous",
        r"The truth value of an array with more than one element is ambiguous\. Use a\.any\(\) or a\.all\(\)",
        r"Can't call numpy\(\) on Tensor that requires grad\. Use tensor\.detach\(\)\.numpy\(\) instead\.",
        r"a leaf Variable that requires grad is being used in an in-place operation\.",
        r"one of the variables needed for gradient computation has been modified by an inplace operation"
        r"(?P<rest>: .*)?",
        r"a view of a leaf Variable that requires grad is being used in an in-place operation\.",
        r"only length-1 arrays can be converted to Python scalars",
        r"only 0-dimensional arrays can be converted to Python scalars",
        r"only integer scalar arrays can be converted to a scalar index",
        r"only integer tensors of a single element can be converted to an index",
        r"only integers, slices \(`:`\), ellipsis \(`\.\.\.`\), numpy\.newaxis \(`None`\)"
        r" and integer or boolean arrays are valid indices",
        rf"(?:{_TYPE}\(\): )?argument '{_NAME}' (?:\(position \d\) )?must be {_TYPE}, not {_TYPE}",
        r"maximum recursion depth exceeded(?P<rest> .*)?",
        r"division by zero",
        r"assignment destination is read-only",
        r"step must be greater than zero",
        r"(?:input: |RNNCell: )?Expected input to be 1D or 2D, got \dD instead",
        rf"input has inconsistent input_size: got {_NUMBER} expected {_NUMBER}",
        rf"Input batch size {_NUMBER} doesn't match hidden\d? batch size {_NUMBER}",
        r"EOF when reading a line",
        r"cannot assign (?:parameters|module) before Module\.__init__\(\) call",
        rf"cannot assign '{_TYPE}' (?:object )?(?:as|to) parameter '{_NAME}'(?P<rest> .*)?",
        rf"list indices must be integers or slices, not {_TYPE}",
        rf"'(?:[<>]=?)' not supported between instances of '{_TYPE}' and '{_TYPE}'",
        rf"object of type '{_TYPE}' has no len\(\)",
        rf"'{_TYPE}' object cannot be interpreted as an integer",
        rf"Cannot interpret '{_NUMBER}' as a data type",
        rf"{_TYPE}\(\) takes no arguments",
        rf"{_CALL} missing {_NUMBER} required positional arguments: \"([\w\", ]{{1,100}})\"",
        rf"{_TYPE}\(\): argument '{_NAME}' \(position \d\) must be tuple of Tensors, not {_TYPE}",
        r"only one element tensors can be converted to Python scalars",
        rf"a Tensor with {_NUMBER} elements cannot be converted to Scalar",
        rf"The expanded size of the tensor \({_NUMBER}\) must match the existing size \({_NUMBER}\)"
        r" at non-singleton dimension \d\.?(?P<rest> .*)?",
        r"view size is not compatible with input tensor's size and stride(?P<rest> .*)?",
        rf"einsum\(\): subscript \w has size {_NUMBER} for operand \d which does not broadcast with"
        rf" previously seen size {_NUMBER}",
        r"Trying to backward through the graph a second time(?P<rest> .*)?",
        r"`lengths` array must be sorted in decreasing order when `enforce_sorted` is True\.?(?P<rest> .*)?",
        r"Length of all samples has to be greater than 0,?(?P<rest> .*)?",
        r"Torch not compiled with CUDA enabled",
    )
]
_NO_HELP = re.compile(r", with gufunc signature \S+| (?=, at )|[.,](?=, at )")  # to a beginner
_DENIED = {"RuntimeError": "can't start new thread", "PermissionError": "", "BlockingIOError": ""}


def message(error: StudentRaised, file: str, chunks: Sequence[Chunk]) -> str:
    """All that the student reads about what their code raised: what, where, and its likely cause."""
    told = _NO_HELP.sub("", explain(error, file, chunks))
    return clean(f"{told} {cause(error.raised, chunks)}", MOST_MESSAGE)


def explain(error: StudentRaised, file: str, chunks: Sequence[Chunk]) -> str:
    """One or two sentences for the student about what their code raised."""
    raised, asked = error.raised, error.asked
    if raised.kind == "Missing":
        return _missing(raised, asked, file, chunks)
    if raised.kind == "NotImplementedError":
        return f"`{asked}` is still to be written{_at(raised, chunks, short=True)}."
    if raised.kind == "NoSuchWeight":
        name = raised.text if raised.text in error.weights else "the name in the hand-out"
        return f"`{asked}` has no weight called `{name}`."
    if raised.kind == "WeightShape":
        return _wrong_weight(error)
    what = "Going backwards through" if raised.stage == "backward" else "Using"
    if raised.stage == "construct":
        what = "Making"
    return f"{what} `{asked}` raised {exception(raised, chunks)}{_at(raised, chunks)}."


def exception(raised: ops.Raised, chunks: Sequence[Chunk]) -> str:
    """The exception's class, and its text where that may be shown."""
    kind = (
        raised.kind
        if re.fullmatch(r"\w{1,60}", raised.kind) and _known(raised.kind, chunks)
        else "an exception"
    )
    if _DENIED.get(raised.kind) == "" or raised.text == _DENIED.get(raised.kind):
        return f"{kind} (files, other processes, threads and the network are closed to submissions)"
    text = _shown(raised.text, chunks)
    return f"{kind}: {text}" if text else kind


def cause(raised: ops.Raised, chunks: Sequence[Chunk]) -> str:
    """The likely cause of an exception in a sentence; empty where none of the known ones fits."""
    line = place(raised.frames[-1], chunks)[1] if raised.frames else ""
    return likely.likely(raised, line, chunks, lambda word: _known(word, chunks))


def explain_lost(lost: SubjectLost) -> str:
    """One sentence about a submission's process that hung or died."""
    detail = clean(lost.detail, 80)
    because = f" ({detail})" if detail else ""
    who = f"`{lost.asked}`" if lost.asked else ""
    if lost.kind == "killed":
        return f"The process was killed from outside, twice{because}: by the machine, not by the program."
    if lost.kind == "timeout":
        # Where there is a detail, this exercise was not asked again: the detail says why.
        begun = f"{who} gave no answer in time" if who and not detail else f"No answer came in time{because}"
        return f"{begun}: is there an endless loop?"
    if lost.detail == "ending itself":
        begun = f"{who} ended the program" if who else "The program ended itself"
        return f"{begun} instead of answering: does it call exit() or quit()?"
    return f"{f'{who} ended the program' if who else 'The program ended'} instead of answering{because}."


def place(frame: ops.Frame, chunks: Sequence[Chunk]) -> tuple[str, str]:
    """A frame as ("line 12" or "cell 3, line 2", the text of that line)."""
    where = f"{frame.label}, line {frame.line}" if frame.label else f"line {frame.line}"
    for chunk in chunks:
        if chunk.label == frame.label:
            lines = chunk.source.splitlines()
            if 1 <= frame.line <= len(lines):
                return where, clean(lines[frame.line - 1].strip(), 80)
    return "", ""  # the child named a place that is not in the file


def _wrong_weight(error: StudentRaised) -> str:
    name = error.raised.text.split(" ", 1)[0]
    if name not in error.weights:
        return f"A weight of `{error.asked}` has another shape than the hand-out says."
    found = re.match(r"\(((?:\d{1,4}, ?){0,3}\d{0,4})\) ", error.raised.text[len(name) + 1 :])
    has = f"has shape ({found[1]})" if found else "has another shape"
    return f"The weight `{name}` of `{error.asked}` {has}; expected {tuple(error.weights[name].shape)}."


def _at(raised: ops.Raised, chunks: Sequence[Chunk], short: bool = False) -> str:
    if not raised.frames:
        return ""
    where, text = place(raised.frames[-1], chunks)
    if not where:
        return ""
    return f" ({where})" if short or not text else f", at {where}: {text}"


def _missing(raised: ops.Raised, asked: str, file: str, chunks: Sequence[Chunk]) -> str:
    text = f"`{file}` defines no `{asked}`."
    if raised.text and re.fullmatch(r"\w{1,60}", raised.text) and _known(raised.text, chunks):
        text += f" There is `{raised.text}`: is it meant to be this one?"
    return text


def _shown(text: str, chunks: Sequence[Chunk]) -> str:
    """As much of an exception's text as may be shown: all of it, its beginning, or nothing."""
    if len(text) > MOST_TEXT:
        return ""
    for pattern in _SHOWN:
        if found := pattern.fullmatch(text):
            rest = found.groupdict().get("rest") or ""
            text = text.removesuffix(rest)
            names = [group for group in found.groups() if group and group != rest]
            words = re.findall(r"\w+", " ".join(names))
            fits = all(_known(word, chunks) for word in words) and not re.search(r"\d{5}|\d\.\d", text)
            return text if fits else ""
    return ""


def _known(word: str, chunks: Sequence[Chunk]) -> bool:
    """Whether a word stands in the student's source, or is Python's own."""
    words = _words(tuple(chunk.source for chunk in chunks))
    return word in words or word in _PYTHON or word in _LIBRARIES


_PYTHON = {*dir(builtins), *keyword.kwlist, "locals", "LinAlgError", "JSONDecodeError"}
#: Names of types, modules and arguments that messages of Python, numpy and torch use.
_LIBRARY_WORDS = """
    NoneType function method builtin_function_or_method module generator numpy ndarray dtype float16
    float32 float64 int32 int64 bool_ torch nn modules functional Tensor Parameter Size Module
    ModuleList ParameterList Linear RNN RNNCell rnn linear PackedSequence matmul mm addmm bmm cat stack
    where tanh flip zeros ones einsum arange other mat1 mat2 mat weight bias tensor tensors size dim
    dims self value
"""
_LIBRARIES = frozenset(_LIBRARY_WORDS.split())


@lru_cache(maxsize=8)
def _words(sources: tuple[str, ...]) -> frozenset[str]:
    return frozenset(word for source in sources for word in re.findall(r"\w+", source))
