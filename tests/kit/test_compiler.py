"""Torch's compiler, and what is loaded for it, is left out where nobody needs it, and is there for whoever does."""

from __future__ import annotations

import subprocess
import sys

import pytest

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


WITHOUT_SHAPES = """
import sys
from grader.subject import compiler
compiler.without_registrations()
import torch
compiler.without_compiler(torch)
assert "torch._decomp" not in sys.modules, "the shapes were loaded"
for module in list(sys.modules.values()):
    for attribute in ("__file__", "__all__", "__warningregistry__", "__path__"):
        if module.__name__ != "torch._dynamo":
            getattr(module, attribute, None)
vector = torch.ones(3, device="meta")
"""


@pytest.mark.parametrize(
    "needing",
    [
        "compiler.with_registrations()",
        "torch._meta_registrations.pooling_output_shape",
        "import torch._dynamo.config",
        "torch.func.grad(torch.sum)(torch.zeros(2))",
    ],
)
def test_shapes_without_numbers_are_left_out_until_they_are_needed(needing):
    code = f"{WITHOUT_SHAPES}{needing}\ncompiler.with_registrations()\n"
    code += "print(torch.dot(vector, vector).shape, 'torch._decomp' in sys.modules)\n"
    code += "print(torch._meta_registrations is sys.modules['torch._meta_registrations'])\n"
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert ended.stdout.splitlines() == ["torch.Size([]) True", "True"], ended.stderr


def test_what_goes_without_these_shapes_does_not_load_them():
    code = (
        WITHOUT_SHAPES
        + """
lstm = torch.nn.LSTM(3, 4, bidirectional=True, batch_first=True)
packed = torch.nn.utils.rnn.pack_padded_sequence(torch.ones(2, 3, 3), [3, 2], batch_first=True)
outputs, (h, c) = torch.nn.utils.rnn.pad_packed_sequence(lstm(packed)[0], batch_first=True)[0], lstm(packed)[1]
loss = torch.nn.functional.cross_entropy(outputs[:, -1], torch.zeros(2, dtype=torch.long)) + h.norm() + c.std()
loss.backward()
torch.nn.utils.clip_grad_norm_(lstm.parameters(), 1.0)
torch.optim.Adam(lstm.parameters()).step()
torch.linalg.cholesky(torch.eye(3)) @ torch.fft.fft(torch.eye(3)).real
torch.autograd.functional.jacobian(torch.sigmoid, torch.ones(2))
torch.jit.script(torch.nn.Linear(2, 2))(torch.ones(1, 2))
print("torch._decomp" in sys.modules)
"""
    )
    ended = subprocess.run([sys.executable, "-W", "ignore", "-c", code], capture_output=True, text=True)
    assert ended.stdout == "False\n", ended.stderr
