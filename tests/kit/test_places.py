"""Python 3.10 keeps no place of an instruction in its line; it is found all the same, and is what later ones keep."""

from __future__ import annotations

import linecache
import sys
from types import CodeType

import pytest

from grader.subject import places

SOURCE = """\
import functools

def cell(x, state, weights):
    return x + (state @ weights.first) * 2 + weights.of(x)[0]

class Cell:
    @functools.wraps(cell)
    def forward(self, x):
        for one in (x, self.bias @ x):
            total = (one
                     @ self.weights
                     + self.layer(one).tanh())
            total += one[0] @ -self.bias
        if not total < self.limit:
            return [each @ total for each in x]
        return sum(a @ b for a, b in zip(x, total)) + (lambda y: y @ x)(total)
"""


def codes(code: CodeType):
    yield code
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from codes(constant)


def compiled(source: str, name: str = "<a submission>") -> CodeType:
    linecache.cache[name] = (len(source), None, source.splitlines(keepends=True), name)
    return compile(source, name, "exec")


@pytest.mark.skipif(sys.version_info < (3, 11), reason="these keep no places to compare with")
def test_it_is_the_place_that_later_versions_keep():
    kinds = {"BINARY_OP", "CALL", "BINARY_SUBSCR", "COMPARE_OP", "UNARY_NEGATIVE"}
    import dis

    compared = 0
    for code in codes(compiled(SOURCE)):
        for instruction in dis.get_instructions(code) if code.co_name != "<module>" else ():
            if instruction.opname in kinds:
                position = instruction.positions
                positions = (
                    *(position.lineno, position.end_lineno),
                    *(position.col_offset, position.end_col_offset),
                )
                assert places.place(code, instruction.offset) == positions, instruction
                compared += 1
    assert compared > 20


def test_the_part_that_raises_is_found():
    namespace: dict[str, object] = {}
    exec(compiled("def add(a, b, c):\n    return a * 2 + (b + c)\n"), namespace)
    with pytest.raises(TypeError) as raised:
        namespace["add"](1, "b", 2)
    trace = raised.tb.tb_next
    assert places.place(trace.tb_frame.f_code, trace.tb_lasti) == (2, 2, 20, 25)


@pytest.mark.parametrize(
    "positions", ["", "def add(a, b):\n    return a - b\n", "def add(a, b:\n", "x = (" * 300 + ")" * 300]
)
def test_nothing_is_told_of_another_text(positions):
    code = next(
        code_ for code_ in codes(compiled("def add(a, b):\n    return a + b\n")) if code_.co_name == "add"
    )
    compiled_from = code.co_filename
    linecache.cache[compiled_from] = (
        len(positions),
        None,
        positions.splitlines(keepends=True),
        compiled_from,
    )
    assert places.place(code, 4) is None


def test_two_functions_that_look_alike_are_not_told_apart():
    code = compiled("one, other = (lambda a: a @ a), (lambda a: a @ a)\n")
    function = next(code_ for code_ in codes(code) if code_.co_name == "<lambda>")
    assert places.place(function, 4) is None
