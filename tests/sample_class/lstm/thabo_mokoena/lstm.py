# ---
# jupyter:
#   jupytext:
#     text_representation:
#       extension: .py
#       format_name: percent
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # A cell with a memory: LSTM
#
# **Goal.** Write one step of an LSTM in numpy, and the whole network as a PyTorch module: two states, four
# gates, and sequences of different lengths.

# %% [markdown]
# ## Why a memory?
#
# In a plain recurrent network the state is rewritten at every step: it goes through `w_hidden` and through
# tanh, again and again. What step 0 had to say is soon gone, and so is its gradient: 50 steps back it has been
# multiplied by about the same small number 50 times.
#
# An **LSTM** (long short-term memory) carries a second state beside `h`: the **memory** `c`. The memory meets no
# matrix. At each step it is only scaled, and something is added to it. Four small layers, all fed by the same
# input and the same old `h`, decide how:
#
# * the **input gate** `i`: how much of what is new is written,
# * the **forget gate** `f`: how much of the old memory stays,
# * the **candidate** `g`: what could be written,
# * the **output gate** `o`: how much of the memory is shown in `h`.
#
# Gates are numbers between 0 (closed) and 1 (open), one for each unit of each sample.
#
# ![One step: the memory c runs along the top, is multiplied by f and gets i times g added; the state h is o times
# tanh of the memory](figures/cell.svg)

# %% [markdown]
# ## The formulas
#
# $$a = x W_{input} + h_{prev} W_{hidden} + b \qquad a = [a_i, a_f, a_g, a_o]$$
#
# $$i = \sigma(a_i) \quad f = \sigma(a_f) \quad g = \tanh(a_g) \quad o = \sigma(a_o)$$
#
# $$c_{next} = f \odot c_{prev} + i \odot g \qquad h_{next} = o \odot \tanh(c_{next})$$
#
# where $\odot$ multiplies entry by entry, and $\sigma(a) = 1 / (1 + e^{-a})$ is the sigmoid. The four layers lie side
# by side in one matrix, in the order **i, f, g, o**: columns 0 to H-1 of `w_input`, `w_hidden` and `bias` belong to
# the input gate, the next H to the forget gate, and so on.
#
# | name | shape | what it is |
# |---|---|---|
# | `x` | (N, I) a step, (N, L, I) sequences | the input, batch first |
# | `h_prev`, `c_prev` | (N, H) | the old state and the old memory |
# | `w_input`, `w_hidden`, `bias` | (I, 4H), (H, 4H), (4H,) | all four layers, in the order i, f, g, o |
# | `a` | (N, 4H) | before sigmoid and tanh |
# | `i`, `f`, `g`, `o` | (N, H) | the gates and the candidate |
# | `h_next`, `c_next` | (N, H) | the new state and the new memory |
# | `state` (module) | `(h0, c0)` or `None` | both initial states, each (N, H); `None` means zeros |
# | `lengths` (module) | N integers or `None` | how many steps of each sequence are real |
# | `outputs` (module) | (N, L, H) | `outputs[:, t]` is `h` after step t |
#
# The LSTM is from Hochreiter and Schmidhuber, *Long short-term memory* (Neural Computation 9(8), 1997); the forget gate
# was added by Gers, Schmidhuber and Cummins, *Learning to forget* (2000). Order and formulas are those of
# `torch.nn.LSTM`.

# %% [markdown]
# ## By hand, once
#
# One sample, one input, one unit, so each layer has one number of each kind:
#
# | | i | f | g | o |
# |---|---|---|---|---|
# | `w_input` | 2 | 0 | 1 | 1 |
# | `w_hidden` | 0 | 0 | 0.5 | -1 |
# | `bias` | -1 | 3 | 0 | 0.5 |
#
# Both states begin at zero, and the sequence is `1, 0, 0`: one knock at the door, then silence.
#
# | t | x | old h | a | i | f | g | o |
# |---|---|---|---|---|---|---|---|
# | 0 | 1 | 0 | 1, 3, 1, 1.5 | 0.7311 | 0.9526 | 0.7616 | 0.8176 |
# | 1 | 0 | 0.4133 | -1, 3, 0.2067, 0.0867 | 0.2689 | 0.9526 | 0.2038 | 0.5216 |
# | 2 | 0 | 0.2746 | -1, 3, 0.1373, 0.2254 | 0.2689 | 0.9526 | 0.1364 | 0.5561 |
#
# | t | new c | new h |
# |---|---|---|
# | 0 | `0.9526*0 + 0.7311*0.7616 = 0.5568` | `0.8176*tanh(0.5568) = 0.4133` |
# | 1 | `0.9526*0.5568 + 0.2689*0.2038 = 0.5852` | `0.5216*tanh(0.5852) = 0.2746` |
# | 2 | `0.9526*0.5852 + 0.2689*0.1364 = 0.5941` | `0.5561*tanh(0.5941) = 0.2963` |
#
# Two steps after the knock the plain network of the exercise before was down to 0.1797. Here the memory still
# holds 0.5941, because its forget gate stays open.

# %% [markdown]
# ## Sequences of different lengths
#
# As before, short sequences are filled up at the end with **padding**, and `lengths` says how many steps are real:
# between 1 and L, in any order; `None` means all. Whatever the padding holds must change nothing. Outputs there are
# zero, and *both* returned states are those after the last real step:
#
# ```
# x[0] = 1  0  0        lengths = [3, 2]
# x[1] = 1  0  9   <- this 9 is padding
# ```
#
# | | outputs | h_last | c_last |
# |---|---|---|---|
# | sample 0 | 0.4133, 0.2746, 0.2963 | 0.2963 | 0.5941 |
# | sample 1 | 0.4133, 0.2746, 0 | 0.2746 | 0.5852 |
#
# ![Sample 1, of length 2: at the padding h and c stay what they were, and the output there is
# zero](figures/padding.svg)

# %% [markdown]
# ## What is graded
#
# | group | points | what it looks at |
# |---|---|---|
# | shapes | 4 | results of the right shape, for any N, L, I and H |
# | numerics | 14 | the right numbers at every step, also after hundreds of steps |
# | initial_state | 5 | both given states are used, missing ones mean zeros |
# | lengths | 7 | padding changes nothing, whatever it holds |
# | gradients | 4 | gradients reach every step, both states and every parameter |
# | parameters | 2 | registered under their names, and used |
# | behaviour | 4 | arguments unchanged, nothing kept from call to call |
# | in all | 40 | |
#
# Only the names `lstm_cell_forward` and `LSTM` are graded; `sigmoid` and everything else in this file is yours.
# Your code must leave its arguments unchanged, keep nothing from one call to the next, and give float32 back for
# float32 and float64 for float64.
#
# Results are numpy arrays or tensors, whichever you computed with, two of them as a tuple or a list; a list of
# numbers is no array.
#
# Points for what any array of the right shape could have (its dtype, unchanged arguments, registered weights,
# nothing kept) count once one number of that exercise is right, and a wrong dtype costs its points only once.
#
# **Write the step yourself.** Gates and loop are what this exercise is about, so torch's own `nn.LSTM`, `nn.LSTMCell`
# and their functions are not for it. Your result says when one was called. To compare with them is a good idea: one
# of the visible checks does it.
#
# Questions to ask yourself before you hand in:
#
# * Which of the four layers has a tanh, and why would a sigmoid there be a pity?
# * There is a tanh around `c_next`. Is it in the memory that goes on to the next step, too?
# * Which of the two states do the layers read? Which one is shown as output?
# * Swap the input gate and the forget gate in your head. With zero initial states, at which step is it first seen?
# * What do `h` and `c` of a short sequence do while the others read on?

# %%
import math

import numpy as np
import torch
from torch import nn

# %% [markdown]
# ## A helper that is given
#
# numpy has no sigmoid. In this one no exponential can overflow, and it keeps the dtype.


# %%
def sigmoid(a):
    """1 / (1 + exp(-a)) for every entry of a numpy array."""
    e = np.exp(-np.abs(a))
    return np.where(a < 0, e, 1) / (1 + e)


# %% [markdown]
# ## Your turn: one step in numpy


# %%
def lstm_cell_forward(x, h_prev, c_prev, w_input, w_hidden, bias):
    """One step of an LSTM, in numpy.

    x (N, I), h_prev (N, H), c_prev (N, H), w_input (I, 4H), w_hidden (H, 4H), bias (4H,), in the order i, f, g, o.
    Returns h_next (N, H) and c_next (N, H).
    """
    raise NotImplementedError("your turn: compute the four layers, the new memory and the new state")


# %% [markdown]
# ## Your turn: the network as a PyTorch module
#
# The module owns exactly three parameters, `w_input` (I, 4H), `w_hidden` (H, 4H) and `bias` (4H,). A good start for
# each is uniform between -1/sqrt(H) and 1/sqrt(H). (Many people add 1 to the forget gate's bias, so that a new
# network remembers before it has learned anything.)
#
# Begin with `lengths=None`, make that work, then think about padding.


# %%
class LSTM(nn.Module):
    """An LSTM over whole sequences. Owns w_input (I, 4H), w_hidden (H, 4H) and bias (4H,)."""

    def __init__(self, input_size, hidden_size):
        super().__init__()
        self.input_size = input_size
        self.hidden_size = hidden_size
        raise NotImplementedError("your turn: make the three parameters")

    def forward(self, x, state=None, lengths=None):
        """x (N, L, I), state (h0, c0), each (N, H), or None (zeros), lengths: N integers or None (all L).

        Returns outputs (N, L, H), zero on padding, and (h_last, c_last), each (N, H), after each last real step.
        """
        raise NotImplementedError("your turn: run the step over the sequence and collect the states")


# %% [markdown]
# ## Try it
#
# Until every part is written this stops with `NotImplementedError`, as it should.

# %%
if __name__ == "__main__":
    weights = (
        np.array([[2.0, 0.0, 1.0, 1.0]]),
        np.array([[0.0, 0.0, 0.5, -1.0]]),
        np.array([-1.0, 3.0, 0.0, 0.5]),
    )
    h, c = np.zeros((1, 1)), np.zeros((1, 1))
    for knock in (1.0, 0.0, 0.0):
        h, c = lstm_cell_forward(np.array([[knock]]), h, c, *weights)
        print(
            h[0, 0].round(4), c[0, 0].round(4)
        )  # the example by hand: 0.4133 0.5568, then 0.2746 0.5852, ...

    x = torch.randn(5, 3, 10)
    outputs, (h_last, c_last) = LSTM(10, 20)(x)
    print(outputs.shape, h_last.shape, c_last.shape)  # (5, 3, 20), (5, 20) and (5, 20)
