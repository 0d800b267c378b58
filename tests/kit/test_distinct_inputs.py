"""No two things in the inputs of a hidden suite are alike, so that nothing can be taken for something else unseen.

All weights, biases and states of every case differ in every entry, and so do the gates that come of them: with equal
weights and zero states, a gate used in the place of another or a state that is ignored would give the right numbers.
"""

from __future__ import annotations

import itertools
import re
from importlib import import_module

import numpy as np
import pytest

from grader.assignments import find_course
from grader.suite.inputs import use_course_seed

from ..hidden.shared.cases import Case
from .loading import ROOT

COURSE = find_course(ROOT)
LAYERS = {"lstm": "ifgo", "gru": "rzn"}


def cases_of(name):
    """The cases of a suite by name, in float64: those in which a layer alone has weights, on purpose, left out."""
    parts = itertools.chain.from_iterable(
        value if isinstance(value, (list, tuple)) else [value]
        for value in vars(import_module(f"..hidden.{name}.spec", __package__)).values()
    )
    cases = [part for part in parts if isinstance(part, Case) and not part.name.startswith("layer_")]
    return [case for case in cases if all(array.dtype == np.float64 for array in case.arrays.values())]


# Inputs are drawn when a suite is imported. Once: other tests of this process may import it anew, from another seed.
use_course_seed(COURSE.seed)
CASES_OF = {name: cases_of(name) for name in COURSE.names()}
use_course_seed("")
CASES = [pytest.param(name, case, id=f"{name}-{case}") for name, cases in CASES_OF.items() for case in cases]


def test_there_are_cases_of_every_assignment():
    assert {case.values[0] for case in CASES} == set(COURSE.names())
    assert len(CASES) >= 6 * 5


@pytest.mark.parametrize(("name", "case"), CASES)
def test_every_number_of_weights_and_states_is_there_once(name, case):
    """Weights, biases and states. A state that is zero as a whole is so on purpose, for what None must mean.

    A w_hidden is drawn to a size: where it is a single number, there is but one, up to the sign.
    """
    arrays = {
        key: array
        for key, array in case.arrays.items()
        if key.rpartition(".")[2].startswith(("w_", "weight", "bias", "h0", "h_prev", "c0", "c_prev"))
        and array.any()
        and not (array.size == 1 and key.endswith("w_hidden"))
    }
    assert len(arrays) >= 3
    numbers = np.concatenate([array.ravel() for array in arrays.values()])
    assert len(np.unique(numbers)) == len(numbers)
    assert np.all(numbers != 0)


@pytest.mark.parametrize("name", COURSE.names())
def test_most_cases_begin_at_a_state_that_is_not_zero(name):
    states = [
        array.any()
        for case in CASES_OF[name]
        for key, array in case.arrays.items()
        if key in ("h0", "h_prev", "c0", "c_prev")
    ]
    assert np.mean(states) > 0.7


def sigmoid(a):
    return 1 / (1 + np.exp(-a))


def layers(name, case):
    """What each layer gives at the first step, by its letter."""
    x = case["x"] if case["x"].ndim == 2 else case["x"][:, 0]
    h = case["h_prev"] if "h_prev" in case.arrays else case["h0"]
    if name == "lstm":
        i, f, g, o = np.split(x @ case["w_input"] + h @ case["w_hidden"] + case["bias"], 4, axis=1)
        return dict(zip("ifgo", (sigmoid(i), sigmoid(f), np.tanh(g), sigmoid(o))))
    a_r, a_z, a_n = np.split(x @ case["w_input"] + case["bias_input"], 3, axis=1)
    s_r, s_z, s_n = np.split(h @ case["w_hidden"] + case["bias_hidden"], 3, axis=1)
    r = sigmoid(a_r + s_r)
    return {"r": r, "z": sigmoid(a_z + s_z), "n": np.tanh(a_n + r * s_n)}


@pytest.mark.parametrize(("name", "case"), [case for case in CASES if case.values[0] in LAYERS])
def test_no_two_gates_are_alike_and_hardly_an_entry_is_open_or_closed(name, case):
    """By far more than the tolerance of the suite somewhere; four of five entries are far from the ends."""
    gates = layers(name, case)
    assert set(gates) == set(LAYERS[name])
    for first, other in itertools.combinations(gates, 2):
        assert np.abs(gates[first] - gates[other]).max() > 0.001, f"{first} and {other}"
        if {first, other} <= set("ifo") | set("rz"):
            assert np.abs(gates[first] + gates[other] - 1).max() > 0.001, f"{first} is 1 - {other}"
    for letter, gate in gates.items():
        assert np.mean(np.abs(gate) < 0.999) >= 0.8, letter


@pytest.mark.parametrize(("name", "case"), [case for case in CASES if case.values[0] == "lstm"])
def test_state_and_memory_differ_before_and_after_a_step(name, case):
    gates, c = layers(name, case), case["c_prev"] if "c_prev" in case.arrays else case["c0"]
    h = case["h_prev"] if "h_prev" in case.arrays else case["h0"]
    memory = gates["f"] * c + gates["i"] * gates["g"]
    state = gates["o"] * np.tanh(memory)
    for first, other in itertools.combinations((h, c, state, memory), 2):
        assert np.abs(first - other).max() > 0.001


# What students see, and what is graded

NUMBER = re.compile(r"(?<![\w.])-?\d+(?:\.\d+)?(?:e-?\d+)?(?![\w.])")


def copied(text, arrays):
    """Three numbers in a row of a text that stand in a row in one of these arrays, written with at least two digits."""
    numbers = [(float(word), len(word.partition(".")[2])) for word in NUMBER.findall(text)]
    rows = {}
    for array in arrays:
        entries = array.ravel()
        for first, *more in zip(entries, entries[1:], entries[2:]):
            rows.setdefault(round(float(first), 2), []).append((first, *more))
    for three in zip(numbers, numbers[1:], numbers[2:]):
        if len({number for number, _ in three}) < 3 or min(digits for _, digits in three) < 2:
            continue
        for near in (-0.01, 0, 0.01):
            for row in rows.get(round(three[0][0] + near, 2), ()):
                if all(abs(entry - number) <= 10**-digits for entry, (number, digits) in zip(row, three)):
                    return [number for number, _ in three]
    return []


def hidden_arrays(name):
    return [array for case in CASES_OF[name] for array in case.arrays.values()]


@pytest.mark.parametrize("name", COURSE.names())
def test_no_numbers_that_students_see_are_those_of_a_hidden_case(name):
    for path in sorted((ROOT / "assignments" / name).glob("*.*")):
        text = path.read_text(encoding="utf-8")
        assert copied(text, hidden_arrays(name)) == [], path


@pytest.mark.parametrize("name", COURSE.names())
@pytest.mark.parametrize("digits", [2, 4, 12])
def test_a_copy_would_be_noticed(name, digits):
    array = hidden_arrays(name)[0]
    rounded = [f"{entry:.{digits}f}" for entry in array.ravel()[:4]]
    assert copied(f"x = np.array([[{', '.join(rounded)}]])", hidden_arrays(name))
    assert not copied(f"x = np.array([[{', '.join(rounded[:2])}]])", hidden_arrays(name))
