"""Answers of every kind that the wire allows, drawn at random, and a subject that gives them to a suite."""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import Any

import numpy as np

from grader.subject import operations as ops
from grader.subject import wire

DTYPES = ["float64", "float32", "float16", "int64", "int32", "int16", "int8", "uint8", "bool"]
NUMBERS = [0.0, 1.0, -1.0, 0.3, 1e-30, 1e308, -1e308, float("nan"), float("inf"), -float("inf"), 5e-324]
TEXTS = ["", "w", "\x1b[31m", "gradient of x", "nan", "x" * 300, "\u202e", "\ud800"]
KINDS = [
    "ValueError",
    "Missing",
    "NotImplementedError",
    "NoSuchWeight",
    "WeightShape",
    "Syntax",
    "SystemExit",
    "",
]


class Odd:
    """Draws answers. `like` is a right answer to begin with: half of all draws are it with one part changed."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)

    def array(self, like: Any = None) -> Any:
        pick = self.random
        shapes = [
            (),
            (0,),
            (1,),
            (3,),
            (0, 3),
            (2, 3),
            (3, 4, 3),
            (2, 3, 4),
            (1, 1, 1, 1),
            (2, 0, 2),
            (9999,),
        ]
        shape = pick.choice(shapes)
        if isinstance(like, np.ndarray) and pick.random() < 0.6:
            shape = like.shape
        dtype = like.dtype if isinstance(like, np.ndarray) and pick.random() < 0.6 else pick.choice(DTYPES)
        with np.errstate(all="ignore"):
            flat = [pick.choice(NUMBERS) for _ in range(min(5, int(np.prod(shape))))]
            array = np.resize(np.array(flat or [0.0]), shape).astype(dtype)
            if isinstance(like, np.ndarray) and like.shape == shape and pick.random() < 0.5:
                array = like.astype(dtype)
                if array.size:
                    array.flat[pick.randrange(array.size)] = pick.choice([0, 1])
        return array

    def value(self, like: Any = None, depth: int = 0) -> Any:
        pick = self.random
        if isinstance(like, (tuple, list)) and like and pick.random() < 0.6:
            parts = list(like)
            at = pick.randrange(len(parts))
            parts[at] = self.value(parts[at], depth + 1)
            return pick.choice([tuple(parts), parts, tuple(parts[:-1]), (*parts, None)])
        if isinstance(like, dict) and like and pick.random() < 0.7:
            name = pick.choice(list(like))
            rest = {key: value for key, value in like.items() if key != name or pick.random() < 0.5}
            return {**rest, pick.choice([name, *TEXTS, 3]): self.value(like[name], depth + 1)}
        if isinstance(like, ops.Parameter) and pick.random() < 0.8:
            return ops.Parameter(
                pick.choice([self.array(like.value), ops.Opaque("a list")]), pick.random() < 0.8
            )
        if pick.random() < 0.5:
            return self.array(like)
        simple = [
            None,
            True,
            0,
            -(2**63),
            2.5,
            float("nan"),
            pick.choice(TEXTS),
            ops.Opaque(pick.choice(TEXTS)),
        ]
        if depth > 2 or pick.random() < 0.6:
            return pick.choice(simple)
        inner = [self.value(like, depth + 1) for _ in range(pick.randrange(4))]
        return pick.choice([tuple(inner), inner, dict(zip(["a", "w", 1, None], inner))])

    def gradients(self, like: Any) -> Any:
        if like is None or self.random.random() < 0.2:
            return None
        if isinstance(like, dict):
            gradients_kept = {
                name: self.array(value) for name, value in like.items() if self.random.random() < 0.8
            }
            return {**gradients_kept, **({"other": None} if self.random.random() < 0.3 else {})}
        return tuple(self.random.choice([None, value, self.array(value)]) for value in like)

    def raised(self) -> ops.Raised:
        pick = self.random
        places = tuple(
            ops.Frame(pick.choice(["", "cell 1"]), pick.choice([-1, 0, 3, 10**9]), "f") for _ in range(2)
        )
        shapes = ((("x", (2, 3)),) * pick.randrange(3)) if pick.random() < 0.5 else ()
        return ops.Raised(pick.choice(KINDS), pick.choice(TEXTS), pick.choice(ops.STAGES), places, shapes)

    def answer(self, like: ops.Answer) -> ops.Answer:
        pick = self.random
        if pick.random() < 0.1 or isinstance(like, ops.Raised):
            return self.raised()
        return ops.Value(
            self.value(like.value) if pick.random() < 0.8 else like.value,
            pick.choice([(), (), ("argument 1",), ("argument 1",) * 50, ("lengths", "\x1b[31m")]),
            self.gradients(like.input_gradients),
            self.gradients(like.parameter_gradients),
            pick.choice([(), ("torch.nn.RNN",)]),
        )


class OddSubject:
    """Answers as `right` does, except for about one answer in `every`, which is odd. What it says has been sent."""

    def __init__(self, right: Any, odd: Odd, every: int = 2) -> None:
        self._right, self._odd, self._every = right, odd, every

    def start_item(self, number: int) -> None:
        """A suite says which test begins."""

    def ask(self, batch: ops.Batch) -> Sequence[ops.Answer]:
        answers = list(self._right.ask(batch))
        if self._odd.random.randrange(self._every) == 0:
            answers[-1] = self._odd.answer(answers[-1])
            if isinstance(answers[-1], ops.Raised) or self._odd.random.random() < 0.02:
                answers = answers[: self._odd.random.randrange(len(answers))] + answers[-1:]
        return wire.decode_answers(wire.encode(answers))
