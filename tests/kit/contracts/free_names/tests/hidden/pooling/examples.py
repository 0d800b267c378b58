"""What a counterexample may show. How a module is given its numbers depends on its names: the lines say so."""

import numpy as np

from grader.diagnose import Example

X = np.array([[[1.0, 0.0], [0.0, 2.0], [-1.0, 1.0]], [[0.5, 0.5], [2.0, -1.0], [0.0, 1.0]]])
ROLES = {
    "projection": np.array([[1.0, 0.5, -1.0], [0.5, -0.5, 2.0]]),
    "bias": np.array([0.5, 0.0, -0.5]),
    "scorer": np.array([[1.0], [-2.0], [0.5]]),
}
HEAD = """
import torch
model = Pooling(2, 3)  # or Pooling((2, 3))
# Put projection, bias and scorer into the parameters of your model, whatever you have named them.
x = torch.tensor(x)
mask = None if mask is None else torch.tensor(mask)
"""
CALL = HEAD + "print(model.double()(x, mask))"
BACK = (
    HEAD
    + """x.requires_grad_()
pooled, weights = model.double()(x, mask)
(pooled * torch.tensor(dpooled)).sum().backward()
print({name: p.grad for name, p in model.named_parameters()}, x.grad)
"""
)


def examples(exercise):
    lines = "model = Pooling(2, 3)  # or Pooling((2, 3))\nprint([tuple(p.shape) for p in model.parameters()])"
    sizes = {"features": 2, "hidden": 3}
    yield Example("registered", sizes, what="parameters", lines=lines)
    for n, length in [(1, 1), (1, 2), (2, 3)]:
        x = X[:n, :length]
        for mask in (None, np.arange(length)[None, :] < np.array([[length], [1]])[:n]):
            yield Example("pooled", {"x": x, "mask": mask, **ROLES}, what="pooled, weights", lines=CALL)
    for mask in (None, np.array([[True, True, True], [True, False, False]])):
        arguments = {"x": X, "mask": mask, **ROLES, "dpooled": np.ones((2, 2))}
        yield Example("gradients", arguments, what="gradients, dx", lines=BACK)
