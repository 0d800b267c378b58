"""The objects that suites use: `student.birnn_forward(x, …)`, `student.BiRNN(3, 4).load(weights)(x)`.

A proxy turns what a test does into operations, asks a subject for the answers and hands them back as plain
numbers and arrays; what student code raised becomes StudentRaised. It judges nothing.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from grader import values
from grader.errors import SuiteError
from grader.subject import operations as ops
from grader.subject import wire
from grader.subject.harness import PAGE, Harness
from grader.subject.subjects import StudentRaised, Subject, SubjectLost


@dataclass(frozen=True)
class ObservedCall:
    """A call's value, and the names of the arguments that it changed in place."""

    value: Any
    changed: tuple[str, ...]


#: How numpy and torch speak of dtypes. Python speaks of its own type 'float' where something else is wrong.
_ABOUT_DTYPE = re.compile(
    r"dtype|scalar type|float(?:16|32|64)|(?:Float|Double|Half)(?:Tensor)?\b|BFloat16|c10::"
    r"|\btype \(?(?:float|double)\b"
)
_AGAIN = 500  # added to an object's number; a test makes fewer objects


def speaks_of_dtype(raised: ops.Raised) -> bool:
    """Whether an exception is about dtypes that do not go together, as far as its text tells.

    >>> speaks_of_dtype(ops.Raised("RuntimeError", "expected scalar type Float but found Double", "call"))
    True
    >>> speaks_of_dtype(ops.Raised("TypeError", "'float' object is not subscriptable", "call"))
    False
    """
    other_kinds = (*ops.NO_EXCEPTIONS, "AttributeError", "NameError")  # whatever name it is that is not there
    return raised.kind not in other_kinds and _ABOUT_DTYPE.search(raised.text) is not None


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


def check_plain(batch: ops.Batch, called: str) -> None:
    """Raise SuiteError for an argument that cannot be sent: it is no plain data."""
    for node in values.contents(batch):
        if not wire.may_travel(node):
            kind = f"an array of {node.dtype}" if isinstance(node, np.ndarray) else f"a {type(node).__name__}"
            raise SuiteError(
                f"it calls student.{called} with {kind}, which cannot be sent to the process that the submission runs"
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

    def ask(self, batch: ops.Batch, called: str) -> ops.Value:
        """The last operation's value. Raises StudentRaised with the first exception among the answers."""
        exercise = next(iter(self.about(called)), called)
        try:
            answers = self._subject.ask(batch)
        except SubjectLost as lost:
            lost.asked = lost.asked or exercise
            raise
        except (TypeError, KeyError):  # what `wire.encode` raises; what is known already was encoded once
            check_plain(batch, called)
            raise
        for answer in answers:
            if isinstance(answer, ops.Value) and answer.watched:
                self.watched.setdefault(exercise, {}).update(dict.fromkeys(answer.watched))
        last = answers[-1] if answers else None
        if isinstance(last, ops.Raised):
            weights = {
                name: array for op in batch if isinstance(op, ops.Load) for name, array in op.weights.items()
            }
            raise StudentRaised.of(last, called, weights, self.harness)
        if last is None or len(answers) != len(batch):
            raise SubjectLost("crashed", "it answered fewer operations than it was asked")
        return last

    def attach(self, subject: Subject) -> None:
        """Let another subject answer from now on."""
        self._subject = subject

    def handle(self) -> int:
        """The number of the next object."""
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

    def observe(self, *args: Any, **kwargs: Any) -> ObservedCall:
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
        return ObservedCall(answer.value, answer.changed)


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
        """Copy arrays into the weights of these dotted names, and return the object, which takes on their dtype.

        A name that the object does not have, or another shape, raises StudentRaised at the next call.
        """
        self._pending.append(ops.Load(self._handle, dict(weights)))
        return self

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        return self.observe(*args, **kwargs).value

    def observe(self, *args: Any, **kwargs: Any) -> ObservedCall:
        """Call it with tensors made from the arguments; also tells which of them it changed in place."""
        answer = self._ask(ops.Invoke(self._handle, args, kwargs))
        return ObservedCall(answer.value, answer.changed)

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
        """Return the registered parameters by name, each with `value` and `trainable`."""
        return _parameters(self._ask(ops.ListParameters(self._handle)))

    def _ask(self, operation: ops.Operation) -> ops.Value:
        batch = (*self._pending, operation)
        self._pending = []
        if self._dtype is not None:
            return self._module.ask(self._on_new_object(batch), self._name)
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
        make, *later = self._done + list(batch)
        dtype, again = _other_dtype(tuple(later)), self._handle + _AGAIN
        begin: ops.Batch = (_of_handle(make, again),)
        if not any(isinstance(operation, ops.Load) for operation in later):
            # It has the weights that it started with, in the dtype that it started in.
            listed = _parameters(self._module.ask((*begin, ops.ListParameters(again)), self._name))
            arrays = {name: _cast(parameter.value, dtype) for name, parameter in listed.items()}
            begin = (ops.Load(again, {name: a for name, a in arrays.items() if isinstance(a, np.ndarray)}),)
        answer = self._module.ask((*begin, *self._on_new_object(tuple(later), dtype)), self._name)
        self._dtype = dtype
        return answer

    def _on_new_object(self, batch: ops.Batch, dtype: Any = None) -> ops.Batch:
        """Operations on the object, as operations on the one that was made again."""
        dtype = self._dtype if dtype is None else dtype
        return tuple(_of_handle(_cast(operation, dtype), self._handle + _AGAIN) for operation in batch)
