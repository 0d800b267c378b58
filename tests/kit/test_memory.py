"""Memory that nobody has written to: the same for every run, so that one file gets one verdict, and said where seen."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest

from grader.run.path import Options, grade
from grader.subject import memory
from grader.subject.operations import Parameter
from grader.suite import Difference, assert_alive, assert_close, assert_good_start

from . import course_factory as factory
from .locked import skip_without_jail

STORED = "torch.zeros(1, dtype=torch.float64).set_({}, 0, (2, 3)).numpy()"
MADE = {
    "np.empty": "np.empty(x.shape)",
    "np.empty, large": "np.empty((300, 400))[:2, :3]",
    "np.empty, long": "np.empty(10_000_000)[-6:].reshape(2, 3)",
    "np.empty, single": "np.empty(x.shape, np.float32)",
    "np.empty, integers": "np.empty(x.shape, int)",
    "np.empty_like": "np.empty_like(x)",
    "np.ndarray": "np.ndarray(x.shape)",
    "np.resize": "(lambda a: (a.resize((40, 3)), a[:2])[1])(np.empty((1, 3)))",
    "torch.empty": "torch.empty(2, 3, dtype=torch.float64).numpy()",
    "torch.Tensor": "torch.Tensor(2, 3).numpy()",
    "torch.empty_like": "torch.empty_like(torch.from_numpy(x.copy())).numpy()",
    "torch.new_empty": "torch.zeros(1).new_empty(2, 3).numpy()",
    "torch.empty_strided": "torch.empty_strided((2, 3), (3, 1), dtype=torch.float64).numpy()",
    "torch.empty_permuted": "torch.empty_permuted((2, 3), (1, 0), dtype=torch.float64).numpy()",
    "torch.resize_": "torch.zeros(1, dtype=torch.float64).resize_(2, 3).numpy()",
    "torch.UntypedStorage": STORED.format("torch.UntypedStorage(48)"),
    "torch.DoubleStorage": STORED.format("torch.DoubleStorage(6).untyped()"),
    "a storage that grew": STORED.format("(lambda s: (s.resize_(48), s)[1])(torch.UntypedStorage(8))"),
    "a storage after others were freed": "[torch.rand(6) for _ in range(9)][0].sum().item() * 0 + "
    + STORED.format("torch.UntypedStorage(48)"),
    "numbers where a mask says so": "np.add(x, factor, where=x > 9)",
    "padded": "np.pad(x, ((0, 0), (0, 3)), mode='empty')[:, 3:]",
    "after others were freed": "[np.random.rand(2, 3) for _ in range(9)][0] * 0 + np.empty((2, 3))",
    "half of it is set": "(lambda a: (a.__setitem__(0, x[0] * factor), a)[1])(np.empty(x.shape))",
    "a sum of it": "np.empty(x.shape) + np.empty(x.shape)",
}
PATTERN = (
    *("np.empty", "np.empty_like", "half of it is set", "after others were freed", "padded"),
    *("torch.UntypedStorage", "torch.DoubleStorage", "a storage after others were freed"),
)
NAN = ("torch.empty", "torch.empty_like", "torch.empty_strided", "torch.empty_permuted")


def source(memory):
    return factory.SOLUTION.replace("return x * factor", f"return {memory}")


@pytest.fixture(scope="module")
def runs(tmp_path_factory):
    """Each file graded several times: in two runs with other neighbours, in another order, twice in each."""
    skip_without_jail()
    course, assignment = factory.make_course(tmp_path_factory.mktemp("memory") / "course")
    submissions = [factory.submission(name, source(memory)) for name, memory in MADE.items()]
    again = [replace(each, student=f"{each.student} again") for each in submissions]
    outputs: dict[str, list[str]] = {name: [] for name in MADE}
    for order in ([*submissions, *again], [*reversed(again), *submissions]):
        for result in grade(course, assignment, order, options=Options(workers=2)):
            name = result.student.removesuffix(" again")
            outputs[name].append(json.dumps(replace(result, student="", seconds=0.0, key="").to_json()))
    return outputs


@pytest.mark.parametrize("name", MADE)
def test_one_file_gets_one_verdict_and_one_wording(runs, name):
    assert len(runs[name]) == 4
    assert len({*runs[name]}) == 1


@pytest.mark.parametrize("name", [*PATTERN, *NAN])
def test_what_was_never_written_to_is_said(runs, name):
    (message,) = {test["message"] for test in json.loads(runs[name][0])["tests"] if test["group"] == "numpy"}
    count = 3 if name == "half of it is set" else 6
    sentence = f"the result holds memory that was never written to, in {count} of 6 entries."
    assert message.startswith("the result holds NaN" if name in NAN else sentence)


def pattern(shape, dtype):
    return (
        np.full(np.prod(shape) * np.dtype(dtype).itemsize, memory.BYTE, np.uint8).view(dtype).reshape(shape)
    )


@pytest.mark.parametrize("dtype", ["float64", "float32"])
def test_the_pattern_is_known_in_every_check(dtype):
    unset, right = pattern((2, 3), dtype), np.linspace(-1, 1, 6).reshape(2, 3).astype(dtype)
    assert memory.unfilled(unset).all()
    assert not memory.unfilled(right).any()
    mixed = np.where([[True], [False]], unset, right)
    for check, message in (
        (
            lambda: assert_close(mixed, right, what="h"),
            "h holds memory that was never written to, in 3 of 6 entries.",
        ),
        (
            lambda: assert_alive(mixed, (2, 3), what="h"),
            "h holds memory that was never written to, in 3 of 6 entries.",
        ),
        (lambda: assert_good_start({"w": Parameter(mixed, True)}, ["w"]), "starts with leftovers of memory"),
    ):
        with pytest.raises(Difference, match="memory") as caught:
            check()
        assert message in str(caught.value)
