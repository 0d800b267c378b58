"""What every network is asked that reads sequences with a step of its own: `agreement.agrees`, with a sentence."""

from __future__ import annotations

from typing import Any

import numpy as np

from .agreement import agrees
from .cases import LEFT_OUT, Case
from .exercises import Exercise, Module
from .sizes import Lengths, Sequences


def each_layer(
    exercise: Exercise, case: Case, layers: str, worth: float, group: str = "numerics", says: str = ""
) -> Any:
    """With the weights of one layer alone, the others being zero, results are right: for each layer by its letter.

    Layers lie side by side along the last axis of every weight. A module is asked for one step.
    """
    of_module = isinstance(exercise, Module)
    one_step = case.cut(case.name, 0, 1) if of_module else case
    one_state, both_states = "the new state is right", "both new states are right"
    says = says or (
        "One step with the weights of one layer alone, the others being zero, gives the right "
        f"{'states' if _states(exercise) > 1 else 'state'}."
        if of_module
        else f"With the weights of one layer alone, the others being zero, "
        f"{both_states if len(exercise.axes()) > 1 else one_state}."
    )
    return agrees(exercise, [_one_layer(one_step, layers, layer) for layer in layers], worth, group, says)


def stays_accurate(
    exercise: Exercise, sequences: Sequences, worth: float, group: str = "numerics", says: str = ""
) -> Any:
    """After the steps of a long sequence (200) all results are right, within the tolerance of that length."""
    says = says or "Hundreds of steps later, the states are still right."
    return agrees(exercise, sequences.long, worth, group, says)


def begins_at_zero(
    exercise: Exercise,
    sequences: Sequences,
    lengths: Lengths,
    worth: float,
    group: str = "initial_state",
    says: str = "",
) -> Any:
    """None for the state, or none at all, with lengths and without, is a state of zeros."""
    cases = {
        "none": sequences.main.no_state(),
        "left_out": sequences.single.no_state(LEFT_OUT),
        "lengths": lengths.padded.no_state(LEFT_OUT),
    }
    zeros = "two states of zeros" if _states(exercise) > 1 else "a state of zeros"
    says = says or f"{exercise.state}=None, or none at all, means {zeros}."
    return agrees(exercise, cases, worth, group, says)


def reads_real_steps(
    exercise: Exercise, lengths: Lengths, worth: float, group: str = "lengths", says: str = ""
) -> Any:
    """The first result is right in a batch with padding: as without it on real steps, and zero on the others."""
    part = exercise.first
    says = says or (
        f"With lengths, real steps give what they give without padding, and {part} on padding are zero."
    )
    return agrees(exercise, lengths.padded, worth, group, says, part=part)


def takes_any_lengths(
    exercise: Exercise, lengths: Lengths, worth: float, group: str = "lengths", says: str = ""
) -> Any:
    """Results are right for lengths that a program may not be written for: equal, all one, sorted, of one sample."""
    says = says or "Lengths may be equal, all one, sorted, or shorter than L, for any number of samples."
    return agrees(exercise, lengths.special, worth, group, says)


def _one_layer(case: Case, layers: str, layer: str) -> Case:
    """The case with the weights of one layer alone: of all arrays that are as wide as the layers together."""
    wide = len(layers) * case.sizes["H"]
    mine = np.arange(wide) // case.sizes["H"] == layers.index(layer)
    weights = {name: array for name, array in case.arrays.items() if array.shape[-1] == wide}
    return case.instead(f"layer_{layer}", **{name: array * mine for name, array in weights.items()})


def _states(exercise: Exercise) -> int:
    """How many arrays its state is."""
    state = exercise.arguments[exercise.state]
    return len(state) if isinstance(state, tuple) else 1
