"""A counterexample's call as lines of code that can be pasted at the end of the student's own file.

The lines do what the grader did with the same example, so they print what it got. Numbers are written in full.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from grader import values
from grader.diagnose import inlined
from grader.diagnose.examples import Example
from grader.subject.harness import Harness
from grader.suite import naming


def code(
    example: Example,
    mode: str,
    changed: Sequence[str] = (),
    wrong_weight: str = "",
    harness: Harness | None = None,
    dtypes: bool = False,
) -> str:
    """The example, asked in this mode, as lines to paste. Raises NotStraight where the harness cannot be written out.

    `changed` names arguments to print after the call. With `dtypes`, those of the results are printed.
    `wrong_weight` names a weight that is not there, or of another shape: then its shape is all there is to print.
    """
    if harness is not None and example.exercise in harness.functions:
        return "\n".join(_through(harness, example, mode, changed))
    lines = (
        _object(example, mode, changed, wrong_weight, dtypes)
        if _is_module(example)
        else _function(example, mode, changed, dtypes)
    )
    return "\n".join(lines)


def _is_module(example: Example) -> bool:
    """Whether the exercise is a class, used with torch, and not a function, used with numpy."""
    return example.exercise[0].isupper()


def _function(example: Example, mode: str, changed: Sequence[str], dtypes: bool) -> list[str]:
    lines = [
        f"{name} = {_literal(value, 'np.array', 'np.float32' if mode == 'float32' else '')}"
        for name, value in example.arguments.items()
    ]
    call = f"{example.exercise}({_names(example)})"
    if mode == "twice":
        lines.append(f"{call}  # once")
    lines += [f"print({_result(call, example.what, dtypes)})", *_prints(changed)]
    return ["import numpy as np", *lines] if any("np." in line for line in lines) else lines


def _through(harness: Harness, example: Example, mode: str, changed: Sequence[str]) -> list[str]:
    """What the harness does with the student's own names."""
    of_torch = _is_module(example)
    make, dtype = ("torch.tensor", "torch.float64") if of_torch else ("np.array", "np.float32")
    dtype = dtype if mode in ("float32", "float64") else ""
    first, calls = inlined.lines(harness, example)
    head = [f"import {'torch' if of_torch else 'numpy as np'}"] if inlined.holds_arrays(example) else []
    inputs = [
        f"{name} = {_literal(value, make, dtype)}"
        for name, value in inlined.parameters(harness, example).items()
    ]
    if example.weights:
        inputs.append(f"weights = {_literal(dict(example.weights), make, dtype)}")
    if mode == "twice":
        calls = ["for _ in range(2):  # the second time counts", *(f"    {line}" for line in calls)]
    return [*dict.fromkeys([*head, *first]), *inputs, *calls, *_prints(changed)]


def _object(
    example: Example, mode: str, changed: Sequence[str], wrong_weight: str, dtypes: bool
) -> list[str]:
    dtype = "torch.float64" if mode == "float64" else ""
    lines = ["import torch"]
    tensors = [
        f"{name}{values.path_text(path)}"
        for name, value in example.arguments.items()
        for path, leaf in values.leaves(value)
        if isinstance(leaf, np.ndarray) and leaf.dtype.kind == "f"
    ]
    if len(tensors) == 1:
        lines.append("torch.manual_seed(0)")  # no state is given: some make a random one
    lines.append(f"model = {example.exercise}({', '.join(map(repr, example.make))})")
    if wrong_weight:
        return [*lines, f"print(model.{wrong_weight}.shape)"]
    if mode == "parameters":
        return [*lines, "print({name: tuple(p.shape) for name, p in model.named_parameters()})"]
    lines += [
        f"model.{name}.data = {_literal(np.asarray(array), 'torch.tensor', dtype)}"
        for name, array in example.weights.items()
    ]
    back = mode == "gradients"
    lines += [
        f"{name} = {_literal(value, 'torch.tensor', dtype, back)}"
        for name, value in example.arguments.items()
    ]
    call = f"model({_names(example)})"
    if back:
        return [*lines, *_backward(call, example.what, tensors)]
    lines.append("with torch.no_grad():")
    if mode == "twice":
        lines.append(f"    {call}  # once")
    return [*lines, f"    print({_result(call, example.what, dtypes)})", *_prints(changed)]


def _backward(call: str, what: str, tensors: Sequence[str]) -> list[str]:
    """Lines that call the model, back-propagate, and print every gradient."""
    return [
        *_loss(call, what),
        "if loss.requires_grad:  # else it is cut off from everything",
        "    loss.backward()",
        "print({name: p.grad for name, p in model.named_parameters()})",
        f"print({', '.join(f'{name}.grad' for name in tensors)})",
    ]


def _loss(call: str, what: str) -> list[str]:
    """Lines that add up all that a call returns; `what` names it."""
    names = naming.split(what)
    if any(map(naming.inner, names)):
        summed = " + ".join(f"{name}.sum()" for name in naming.plain(what))
        return [f"{what} = {call}", f"loss = {summed}"]
    return [f"loss = {call}.sum()" if len(names) == 1 else f"loss = sum(part.sum() for part in {call})"]


def _result(call: str, what: str, dtypes: bool) -> str:
    """What is printed of a call: what it returns, or the dtypes of that, which numbers do not always show."""
    names = naming.split(what)
    if not dtypes or any(map(naming.inner, names)):
        return call
    return f"{call}.dtype" if len(names) == 1 else f"*(part.dtype for part in {call})"


def _names(example: Example) -> str:
    return ", ".join(f"{name}={name}" if name in example.keywords else name for name in example.arguments)


def _prints(changed: Sequence[str]) -> list[str]:
    return [f"print({name})  # must still be what it was" for name in changed]


def _literal(value: Any, make: str, dtype: str, learns: bool = False) -> str:
    """A value as Python writes it, its arrays made by `make` in `dtype`, as leaves that learn where they do."""
    written = [_literal(part, make, dtype, learns) for _, part in values.parts(value)]
    match values.kind(value):
        case "tuple":
            return f"({', '.join(written)}{',' * (len(written) == 1)})"
        case "list":
            return f"[{', '.join(written)}]"
        case "dict":
            keys = [repr(key) for key, _ in values.parts(value)]
            return "{" + ", ".join(f"{key}: {part}" for key, part in zip(keys, written, strict=True)) + "}"
    if not isinstance(value, np.ndarray):
        return repr(value.item() if isinstance(value, np.generic) else value)
    library = make.partition(".")[0]
    if not value.size and value.ndim > 1:  # no list says how many columns there are of nothing
        make = f"{library}.zeros"
    listed = value.shape if make.endswith(".zeros") else value.tolist()
    default = np.zeros(value.shape).dtype if make.endswith(".zeros") else np.asarray(value.tolist()).dtype
    dtype = dtype if value.dtype.kind == "f" else ""
    if value.dtype != default and value.dtype not in (
        np.float32,
        np.float64,
    ):  # these two are those of the call
        dtype = f"{library}.{value.dtype.name}"
    extra = [
        repr(listed),
        f"dtype={dtype}" if dtype else "",
        "requires_grad=True" if learns and value.dtype.kind == "f" else "",
    ]
    return f"{make}({', '.join(filter(None, extra))})"
