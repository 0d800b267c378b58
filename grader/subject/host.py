"""Carries operations out against a module's namespace. Knows nothing of who wrote it, or of right and wrong.

The same class serves a student's code in the jail and, in the trusted process, the reference and every mistake.
This is the only part of the engine that knows torch. It must never import anything that holds a secret
(suites, solutions, results): the process it runs in may be read by the submission.
"""

from __future__ import annotations

import builtins
import dataclasses
import importlib
import random
import sys
import types
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import numpy as np
import torch

from grader import values
from grader.subject import adapted, operands
from grader.subject import operations as ops
from grader.subject.loader import Loader, NotPython, Place, Program
from grader.subject.settings import Settings, without_compiler
from grader.subject.watched import CALLS
from grader.subject.wire import MAX_FRAMES, MAX_NAME, MAX_TEXT, is_plain

MAX_BYTES = 8 * 1024 * 1024  # of one array in an answer
MAX_DEPTH = 8
MAX_CONTAINER = 20_000
MAX_PASSED = 200  # statements passed over that are told one by one
MAX_DIMENSIONS = 8
_SCALARS: frozenset[type] = frozenset({bool, int, float, str})
LendArray = Callable[[Any], tuple[Any, Any]]  # an array -> its copy, and what the student is handed for it
_ARRAYS: frozenset[type] = frozenset({np.ndarray, torch.Tensor, torch.nn.Parameter})


class Host:
    """A module's namespace and the objects made from it.

    `register=True` enters the module in sys.modules, as an import would (the jail does; the trusted process
    must not, because it hosts many modules of one name). `draws` starts the random generators elsewhere: what
    another number changes was drawn. `harness` is the source of the course's harness.py, run after the module.
    """

    def __init__(self, name: str, *, register: bool = False, draws: int = 0, harness: str = "") -> None:
        self.name = name
        self._draws = draws
        self._harness = harness
        self._adapter: adapted.Adapter | None = None
        self.module = types.ModuleType(name)
        self.module.__file__ = f"{name}.py"
        self._objects: dict[int, Any] = {}
        self._labels: dict[str, str] = {}
        self._settings: Settings | None = None  # to put back before each batch
        if register:
            sys.modules[name] = self.module

    def load(self, chunks: Sequence[tuple[str, str]]) -> ops.Loaded:
        """Load a source of the course's own, as (source, label), statement by statement."""
        return self.load_program(Program(self.name, chunks))

    def load_program(
        self, program: Program, begins: Callable[[Place], None] = lambda place: None, *, listed: bool = False
    ) -> ops.Loaded:
        """Load a program; `begins` is told each statement. `listed`: it is a submission's, which imports by the list,

        and what it changes of the settings of the process is put back from now on.
        """
        seed(self._draws)
        settings = Settings() if listed else None
        passed: list[ops.Passed] = []
        more = 0

        def failed(place: Place, error: BaseException) -> None:
            nonlocal more
            if len(passed) == MAX_PASSED:
                more += 1
                return
            if isinstance(error, NotPython):
                label = (*program.chunks, *program.modules)[place[0]][1]
                frame = ops.Frame(label, error.error.lineno or 1, "<module>")
                raised = ops.Raised("Syntax", _text(error.error), "load", (frame,))
            else:
                raised = self._raised(error, "load")
            passed.append(ops.Passed(*place, raised))

        loader = Loader(
            program,
            self.module,
            begins=begins,
            failed=failed,
            filename=self._filename,
            labels=self._labels,
            changed=settings.changed if settings else lambda: (),
        )
        if listed:
            loader.imports.install()
        loader.load()
        self._settings = settings
        self._adapt(lambda module: loader.imports.bind(module, strict=False))
        return ops.Loaded(tuple(passed), more)

    def _adapt(self, bind: Callable[[types.ModuleType], None] = lambda module: None) -> None:
        if self._harness:
            self._adapter = adapted.Adapter(self._harness, self.module.__dict__, bind)

    @property
    def harness_fault(self) -> ops.Raised | None:
        """What harness.py raised while it was loaded."""
        fault = None if self._adapter is None else self._adapter.fault
        return None if fault is None else self._raised(fault, "load")

    def _filename(self, label: str) -> str:
        if not label:
            return f"{self.name}.py"
        return label if label.endswith(".py") else f"{self.name}.ipynb {label}"

    def execute(self, codes: Iterable[types.CodeType]) -> ops.Loaded:
        """Run a source that is compiled already, piece by piece; the first that raises ends it."""
        seed(self._draws)
        for number, code in enumerate(codes):
            try:
                exec(code, self.module.__dict__)
            except BaseException as error:
                return ops.Loaded((ops.Passed(0, number, self._raised(error, "load")),))
        self._adapt()
        return ops.Loaded()

    def forget(self) -> None:
        """Drop the objects that were made: nothing will be asked of them any more."""
        self._objects.clear()

    def run(self, batch: Iterable[ops.Operation]) -> list[ops.Answer]:
        """Carry a batch out; it ends at the first operation that raises."""
        answers: list[ops.Answer] = []
        if self._settings is not None:
            self._settings.restore()
        CALLS.take()  # what was called while the source was loaded is no matter of the exercise
        for operation in batch:
            stage = _STAGE[type(operation)]
            try:
                answer = _CARRY_OUT[type(operation)](self, operation)
                watched = CALLS.take()
                answers.append(dataclasses.replace(answer, watched=watched) if watched else answer)
            except _Refused as refused:
                answers.append(ops.Raised(refused.kind, refused.text[:MAX_TEXT], stage))
                break
            except adapted.MissingName as missing:
                text, name = missing.near[:MAX_TEXT], missing.missing[:MAX_NAME]
                answers.append(ops.Raised("Missing", text, stage, lines=adapted.lines(missing), missing=name))
                break
            except BaseException as error:
                answers.append(self._raised(error, stage))
                break
        return answers

    def _raised(self, error: BaseException, stage: str) -> ops.Raised:
        if isinstance(error, _InBackward):
            stage, error = "backward", error.cause
        if self._adapter is not None and error is self._adapter.fault:
            stage = "load"
        frames = []
        trace, innermost = error.__traceback__, None
        while trace is not None:
            filename = trace.tb_frame.f_code.co_filename
            if filename in self._labels:
                function = trace.tb_frame.f_code.co_name[:MAX_NAME]
                frames.append(ops.Frame(self._labels[filename], trace.tb_lineno, function))
                innermost = trace
            trace = trace.tb_next
        if len(frames) > MAX_FRAMES:  # deep recursion: where it began and where it ended
            frames = frames[: MAX_FRAMES // 2] + frames[-MAX_FRAMES // 2 :]
        shapes = operands.shapes(innermost, _ARRAYS) if innermost is not None else ()
        kind, lines = str(type(error).__name__)[:MAX_NAME], adapted.lines(error)
        return ops.Raised(kind, _text(error), stage, tuple(frames), shapes, lines)

    def _look_up(self, name: str, about: Sequence[str]) -> Any:
        if about and self._adapter is not None:
            return self._adapter.look_up(name)
        try:
            return self.module.__dict__[name]
        except KeyError:
            raise _Refused("Missing", adapted.near(name, self.module.__dict__)) from None

    def _object(self, handle: int) -> Any:
        return self._objects[handle]

    def _call(self, operation: ops.Call) -> ops.Value:
        function = self._look_up(operation.function, operation.about)
        borrowed = _Borrowed()
        args = tuple(
            borrowed.lend(arg, f"argument {number}", _copy) for number, arg in enumerate(operation.args, 1)
        )
        kwargs = {key: borrowed.lend(arg, key, _copy) for key, arg in operation.kwargs.items()}
        value = function(*args, **kwargs)
        return ops.Value(plain(value), borrowed.changed())

    def _make(self, operation: ops.Make) -> ops.Value:
        cls = self._look_up(operation.class_name, operation.about)
        seed(self._draws)
        self._objects.pop(operation.handle, None)
        self._objects[operation.handle] = cls(*operation.args, **operation.kwargs)
        return _NOTHING

    def _load_weights(self, operation: ops.Load) -> ops.Value:
        thing = self._object(operation.handle)
        converted = None
        for name, array in operation.weights.items():
            tensor = torch.from_numpy(np.array(array, order="C"))
            if _set_weight(thing, name, tensor) != tensor.dtype:
                converted = tensor.dtype
        if converted is not None and isinstance(thing, torch.nn.Module):
            # What the suite does not load (buffers, parameters of the student's own) follows.
            rest = (*thing.parameters(), *thing.buffers())
            if any(tensor.dtype != converted and tensor.is_floating_point() for tensor in rest):
                thing.to(converted)
        return _NOTHING

    def _invoke(self, operation: ops.Invoke) -> ops.Value:
        thing = self._object(operation.handle)
        back = operation.cotangents is not None
        borrowed = _Borrowed()

        def lend(array: Any) -> tuple[Any, Any]:
            copy, _ = _copy(array)
            tensor = torch.from_numpy(copy)
            if back and tensor.is_floating_point():
                tensor.requires_grad_()
            return copy, tensor

        args = tuple(
            borrowed.lend(arg, f"argument {number}", lend) for number, arg in enumerate(operation.args, 1)
        )
        kwargs = {key: borrowed.lend(arg, key, lend) for key, arg in operation.kwargs.items()}
        if not back:
            with torch.no_grad():
                value = thing(*args, **kwargs)
            return ops.Value(plain(value), borrowed.changed())
        weights = self._weights(operation.handle)
        for weight in weights.values():
            weight.grad = None
        value = thing(*args, **kwargs)
        assert operation.cotangents is not None
        if not _back_propagate(value, operation.cotangents):
            return ops.Value(plain(value), borrowed.changed())
        return ops.Value(
            plain(value),
            borrowed.changed(),
            tuple(map(_gradients, args)),
            {name[:MAX_TEXT]: _gradient(weight) for name, weight in weights.items()},
        )

    def _weights(self, handle: int) -> dict[str, Any]:
        thing = self._object(handle)
        # Registered ones only: an optimizer would not find the others either.
        return dict(thing.named_parameters()) if isinstance(thing, torch.nn.Module) else {}

    def _list_parameters(self, operation: ops.ListParameters) -> ops.Value:
        thing = self._object(operation.handle)
        named = thing.named_parameters() if isinstance(thing, torch.nn.Module) else ()
        return ops.Value(
            {
                name[:MAX_TEXT]: ops.Parameter(plain(weight), bool(weight.requires_grad))
                for name, weight in named
            }
        )


class _Refused(Exception):
    """An operation that cannot be carried out because the module lacks what it names."""

    def __init__(self, kind: str, text: str) -> None:
        self.kind, self.text = kind, text


class _InBackward(Exception):
    def __init__(self, cause: BaseException) -> None:
        self.cause = cause


class _Borrowed:
    """Arguments lent to student code: fresh copies, compared afterwards with what they were."""

    def __init__(self) -> None:
        self._arrays: list[tuple[str, Any, bytes]] = []
        self._containers: list[tuple[str, Any, list[tuple[values.Step, Any]]]] = []

    def lend(self, value: Any, name: str, lend_array: LendArray) -> Any:
        """A copy of an argument, for the student to use as they like."""
        copies: list[Any] = []

        def lent(leaf: Any) -> Any:
            if not isinstance(leaf, np.ndarray):
                return leaf
            copy, given = lend_array(leaf)
            copies.append(copy)
            return given

        given = values.map_leaves(lent, value)
        arrays = [(path, leaf) for path, leaf in values.leaves(value) if isinstance(leaf, np.ndarray)]
        for (path, leaf), copy in zip(arrays, copies, strict=True):
            self._arrays.append((f"{name}{values.path_text(path)}", copy, leaf.tobytes()))
        for path, node in values.nodes(given):
            if values.kind(node) in ("list", "dict"):
                self._containers.append((f"{name}{values.path_text(path)}", node, values.parts(node)))
        return given

    def changed(self) -> tuple[str, ...]:
        """The arguments, or the parts of them, that are not what they were."""
        names = [name for name, now, before in self._arrays if now.tobytes() != before]
        names += [
            name for name, now, before in self._containers if not _same_parts(values.parts(now), before)
        ]
        return tuple(sorted(names))


def _same_parts(now: list[tuple[values.Step, Any]], before: list[tuple[values.Step, Any]]) -> bool:
    """Whether a container holds what it held: the same objects, or the same numbers, under the same keys."""
    return len(now) == len(before) and all(
        step == other_step
        and (one is other or (type(one) is type(other) and type(one) in _SCALARS and one == other))
        for (step, one), (other_step, other) in zip(now, before)
    )


def _copy(array: np.ndarray[Any, Any]) -> tuple[Any, Any]:
    copy = np.array(array, order="C")
    return copy, copy


def _set_weight(thing: Any, name: str, tensor: torch.Tensor) -> torch.dtype:
    """Give the weight of this dotted name the values of `tensor`; gives the dtype it had before."""
    owner = thing
    *path, last = name.split(".")
    for part in path:
        owner = getattr(owner, part, None)
    existing = getattr(owner, last, None)
    if not isinstance(existing, torch.Tensor):
        raise _Refused("NoSuchWeight", name)
    if existing.shape != tensor.shape:
        raise _Refused("WeightShape", f"{name} {tuple(existing.shape)} {tuple(tensor.shape)}")
    # A weight that was not registered is set all the same: that mistake costs its own points, not every number.
    before = existing.dtype
    existing.data = tensor
    return before


def _back_propagate(value: Any, cotangents: tuple[Any, ...]) -> bool:
    """Back-propagate the sum of all outputs times their cotangents; False where the two do not fit together."""
    outputs = value if values.kind(value) in ("tuple", "list") else (value,)
    if len(outputs) != len(cotangents):
        return False
    loss = None
    for path, cotangent in values.leaves(cotangents):
        if cotangent is None:
            continue
        output = values.at(outputs, path)
        if not isinstance(output, torch.Tensor) or output.shape != cotangent.shape:
            return False
        term = (output * torch.from_numpy(np.array(cotangent)).to(output.dtype)).sum()
        loss = term if loss is None else loss + term
    if loss is not None and loss.requires_grad:
        try:
            loss.backward()  # type: ignore[no-untyped-call]
        except BaseException as error:
            raise _InBackward(error) from error
    return True


def _gradients(value: Any) -> Any:
    """The gradient of every tensor in an argument, in its place; None for what has none, or holds no tensor."""
    gradients = values.map_leaves(_gradient, value)
    return gradients if any(isinstance(leaf, torch.Tensor) for leaf in values.flatten(value)[1]) else None


def _gradient(leaf: Any) -> Any:
    grad = leaf.grad if isinstance(leaf, torch.Tensor) and leaf.is_leaf else None
    return None if grad is None else _array(grad.detach().numpy())


def plain(value: Any) -> Any:
    """The value as plain data: tensors become arrays, containers plain ones, anything else an Opaque description."""
    return values.map_leaves(
        _plain_leaf, value, key=_plain_key, records=False, deepest=MAX_DEPTH, longest=MAX_CONTAINER
    )


def _plain_key(key: Any) -> Any:
    """A dict's key as it may travel: texts, numbers, None and tuples of them as they are, anything else in words."""
    if type(key) is tuple and len(key) <= MAX_DIMENSIONS:
        return tuple(map(_plain_key, key))
    if key is None or type(key) in (bool, int, float):
        return key if _bounded(key) is key else str(key)[:MAX_TEXT]
    return int(key) if isinstance(key, np.integer) else str(key)[:MAX_TEXT]


def _plain_leaf(value: Any) -> Any:
    if isinstance(value, torch.Tensor):
        try:
            return _array(value.detach().cpu().numpy())
        except (TypeError, RuntimeError, NotImplementedError):
            return ops.Opaque(f"a tensor of {value.dtype} ({value.layout})")
    if value is None or type(value) in (bool, int, float, str):
        return value[:MAX_TEXT] if isinstance(value, str) else _bounded(value)
    if isinstance(value, np.ndarray):
        return _array(value)
    if isinstance(value, np.generic):
        return _array(np.asarray(value))
    return ops.Opaque(f"a {type(value).__name__}")


def _bounded(value: Any) -> Any:
    if type(value) is int and not -(2**63) <= value < 2**63:
        return ops.Opaque("an int beyond 64 bits")
    return value


def _array(array: Any) -> Any:
    array = np.asarray(array)
    if not is_plain(array.dtype):
        return ops.Opaque(f"an array of {array.dtype}")
    if array.nbytes > MAX_BYTES or any(size >= 2**32 for size in array.shape):
        return ops.Opaque(f"an array of shape {array.shape}, too large to send")
    if array.ndim > MAX_DIMENSIONS:
        return ops.Opaque(f"an array of {array.ndim} dimensions")
    return array


def _text(error: BaseException) -> str:
    try:
        return str(error)[:MAX_TEXT]
    except Exception as worse:  # a __str__ of the student's own may raise anything
        return f"(its text cannot be had: {type(worse).__name__})"


def seed(draws: int = 0) -> None:
    """Start every generator that student code may draw from anew, so that a verdict is the same every time."""
    random.seed(draws)
    np.random.seed(draws)
    # Not torch.manual_seed: it formats a stack trace for devices that are not there, a fifth of a millisecond each.
    torch.default_generator.manual_seed(draws)


_NOTHING = ops.Value()
_STAGE: Mapping[type, str] = {
    ops.Call: "call",
    ops.Make: "construct",
    ops.Load: "weights",
    ops.Invoke: "call",
    ops.ListParameters: "call",
}
_CARRY_OUT: Mapping[type, Any] = {
    ops.Call: Host._call,
    ops.Make: Host._make,
    ops.Load: Host._load_weights,
    ops.Invoke: Host._invoke,
    ops.ListParameters: Host._list_parameters,
}


def settle() -> None:
    """Make this process fit to fork and to serve: one thread, and no way for student code to ask for more."""
    torch.set_num_threads(1)
    # Fills what `torch.empty` gives with NaN. Not the public function, which imports the compiler to set a flag in it.
    torch._C._set_deterministic_algorithms(True, warn_only=True)
    without_compiler(torch)
    # In a child that may not start threads libgomp would kill the process: asking for more is a no-op.
    for name in ("set_num_threads", "set_num_interop_threads"):
        setattr(torch, name, lambda count: None)
    for name in (
        "exit",
        "quit",
    ):  # the site module's versions close standard input, which is no matter of theirs
        setattr(builtins, name, sys.exit)


def watch(names: Iterable[str]) -> None:
    """Note from now on, in this process, who calls these functions and classes of libraries."""
    for name in names:
        CALLS.watch(name)


def warm_up(modules: Iterable[str], optimizers: bool = True) -> None:
    """Import what submissions import, and run each lazy corner of torch once, so that a child finds them loaded.

    The first step of an optimizer imports as much again as torch itself: only who uses one needs it.
    """
    for name in modules:
        importlib.import_module(name)
    cell = torch.nn.RNN(2, 2, batch_first=True, bidirectional=True)
    x = torch.zeros(2, 2, 2)
    packed = torch.nn.utils.rnn.pack_padded_sequence(x, [2, 1], batch_first=True, enforce_sorted=False)
    outputs, _ = torch.nn.utils.rnn.pad_packed_sequence(cell(packed)[0], batch_first=True)
    torch.einsum("nlh,hk->nlk", outputs, torch.zeros(4, 3)).tanh().sum().backward()  # type: ignore[no-untyped-call]
    if optimizers:
        torch.optim.Adam(cell.parameters()).step()
    np.einsum("ij,jk", np.zeros((2, 2)), np.zeros((2, 2)))
    warm = Host("warm_up")
    warm.load([(_WARM_UP, "")])
    weights = {"cell.weight_ih": np.zeros((3, 2)), "out": np.zeros((3, 3))}
    for dtype in (np.float64, np.float32):
        y = np.zeros((2, 2, 2), dtype)
        warm.run((ops.Call("function", (y,), {"lengths": (2, 1)}),))
        warm.run(
            (
                ops.Make(0, "Network", (2, 3)),
                ops.Load(0, {name: array.astype(dtype) for name, array in weights.items()}),
                ops.Invoke(0, (y[:, 0], None), {}, (np.ones((2, 3), dtype),)),
                ops.Invoke(0, (y[:, 0], None)),
                ops.ListParameters(0),
            )
        )
    warm.run((ops.Call("raises", ()),))


_WARM_UP = """
import math
import numpy as np
import torch
from torch import nn
import torch.nn.functional as F

def function(x, lengths=None):
    return np.tanh(x), np.stack([x[:, t] for t in range(x.shape[1])], axis=1)

def raises():
    raise ValueError("warm")

class Network(nn.Module):
    def __init__(self, input_size, hidden_size):
        super().__init__()
        self.cell = nn.RNNCell(input_size, hidden_size)
        self.linear = nn.Linear(hidden_size, hidden_size)
        self.out = nn.Parameter(torch.empty(hidden_size, hidden_size).uniform_(-1, 1))

    def forward(self, x, hidden):
        if hidden is None:
            hidden = x.new_zeros(x.shape[0], 3)
        h = torch.stack([self.cell(x, hidden)], dim=1).flip(1)
        mask = torch.arange(1) < torch.tensor([1, 1])[:, None]
        h = torch.where(mask[:, :, None], h, torch.zeros_like(h))
        return torch.cat([self.linear(h[:, 0])], dim=-1) @ self.out
"""
