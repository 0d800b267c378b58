"""The visible checks."""

import inspect

import torch
from pooling import Pooling


def test_weights_add_up_to_one():
    """The weights of a sequence are a mean's."""
    takes = [
        parameter
        for parameter in inspect.signature(Pooling).parameters.values()
        if parameter.default is parameter.empty
    ]
    model = Pooling(3, 4) if len(takes) == 2 else Pooling((3, 4))
    answer = model(torch.ones(2, 5, 3))[1].sum(dim=1)
    expected = torch.ones(2)
    assert torch.allclose(answer, expected), "the weights of each sequence add up to 1"
