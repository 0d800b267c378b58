"""The visible checks."""

import inspect

import torch
from pooling import Pooling


def test_weights_add_up_to_one():
    """The weights of a sequence are a mean's."""
    takes = [one for one in inspect.signature(Pooling).parameters.values() if one.default is one.empty]
    model = Pooling(3, 4) if len(takes) == 2 else Pooling((3, 4))
    got = model(torch.ones(2, 5, 3))[1].sum(dim=1)
    expected = torch.ones(2)
    assert torch.allclose(got, expected), "the weights of each sequence add up to 1"
