"""Answers that are no arrays of numbers: they travel, or are described."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from grader.subject import operations as ops
from grader.subject import wire
from grader.subject.host import Host
from grader.subject.plain import plain

ODD = {
    "complex": "np.ones(2) * 1j",
    "complex number": "1j",
    "objects": "np.array([object()])",
    "texts": "np.array(['a'])",
    "structured": "np.zeros(2, dtype=[('a', 'f8')])",
    "big-endian": "np.zeros(2, '>f8')",
    "long double": "np.zeros(2, np.longdouble)",
    "unsigned": "np.zeros(2, np.uint32)",
    "dates": "np.zeros(2, 'datetime64[s]')",
    "masked": "np.ma.masked_array([1.0, 2.0], [True, False])",
    "matrix": "np.matrix([[1.0]])",
    "giant strided": "np.lib.stride_tricks.as_strided(np.zeros(1), (2**40,), (0,))",
    "giant empty": "np.lib.stride_tricks.as_strided(np.zeros(1), (0, 2**40), (0, 0))",
    "many dimensions": "np.zeros((1,) * 12)",
    "sparse": "torch.eye(3).to_sparse()",
    "half": "torch.zeros(2, dtype=torch.bfloat16)",
    "meta": "torch.zeros(2, device='meta')",
    "quantized": "torch.quantize_per_tensor(torch.zeros(2), 0.1, 0, torch.qint8)",
    "giant expanded": "torch.zeros(1).expand(2**40)",
    "with gradient": "torch.ones(2, requires_grad=True)",
    "conjugate": "torch.ones(2, dtype=torch.complex64).conj()",
    "negative view": "torch.ones(2, dtype=torch.complex64).conj().imag",
    "wide int": "2**70",
    "numpy scalar": "np.float32(1)",
    "numpy truth": "np.bool_(True)",
    "bytes": "b'abc'",
    "set": "{1, 2}",
    "range": "range(3)",
    "generator": "(i for i in range(3))",
    "function": "odd",
    "class": "nn.Module",
    "module": "np",
    "not implemented": "NotImplemented",
    "deep": "deep()",
    "self-containing": "cycle()",
    "strange keys": "{1: 2, None: 3, (1, 2): 4, b'x': 5}",
    "named tuple": "collections.namedtuple('P', 'x y')(1, 2)",
    "giant list": "[0] * 100_000",
    "giant text": "'x' * 10**6",
    "surrogates": "'\\ud800'",
    "enumeration": "enum.IntEnum('E', 'A B').A",
    "packed": "nn.utils.rnn.pack_sequence([torch.zeros(2), torch.zeros(1)])",
    "hostile length": "type('L', (list,), {'__len__': lambda self: -1})([1])",
    "hostile iterator": "type('L', (list,), {'__iter__': lambda self: 1 / 0})([1])",
    "hostile key": "{type('K', (), {'__str__': lambda self: 1 / 0})(): 1}",
    "hostile name": "type('\\x1b[31m' * 1000, (), {})()",
    "hostile tensor": "type('T', (torch.Tensor,), {'detach': lambda self: 1 / 0})(2)",
    "hostile exception": "raises(type('E' * 1000, (Exception,), {'__str__': lambda self: 1 / 0}))",
    "hostile base exception": "raises(type('E', (BaseException,), {}))",
    "exit": "sys.exit(0)",
    "generator exit": "raises(GeneratorExit)",
}


ODD_SOURCE = """
import collections, enum, sys
import numpy as np, torch
from torch import nn
def deep():
    value = 1
    for _ in range(100):
        value = [value]
    return value
def cycle():
    value = [1]
    value.append(value)
    return value
def raises(error):
    raise error
def odd():
    return EXPRESSION
class Odd:
    def __call__(self):
        return EXPRESSION
"""


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("expression", ODD.values(), ids=ODD)
def test_odd_values_are_answers_like_others(expression):
    """Nothing comes out of `run`, and what comes back can be sent and read again."""
    mine = Host("odd")
    assert mine.load([(ODD_SOURCE.replace("EXPRESSION", expression), "")]).failures == ()
    for answers in (mine.run((ops.Call("odd"),)), mine.run((ops.Make(1, "Odd"), ops.Invoke(1)))):
        sent = wire.encode(answers)
        assert len(sent) < 1_000_000
        for answer in wire.decode_answers(sent):
            assert isinstance(answer, (ops.Value, ops.Raised))


def test_what_is_no_number_is_described():
    assert plain(np.ones(2) * 1j) == ops.Opaque("an array of complex128")
    assert plain({1, 2}) == ops.Opaque("a set")
    assert plain(2**70) == ops.Opaque("an int beyond 64 bits")
    assert plain(torch.zeros(2, dtype=torch.bfloat16)) == ops.Opaque(
        "a tensor of torch.bfloat16 (torch.strided)"
    )
    assert isinstance(plain(torch.ones(2, requires_grad=True)), np.ndarray)
    assert isinstance(plain(np.zeros(2**20)), np.ndarray)
    for large in (np.zeros(2**20 + 1), torch.zeros(2**21 + 1)):
        assert "too large to send" in plain(large).description


@pytest.mark.parametrize("operation", [ops.Invoke(99), ops.Load(99, {}), ops.ListParameters(99)])
def test_an_object_that_was_never_made_is_an_exception_not_a_crash(operation):
    assert isinstance(Host("empty").run((operation,))[0], ops.Raised)
