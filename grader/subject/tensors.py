"""What is done to torch's objects for a suite: weights set by name, outputs back-propagated, gradients taken."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch

from grader import values
from grader.subject.plain import array as plain_array


class Refused(Exception):
    """An operation that cannot be carried out because the module lacks what it names."""

    def __init__(self, kind: str, text: str) -> None:
        self.kind, self.text = kind, text


class InBackward(Exception):
    """Student code raised `cause` while its outputs were back-propagated."""

    def __init__(self, cause: BaseException) -> None:
        self.cause = cause


def set_weight(module: Any, name: str, tensor: torch.Tensor) -> torch.dtype:
    """Give the weight of this dotted name the values of `tensor`; gives the dtype it had before."""
    owner = module
    *path, last = name.split(".")
    for part in path:
        owner = getattr(owner, part, None)
    existing = getattr(owner, last, None)
    if not isinstance(existing, torch.Tensor):
        raise Refused("NoSuchWeight", name)
    if existing.shape != tensor.shape:
        raise Refused("WeightShape", f"{name} {tuple(existing.shape)} {tuple(tensor.shape)}")
    # A weight that was not registered is set all the same: that mistake costs its own points, not every number.
    before = existing.dtype
    existing.data = tensor
    return before


def back_propagate(value: Any, cotangents: tuple[Any, ...]) -> bool:
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
            raise InBackward(error) from error
    return True


def gradients(value: Any) -> Any:
    """The gradient of every tensor in an argument, in its place; None for what has none, or holds no tensor."""
    tree = values.map_leaves(gradient, value)
    return tree if any(isinstance(leaf, torch.Tensor) for leaf in values.flatten(value)[1]) else None


def gradient(leaf: Any) -> Any:
    """The gradient of one tensor as an array; None for what has none."""
    grad = leaf.grad if isinstance(leaf, torch.Tensor) and leaf.is_leaf else None
    return None if grad is None else plain_array(grad.detach().numpy())
