"""Laws of modules: gradients reach what they should, parameters are registered, start sensibly and are used."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from types import MappingProxyType
from typing import Any

import numpy as np

from grader.suite import (
    assert_alive,
    assert_close,
    assert_differs,
    assert_good_start,
    assert_registered,
    assert_shape,
    generator,
    points,
)

from .cases import Case, frozen
from .exercises import Exercise, Module
from .making_tests import listed, made_test
from .padding import assert_zero_on_padding


def cotangents(exercise: Exercise, case: Case, *seed: str) -> tuple[Any, ...]:
    """Draw the gradient of the loss with respect to each result: an array of the result's shape, normal numbers.

    The loss is the sum of all results, each number times its cotangent (a vector-Jacobian product). The numbers are
    drawn from the course seed and the words `seed`.

    >>> outputs, hidden = laws.cotangents(RNN, MAIN, "rnn", "cotangents", "doc")
    >>> outputs.shape == MAIN.shape("N L H"), hidden.shape == MAIN.shape("N H")
    (True, True)
    """
    draw = generator(*seed)
    arrays = iter([frozen(draw.normal(size=size)) for size in exercise.shapes(case).values()])
    return tuple(_arranged(axes, arrays) for axes in exercise.results.values())


def input_gradients(
    exercise: Module,
    case: Case,
    cotangents: tuple[Any, ...],
    worth: float,
    group: str = "gradients",
    says: str = "",
    *,
    carried: Callable[[Any, Any, Case, tuple[Any, ...]], Any] | None = None,
) -> Any:
    """Make a test that the gradients of every argument are the reference's.

    `carried(student, reference, case, cotangents)` may give other gradients to accept, as in `assert_close`; so in the
    next two laws.

    >>> test_rnn_gradients_of_inputs = laws.input_gradients(RNN, MAIN, MAIN_COTANGENTS, worth=1)
    """
    what = ", ".join(f"gradient of {name}" for name in exercise.arguments)

    def check(student, reference, case):
        student_gradients, right_gradients = _gradients(exercise, student, reference, case, cotangents)
        other = None if carried is None else (lambda: carried(student, reference, case, cotangents))
        assert_close(
            student_gradients.inputs, right_gradients.inputs, what=what, length=case.steps, carried=other
        )

    says = says or f"Gradients flow back through {exercise.name} to {listed(exercise.arguments)}."
    return made_test(check, case, points(worth, group=group), says, compares=True)


def parameter_gradients(
    exercise: Module,
    case: Case,
    cotangents: tuple[Any, ...],
    worth: float,
    group: str = "gradients",
    says: str = "",
    *,
    carried: Callable[[Any, Any, Case, tuple[Any, ...]], Any] | None = None,
) -> Any:
    """Make a test that the gradients of every parameter are the reference's.

    >>> test_rnn_gradients_of_parameters = laws.parameter_gradients(RNN, MAIN, MAIN_COTANGENTS, worth=1)
    """
    names = tuple(exercise.parameters)

    def check(student, reference, case):
        student_gradients, right_gradients = _gradients(exercise, student, reference, case, cotangents)
        other = None if carried is None else (lambda: carried(student, reference, case, cotangents))
        assert_close(
            tuple(student_gradients.parameters.get(name) for name in names),
            tuple(right_gradients.parameters[name] for name in names),
            what=", ".join(f"gradient of {name}" for name in names),
            length=case.steps,
            carried=other,
        )

    says = says or "Every parameter gets its gradient, added up over all steps that used it."
    return made_test(check, case, points(worth, group=group), says, compares=True)


def no_gradient_on_padding(
    exercise: Module,
    case: Case,
    cotangents: tuple[Any, ...],
    worth: float,
    group: str = "gradients",
    says: str = "",
    *,
    carried: Callable[[Any, Any, Case, tuple[Any, ...]], Any] | None = None,
) -> Any:
    """Make a test that, with lengths, real steps of x get the reference's gradient, and padding gets zeros.

    >>> test_rnn_gradients_on_padding = laws.no_gradient_on_padding(RNN, PADDED, PADDED_COTANGENTS, worth=1)
    """

    def check(student, reference, case):
        student_gradients, right_gradients = _gradients(exercise, student, reference, case, cotangents)

        def other():
            gradients = carried(student, reference, case, cotangents) if carried is not None else None
            return None if gradients is None else gradients[0]

        assert_close(
            student_gradients.inputs[0],
            right_gradients.inputs[0],
            what="gradient of x",
            length=case.steps,
            carried=other,
        )
        assert_zero_on_padding(student_gradients.inputs[0], case.real, what="gradient of x")

    says = says or "With lengths, real steps get their gradient, and padding gets none."
    return made_test(check, case, points(worth, group=group), says, compares=True)


def _gradients(
    exercise: Module, student: Any, reference: Any, case: Case, cotangents: tuple[Any, ...]
) -> Any:
    """What student and reference give as gradients, the student's results checked for shape."""
    arguments, named = exercise.call(case)
    student_gradients, right_gradients = (
        exercise.made(module, case).gradients(*arguments, cotangents=cotangents, **named)
        for module in (student, reference)
    )
    shapes = exercise.shapes(case)
    for name, array in exercise.leaves(student_gradients.value).items():
        assert_shape(array, shapes[name], what=name)
    return student_gradients, right_gradients


def registered(exercise: Module, case: Case, worth: float, group: str = "parameters", says: str = "") -> Any:
    """Make a test that exactly the parameters of the exercise are registered, with their shapes, and all are trained.

    >>> test_rnn_registers_its_parameters = laws.registered(RNN, MAIN, worth=0.5)
    """
    expected = {name: array.shape for name, array in exercise.weights(case).items()}

    def check(student, case):
        assert_registered(exercise.fresh(student, case).parameters(), expected)

    says = says or f"{exercise.name} has exactly these trainable parameters: {listed(exercise.parameters)}."
    return made_test(check, case, points(worth, group=group, needs="number"), says)


def good_start(
    exercise: Module,
    names: Iterable[str],
    sizes: Mapping[str, int],
    worth: float,
    group: str = "parameters",
    says: str = "",
) -> Any:
    """Make a test that these matrices start as finite numbers of a sensible size, not all alike.

    `sizes` are those of the object that is made; a few tens for each, so that all alike by chance is out of the
    question.

    >>> test_rnn_starts_well = laws.good_start(RNN, ["w_output"], {"I": 20, "H": 30}, worth=0.5)
    """

    def check(student, sizes):
        assert_good_start(exercise.new(student, sizes).parameters(), tuple(names))

    says = says or "All weight matrices are registered and start filled with numbers of a sensible size."
    return made_test(check, MappingProxyType(sizes), points(worth, group=group, needs="number"), says)


def weights_used(
    exercise: Module,
    case: Case,
    names: Iterable[str],
    worth: float,
    group: str = "parameters",
    says: str = "",
) -> Any:
    """Make a test that the first result depends on each parameter of these `names`, on the inputs and on the state.

    It also asks that x comes in through the weights alone (`assert_read_through_weights`): the sum of all that comes in
    would depend on everything as well.

    >>> test_rnn_uses_its_weights = laws.weights_used(RNN, MAIN, ["w_output"], worth=0.5)
    """
    others = {name: {name: _other(array)} for name, array in exercise.weights(case).items() if name in names}
    called = {"x": "input", exercise.arguments.get(exercise.state): "state"}
    inputs = {key: _other(case[key]) for key in _keys(exercise.arguments.values())}

    def check(student, case):
        def ask(model, which):
            arguments, named = exercise.call(which)
            return next(iter(exercise.leaves(model(*arguments, **named)).items()))

        name, first = ask(exercise.made(student, case), case)
        shape = exercise.shapes(case)[name]
        assert_alive(first, shape, what=name)
        changed = {
            **{
                f"another {called.get(key, key)}": (case.instead(**{key: array}), {})
                for key, array in inputs.items()
            },
            **{f"another {name}": (case, loaded) for name, loaded in others.items()},
        }
        for on, (which, loaded) in changed.items():
            model = exercise.made(student, case)
            _, other = ask(model.load(loaded) if loaded else model, which)
            assert_alive(other, shape, what=name)
            assert_differs(first, other, what=name, on=on)
        assert_read_through_weights(exercise, student, case)

    says = (
        says
        or f"Other values in {listed(names)} change {exercise.first}, and so do other inputs and other states."
    )
    return made_test(check, case, points(worth, group=group, gives="number"), says)


def assert_read_through_weights(exercise: Module, student: Any, case: Case) -> None:
    """Raise Difference unless x reaches the first result through the weights alone, each number by its own weight.

    Another x must change nothing where all weights are zero. And the first result must change with the order of x's
    features and with the order of the numbers in the weights, which a product of sums would not.

    >>> def test_rnn_reads_x_through_its_weights(student):
    ...     assert_read_through_weights(RNN, student, MAIN)
    """
    answers = []
    for which in (case, case.instead(x=_other(case["x"]))):
        model = exercise.made(student, which).load(
            {name: frozen(np.zeros_like(array)) for name, array in exercise.weights(which).items()}
        )
        arguments, named = exercise.call(which)
        name, array = next(iter(exercise.leaves(model(*arguments, **named)).items()))
        assert_shape(array, exercise.shapes(which)[name], what=name)
        answers.append(array)
    assert_close(
        answers[1], answers[0], what=f"{name} for another x, where all weights are zero", length=case.steps
    )
    turned = {
        name: frozen(array[::-1, ::-1]) for name, array in exercise.weights(case).items() if array.ndim == 2
    }
    plain, features, numbers = (
        _first(exercise, student, which, weights)
        for which, weights in ((case, {}), (case.instead(x=frozen(case["x"][..., ::-1])), {}), (case, turned))
    )
    assert_differs(plain, features, what=name, on="the features of x in another order")
    assert_differs(plain, numbers, what=name, on="the numbers of the weights in another order")


def _first(exercise: Module, student: Any, case: Case, weights: Mapping[str, Any]) -> Any:
    """The first result of an object with the weights of the case, or with these instead."""
    model = exercise.made(student, case)
    arguments, named = exercise.call(case)
    answer = (model.load(weights) if weights else model)(*arguments, **named)
    return next(iter(exercise.leaves(answer).values()))


def _arranged(axes: Any, arrays: Iterator[np.ndarray]) -> Any:
    """The next arrays, put together as the axes of a result are."""
    return tuple(_arranged(part, arrays) for part in axes) if isinstance(axes, tuple) else next(arrays)


def _keys(keys: Iterable[Any]) -> Iterator[str]:
    for key in keys:
        yield from _keys(key) if isinstance(key, tuple) else (key,)


def _other(array: np.ndarray) -> np.ndarray:
    """Other numbers of the same size."""
    return frozen(array[::-1] * array.dtype.type(0.6) + array.dtype.type(0.2))
