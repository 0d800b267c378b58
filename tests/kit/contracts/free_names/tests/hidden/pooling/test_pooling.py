"""The hidden suite: the module is asked by the roles of its parameters, which harness.py finds in the child."""

import numpy as np
import pytest

from grader.suite import assert_close, generator, points

DRAW = generator("pooling")


def frozen(*shape, scale=1.0):
    array = DRAW.normal(size=shape) * scale
    array.flags.writeable = False
    return array


FEATURES, HIDDEN = 3, 5
X, OTHER = frozen(4, 6, FEATURES), frozen(2, 3, FEATURES)
ROLES = (frozen(FEATURES, HIDDEN), frozen(HIDDEN), frozen(HIDDEN, 1))
NO_BIAS = (ROLES[0], np.zeros(HIDDEN), ROLES[2])
MASK = np.array([[True] * 6, [True] * 3 + [False] * 3, [False, True] * 3, [True] + [False] * 5])
DPOOLED = frozen(4, FEATURES)
SINGLE = [array.astype(np.float32) for array in (X, *ROLES)]


@points(3, group="parameters", gives="number")
def test_roles(student, reference):
    """There are a projection, a bias and a scorer, registered, and all of them learn."""
    assert_close(
        student.registered(FEATURES, HIDDEN), reference.registered(FEATURES, HIDDEN), what="parameters"
    )


@points(3, group="weights")
@pytest.mark.parametrize("roles", [ROLES, NO_BIAS], ids=["all", "no_bias"])
def test_every_step_counts_by_its_weight(student, reference, roles):
    """Scores become weights by a softmax over the steps, and the result is the weighted mean of the inputs."""
    want = reference.pooled(X, None, *roles)
    assert_close(student.pooled(X, None, *roles), want, what="pooled, weights")


@points(3, group="weights")
def test_masked_steps_do_not_count(student, reference):
    """A step that the mask leaves out has weight 0, and the others share all of it."""
    want = reference.pooled(X, MASK, *ROLES)
    assert_close(student.pooled(X, MASK, *ROLES), want, what="pooled, weights")


@points(2, group="weights")
def test_single_precision(student, reference):
    """Numbers in float32 give a result in float32."""
    want = reference.pooled(SINGLE[0], None, *SINGLE[1:])
    assert_close(student.pooled(SINGLE[0], None, *SINGLE[1:]), want, what="pooled, weights")


@points(5, group="gradients")
@pytest.mark.parametrize("mask", [None, MASK], ids=["all", "masked"])
def test_gradients(student, reference, mask):
    """Gradients reach every parameter and the input."""
    want = reference.gradients(X, mask, *ROLES, DPOOLED)
    answer = student.gradients(X, mask, *ROLES, DPOOLED)
    assert_close(answer, want, what="gradients, dx")


@points(2, group="care")
def test_nothing_is_kept_between_calls(student, reference):
    """The module answers the same whatever it was asked before."""
    want = reference.pooled_twice(X, OTHER, *ROLES)
    assert_close(student.pooled_twice(X, OTHER, *ROLES), want, what="pooled, weights")
