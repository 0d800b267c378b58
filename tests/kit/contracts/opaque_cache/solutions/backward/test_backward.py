"""The visible checks."""

import numpy as np
from backward import norm_forward, smooth_backward, smooth_forward


def test_smoothing_of_two_steps():
    """Half of the old, half of the new."""
    answer, _ = smooth_forward(np.array([[4.0, 2.0]]), np.array([0.5]))
    expected = np.array([[2.0, 2.0]])
    assert np.allclose(answer, expected), "each step is the mean of the step before and the input"


def test_smoothing_backwards():
    """One step: the gradient of the input is what was not kept."""
    _, cache = smooth_forward(np.array([[4.0]]), np.array([0.25]))
    answer, _ = smooth_backward(np.array([[1.0]]), cache)
    expected = np.array([[0.75]])
    assert np.allclose(answer, expected), "with one step dx is (1 - keep) times ds"


def test_rows_have_mean_zero():
    """Without a shift, every row has mean 0."""
    answer = norm_forward(np.array([[1.0, 2.0, 6.0]]), np.ones(3), np.zeros(3))[0].mean()
    expected = 0.0
    assert np.allclose(answer, expected), "the mean of a row is taken off"
