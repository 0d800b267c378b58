"""The arithmetic by which sets of mistakes are chosen: numbers of wrong programs are of any size, or none at all."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from grader.diagnose.edited import smallest
from grader.diagnose.match import Session
from grader.diagnose.merge import joined
from grader.diagnose.nearest import distance
from grader.diagnose.sums import Sums, ascending
from grader.diagnose.traces import Layout, Trace, TraceGroups, axes_apart
from grader.subject import operations as ops

pytestmark = pytest.mark.filterwarnings("error")


def trace(*numbers: float, kinds: tuple[int, ...] = (0,)) -> Trace:
    """The answers of parts with one number each."""
    form = tuple(((place,), kind) for place, kind in enumerate(kinds))
    return Trace(form, tuple(range(len(numbers) + 1)), np.array(numbers))


def test_the_pair_that_moves_numbers_to_the_others_is_nearest():
    sums = Sums(np.array([1.0, 2.0]), [np.array([1.0, 0.0]), np.array([0.0, 2.0]), np.array([5.0, 5.0])])
    assert next(sums.nearest(range(3), 2)) == (0, 1)


def test_a_pair_of_which_one_damps_the_other_is_among_the_first():
    """Others add up to numbers that are nearer; but these two need only be stretched."""
    first, other = np.array([0.8, 0.0, 0.4, 0.0]), np.array([0.0, 0.5, 0.0, 0.5])
    near, little = np.array([0.1, 0.4, 0.1, 0.5]), np.array([0.0, 0.0, 0.0, 0.01])
    sums = Sums(0.1 * first + other, [first, other, near, little])
    sets = np.array([(0, 1), (2, 3)])
    by_sums, stretched = sums.measures(sets)
    assert by_sums[0] > by_sums[1]
    assert stretched[0] < stretched[1]
    assert (0, 1) in itertools.islice(sums.nearest(range(4), 2), 2)


def test_two_that_do_the_same_are_stretched_alike():
    first = np.array([1.0, -1.0])
    assert np.isfinite(
        Sums(first, [first, first, 0 * first]).stretched(np.array([(0, 1), (0, 2), (1, 2)]))
    ).all()


def test_what_two_add_beyond_both_counts_in_larger_sets():
    """Each adds 1, the last one more; two add 5 more when they are together: three come to 8.5, the last in order."""
    first = np.array([1.0])
    sums = Sums(np.array([8.5]), [first, first, first, first * 1.5])
    sums.learn([(1, 2)], np.array([[7.0]]))
    assert next(sums.nearest(range(4), 3)) == (1, 2, 3)


def test_what_each_adds_beside_one_that_turns_all_round_counts_in_larger_sets():
    """Alone the last two take 1 and 2 away, beside the first they add as much; and what both add is not known."""
    first = np.array([1.0])
    sums = Sums(np.array([0.7]), [0.1 * first, -0.2 * first, -0.4 * first, 0.3 * first])
    sums.learn([(0, 1)], np.array([[0.3]]))
    sums.learn([(0, 2)], np.array([[0.5]]))
    sets = np.array([*itertools.combinations(range(4), 3)])
    assert np.isclose(sums.measures(sets)[0][0], 0.0)
    assert (sums.measures(sets)[0][1:] > 0.09).all()
    assert next(sums.nearest(range(4), 3)) == (0, 1, 2)


@pytest.mark.parametrize("size", [3, 2000])
def test_numbers_are_sorted_alike_whether_some_come_first_or_all_at_once(size):
    draw = np.random.default_rng(size)
    rounded = draw.normal(size=size).round(1)  # many are equal
    for numbers in (rounded, np.where(rounded > 1, np.nan, rounded), np.zeros(size), np.full(size, np.nan)):
        assert [*ascending(numbers)] == np.argsort(numbers, kind="stable").tolist()


def test_pairs_come_in_one_order_before_and_after_larger_ones():
    draw = np.random.default_rng(4)
    sums = Sums(draw.normal(size=9), [*draw.normal(size=(30, 9))])
    places = range(30)
    first = [*sums.nearest(places, 2)]
    anew = sums.measures(np.array([*itertools.combinations(places, 2)]))
    orders = zip(*(np.argsort(far, kind="stable") for far in anew), strict=True)
    ranks = dict.fromkeys(place for order in orders for place in order)
    every = [*itertools.combinations(places, 2)]
    assert first == [every[place] for place in ranks]
    assert sums.ranked() == [*dict.fromkeys(itertools.chain.from_iterable(first))]
    together = draw.normal(size=(2, 9))
    sums.learn([(0, 1), (0, 1, 2)], together)
    (far, _) = sums.measures(np.array([[0, 1]]))
    assert far == distance(sums._wanted - together[0])


def test_those_come_first_that_come_near_together():
    far = np.array([40.0])
    sums = Sums(np.array([3.0]), [far, np.array([1.0]), -far * 3, np.array([2.0])])
    assert sums.ranked()[:2] == [1, 3]


def test_numbers_as_large_as_floats_go_are_far():
    largest = np.array([np.finfo(float).max])
    sums = Sums(-largest, [largest, largest, 0 * largest])
    assert (sums.measures(np.array([[0, 1], [0, 2], [1, 2]]))[0] == 1).all()


def test_answers_with_the_largest_numbers_are_alike_where_they_are_the_same():
    traces = [trace(1e308, np.inf, kinds=(0, 0)) for _ in range(2)]
    other = trace(1.0, np.inf, kinds=(0, 0))
    alike = TraceGroups()
    assert [alike.number(first) for first in (*traces, other)] == [0, 0, 1]
    assert traces[0].is_near(traces[1])
    assert not traces[0].is_near(other)


def test_a_part_of_another_kind_is_further_off_than_one_with_other_numbers():
    right = trace(1.0, 2.0, 3.0, kinds=(0, 0, 0))
    assert trace(1.0, 2.0, np.nan, kinds=(0, 0, 0)).apart(right) == 1
    assert trace(1.0, 9.0, 3.0, kinds=(1, 0, 0)).apart(right) == 3
    assert trace(1.0, kinds=(0,)).apart(right) == 4
    assert right.apart(right) == 0


@pytest.mark.parametrize(
    ("shape", "other", "steps"),
    [((2, 5, 8), (2, 4), 2), ((2, 8), (2, 4), 1), ((2, 5, 4), (2, 4), 1), ((), (3,), 1), ((2, 3), (2, 3), 0)],
)
def test_shapes_are_as_far_apart_as_axes_must_be_changed(shape, other, steps):
    assert axes_apart(shape, other) == axes_apart(other, shape) == steps


def test_of_two_mistakes_that_change_one_shape_each_brings_it_nearer():
    """Directions added, and only the last output: neither alone gives the shape, and each is nearer than none."""
    call = ops.Call("f", (), {})
    layout = Layout(Session("f", ((0, 0),), ((call,),), (True,)), [[ops.Value(np.ones((2, 5, 8)))]])
    trace, added, last, other = (
        layout.trace([[ops.Value(np.ones(shape, dtype))]])
        for shape, dtype in [((2, 4), "d"), ((2, 5, 4), "d"), ((2, 8), "d"), ((2, 4), "f")]
    )
    assert layout.reference.apart(trace) == 3
    assert added.apart(trace) == last.apart(trace) == other.apart(trace) == 2


def test_a_dict_of_two_keys_is_taken_for_no_array():
    """Its kind has three parts, as that of an array has; another kind is 2 off, as is each key that is not there."""
    call = ops.Call("f", (1.0,))
    answers = [[ops.Value({"w_ih": 1.0, "w_hh": 2.0})], [ops.Value({"w_ih": 1.0, "weight": 2.0})]]
    layout = Layout(Session("f", ((0, 0),), ((call,),), (True,)), answers[:1])
    other = layout.trace(answers[1:])
    assert layout.reference.apart(other) == layout.reference.apart(other, reshaped=True) == 6


def test_as_many_numbers_in_another_shape_are_nearer_where_they_may_have_been_reshaped():
    """One mistake more puts them in their places; in a shape with an axis of another size some are missing."""
    call = ops.Call("f", (), {})
    layout = Layout(Session("f", ((0, 0),), ((call,),), (True,)), [[ops.Value(np.ones((3, 2)))]])
    answer, turned, longer = (
        layout.trace([[ops.Value(np.ones(shape))]]) for shape in [(3, 3, 2), (3, 2, 3), (3, 3, 3)]
    )
    assert turned.apart(answer, reshaped=True) < longer.apart(answer, reshaped=True)
    assert turned.apart(answer) > longer.apart(answer)
    assert answer.apart(answer, reshaped=True) == 0


def test_parts_that_were_moved_are_found_by_their_kind():
    """Results swapped: the numbers of the outputs stand where the right answer has the state, and the reverse."""
    call = ops.Call("f", (), {})
    outputs, state = np.arange(6.0).reshape(2, 3), np.arange(2.0)
    layout = Layout(Session("f", ((0, 0),), ((call,),), (True,)), [[ops.Value(outputs), ops.Value(state)]])
    swapped = layout.trace([[ops.Value(state + 10), ops.Value(outputs + 10)]])
    mine, theirs, right = swapped.shared(swapped, layout.reference, moved=True)
    assert np.array_equal(mine, theirs)
    assert np.array_equal(swapped.numbers[mine], layout.reference.numbers[right] + 10)
    assert mine.size == 8
    assert not swapped.shared(swapped, layout.reference).size


def test_smaller_sets_come_first_and_each_once():
    assert smallest([("a", "b"), ("b", "a"), ("c",)], 5) == [("c",), ("a", "b")]


@pytest.mark.parametrize(
    ("old", "news", "together"),
    [
        ("z = a + b + c", ("z = a + b", "z = a + c"), "z = a"),
        (
            "h = m.tanh(z)",
            ("h = 1 / (1 + m.exp(-z))", "h = old + m.tanh(z)"),
            "h = old + 1 / (1 + m.exp(-z))",
        ),
        ("h = new", ("h = 0", "before = h\nh = new"), "before = h\nh = 0"),
        ("return a, b", ("return b, a", "return a[:, -1], b"), "return b, a[:, -1]"),
        ("h = tanh(z)", ("h = relu(z)", "h = exp(z)"), None),
        (
            "last_state = state",
            ("last_state = state[None]", "last_state = outputs[-1]"),
            "last_state = outputs[-1][None]",
        ),
        ("h = state", ("h = state[0]", "h = old_state"), "h = old_state[0]"),
        # One within the other: what the first puts in the place of a value, wherever the second has that.
        (
            "n = tanh(a + r * s)",
            ("n = tanh(a + (1 - r) * s)", "n = r * tanh(a + s)"),
            "n = (1 - r) * tanh(a + s)",
        ),
        ("n = tanh(a + r * s)", ("n = tanh(a + (1 - r) * s)", "n = tanh(a + s)"), None),
        ("s = h @ w", ("s = h.mean(0) @ w", "s = state[0] @ w"), "s = state[0].mean(0) @ w"),
        ("return h", ("return h, h", "return h.float()"), "return h.float(), h.float()"),
        ("return a, (h, c)", ("return a.T, (h.T, c.T)", "return a, (c, h)"), "return a.T, (c.T, h.T)"),
        ("return a, b", ("return a", "return a.T, b.T"), "return a.T"),
        ("return a, b", ("return b", "return a.T, b"), None),
    ],
)
def test_edits_of_one_line_are_put_together(old, news, together):
    assert joined(old, news) == together


def test_no_last_digit_parts_two_that_are_alike():
    """Wherever the numbers lie: none is on a limit of rounding whose other side is something else."""
    draws = np.random.default_rng(3)
    for scale in (1e-6, 1.0, 1e3):
        numbers = np.round(draws.normal(size=500) * scale, 5) + 5e-6
        alike = TraceGroups()
        apart = [trace(*(numbers * (1 + 1e-7 * draws.normal(size=500))), kinds=(0,) * 500) for _ in range(20)]
        assert {alike.number(answer) for answer in apart} == {0}


def test_what_is_further_off_than_rounding_is_another():
    alike = TraceGroups()
    numbers = np.linspace(-2.0, 2.0, 50)
    others = [trace(*(numbers + (np.arange(50) == place) * 1e-3), kinds=(0,) * 50) for place in range(50)]
    assert [alike.number(answer) for answer in others] == list(range(50))


def test_numbers_that_one_has_and_the_other_has_not_are_off_by_one():
    """As where weights could not be loaded in one of two: its numbers do not count."""
    whole = Trace((((0,), 0), ((1,), 0)), (0, 3, 4), np.arange(4.0))
    less = Trace((((0,), 0), ((1,), 0)), (0, 0, 1), np.array([3.0]))
    assert less.apart(whole) == 1
    assert less.apart(less) == 0
