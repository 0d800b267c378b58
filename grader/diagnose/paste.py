"""A counterexample's call as lines of code that can be pasted at the end of the student's own file.

The lines do what the grader did with the same example, so they print what it got. Numbers are written in full.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from grader.diagnose.examples import Example


def code(example: Example, way: str, changed: Sequence[str] = (), wrong_weight: str = "") -> str:
    """The example, asked in this way. `changed` names arguments to print after the call; `wrong_weight` names a

    weight that is not there, or of another shape: then its shape is all there is to print.
    """
    lines = (
        _object(example, way, changed, wrong_weight)
        if _is_module(example)
        else _function(example, way, changed)
    )
    return "\n".join(lines)


def _is_module(example: Example) -> bool:
    """Whether the exercise is a class, used with torch, and not a function, used with numpy."""
    return example.exercise[0].isupper()


def _function(example: Example, way: str, changed: Sequence[str]) -> list[str]:
    lines = ["import numpy as np"]
    lines += [
        f"{name} = {_literal(value, 'np.array', 'np.float32' if way == 'float32' else '')}"
        for name, value in example.arguments.items()
    ]
    call = f"{example.exercise}({_names(example)})"
    if way == "twice":
        lines.append(f"{call}  # once")
    return [*lines, f"print({call})", *_prints(changed)]


def _object(example: Example, way: str, changed: Sequence[str], wrong_weight: str) -> list[str]:
    dtype = "torch.float64" if way == "float64" else ""
    lines = ["import torch"]
    if sum(isinstance(value, np.ndarray) for value in example.arguments.values()) == 1:
        lines.append("torch.manual_seed(0)")  # no state is given: some make a random one
    lines.append(f"model = {example.exercise}({', '.join(map(repr, example.make))})")
    if wrong_weight:
        return [*lines, f"print(model.{wrong_weight}.shape)"]
    if way == "parameters":
        return [*lines, "print({name: tuple(p.shape) for name, p in model.named_parameters()})"]
    lines += [
        f"model.{name}.data = {_literal(np.asarray(array), 'torch.tensor', dtype)}"
        for name, array in example.weights.items()
    ]
    back = way == "gradients"
    lines += [
        f"{name} = {_literal(value, 'torch.tensor', dtype, back)}"
        for name, value in example.arguments.items()
    ]
    call = f"model({_names(example)})"
    if back:
        one = len(example.what.split(",")) == 1
        lines.append(f"loss = {call}.sum()" if one else f"loss = sum(part.sum() for part in {call})")
        lines += ["if loss.requires_grad:  # else it is cut off from everything", "    loss.backward()"]
        inputs = [name for name, value in example.arguments.items() if isinstance(value, np.ndarray)]
        return [
            *lines,
            "print({name: p.grad for name, p in model.named_parameters()})",
            f"print({', '.join(f'{name}.grad' for name in inputs)})",
        ]
    lines.append("with torch.no_grad():")
    if way == "twice":
        lines.append(f"    {call}  # once")
    return [*lines, f"    print({call})", *_prints(changed)]


def _names(example: Example) -> str:
    return ", ".join(f"{name}={name}" if name in example.keywords else name for name in example.arguments)


def _prints(changed: Sequence[str]) -> list[str]:
    return [f"print({name})  # must still be what it was" for name in changed]


def _literal(value: Any, make: str, dtype: str, learns: bool = False) -> str:
    if isinstance(value, np.ndarray):
        extra = [
            repr(value.tolist()),
            f"dtype={dtype}" if dtype else "",
            "requires_grad=True" if learns else "",
        ]
        return f"{make}({', '.join(filter(None, extra))})"
    if isinstance(value, tuple) and any(isinstance(item, np.ndarray) for item in value):
        return "(" + ", ".join(_literal(item, make, dtype, learns) for item in value) + ")"
    return repr(list(value)) if isinstance(value, (tuple, list)) else repr(value)
