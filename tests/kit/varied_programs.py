"""Right programs for `rnn` as many students would write them: each choice is made for itself, by a seed.

GRAMMAR has a section for each thing that can be written in several ways; `--` stands between the ways, and `<name>` is
where another section goes. A way that stands twice is the usual one.
"""

from __future__ import annotations

import random
import re
from collections.abc import Mapping

GRAMMAR = """
[program]
<imports>
import numpy as np


def all_steps(lengths, samples, steps):
    return [steps] * samples if lengths is None else list(lengths)


<numpy>


<cell>


<network>
--
import numpy as np
<imports>


def one_step(x_t, h, w_input, w_hidden, bias):
    return np.tanh(x_t @ w_input + h @ w_hidden + bias)


def all_steps(lengths, samples, steps):
    if lengths is not None:
        return lengths
    return samples * (steps,)


<cell>


<numpy>


<network>
[imports]
import torch
from torch import nn
--
import torch
import torch.nn as nn
[numpy]
def rnn_forward(x, h0, w_input, w_hidden, bias, lengths=None):
    <sizes>
    <default>
    <steps>
--
def rnn_forward(x, h0, w_input, w_hidden, bias, lengths=None):
    <sizes>
    <default>
    <steps>
--
def rnn_forward(x, h0, w_input, w_hidden, bias, lengths=None):
    <sizes>
    <default>
    <samples>
--
def rnn_forward(x, h0, w_input, w_hidden, bias, lengths=None):
    <sizes>
    <default>
    <afterwards>
[sizes]
n, steps, _ = x.shape
--
n = x.shape[0]
steps = x.shape[1]
--
n, steps = x.shape[:2]
--
n, steps = len(x), x.shape[1]
[default]
if lengths is None:
    lengths = [steps] * n
--
lengths = np.full(n, steps) if lengths is None else np.asarray(lengths)
--
if lengths is None:
    lengths = np.repeat(steps, n)
else:
    lengths = np.array(lengths)
--
lengths = all_steps(lengths, n, steps)
[net]
np.tanh(x_t @ w_input + h @ w_hidden + bias)
--
np.tanh(np.dot(x_t, w_input) + np.dot(h, w_hidden) + bias)
--
np.tanh(bias + np.matmul(x_t, w_input) + np.matmul(h, w_hidden))
--
np.tanh(h @ w_hidden + x_t @ w_input + bias)
--
np.tanh(np.concatenate([x_t, h], axis=-1) @ np.concatenate([w_input, w_hidden]) + bias)
[steps]
<collected>
h = h0
<loop>
    new = <net>
    <mask>
    <hold>
    states.append(np.where(real, h, 0))
return np.stack(states, axis=1), h
--
states = []
h = h0
<loop>
    new = <net>
    <mask>
    <hold>
    states += [h * real]
return np.array(states).swapaxes(0, 1), h
--
h = h0
states = np.zeros((n, steps, h0.shape[-1]), dtype=h0.dtype)
<loop>
    new = <net>
    <mask>
    <hold>
    states[:, t] = h * real
return states, h
[collected]
states = []
--
states = list()
[loop]
for t in range(steps):
    x_t = x[:, t]
--
for t in range(0, steps):
    x_t = x[:, t, :]
--
for t, x_t in enumerate(np.swapaxes(x, 0, 1)):
    pass
[mask]
real = (t < np.asarray(lengths))[:, None]
--
real = np.array([t < k for k in lengths]).reshape(-1, 1)
--
real = np.expand_dims(np.array(lengths) > t, 1)
[hold]
h = np.where(real, new, h)
--
h = real * new + (1 - real) * h
h = h.astype(x.dtype)
--
h = h + np.where(real, new - h, 0)
[samples]
<last>
states = np.zeros((n, steps, h0.shape[1]), dtype=x.dtype)
for i in range(n):
    h = h0[i]
    <inner>
    last[i] = h
return states, last
--
states = np.zeros_like(x, shape=(n, steps, h0.shape[-1]))
<last>
for i, count in enumerate(lengths):
    h = h0[i]
    <inner>
    last[i] = h
return states, last
[last]
last = np.empty_like(h0)
--
last = h0.copy()
--
last = np.zeros(h0.shape, h0.dtype)
[inner]
for t in range(int(lengths[i])):
    x_t = x[i, t]
    h = <net>
    states[i, t] = h
--
t = 0
while t < lengths[i]:
    x_t = x[i][t]
    h = <net>
    states[i, t, :] = h
    t += 1
--
for t, x_t in enumerate(x[i, : lengths[i]]):
    h = <net>
    states[i, t] = h
[afterwards]
h = h0
states = []
for t in range(steps):
    x_t = x[:, t]
    h = <net>
    states.append(h)
states = np.stack(states, axis=1)
<end>
return states, last
--
h = h0
states = np.empty((n, steps, h0.shape[1]), x.dtype)
for t in range(steps):
    x_t = x[:, t, :]
    h = <net>
    states[:, t, :] = h
<end>
return states, last
[end]
lengths = np.asarray(lengths)
last = states[np.arange(n), lengths - 1].copy()
states[np.arange(steps)[None, :] >= lengths[:, None]] = 0
--
last = np.array([states[i, k - 1] for i, k in enumerate(lengths)])
for i, k in enumerate(lengths):
    states[i, k:] = 0
--
last = h0.copy()
for i in range(n):
    last[i] = states[i, lengths[i] - 1]
    states[i, lengths[i]:, :] = 0
[cell]
class RNNCell(nn.Module):
    def __init__(self, input_size, hidden_size):
        super().__init__()
        self.hidden_size = hidden_size
        <weights>

    def forward(self, x, hidden_state=None):
        <zeros>
        <answer>
--
class RNNCell(nn.Module):
    def __init__(self, input_size, hidden_size):
        super().__init__()
        <weights>
        self.hidden_size = self.bias.shape[0]

    def forward(self, x, hidden_state=None):
        <zeros>
        <answer>
[weights]
self.w_input = nn.Parameter(torch.randn(input_size, hidden_size) / hidden_size ** 0.5)
self.w_hidden = nn.Parameter(torch.randn(hidden_size, hidden_size) / hidden_size ** 0.5)
self.bias = nn.Parameter(torch.zeros(hidden_size))
--
bound = 1 / hidden_size ** 0.5
self.w_input = nn.Parameter(torch.empty(input_size, hidden_size).uniform_(-bound, bound))
self.w_hidden = nn.Parameter(torch.empty(hidden_size, hidden_size).uniform_(-bound, bound))
self.bias = nn.Parameter(torch.empty(hidden_size).uniform_(-bound, bound))
--
k = hidden_size ** -0.5
self.w_input = nn.Parameter(k * (2 * torch.rand(input_size, hidden_size) - 1))
self.w_hidden = nn.Parameter(k * (2 * torch.rand(hidden_size, hidden_size) - 1))
self.bias = nn.Parameter(torch.zeros(hidden_size))
--
self.w_input = torch.nn.Parameter(torch.zeros(input_size, hidden_size).normal_(0, 0.1))
self.w_hidden = torch.nn.Parameter(torch.zeros(hidden_size, hidden_size).normal_(0, 0.1))
self.bias = torch.nn.Parameter(torch.zeros(hidden_size).normal_(0, 0.1))
--
self.w_input = nn.Parameter(torch.Tensor(input_size, hidden_size))
self.w_hidden = nn.Parameter(torch.Tensor(hidden_size, hidden_size))
self.bias = nn.Parameter(torch.Tensor(hidden_size))
for weight in self.parameters():
    nn.init.uniform_(weight, -0.1, 0.1)
[zeros]
if hidden_state is None:
    hidden_state = torch.zeros(x.shape[0], self.hidden_size, dtype=x.dtype)
--
if hidden_state is None:
    hidden_state = x.new_zeros(len(x), self.hidden_size)
--
hidden_state = x.new_zeros((x.size(0), self.hidden_size)) if hidden_state is None else hidden_state
[answer]
return torch.tanh(x @ self.w_input + hidden_state @ self.w_hidden + self.bias)
--
return (x.matmul(self.w_input) + hidden_state.matmul(self.w_hidden) + self.bias).tanh()
--
a = torch.mm(x, self.w_input)
b = torch.mm(hidden_state, self.w_hidden)
return torch.tanh(a + b + self.bias)
--
net = torch.addmm(self.bias, x, self.w_input) + hidden_state @ self.w_hidden
return torch.tanh(net)
[network]
class RNN(nn.Module):
    def __init__(self, input_size, hidden_size):
        super().__init__()
        self.hidden_size = hidden_size
        self.cell = RNNCell(input_size, hidden_size)
        self.w_output = <out_weights>

    def forward(self, x, hidden_state=None, lengths=None):
        <t_body>
--
class RNN(nn.Module):
    def __init__(self, input_size, hidden_size):
        super().__init__()
        self.w_output = <out_weights>
        self.cell = RNNCell(input_size, hidden_size)
        self.hidden_size = hidden_size

    def forward(self, x, hidden_state=None, lengths=None):
        <t_body>
[out_weights]
nn.Parameter(torch.randn(hidden_size, hidden_size) / hidden_size ** 0.5)
--
nn.Parameter(torch.empty(hidden_size, hidden_size).uniform_(-0.3, 0.3))
--
nn.Parameter(0.1 * (2 * torch.rand(hidden_size, hidden_size) - 1))
--
torch.nn.Parameter(torch.zeros(hidden_size, hidden_size).normal_(0, 0.1))
[t_body]
<t_sizes>
<t_default>
<t_zeros>
states = []
for t in range(steps):
    <t_step>
    <t_mask>
    <t_hold>
    <t_out>
return torch.stack(states, dim=1), h
--
<t_sizes>
<t_zeros>
<t_default>
states = []
for t in range(steps):
    <t_step>
    <t_mask>
    <t_hold>
    states.append(h * real)
return torch.stack(states, 1) @ self.w_output, h
--
<t_sizes>
<t_default>
<t_zeros>
outputs = x.new_zeros(n, steps, self.hidden_size)
for t, x_t in enumerate(x.unbind(1)):
    new = self.cell(x_t, h)
    <t_mask>
    <t_hold>
    outputs[:, t] = torch.matmul(h, self.w_output) * real
return outputs, h
[t_sizes]
n, steps, _ = x.shape
--
n, steps = x.size(0), x.size(1)
--
n = x.shape[0]
steps = x.shape[1]
[t_default]
if lengths is None:
    lengths = [steps] * n
lengths = torch.as_tensor(lengths)
--
lengths = torch.full((n,), steps) if lengths is None else torch.tensor(list(lengths))
--
lengths = torch.tensor(all_steps(lengths, n, steps))
[t_zeros]
if hidden_state is None:
    hidden_state = torch.zeros(n, self.hidden_size, dtype=x.dtype)
h = hidden_state
--
h = x.new_zeros(n, self.hidden_size) if hidden_state is None else hidden_state
--
h = hidden_state
if h is None:
    h = x.new_zeros((n, self.hidden_size))
[t_mask]
real = (t < lengths)[:, None]
--
real = (lengths > t).unsqueeze(1)
--
real = torch.lt(t, lengths).view(-1, 1)
[t_step]
new = self.cell(x[:, t], h)
--
new = self.cell.forward(x[:, t, :], h)
--
x_t = x.select(1, t)
new = self.cell(x_t, h)
[t_hold]
h = torch.where(real, new, h)
--
h = real * new + ~real * h
--
h = h + (new - h) * real
[t_out]
states.append((h @ self.w_output) * real)
--
out = torch.matmul(h, self.w_output)
states.append(out.masked_fill(~real, 0))
--
y = h.mm(self.w_output)
states += [torch.where(real, y, torch.zeros_like(y))]
"""

_PLACE = re.compile(r"( *)(.*?)<(\w+)>(.*)")


def _sections() -> Mapping[str, list[list[str]]]:
    sections: dict[str, list[list[str]]] = {}
    for line in GRAMMAR.strip().splitlines():
        if line.startswith("["):
            versions = sections[line.strip("[]")] = [[]]
        elif line == "--":
            versions.append([])
        else:
            versions[-1].append(line)
    return sections


SECTIONS = _sections()
_NAMES = (
    {},
    {
        "h": "state",
        "states": "collected",
        "real": "valid",
        "n": "batch",
        "steps": "seq_len",
        "x_t": "current",
    },
    {"h": "s", "states": "all_h", "real": "keep", "n": "B", "steps": "T", "x_t": "inp", "t": "step"},
    {"h": "hidden", "states": "hist", "real": "mask", "n": "N", "steps": "L", "x_t": "xt", "t": "j"},
)


def varied(seed: int) -> str:
    """A right program of a style of its own."""
    draw = random.Random(seed)
    text = "\n".join(_written(draw, "program")) + "\n"
    for name, other in draw.choice(_NAMES).items():
        text = re.sub(rf"(?<![\w.']){name}\b(?!=)", other, text)
    return text


def _written(draw: random.Random, section: str) -> list[str]:
    lines: list[str] = []
    for line in draw.choice(SECTIONS[section]):
        match = _PLACE.fullmatch(line)
        if match is None:
            lines.append(line)
            continue
        indent, before, name, after = match.groups()
        inner = _written(draw, name)
        first = f"{indent}{before}{inner[0]}{after}"
        lines += [first, *(f"{indent}{inner_line}" if inner_line else "" for inner_line in inner[1:])]
    return lines
