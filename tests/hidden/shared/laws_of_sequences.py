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
    """Make a test of the weights of one layer at a time, the others being zero; `layers` has a letter for each.

    Layers lie side by side along the last axis of every weight, as the gates of an LSTM do. A module is asked for one
    step. For `LSTM`, an exercise with the four layers i, f, g and o:

    >>> test_each_gate = laws.each_layer(LSTM, MAIN, "ifgo", worth=2)  # doctest: +SKIP
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
    """Make a test that all results are right after a long sequence (200 steps), within the tolerance of that length.

    >>> test_rnn_stays_accurate = laws.stays_accurate(RNN, sizes.of_sequences(make), worth=0.5)
    """
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
    """Make a test that None for the state, or no state at all, means a state of zeros, with lengths and without.

    >>> cases = sizes.of_sequences(make), sizes.of_lengths(make)
    >>> test_rnn_begins_at_zero = laws.begins_at_zero(RNN, *cases, worth=1)
    """
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
    """Make a test that the first result is right in a batch with padding: zero there, and elsewhere as without padding.

    >>> test_rnn_reads_real_steps = laws.reads_real_steps(RNN, sizes.of_lengths(make), worth=1)
    """
    part = exercise.first
    says = says or (
        f"With lengths, real steps give what they give without padding, and {part} on padding are zero."
    )
    return agrees(exercise, lengths.padded, worth, group, says, part=part)


def takes_any_lengths(
    exercise: Exercise, lengths: Lengths, worth: float, group: str = "lengths", says: str = ""
) -> Any:
    """Make a test that results are right for unusual lengths: equal, all one, sorted, of a single sample.

    >>> test_rnn_takes_any_lengths = laws.takes_any_lengths(RNN, sizes.of_lengths(make), worth=1)
    """
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
