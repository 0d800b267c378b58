"""Carries operations out against a module's namespace. Knows nothing of who wrote it, or of right and wrong.

The same class serves a student's code in the jail and, in the trusted process, the reference and every mistake.
It must never import anything that holds a secret
(suites, solutions, results): the process it runs in may be read by the submission.
"""

from __future__ import annotations

import dataclasses
import random
import sys
import types
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import numpy as np
import torch

from grader.subject import adapted
from grader.subject import operations as ops
from grader.subject.bounds import MAX_NAME, MAX_TEXT
from grader.subject.lending import LentArguments, copy_of
from grader.subject.loader import Loader, LoadRequest
from grader.subject.plain import plain
from grader.subject.raising import raised, text_of
from grader.subject.rewriting import Rewriter
from grader.subject.running import NotPython
from grader.subject.settings import Settings
from grader.subject.statements import Place
from grader.subject.tensors import InBackward, Refused, back_propagate, gradient, gradients, set_weight
from grader.subject.watched import CALLS

MAX_PASSED = 200  # statements passed over that are told one by one
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
        self._loader: Loader | None = None
        self._rewriter: Rewriter | None = None
        if register:
            sys.modules[name] = self.module

    def load(self, chunks: Sequence[tuple[str, str]]) -> ops.Loaded:
        """Load a source of the course's own, as (source, label), statement by statement."""
        return self.load_program(LoadRequest(self.name, chunks))

    def load_program(
        self,
        program: LoadRequest,
        begins: Callable[[Place], None] = lambda place: None,
        *,
        listed: bool = False,
    ) -> ops.Loaded:
        """Load a program; `begins` is told each statement.

        With `listed` it is a submission's: it imports by the list, and what it changes of the settings of the process
        is put back from now on.
        """
        seed(self._draws)
        settings = Settings() if listed else None
        passed: list[ops.Passed] = []
        more = 0

        def failed(place: Place, error: BaseException) -> None:
            nonlocal more
            if len(passed) == MAX_PASSED:
                more += 1
            else:
                passed.append(ops.Passed(*place, self._not_loaded(program, place, error)))

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
        self._loader = loader
        self._settings = settings
        self._adapt(lambda module: loader.imports.bind(module, strict=False))
        return ops.Loaded(tuple(passed), more)

    def _not_loaded(self, program: LoadRequest, place: Place, error: BaseException) -> ops.Raised:
        """What a statement raised at the top of a file, or why Python would not run the file."""
        if not isinstance(error, NotPython):
            return self._raised(error, "load")
        _, label = (*program.chunks, *program.modules)[place[0]]
        frame = ops.Frame(label, error.error.lineno or 1, "<module>")
        return ops.Raised("Syntax", text_of(error.error), "load", (frame,))

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

    def begin(self) -> None:
        """Start all generators anew, as they are when a program is loaded."""
        seed(self._draws)

    def forget(self) -> None:
        """Drop the objects that were made: nothing will be asked of them any more."""
        self._objects.clear()

    def run(self, batch: Iterable[ops.Operation]) -> list[ops.Answer]:
        """Carry a batch out; it ends at the first operation that raises."""
        answers: list[ops.Answer] = []
        if self._settings is not None:
            self._settings.restore()
        if self._rewriter is not None:
            self._rewriter.begin()
        CALLS.take()  # what was called while the source was loaded is no matter of the exercise
        for operation in batch:
            stage = _STAGE[type(operation)]
            try:
                answer = _CARRY_OUT[type(operation)](self, operation)
                watched = CALLS.take()
                answers.append(dataclasses.replace(answer, watched=watched) if watched else answer)
            except Refused as refused:
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
        if isinstance(error, InBackward):
            stage, error = "backward", error.cause
        if self._adapter is not None and error is self._adapter.fault:
            stage = "load"
        return raised(error, stage, self._labels, _ARRAYS)

    def _look_up(self, name: str, about: Sequence[str]) -> Any:
        if about and self._adapter is not None:
            return self._adapter.look_up(name)
        try:
            return self.module.__dict__[name]
        except KeyError:
            raise Refused("Missing", adapted.near(name, self.module.__dict__)) from None

    def _object(self, handle: int) -> Any:
        return self._objects[handle]

    def _call(self, operation: ops.Call) -> ops.Value:
        function = self._look_up(operation.function, operation.about)
        borrowed = LentArguments()
        args = tuple(
            borrowed.lend(arg, f"argument {number}", copy_of) for number, arg in enumerate(operation.args, 1)
        )
        kwargs = {key: borrowed.lend(arg, key, copy_of) for key, arg in operation.kwargs.items()}
        value = function(*args, **kwargs)
        return ops.Value(plain(value), borrowed.changed())

    def _make(self, operation: ops.Make) -> ops.Value:
        cls = self._look_up(operation.class_name, operation.about)
        seed(self._draws)
        self._objects.pop(operation.handle, None)
        self._objects[operation.handle] = cls(*operation.args, **operation.kwargs)
        return ops.NOTHING

    def _load_weights(self, operation: ops.Load) -> ops.Value:
        owner = self._object(operation.handle)
        converted = None
        for name, array in operation.weights.items():
            tensor = torch.from_numpy(np.array(array, order="C"))
            if set_weight(owner, name, tensor) != tensor.dtype:
                converted = tensor.dtype
        if converted is not None and isinstance(owner, torch.nn.Module):
            # What the suite does not load (buffers, parameters of the student's own) follows.
            own_tensors = (*owner.parameters(), *owner.buffers())
            if any(tensor.dtype != converted and tensor.is_floating_point() for tensor in own_tensors):
                owner.to(converted)
        return ops.NOTHING

    def _invoke(self, operation: ops.Invoke) -> ops.Value:
        target = self._object(operation.handle)
        back = operation.cotangents is not None
        borrowed = LentArguments()

        def lend(array: Any) -> tuple[Any, Any]:
            copy, _ = copy_of(array)
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
                value = target(*args, **kwargs)
            return ops.Value(plain(value), borrowed.changed())
        weights = self._weights(operation.handle)
        for weight in weights.values():
            weight.grad = None
        value = target(*args, **kwargs)
        assert operation.cotangents is not None
        if not back_propagate(value, operation.cotangents):
            return ops.Value(plain(value), borrowed.changed())
        return ops.Value(
            plain(value),
            borrowed.changed(),
            tuple(map(gradients, args)),
            {name[:MAX_TEXT]: gradient(weight) for name, weight in weights.items()},
        )

    def _weights(self, handle: int) -> dict[str, Any]:
        owner = self._object(handle)
        # Registered ones only: an optimizer would not find the others either.
        return dict(owner.named_parameters()) if isinstance(owner, torch.nn.Module) else {}

    def _list_parameters(self, operation: ops.ListParameters) -> ops.Value:
        owner = self._object(operation.handle)
        named = owner.named_parameters() if isinstance(owner, torch.nn.Module) else ()
        return ops.Value(
            {
                name[:MAX_TEXT]: ops.Parameter(plain(weight), bool(weight.requires_grad))
                for name, weight in named
            }
        )

    def _rewrite(self, operation: ops.Rewrite) -> ops.Value:
        assert self._loader is not None
        if self._rewriter is None:
            self._rewriter = Rewriter([module.__dict__ for module in self._loader.modules()])
        module, label = self._loader.module_of(operation.file)
        if operation.text:
            self._rewriter.rewrite(module.__dict__, operation.text, self._filename(label), operation.line)
        else:
            self._rewriter.restore()
        return ops.NOTHING


def seed(draws: int = 0) -> None:
    """Start every generator that student code may draw from anew, so that a verdict is the same every time."""
    random.seed(draws)
    np.random.seed(draws)
    # Not torch.manual_seed: it formats a stack trace for devices that are not there, a fifth of a millisecond each.
    torch.default_generator.manual_seed(draws)


_STAGE: Mapping[type, str] = {
    ops.Call: "call",
    ops.Make: "construct",
    ops.Load: "weights",
    ops.Invoke: "call",
    ops.ListParameters: "call",
    ops.Rewrite: "load",
}
_CARRY_OUT: Mapping[type, Any] = {
    ops.Call: Host._call,
    ops.Make: Host._make,
    ops.Load: Host._load_weights,
    ops.Invoke: Host._invoke,
    ops.ListParameters: Host._list_parameters,
    ops.Rewrite: Host._rewrite,
}
