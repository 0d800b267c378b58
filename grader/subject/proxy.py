"""The objects that suites use: `student.birnn_forward(x, …)`, `student.BiRNN(3, 4).load(weights)(x)`.

A proxy turns what a test does into operations, asks a subject for the answers and hands them back as plain
numbers and arrays; what student code raised becomes StudentRaised. It judges nothing.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from types import CodeType
from typing import Any, Literal, Protocol

import numpy as np

from grader import values
from grader.errors import SuiteError
from grader.subject import operations as ops
from grader.subject import wire
from grader.subject.harness import PAGE, Harness, Seen
from grader.text import clean


class StudentRaised(Exception):
    """The module under test raised; `raised` says what and where, `seen` what the harness it went through knows."""

    def __init__(
        self,
        raised: ops.Raised,
        asked: str,
        weights: Mapping[str, Any] | None = None,
        seen: Seen | None = None,
    ) -> None:
        super().__init__(clean(f"{asked}: {raised.kind}: {raised.text}", 2 * wire.MAX_TEXT))
        self.raised = raised
        self.asked = asked
        self.weights = weights or {}  # what was to be loaded, by name
        self.seen = seen

    @classmethod
    def of(
        cls, raised: ops.Raised, asked: str, weights: Mapping[str, Any] | None, harness: Harness | None
    ) -> StudentRaised:
        """What was raised when `asked` was asked for, which may be a function of the harness."""
        if harness is None or asked not in harness.functions:
            return cls(raised, asked, weights)
        seen = harness.seen(asked, raised)
        return cls(raised, seen.asked, weights, seen)


LostKind = Literal["timeout", "crashed", "killed"]
ENDED_ITSELF = "ending itself"  # a `detail`


class SubjectLost(Exception):
    """The process with the module under test is gone: `kind` is "timeout" or "crashed"; `detail` says more.

    A third kind, "killed": the machine ended it, twice, so that it is no matter of the submission.
    `asked` is the exercise that a test had asked when it was noticed; empty while the source is loaded.
    """

    def __init__(self, kind: LostKind, detail: str = "") -> None:
        super().__init__(f"{kind} {detail}".strip())
        self.kind = kind
        self.detail = detail
        self.asked = ""


class Subject(Protocol):
    """Anything that answers batches."""

    def ask(self, batch: ops.Batch) -> Sequence[ops.Answer]:
        """The answers, at most one per operation. Raises SubjectLost."""


@dataclass(frozen=True)
class Observed:
    """A call's value, and the names of the arguments that it changed in place."""

    value: Any
    changed: tuple[str, ...]


class LocalSubject:
    """A module hosted in this process: the reference, or a mistake."""

    def __init__(self, name: str, source: str, harness: str = "") -> None:
        from grader.subject.host import Host  # torch comes with it; a proxy to a jailed module needs none

        self.host = Host(name, harness=harness)
        self.failures = self.host.load([(source, "")]).failures

    @classmethod
    def compiled(
        cls, name: str, codes: Sequence[CodeType], draws: int = 0, harness: str = ""
    ) -> LocalSubject:
        """The same of a source compiled in pieces; its exceptions have no frames. For `draws` see Host."""
        from grader.subject.host import Host

        made = cls.__new__(cls)
        made.host = Host(name, draws=draws, harness=harness)
        made.failures = made.host.execute(codes).failures
        return made

    def ask(self, batch: ops.Batch) -> Sequence[ops.Answer]:
        return self.host.run(batch)


class ReferenceSubject:
    """The reference: computes in float64, answers in the dtype it was asked in, and remembers its answers."""

    def __init__(self, name: str, source: str, harness: str = "") -> None:
        self._local = LocalSubject(name, source, harness)
        self.failures = self._local.failures
        self.harness_fault = self._local.host.harness_fault
        self._known: dict[bytes, Sequence[ops.Answer]] = {}
        self._quick: dict[Any, tuple[ops.Batch, Sequence[ops.Answer]]] = {}
        self._history: dict[int, list[ops.Operation]] = {}

    def ask(self, batch: ops.Batch) -> Sequence[ops.Answer]:
        # An object's answer depends on what was done to it before, so the key holds its whole history.
        history: ops.Batch = ()
        if not isinstance(batch[0], ops.Call):
            past = [] if isinstance(batch[0], ops.Make) else self._history[batch[0].handle]
            history = tuple(past)
            self._history[batch[0].handle] = [*past, *batch]
        # A suite asks with the same objects every time: their identities find the answer without making bytes.
        whole = history + batch
        quick = _identity(whole)
        if quick in self._quick:
            return self._quick[quick][1]
        key = wire.encode_batch(whole)
        if key not in self._known:
            self._known[key] = self._compute(history, batch)
            self._quick[quick] = (
                whole,
                self._known[key],
            )  # holding them, so that no other object gets their ids
        return self._known[key]

    def _compute(self, history: ops.Batch, batch: ops.Batch) -> Sequence[ops.Answer]:
        whole = history + batch
        answers = self._local.ask(_widen(whole))[len(history) :]
        single = any(map(_is_single, values.flatten(whole)[1]))
        return [_narrow(answer) for answer in answers] if single else answers


def _identity(value: Any) -> Any:
    """Something hashable that two values share only if they are made of the same read-only arrays."""
    form, leaves = values.flatten(value)
    return form, tuple(map(_leaf_identity, leaves))


def _leaf_identity(leaf: Any) -> Any:
    if isinstance(leaf, np.ndarray):
        return id(leaf) if not leaf.flags.writeable else object()
    # The type belongs to it: 1, 1.0 and True are equal, and are not the same question.
    return (type(leaf), leaf) if isinstance(leaf, (str, int, float)) or leaf is None else id(leaf)


def _widen(value: Any) -> Any:
    """The same data with float32 arrays as float64."""
    return values.map_leaves(lambda leaf: _as_type(leaf, np.float32, np.float64), value)


def _narrow(value: Any) -> Any:
    """The same data with float64 arrays as float32."""
    return values.map_leaves(lambda leaf: _as_type(leaf, np.float64, np.float32), value)


def _as_type(leaf: Any, old: type, new: type) -> Any:
    return leaf.astype(new) if isinstance(leaf, np.ndarray) and leaf.dtype == old else leaf


def _is_single(leaf: Any) -> bool:
    return isinstance(leaf, np.ndarray) and leaf.dtype == np.float32


_ABOUT_DTYPE = re.compile(r"dtype|scalar type|float|double|half", re.IGNORECASE)
_AGAIN = 500  # added to an object's number; a test makes fewer objects


def speaks_of_dtype(raised: ops.Raised) -> bool:
    """Whether an exception is about dtypes that do not go together, as far as its text tells."""
    others = (*ops.NO_EXCEPTIONS, "AttributeError", "NameError")  # whatever name it is that is not there
    return raised.kind not in others and _ABOUT_DTYPE.search(raised.text) is not None


def _other_dtype(value: Any) -> type:
    """float32 where the first floating-point array in the value is float64, else float64."""
    first = next((leaf.dtype for _, leaf in values.leaves(value) if _is_float(leaf)), None)
    return np.float32 if first == np.float64 else np.float64


def _cast(value: Any, dtype: type) -> Any:
    """The same data with its floating-point arrays in `dtype`."""
    return values.map_leaves(lambda leaf: leaf.astype(dtype) if _is_float(leaf) else leaf, value)


def _is_float(leaf: Any) -> bool:
    return isinstance(leaf, np.ndarray) and leaf.dtype.kind == "f"


def _of_handle(operation: Any, handle: int) -> Any:
    return replace(operation, handle=handle)


def _parameters(answer: ops.Value) -> Mapping[str, ops.Parameter]:
    value = answer.value
    if not isinstance(value, dict) or not all(isinstance(item, ops.Parameter) for item in value.values()):
        raise SubjectLost("crashed", "its list of parameters is none")
    return value


def check_plain(batch: ops.Batch, asked: str) -> None:
    """Raise SuiteError for an argument that cannot be sent: it is no plain data."""
    for _, node in values.nodes(batch):
        if not wire.may_travel(node):
            kind = f"an array of {node.dtype}" if isinstance(node, np.ndarray) else f"a {type(node).__name__}"
            raise SuiteError(
                f"it calls student.{asked} with {kind}, which cannot be sent to the process that the submission runs"
                " in: arguments are numbers, text, None, arrays, and tuples, lists and dicts of them.",
                next_step=f"Let a function in harness.py make it there, from plain arguments: see {PAGE}.",
            )


class Module:
    """A module's functions (lower-case names) and classes (names with a capital) as attributes.

    Those of the course's `harness` come first: they stand between a suite and the module.
    """

    def __init__(self, subject: Subject, harness: Harness | None = None) -> None:
        self._subject = subject
        self.harness = harness
        self._handles = 0
        self.watched: dict[str, dict[str, None]] = {}  # exercise -> what it called, in the current test
        self.any_dtype = False  # whether what raises about a dtype is asked once more, in the other one
        self.asked_again = False  # whether something was, since the test began

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        return Class(self, name) if name[0].isupper() else Function(self, name)

    def about(self, name: str) -> tuple[str, ...]:
        """The exercises that a function of the harness is about, the last one first; none for the module's own."""
        function = self.harness.functions.get(name) if self.harness is not None else None
        return () if function is None else function.exercises

    def ask(self, batch: ops.Batch, asked: str) -> ops.Value:
        """The last operation's value. Raises StudentRaised with the first exception among the answers."""
        check_plain(batch, asked)
        exercise = next(iter(self.about(asked)), asked)
        try:
            answers = self._subject.ask(batch)
        except SubjectLost as lost:
            lost.asked = lost.asked or exercise
            raise
        for answer in answers:
            if isinstance(answer, ops.Value) and answer.watched:
                self.watched.setdefault(exercise, {}).update(dict.fromkeys(answer.watched))
        last = answers[-1] if answers else None
        if isinstance(last, ops.Raised):
            weights = {
                name: array for op in batch if isinstance(op, ops.Load) for name, array in op.weights.items()
            }
            raise StudentRaised.of(last, asked, weights, self.harness)
        if last is None or len(answers) != len(batch):
            raise SubjectLost("crashed", "it answered fewer operations than it was asked")
        return last

    def attach(self, subject: Subject) -> None:
        """Let another subject answer from now on."""
        self._subject = subject

    def handle(self) -> int:
        self._handles += 1
        return self._handles

    def start_item(self, number: int) -> None:
        """Number the objects of test `number`: the same operations carry the same numbers in every run."""
        self._handles = number * 1000
        self.watched = {}
        self.asked_again = False

    def may_ask_again(self, error: StudentRaised) -> bool:
        """Whether to ask in the other dtype what raised `error`: it speaks of one, and another test charges it."""
        return self.any_dtype and speaks_of_dtype(error.raised)


class Function:
    """A module-level function; call it with numpy arrays."""

    def __init__(self, module: Module, name: str) -> None:
        self._module, self._name = module, name

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        return self.observe(*args, **kwargs).value

    def observe(self, *args: Any, **kwargs: Any) -> Observed:
        """Call it; also tells which arguments it changed in place."""
        call = ops.Call(self._name, args, kwargs, self._module.about(self._name))
        try:
            answer = self._module.ask((call,), self._name)
        except StudentRaised as error:
            if not self._module.may_ask_again(error):
                raise
            try:
                answer = self._module.ask((_cast(call, _other_dtype(call)),), self._name)
            except StudentRaised:
                raise error from None
            self._module.asked_again = True
        return Observed(answer.value, answer.changed)


class Class:
    """A class; calling it makes an object."""

    def __init__(self, module: Module, name: str) -> None:
        self._module, self._name = module, name

    def __call__(self, *args: Any, **kwargs: Any) -> Instance:
        handle = self._module.handle()
        make = ops.Make(handle, self._name, args, kwargs, self._module.about(self._name))
        return Instance(self._module, self._name, handle, make)


class Instance:
    """An object of the module under test. What is done to it is sent when an answer is needed."""

    def __init__(self, module: Module, name: str, handle: int, make: ops.Make) -> None:
        self._module, self._name, self._handle = module, name, handle
        self._pending: list[ops.Operation] = [make]
        self._done: list[ops.Operation] = []
        self._dtype: Any = None  # the other dtype, once the object had to be made again in it

    def load(self, weights: Mapping[str, Any]) -> Instance:
        """Copy arrays into the weights of these dotted names; the object takes on their dtype."""
        self._pending.append(ops.Load(self._handle, dict(weights)))
        return self

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        return self.observe(*args, **kwargs).value

    def observe(self, *args: Any, **kwargs: Any) -> Observed:
        """Call it with tensors made from the arguments; also tells which of them it changed in place."""
        answer = self._ask(ops.Invoke(self._handle, args, kwargs))
        return Observed(answer.value, answer.changed)

    def gradients(self, *args: Any, cotangents: Sequence[Any], **kwargs: Any) -> ops.Gradients:
        """Call it and back-propagate sum_k sum(output_k * cotangent_k); None among `cotangents` leaves one out.

        When the outputs do not fit the cotangents there are no gradients: all are None, and the value tells why.
        """
        answer = self._ask(ops.Invoke(self._handle, args, kwargs, tuple(cotangents)))
        inputs = answer.input_gradients
        return ops.Gradients(
            answer.value,
            inputs if inputs is not None and len(inputs) == len(args) else (None,) * len(args),
            answer.parameter_gradients or {},
        )

    def parameters(self) -> Mapping[str, ops.Parameter]:
        """The registered parameters by name."""
        return _parameters(self._ask(ops.ListParameters(self._handle)))

    def _ask(self, operation: ops.Operation) -> ops.Value:
        batch = (*self._pending, operation)
        self._pending = []
        if self._dtype is not None:
            return self._module.ask(self._anew(batch), self._name)
        try:
            answer = self._module.ask(batch, self._name)
        except StudentRaised as error:
            if not self._module.may_ask_again(error):
                raise
            try:
                answer = self._ask_again(batch)
            except StudentRaised:
                raise error from None
            self._module.asked_again = True
        self._done.extend(batch)
        return answer

    def _ask_again(self, batch: ops.Batch) -> ops.Value:
        """Make the object once more, in the other dtype, and ask it all that was asked so far; it stays that one."""
        make, *rest = self._done + list(batch)
        dtype, again = _other_dtype(tuple(rest)), self._handle + _AGAIN
        begin: ops.Batch = (_of_handle(make, again),)
        if not any(isinstance(operation, ops.Load) for operation in rest):
            # It has the weights that it started with, in the dtype that it started in.
            listed = _parameters(self._module.ask((*begin, ops.ListParameters(again)), self._name))
            arrays = {name: _cast(parameter.value, dtype) for name, parameter in listed.items()}
            begin = (ops.Load(again, {name: a for name, a in arrays.items() if isinstance(a, np.ndarray)}),)
        answer = self._module.ask((*begin, *self._anew(tuple(rest), dtype)), self._name)
        self._dtype = dtype
        return answer

    def _anew(self, batch: ops.Batch, dtype: Any = None) -> ops.Batch:
        """Operations on the object, as operations on the one that was made again."""
        dtype = self._dtype if dtype is None else dtype
        return tuple(_of_handle(_cast(operation, dtype), self._handle + _AGAIN) for operation in batch)
