"""What the sections "See it learn" share: training on one core, with a line of progress and a curve. Not graded.

A task (`recall.py`, `neighbours.py` or `roman_numerals.py`, whichever lies beside this file) makes a model around your
class and hands it to `train`. What goes wrong in your class is said in a sentence.
"""

import builtins
import contextlib
import io
import itertools
import math
import time

import torch

from self_check import Unfit, complaint


class Adam:
    """Adam, written out in a few lines: torch's own takes seconds to start, because it loads a compiler."""

    def __init__(self, weights, rate):
        self.weights, self.rate, self.step_number = list(weights), rate, 0
        self.means = [torch.zeros_like(weight) for weight in self.weights]
        self.squares = [torch.zeros_like(weight) for weight in self.weights]

    @torch.no_grad()
    def step(self):
        """Change every weight that has got a gradient a little."""
        self.step_number += 1
        for weight, mean, square in zip(self.weights, self.means, self.squares):
            if weight.grad is None:
                continue
            mean.mul_(0.9).add_(weight.grad, alpha=0.1)
            square.mul_(0.99).add_(weight.grad**2, alpha=0.01)
            size = self.rate * math.sqrt(1 - 0.99**self.step_number) / (1 - 0.9**self.step_number)
            weight -= size * mean / (square.sqrt() + 1e-8)
            weight.grad = None


@contextlib.contextmanager
def one_core(seed):
    """One core and this seed while it lasts; afterwards torch is as it was. Gives a generator of random numbers."""
    cores, before = torch.get_num_threads(), torch.get_rng_state()
    torch.set_num_threads(1)
    torch.manual_seed(seed)
    try:
        yield torch.Generator().manual_seed(seed)
    finally:
        torch.set_num_threads(cores)
        torch.set_rng_state(before)


def attempt(network, learn, seed):
    """learn(draw), on one core; a sentence and None when the class `network` is not written yet or goes wrong."""
    with one_core(seed) as draw:
        try:
            return learn(draw)
        except Exception as error:  # whatever the class raises
            print("\n" + complaint(network, error))
            return None


def outputs_of(network, answer, shape):
    """The outputs in an answer of your network; raises Unfit unless a model can be made of them."""
    name = type(network).__name__
    if not (isinstance(answer, (tuple, list)) and len(answer) == 2):
        raise Unfit(f"{name} should return two things, the outputs and the last state.")
    outputs = answer[0]
    if not torch.is_tensor(outputs) or tuple(outputs.shape) != shape:
        got = tuple(outputs.shape) if hasattr(outputs, "shape") else type(outputs).__name__
        raise Unfit(f"{name} should return outputs of shape {shape}; the shape is {got}.")
    if torch.is_grad_enabled() and not outputs.requires_grad:
        raise Unfit(
            f"No gradient comes back from the outputs of {name}: are its weights parameters, "
            "and is every step computed with tensors, without detach, data or numpy?"
        )
    return outputs


def train(weights, loss, updates, seconds, rate, says, label=""):
    """Train `weights` for so many updates, or so many seconds if these are over first.

    `loss(update)` gives the loss of a new batch and a number to show; `says` is a format for it, and `label` what the
    line of progress begins with. Gives the number of every update.
    """
    adam = Adam(weights, rate)
    numbers, start = [], time.monotonic()
    for update in range(updates):
        value, number = loss(update)
        if not math.isfinite(value.item()):
            raise Unfit(
                f"After {update} updates the loss is {value.item()}, which is no number to learn from."
            )
        value.backward()
        adam.step()
        numbers.append(number)
        passed = time.monotonic() - start
        if update % 10 == 9 or update == updates - 1 or passed > seconds:
            now = says.format(average(numbers[-10:]))
            print(f"\r{label}update {update + 1:3} of {updates}, {passed:4.1f} s: {now}", end="", flush=True)
        if passed > seconds:
            break
    print()
    return numbers


def average(values):
    """The mean of some numbers."""
    return sum(values) / len(values)


def pieces(values, width):
    """The values, averaged over so many pieces of time."""
    width = min(width, len(values))
    edges = [k * len(values) // width for k in range(width + 1)]
    return [average(values[i:j]) for i, j in itertools.pairwise(edges)]


def curve(values, width=60, height=8, steps=math.log, back=math.exp, between=()):
    """The values as a picture made of characters; each row is as many times the next, unless `steps` says otherwise.

    The rows go from the least value to the largest, or from one number to the other of `between`.
    """
    heights = [steps(value) for value in pieces(values, width)]
    low, high = map(steps, between or (back(min(heights)), back(max(heights))))
    step = (high - low) / (height - 1) or 1
    rows = [min(max(round((value - low) / step), 0), height - 1) for value in heights]
    lines = ["".join("*" if row == level else " " for row in rows).rstrip() for level in range(height)]
    return "\n".join(f"{back(low + level * step):6.2f} |{lines[level]}" for level in reversed(range(height)))


def show(curves, what, best, name, logarithmic=False):
    """Draw the curves in a notebook; elsewhere print them, and keep the picture as `<name>_learns.png`.

    Without matplotlib they are printed, and that is all. `curves` has lists of numbers by their names: shares between
    0 and 1, unless `logarithmic`. `best` is the number that nothing can pass: a dashed line.
    """
    figure = drawn(curves, what, best, name, logarithmic)
    shell = getattr(
        builtins, "get_ipython", None
    )  # only notebooks and IPython have that, and a kernel only notebooks
    if figure is not None and shell is not None and hasattr(shell(), "kernel"):
        from IPython.display import Image, display

        picture = io.BytesIO()
        figure.savefig(picture, format="png")
        display(Image(picture.getvalue()))
        return
    for label, values in curves.items():
        print(f"{what}, from the first update to the last{label and ': ' + label}")
        print(curve(values) if logarithmic else curve(values, 60, 7, float, float, between=(0.4, 1.0)))
    if figure is not None:
        file = f"{name}_learns.png"
        try:
            figure.savefig(file)
            print(f"The same as a picture: {file}")
        except OSError as error:
            print(f"{file} could not be written: {error.strerror or error}.")


def drawn(curves, what, best, name, logarithmic):
    """The curves as a figure of matplotlib; None where it is not installed."""
    try:
        from matplotlib.figure import Figure
    except ImportError:
        return None
    figure = Figure(figsize=(7, 4), layout="constrained")
    axes = figure.add_subplot()
    for label, values in curves.items():
        smooth = pieces(values, 100)
        across = [len(values) * (k + 1) / len(smooth) for k in range(len(smooth))]
        axes.plot(across, smooth, label=label or None)
    axes.axhline(best, linestyle="--", color="grey", label=f"the best possible, {best:.3g}")
    if logarithmic:
        axes.set_yscale("log")
        highest = max(max(values) for values in curves.values())
        axes.set_yticks([tick for tick in (2, 3, 4, 5, 6, 8, 10) if tick < highest * 1.1])
        axes.yaxis.set_major_formatter("{x:g}")
        axes.minorticks_off()
    axes.set(xlabel="update", ylabel=what, title=f"{name} learns")
    axes.legend()
    return figure
