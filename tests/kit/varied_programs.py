"""Right programs for `rnn` as many students would write them: each choice is made for itself, by a seed.

GRAMMAR has a section for each thing that can be written in several ways; `--` stands between the ways, and `<name>` is
where another section goes. A way that stands twice is the usual one.
"""

from __future__ import annotations

import random
import re
from collections.abc import Mapping

from .varied_modules import MODULES

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
"""

_PLACE = re.compile(r"( *)(.*?)<(\w+)>(.*)")


def _sections() -> Mapping[str, list[list[str]]]:
    sections: dict[str, list[list[str]]] = {}
    for line in [*GRAMMAR.strip().splitlines(), *MODULES.strip().splitlines()]:
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
