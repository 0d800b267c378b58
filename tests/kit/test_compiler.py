"""Torch's compiler is not loaded by what only wants it to keep out, and is there for whoever needs it."""

from __future__ import annotations

import subprocess
import sys

CODE = """
import sys, warnings
import torch
from grader.subject.compiler import without_compiler
without_compiler(torch)
layer = torch.nn.Linear(2, 2)
def loss():
    optimizer.zero_grad()
    value = layer(torch.ones(1, 2)).square().sum()
    value.backward()
    return value
for name in ("SGD", "Adam", "AdamW", "RMSprop", "LBFGS"):
    optimizer = getattr(torch.optim, name)(layer.parameters(), lr=0.01)
    before = layer.weight.detach().clone()
    optimizer.step(loss)
    assert not torch.equal(layer.weight, before), name
    optimizer.load_state_dict(optimizer.state_dict())
kept_out = torch.compiler.disable(layer)
assert kept_out is layer and torch.compile(layer) is layer
for module in list(sys.modules.values()):  # as a suite is collected, and as many a library does
    for attribute in ("__file__", "__all__", "__warningregistry__"):
        getattr(module, attribute, None)
assert "sympy" not in sys.modules, "the compiler was loaded"
assert torch.func.grad(torch.sum)(torch.zeros(2)).tolist() == [1, 1]
assert "sympy" in sys.modules
import torch._dynamo.config
from torch._dynamo import optimize
assert sys.modules["torch._dynamo"] is torch._dynamo and torch._dynamo.optimize is optimize
optimizer.step(loss)
print("done")
"""


def test_optimizers_do_not_load_the_compiler_and_what_needs_it_finds_it():
    ended = subprocess.run([sys.executable, "-c", CODE], capture_output=True, text=True)
    assert ended.stdout == "done\n", ended.stderr


def test_a_part_of_the_compiler_can_be_imported():
    code = "import torch\nfrom grader.subject.compiler import without_compiler\nwithout_compiler(torch)\n"
    code += "import torch._dynamo.config\nprint(torch._dynamo.config.__name__, type(torch._dynamo).__name__)"
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert ended.stdout == "torch._dynamo.config module\n", ended.stderr
