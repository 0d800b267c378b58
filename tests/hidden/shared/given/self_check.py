"""Helpers to check your own work with: slopes that are measured, and torch's own networks. Nothing here is graded.

    from self_check import check_gradients, compare_with_torch, numerical_gradient

    compare_with_torch(RNN)                              # your class and torch's network, with the same weights
    compare_with_torch(rnn_forward, lengths=[2, 5, 3])   # a function; here with sequences of different lengths
    check_gradients(RNN, N=1, L=1, I=1, H=1)             # your gradients and measured slopes, as small as can be
    numerical_gradient(lambda a: (a**2).sum(), np.array([1.0, 3.0]))     # array([2., 6.])

Call them under `if __name__ == "__main__":`, or in a cell of your notebook. Both print a line for each result and give
True when all agree. The numbers are drawn at random: N samples of L steps, I inputs, H units, float64.
"""

import copy
import traceback

import numpy as np
import torch
from torch.func import functional_call

from in_torch import BACKWARD, CLASSES, FUNCTIONS, KINDS, parameters_of, results_of_torch, states_of_torch


class Unfit(Exception):
    """What is to be checked cannot be; its text is the sentence that says why."""


def complaint(yours, error):
    """A sentence about an exception that your code raised, with the line where."""
    name = getattr(yours, "__name__", type(yours).__name__)
    if isinstance(error, NotImplementedError):
        return f"{name} is not written yet. Come back when its visible checks pass."
    if isinstance(error, Unfit):
        return str(error)
    body = vars(yours if isinstance(yours, type) else type(yours)).values()
    codes = [f.__code__ for f in (yours, *body) if hasattr(f, "__code__")]
    file = codes[0].co_filename if codes else ""
    lines = [frame.lineno for frame in traceback.extract_tb(error.__traceback__) if frame.filename == file]
    place = (
        "its cell"
        if "ipykernel" in file or file.startswith("<")
        else file.replace("\\", "/").rpartition("/")[2]
    )
    where = f" at line {lines[-1]} of {place}" if lines else ""
    return f"{name} raised {type(error).__name__}{where}: {' '.join(str(error).split())}"


def numerical_gradient(loss, array, step=1e-5):
    """The slope of `loss(array)` in each entry of a float64 array, measured by moving it a little both ways."""
    slopes = np.zeros_like(array)
    for place in np.ndindex(array.shape):
        above, below = array.copy(), array.copy()
        above[place] += step
        below[place] -= step
        slopes[place] = (loss(above) - loss(below)) / (2 * step)
    return slopes


class Check:
    """Your function or class, the numbers that it is tried with (`given`, by name), and torch's way to the same."""

    def __init__(self, yours, sizes, lengths, chunk, seed):
        self.yours, self.lengths, self.chunk = yours, lengths, chunk
        self.name = getattr(yours, "__name__", type(yours).__name__)
        if self.name not in KINDS:
            raise Unfit(f"{self.name} is none of {', '.join(KINDS)}.")
        self.kind = KINDS[self.name]
        self.is_step = self.kind.is_step or self.name == "rnn_cell_backward"
        if lengths is not None and (self.is_step or self.name in BACKWARD):
            raise Unfit(f"{self.name} takes no lengths.")
        n, length, i, h = sizes
        if lengths is not None:
            n, length = len(lengths), max(lengths)
        self.draw = np.random.default_rng(seed)
        self.given = {"x": self.array(n, 1 if self.is_step else length, i)}
        count = len(self.kind.weights)
        for name in self.kind.states:
            self.given[name] = self.array(*((2, n, h) if count == 2 else (n, h)))
        if self.name in CLASSES:
            self._take_parameters(i, h)
        else:
            width = self.kind.layers * h
            for names in self.kind.weights:
                shapes = ((i, width), (h, width), *[(width,)] * (len(names) - 2))
                self.given.update({name: self.array(*shape) for name, shape in zip(names, shapes)})

    def array(self, *shape):
        """Numbers between -0.9 and 0.9."""
        return self.draw.uniform(-0.9, 0.9, size=shape)

    def _take_parameters(self, i, h):
        self.module = (
            self.yours(i, h) if isinstance(self.yours, type) else copy.deepcopy(self.yours)
        ).double()
        mine = {name: value.detach().numpy().copy() for name, value in self.module.named_parameters()}
        missing = [name for name in parameters_of(self.name) if name not in mine]
        if missing:
            raise Unfit(f"{self.name} has no parameter {missing[0]}; it has {', '.join(mine) or 'none'}.")
        self.given.update(mine)

    def answer(self, given):
        """What yours gives for these numbers, tensors by name: its results, one after the other."""
        x, states = given["x"], [given[name] for name in self.kind.states]
        x = x[:, 0] if self.is_step else x
        if self.name in CLASSES:
            parameters = {name: given[name] for name, _ in self.module.named_parameters()}
            state = states[0] if len(states) == 1 else tuple(states)
            more = () if self.is_step else (self.lengths,)
            answer = functional_call(self.module, parameters, (x, state, *more))
        else:
            weights = [[given[name].numpy() for name in names] for names in self.kind.weights]
            weights = [tuple(part) for part in weights] if len(weights) == 2 else weights[0]
            more = () if self.is_step else (self.lengths,)
            answer = self.yours(x.numpy(), *(state.numpy() for state in states), *weights, *more)
        return self.named(answer, self.kind.results)

    def named(self, answer, names):
        """The parts of an answer by name, as tensors."""
        parts = list(_flat(answer))
        if len(parts) != len(names):
            raise Unfit(f"{self.name} should return {', '.join(names)}; it returned {len(parts)} things.")
        for name, part in zip(names, parts):
            if not isinstance(part, (np.ndarray, torch.Tensor)):
                raise Unfit(
                    f"{self.name}: {name} should be an array or a tensor; it is a {type(part).__name__}."
                )
        return {name: torch.as_tensor(part) for name, part in zip(names, parts)}

    def of_torch(self, given):
        """The same with torch's own network."""
        return results_of_torch(self.name, given, self.lengths)

    def leaves(self):
        """The numbers as tensors that gradients are asked of."""
        return {name: torch.tensor(array, requires_grad=True) for name, array in self.given.items()}

    def loss(self, results):
        """A number made of all results, in which each entry counts differently; always in the same way."""
        draw = np.random.default_rng(1)
        return sum((part * torch.tensor(draw.normal(size=part.shape))).sum() for part in results.values())

    def gradients(self, ask):
        """The gradient of the loss in each of the numbers, by torch's autograd."""
        leaves = self.leaves()
        loss = self.loss(ask(leaves))
        if not loss.requires_grad:
            raise Unfit(f"No gradient comes back from {self.name}: is everything computed with tensors?")
        loss.backward()
        return {name: leaf.grad for name, leaf in leaves.items()}

    def slopes(self, ask):
        """The same, measured by moving each entry of each array a little."""

        def loss(name, array):
            with torch.no_grad():
                given = {**self.given, name: array}
                return self.loss(ask({key: torch.tensor(value) for key, value in given.items()})).item()

        return {
            name: torch.tensor(numerical_gradient(lambda array, name=name: loss(name, array), array))
            for name, array in self.given.items()
        }


class Backward(Check):
    """Of a function that gives the gradients of a plain network: the loss counts each state differently."""

    def by_hand(self):
        """What yours gives."""
        given = {name: torch.tensor(array) for name, array in self.given.items()}
        states = self.states(given)
        leaf = torch.zeros_like(states, requires_grad=True)
        self.loss({"hidden_states": leaf}).backward()
        arrays = [leaf.grad, given["x"], given["h0"], states, given["w_input"], given["w_hidden"]]
        arrays = [array.numpy() for array in arrays]
        if self.is_step:
            arrays = [array[:, 0] if array.ndim == 3 else array for array in arrays]
        more = (self.chunk,) if self.name == "truncated_backward" else ()
        answer = self.named(self.yours(*arrays, *more), BACKWARD[self.name])
        if self.is_step and answer["dx"].ndim == 2:
            answer["dx"] = answer["dx"][:, None]
        return answer

    def states(self, given):
        """All states of torch's network; in pieces, each begins at a state that no gradient goes through."""
        chunk = self.chunk if self.name == "truncated_backward" else given["x"].shape[1]
        return states_of_torch(given, chunk)

    def asked(self, given):
        """torch's way to the same, as results of which a loss can be made."""
        return {"hidden_states": self.states(given)}


def compare_with_torch(yours, N=3, L=5, I=2, H=4, lengths=None, chunk=2, seed=0):
    """Print where yours and torch's own network, with the same weights, differ; True when they agree everywhere.

    `yours` is a function, a class, or a network of a class. `lengths` goes with those that take it, `chunk` with
    truncated_backward.
    """

    def run():
        check = _check(yours, (N, L, I, H), lengths, chunk, seed)
        print(f"{check.name} and torch.nn.{check.kind.network.__name__}, with the same weights:")
        if isinstance(check, Backward):
            theirs = check.gradients(check.asked)
            return _differences(check.by_hand(), dict(zip(BACKWARD[check.name], theirs.values())), "torch's")
        given = {name: torch.tensor(array) for name, array in check.given.items()}
        with torch.no_grad():
            results, expected = check.answer(given), check.of_torch(given)
        agree = _differences(results, expected, "torch's")
        if check.name in CLASSES and all(results[name].shape == expected[name].shape for name in expected):
            mine, theirs = check.gradients(check.answer), check.gradients(check.of_torch)
            agree &= _differences(_of(mine), _of(theirs), "torch's")
        return agree

    return _told(yours, run)


def check_gradients(yours, N=2, L=3, I=2, H=2, lengths=None, chunk=None, seed=0):
    """Print where the gradients of yours differ from measured slopes; True when they agree everywhere.

    `yours` is a class, a network of a class, or a function that gives gradients (truncated_backward: in one piece).
    """

    def run():
        check = _check(yours, (N, L, I, H), lengths, L if chunk is None else chunk, seed)
        if check.name in FUNCTIONS:
            raise Unfit(
                f"{check.name} gives no gradients. compare_with_torch({check.name}) compares its results."
            )
        print(f"{check.name}: its gradients, and slopes measured by moving one entry after the other:")
        if isinstance(check, Backward):
            if check.name == "truncated_backward" and check.chunk < L:
                raise Unfit("What is cut off cannot be measured: give a chunk of at least L.")
            slopes = check.slopes(check.asked)
            return _differences(check.by_hand(), dict(zip(BACKWARD[check.name], slopes.values())), "measured")
        return _differences(_of(check.gradients(check.answer)), _of(check.slopes(check.answer)), "measured")

    return _told(yours, run)


def _check(yours, sizes, lengths, chunk, seed):
    is_backward = getattr(yours, "__name__", "") in BACKWARD
    return (Backward if is_backward else Check)(yours, sizes, lengths, chunk, seed)


def _told(yours, run):
    try:
        return run()
    except Exception as error:  # whatever your code raises
        print(complaint(yours, error))
        return False


def _of(gradients):
    return {f"gradient of {name}": gradient for name, gradient in gradients.items()}


def _flat(answer):
    """The parts of an answer, those of tuples and lists in it as well."""
    if isinstance(answer, (tuple, list)):
        for part in answer:
            yield from _flat(part)
    else:
        yield answer


def _differences(mine, theirs, whose):
    """Print a line for each; True when all agree."""
    lines = {name: _difference(mine[name], theirs[name], whose) for name in theirs}
    width = max(map(len, lines))
    for name, line in lines.items():
        print(f"  {name:{width}}  {line or 'agrees'}")
    return not any(lines.values())


def _difference(mine, theirs, whose):
    """Where two arrays differ, in words; empty where they agree. Of sequences, the first step that is off."""
    if mine is None or theirs is None:
        return "" if mine is None and not _is_something(theirs) else "no gradient reaches it"
    if mine.shape != theirs.shape:
        return f"has the shape {tuple(mine.shape)}; {whose} has {tuple(theirs.shape)}"
    gap = (mine.detach().double() - theirs.detach()).abs().nan_to_num(nan=float("inf"))
    is_off = gap > 1e-6 * (1 + theirs.detach().abs())
    if not is_off.any():
        return ""
    farthest = gap.max().item()
    if mine.ndim == 3 and is_off.any(dim=2).any(dim=0).any():
        step = int(is_off.any(dim=2).any(dim=0).nonzero()[0])
        steps = torch.arange(gap.shape[1])[None, :, None]
        gap = torch.where(steps == step, gap, -1)
    place = np.unravel_index(int(gap.argmax()), gap.shape)
    at = ", ".join(str(int(k)) for k in place)
    first = "first " if mine.ndim == 3 else ""
    numbers = f"it is {mine[place].item():.6f}, {whose} {theirs[place].item():.6f}"
    return f"differs by up to {farthest:.2g}; {first}at [{at}] {numbers}"


def _is_something(gradient):
    return gradient is not None and bool((gradient != 0).any())
