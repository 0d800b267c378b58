"""The visible checks."""

import numpy as np
from cells import Accumulator, LinearCell
from unroll import generate, run_cell


def test_the_running_mean_of_a_sequence():
    """An Accumulator gives the mean of what it has read so far."""
    answer, _ = run_cell(Accumulator(), np.array([[[2.0], [4.0]]]))
    expected = np.array([[[2.0], [3.0]]])
    assert np.allclose(answer, expected), "the outputs of an Accumulator are running means"


def test_what_is_generated_has_so_many_steps():
    """One output for each step."""
    unit = np.ones((1, 1))
    answer = generate(LinearCell(unit, unit), unit, 3)
    expected = np.zeros((1, 3, 1))
    assert answer.shape == expected.shape, "three steps give three outputs"
