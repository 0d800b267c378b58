"""The hidden suite: forward functions by themselves, and backward functions with the cache of the student's own."""

import pytest

from grader.suite import assert_close, assert_unchanged, generator, points

DRAW = generator("backward")


def frozen(*shape, low=-2.0, high=2.0):
    array = DRAW.uniform(low, high, size=shape)
    array.flags.writeable = False
    return array


X, KEEP, DS = frozen(3, 5), frozen(3, low=0.2, high=0.9), frozen(3, 5)
ONE, ONE_KEEP, ONE_DS = frozen(2, 1), frozen(2, low=0.2, high=0.9), frozen(2, 1)
ROWS, GAIN, SHIFT, DY = frozen(4, 3), frozen(3, low=0.5), frozen(3), frozen(4, 3)
WIDE, WIDE_GAIN, WIDE_SHIFT, WIDE_DY = frozen(2, 6), frozen(6, low=0.5), frozen(6), frozen(2, 6)


@points(3, group="smoothing")
@pytest.mark.parametrize(("x", "keep"), [(X, KEEP), (ONE, ONE_KEEP)], ids=["five", "one"])
def test_smoothing(student, reference, x, keep):
    """Every step keeps a part of the one before and takes the rest from the input."""
    assert_close(student.smooth(x, keep), reference.smooth(x, keep), what="s", length=5)


@points(7, group="smoothing")
@pytest.mark.parametrize(("x", "keep", "ds"), [(X, KEEP, DS), (ONE, ONE_KEEP, ONE_DS)], ids=["five", "one"])
def test_smoothing_backwards(student, reference, x, keep, ds):
    """smooth_backward gives the gradients of x and keep, with the cache that smooth_forward made."""
    want = reference.smooth_gradients(x, keep, ds)
    assert_close(student.smooth_gradients(x, keep, ds), want, what="dx, dkeep", length=5)


@points(3, group="normalisation")
@pytest.mark.parametrize(
    "arguments", [(ROWS, GAIN, SHIFT), (WIDE, WIDE_GAIN, WIDE_SHIFT)], ids=["narrow", "wide"]
)
def test_normalisation(student, reference, arguments):
    """Rows lose their mean, are divided by their deviation, scaled and shifted."""
    assert_close(student.norm(*arguments), reference.norm(*arguments), what="y")


@points(7, group="normalisation")
@pytest.mark.parametrize(
    "arguments", [(ROWS, GAIN, SHIFT, DY), (WIDE, WIDE_GAIN, WIDE_SHIFT, WIDE_DY)], ids=["narrow", "wide"]
)
def test_normalisation_backwards(student, reference, arguments):
    """norm_backward gives the gradients of x, gain and shift, with the cache that norm_forward made."""
    want = reference.norm_gradients(*arguments)
    assert_close(student.norm_gradients(*arguments), want, what="dx, dgain, dshift")


@points(1, group="care")
def test_a_second_smoothing_leaves_the_first_cache_alone(student, reference):
    """A cache belongs to its own call: another call in between changes nothing."""
    want = reference.smooth_interleaved(X, KEEP, DS, DS)
    assert_close(student.smooth_interleaved(X, KEEP, DS, DS), want, what="dx, dkeep", length=5)


@points(1, group="care")
def test_a_second_normalisation_leaves_the_first_cache_alone(student, reference):
    """A cache belongs to its own call: another call in between changes nothing."""
    want = reference.norm_interleaved(ROWS, GAIN, SHIFT, DY, DY)
    assert_close(student.norm_interleaved(ROWS, GAIN, SHIFT, DY, DY), want, what="dx, dgain, dshift")


@points(1, group="care", needs="number")
def test_smoothing_leaves_its_arguments_alone(student):
    """Neither way changes what it was given."""
    assert_unchanged(student.smooth_gradients.observe(X, KEEP, DS), "x, keep, ds")


@points(1, group="care", needs="number")
def test_normalisation_leaves_its_arguments_alone(student):
    """Neither way changes what it was given."""
    assert_unchanged(student.norm_gradients.observe(ROWS, GAIN, SHIFT, DY), "x, gain, shift, dy")
