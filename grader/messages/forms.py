"""Which texts of exceptions may be shown: those of a known form, with names that stand in the student's file.

An exception's text is the submission's own word, and could carry what it was given. It is shown only when it has one
of these forms, its words stand in the student's own source (or are well known), and it holds few, small numbers, as
sizes are. So no form may hold a wildcard; what is too long to spell out goes into a group `rest`, which is cut off.
"""

from __future__ import annotations

import builtins
import keyword
import re
from collections.abc import Collection, Sequence
from functools import lru_cache

from grader.records import Chunk

LONGEST = 300  # characters of a text that may be shown
MOST_DIGITS = 12  # in it: sizes have few, and sixteen could be a hidden number

_NAME, _NUMBER, _TYPE = r"(\w{1,60})", r"-?\d{1,4}", r"([\w.]{1,40})"
_SHAPE = r"[\[(](?:\d{1,4}(?:, ?\d{1,4}){0,3},?)?[\])]"
_DTYPE = (
    r"(?:c10::)?(?:[fF]loat|[dD]ouble|[hH]alf|[bB]ool|[iI]nt|[lL]ong(?: int)?|float(?:16|32|64)|int(?:32|64))"
)
_NP_DTYPE = r"dtype\('(?:bool|u?int\d{1,2}|float\d{2,3}|complex\d{2,3})'\)"
_CALL = r"([\w.<>]{1,80})\(\)"
_NAMES = r"((?:'\w{1,60}'(?:,? and |, )?){1,6})"

_FILLING = re.compile(
    rf"{_NUMBER}|{_SHAPE}|torch\.Size\(\[[\d, ]{{0,20}}\]\)|(?:torch\.)?(?:float|int)(?:16|32|64)|"
)

#: Texts of numpy, torch and Python that help and hold nothing but names and sizes. Groups are names to look up.
FORMS = [
    re.compile(pattern, re.DOTALL)
    for pattern in (
        rf"'{_NAME}'",  # a key that is not there
        rf"name '{_NAME}' is not defined",
        rf"local variable '{_NAME}' referenced before assignment",
        rf"cannot access local variable '{_NAME}' where it is not associated with a value",
        rf"module '{_TYPE}' has no attribute '{_NAME}'(?P<rest>\.\s.*)?",
        rf"`np\.{_NAME}` was removed in the NumPy 2\.0 release(?P<rest>\..*)?",
        rf"unhashable type: '{_TYPE}'",
        rf"'{_TYPE}' object has no attribute '{_NAME}'",
        rf"'{_TYPE}' object (?:is not (?:callable|iterable|subscriptable)|does not support item assignment)",
        rf"No module named '{_TYPE}'(?P<rest> .*)?",
        rf"cannot import name '{_NAME}' from '{_TYPE}'(?P<rest>.*)?",
        rf"{_CALL} missing {_NUMBER} required (?:positional|keyword-only) arguments?: {_NAMES}",
        rf"{_CALL} takes (?:from )?{_NUMBER}(?: to {_NUMBER})? positional arguments? but {_NUMBER} (?:was|were) given",
        rf"{_CALL} got (?:an unexpected keyword argument|multiple values for argument) '{_NAME}'",
        rf"unsupported operand type\(s\) for \S{{1,3}}: '{_TYPE}' and '{_TYPE}'",
        rf"can't multiply sequence by non-int of type '{_TYPE}'",
        rf"mat1 and mat2 shapes cannot be multiplied \({_NUMBER}x{_NUMBER} and {_NUMBER}x{_NUMBER}\)",
        r"matmul: Input operand 1 has a mismatch in its core dimension 0, with gufunc signature"
        r" \(n\?,k\),\(k,m\?\)->\(n\?,m\?\) "
        rf"\(size {_NUMBER} is different from {_NUMBER}\)",
        rf"matmul: Input operand {_NUMBER} does not have enough dimensions(?P<rest>.*)?",
        rf"shapes {_SHAPE} and {_SHAPE} not aligned: {_NUMBER} \(dim \d\) != {_NUMBER} \(dim \d\)",
        rf"operands could not be broadcast together with (?:remapped )?shapes (?:{_SHAPE} ?){{2,3}}",
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
        r"not enough values to unpack \(expected \d{1,3}, got \d{1,3}\)",
        r"too many values to unpack \(expected \d{1,3}(?:, got \d{1,3})?\)",
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
        rf"expected dtype {_DTYPE} for `(?:end|weight)` but got dtype {_DTYPE}",
        rf"Found dtype {_DTYPE} but expected {_DTYPE}",
        r"Boolean value of Tensor with more than one value is ambiguous",
        r"The truth value of an array with more than one element is ambiguous\. Use a\.any\(\) or a\.all\(\)",
        r"Can't call numpy\(\) on Tensor that requires grad\. Use tensor\.detach\(\)\.numpy\(\) instead\.",
        r"a leaf Variable that requires grad is being used in an in-place operation\.",
        r"one of the variables needed for gradient computation has been modified by an inplace operation"
        r"(?P<rest>.*)?",
        r"a view of a leaf Variable that requires grad is being used in an in-place operation\.",
        r"only length-1 arrays can be converted to Python scalars",
        r"only 0-dimensional arrays can be converted to Python scalars",
        r"only integer scalar arrays can be converted to a scalar index",
        r"only integer tensors of a single element can be converted to an index",
        r"only integers, slices \(`:`\), ellipsis \(`\.\.\.`\), numpy\.newaxis \(`None`\)"
        r" and integer or boolean arrays are valid indices",
        rf"(?:{_TYPE}\(\): )?argument '{_NAME}' (?:\(position \d\) )?must be {_TYPE}, not {_TYPE}",
        r"maximum recursion depth exceeded(?P<rest>.*)?",
        r"division by zero",
        r"assignment destination is read-only",
        r"step must be greater than zero",
        r"(?:input: |RNNCell: )?Expected input to be 1D or 2D, got \dD instead",
        rf"input has inconsistent input_size: got {_NUMBER} expected {_NUMBER}",
        rf"Input batch size {_NUMBER} doesn't match hidden\d? batch size {_NUMBER}",
        r"EOF when reading a line",
        r"cannot assign (?:parameters|module) before Module\.__init__\(\) call",
        rf"cannot assign '{_TYPE}' (?:object )?(?:as|to) parameter '{_NAME}'(?P<rest>.*)?",
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
        r" at non-singleton dimension \d\.?(?P<rest>.*)?",
        r"view size is not compatible with input tensor's size and stride(?P<rest>.*)?",
        rf"einsum\(\): subscript \w has size {_NUMBER} for operand \d which does not broadcast with"
        rf" previously seen size {_NUMBER}",
        r"Trying to backward through the graph a second time(?P<rest>.*)?",
        r"`lengths` array must be sorted in decreasing order when `enforce_sorted` is True\.?(?P<rest>.*)?",
        r"Length of all samples has to be greater than 0,?(?P<rest>.*)?",
        r"Torch not compiled with CUDA enabled",
        # texts of numbers, text and containers
        r"operands could not be broadcast together with remapped shapes(?P<rest>.*)?",
        rf"can only concatenate (?:str|list|tuple) \(not \"{_TYPE}\"\) to (?:str|list|tuple)",
        rf"tuple indices must be integers or slices, not {_TYPE}",
        rf"bad operand type for (?:abs\(\)|unary [+~-]): '{_TYPE}'",
        rf"expected Tensor as element \d{{1,2}} in argument \d, but got {_TYPE}",
        rf"expected np\.ndarray \(got {_TYPE}\)",
        rf"{_CALL} received an invalid combination of arguments - got \(([\w., ]{{1,100}})\)(?P<rest>, but .*)",
        r"(?:RNNCell: )?Expected hidden to be 1D or 2D, got \dD instead",
        r"RNN: Expected input to be 2D or 3D, got \dD(?: tensor)? instead",
        r"For (?:un)?batched [23]-D input, hx should also be [23]-D but got \d-D tensor",
        rf"Expected hidden size {_SHAPE}, got {_SHAPE}",
        r"len\(\) of a 0-d tensor",
        rf"ufunc '{_NAME}' (?:did not contain a loop with signature|not supported for the input types)(?P<rest>.*)",
        rf"loop of ufunc does not support argument \d of type {_TYPE} which has no callable {_NAME} method",
        rf"Cannot cast ufunc '{_NAME}' output from {_NP_DTYPE} to {_NP_DTYPE}(?P<rest>.*)?",
        rf"result type {_DTYPE} can't be cast to the desired output type {_DTYPE}",
        rf"Could not infer dtype of {_TYPE}",
        r"setting an array element with a sequence\.(?P<rest>.*)?",
        r"At least one stride in the given numpy array is negative(?P<rest>.*)?",
        r"axes don't match array",
        r"permute\(sparse_coo\): number of dimensions in the tensor input does not match the length of the desired"
        r" ordering of dimensions(?P<rest>.*)?",
        r"tensors used as indices must be long, int, byte or bool tensors",
        r"arrays used as indices must be of integer \(or boolean\) type",
        r"pop from (?:an )?empty (?:list|set)",
        r"(?:max|min)\(\)(?: arg is an| iterable argument is) empty(?: sequence)?",
        r"super\(\): (?:no arguments|__class__ cell not found)",
        rf"{_TYPE} is not a Module subclass",
        r"batch\d must be a 3D tensor",
        r"einsum\(\): fewer operands were provided than specified in the equation",
        r"from __future__ imports must occur at the beginning of the file",
    )
]


def presentable(text: str, chunks: Sequence[Chunk], also: Collection[str] = ()) -> str:
    """As much of an exception's text as may be shown: all of it, its beginning, or nothing."""
    if len(text) > LONGEST:
        return ""
    for form in FORMS:
        if match := form.fullmatch(text):
            rest = match.groupdict().get("rest") or ""
            text = text.removesuffix(rest)
            words = re.findall(r"\w+", " ".join(group for group in match.groups() if group and group != rest))
            fits = all(word in also or is_known(word, chunks) for word in words) and not re.search(
                r"\d{5}|\d\.\d", text
            )
            few = sum(map(str.isdecimal, text)) <= MOST_DIGITS
            return text if fits and few else ""
    return ""


def fit(fillings: Sequence[str], chunks: Sequence[Chunk], also: Collection[str] = ()) -> bool:
    """Whether what a text of the course's own was filled in with may be shown: sizes, shapes, and known names."""

    def fits(filling: str) -> bool:
        words = re.findall(r"\w+", filling)
        return bool(_FILLING.fullmatch(filling)) or all(
            word in also or is_known(word, chunks) for word in words
        )

    return all(map(fits, fillings)) and sum(map(str.isdecimal, "".join(fillings))) <= MOST_DIGITS


def kind(name: str, chunks: Sequence[Chunk], bases: Sequence[str] = ()) -> str:
    """The class of an exception, where it is well known or stands in the student's file; else the nearest that is."""
    if known_class(name, chunks):
        return name
    base = next((base for base in bases if known_class(base, chunks)), "")
    return f"a kind of {base}" if base else "an exception"


def known_class(name: str, chunks: Sequence[Chunk]) -> bool:
    """Whether the name of an exception's class may be shown."""
    return bool(re.fullmatch(r"\w{1,60}", name)) and (name in _EXCEPTIONS or is_known(name, chunks))


def is_known(word: str, chunks: Sequence[Chunk]) -> bool:
    """Whether a word stands in the student's source, or is Python's own."""
    return word in _words(tuple(chunk.source for chunk in chunks)) or word in _PYTHON or word in _LIBRARIES


_PYTHON = {*dir(builtins), *keyword.kwlist, "locals"}
#: Names of types, modules and arguments that messages of Python, numpy and torch use.
_LIBRARY_WORDS = """
    NoneType function method builtin_function_or_method module generator numpy ndarray dtype float16
    float32 float64 int32 int64 bool_ torch nn modules functional Tensor Parameter Size Module
    ModuleList ParameterList Linear RNN RNNCell rnn linear PackedSequence matmul mm addmm bmm cat stack
    where tanh flip zeros ones einsum arange other mat1 mat2 mat weight bias tensor tensors size dim
    dims self value add multiply subtract divide empty full randn zeros_like ones_like Tanh forward
    in_features out_features input_size hidden_size __init__ padded
"""
_LIBRARIES = frozenset(_LIBRARY_WORDS.split())
#: Classes of exceptions beside Python's built-in ones, of the standard library, numpy and torch.
_EXCEPTION_NAMES = """
    _ArrayMemoryError _LinAlgError _UFuncBinaryResolutionError _UFuncCastingError _UFuncInputCastingError
    _UFuncNoLoopError _UFuncOutputCastingError AcceleratorError AddressValueError ArgumentError
    ArgumentTypeError AuthenticationError AxisError BackendCompilerFailed BadGzipFile BadStatusLine
    BadZipFile BdbQuit BrokenBarrierError BrokenExecutor BrokenProcessPool BrokenThreadPool BufferTooShort
    CalledProcessError CancelledError CannotSendRequest CharsetError CheckpointError Clamped CompileError
    ComplexWarning ContentTooShortError ConversionSyntax ConverterError CookieError CudaError CycleError
    DatabaseError DataDependentOutputException DataError DecimalException DeferredCudaCallError DistError
    DivisionByZero DivisionImpossible DivisionUndefined DTypePromotionError DuplicateOptionError
    DuplicateSectionError DynamicOutputShapeException Empty Error error ExecError ExpatError ExtractError
    FatalError FloatOperation FrontendError FrontendTypeError FrozenInstanceError Full gaierror GetoptError
    GradcheckError HeaderError herror HTTPError HTTPException IllegalMonthError IllegalWeekdayError
    Incomplete IncompleteRead IncompleteReadError InductorError Inexact IntegrityError InterfaceError
    InternalError InternalTorchDynamoError InterpolationError InvalidBackend InvalidContext
    InvalidFileException InvalidOperation InvalidSpecError InvalidStateError InvalidURL itimer_error
    JSONDecodeError LargeZipFile LimitOverrunError LinAlgError LineTooLong LZMAError MessageError
    MissingSectionHeaderError NetmaskValueError NoOptionError NoSectionError NotConnected NotEqualError
    NotSupportedError OperationalError OptionError OptionValueError OutOfMemoryError Overflow
    PackageNotFoundError ParseError ParserError ParsingError PatternError PickleError PicklingError
    ProcessError ProcessException ProcessExitedException ProcessRaisedException ProgrammingError
    PyCompileError QueueEmpty QueueFull RankWarning ReadError ReentrantCallError RegistryError
    RemoteDisconnected RemoteError ResponseNotReady Rounded SameFileError SAXException SAXParseException
    ScriptWarning ShutDown SkipTest SMTPException SourceChangeWarning SpecialFileError SpecViolationError
    SSLCertVerificationError SSLError StatisticsError StopTokenizing StreamError Subnormal SubprocessError
    SympifyError TarError TclError TimeoutExpired TokenError TOMLDecodeError TooHardError
    TorchDynamoException TorchExportError TorchRuntimeError TraceError TracerWarning TracingCheckError
    UFuncNoLoopError UFuncTypeError UncapturedHigherOrderOpError Underflow UnknownProtocol UnpicklingError
    Unsupported UnsupportedDigestmodError UnsupportedNodeError UnsupportedOperation
    UnsupportedOperatorException URLError UserError VisibleDeprecationWarning ZipImportError
    ZoneInfoNotFoundError
"""
_EXCEPTIONS = frozenset(_EXCEPTION_NAMES.split())


@lru_cache(maxsize=8)
def _words(sources: tuple[str, ...]) -> frozenset[str]:
    return frozenset(word for source in sources for word in re.findall(r"\w+", source))
