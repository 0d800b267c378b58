"""The floor: a submission's own calls alone, in one warm process, without pytest, jail, wire or comparison.

What is called is the suite's plan, decoded before the clock starts: each function with copies of its arrays, each
object made, given its weights, called and back-propagated through, in the most direct way there is.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import Any

import numpy as np
import torch

from grader.subject import operations as ops


def run(source: str, plan: Sequence[Sequence[Any]]) -> float:
    """Load `source` and make every call of `plan` (decoded batches); gives the seconds it took.

    What a call raises is swallowed, as a wrong submission's exception is no reason to stop: it is timed like any other.
    """
    begun = time.perf_counter()
    namespace: dict[str, Any] = {"__name__": "floor"}
    try:
        exec(compile(source, "floor", "exec"), namespace)
    except Exception:
        return time.perf_counter() - begun
    call(namespace, plan)
    return time.perf_counter() - begun


def call(namespace: dict[str, Any], plan: Sequence[Sequence[Any]]) -> None:
    """Make every call of `plan` on the functions and classes of `namespace`."""
    objects: dict[int, Any] = {}
    for item in plan:
        for batch in item:
            try:
                for operation in batch:
                    _direct(namespace, objects, operation)
            except Exception:
                continue


def _direct(namespace: dict[str, Any], objects: dict[int, Any], operation: Any) -> None:
    if isinstance(operation, ops.Call):
        namespace[operation.function](*_copies(operation.args), **_named(operation.kwargs, _copies))
    elif isinstance(operation, ops.Make):
        objects[operation.handle] = namespace[operation.class_name](*operation.args, **operation.kwargs)
    elif isinstance(operation, ops.Load):
        instance = objects[operation.handle]
        for name, array in operation.weights.items():
            owner = instance
            *path, last = name.split(".")
            for part in path:
                owner = getattr(owner, part)
            getattr(owner, last).data = torch.from_numpy(array.copy())
    elif isinstance(operation, ops.ListParameters):
        dict(objects[operation.handle].named_parameters())
    elif operation.cotangents is None:
        with torch.no_grad():
            objects[operation.handle](*_tensors(operation.args), **_named(operation.kwargs, _tensors))
    else:
        args = _tensors(operation.args)
        for arg in args:
            if isinstance(arg, torch.Tensor) and arg.is_floating_point():
                arg.requires_grad_()
        value = objects[operation.handle](*args, **_named(operation.kwargs, _tensors))
        outputs = value if isinstance(value, tuple) else (value,)
        pairs = zip(outputs, operation.cotangents)
        loss = sum((o * torch.from_numpy(c.copy())).sum() for o, c in pairs if c is not None)
        if isinstance(loss, torch.Tensor):
            torch.autograd.backward(loss)


def _copies(values: Any) -> Any:
    return tuple(
        value.copy()
        if isinstance(value, np.ndarray)
        else _copies(value)
        if isinstance(value, tuple)
        else value
        for value in values
    )


def _tensors(values: Any) -> Any:
    return tuple(
        torch.from_numpy(value.copy())
        if isinstance(value, np.ndarray)
        else list(value)
        if isinstance(value, tuple)
        else value
        for value in values
    )


def _named(values: Any, change: Any) -> dict[str, Any]:
    return dict(zip(values, change(tuple(values.values()))))
