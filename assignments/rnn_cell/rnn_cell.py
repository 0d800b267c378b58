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
# # One step of a recurrent network
#
# **Goal.** Write the smallest part of a recurrent network, one time step, twice: once in numpy, so that
# you see every multiplication, and once as a PyTorch module, so that it can learn.

# %% [markdown]
# ## What is a recurrent network?
#
# An ordinary layer looks at one input and forgets it. A *recurrent* layer reads a sequence one step at a
# time and keeps a short summary of what it has read so far: the **hidden state**. At every step it mixes
# the new input with its own previous state. That loop back into itself is the *recurrent connection*.
#
# The same weights are used at every step (they are **shared**). So one small set of numbers can read
# sequences of any length, and what is learnt about a word at the start also helps at the end.
#
# In this exercise there is no loop yet: you write the one step that the loop will repeat.

# %% [markdown]
# ## The formula
#
# $$h_{next} = \tanh(x W_{input} + h_{prev} W_{hidden} + b)$$
#
# The $\tanh$ is taken of the whole sum, number by number. It keeps every entry of the state between
# -1 and 1, however often the step is repeated.
#
# | name | shape | what it is |
# |---|---|---|
# | `x` | (N, I) | the inputs of this step, one row per sample of the batch |
# | `h_prev` | (N, H) | the state before the step |
# | `w_input` | (I, H) | weights from the input to the state |
# | `w_hidden` | (H, H) | weights from the old state to the new one |
# | `bias` | (H,) | one number per hidden unit, the same for every sample |
# | result | (N, H) | the state after the step |
#
# N is the batch size, I the input size, H the hidden size. Any of them may be 1.
#
# ![One step: the input times w_input, the old state times w_hidden and the bias are added up; the tanh of the
# sum is the new state, and at the next step the old one](figures/cell.svg)

# %% [markdown]
# ## By hand, once
#
# One sample, two inputs, two hidden units:
#
# ```
# x      = [1, 2]      w_input  = [[0.1, 0.2],      bias = [0.1, -0.3]
#                                  [0.3, 0.4]]
# h_prev = [1, -1]     w_hidden = [[0.5, 0.1],
#                                  [0.2, 0.3]]
# ```
#
# * from the input: `[1*0.1 + 2*0.3, 1*0.2 + 2*0.4] = [0.7, 1.0]`
# * from the old state: `[1*0.5 - 1*0.2, 1*0.1 - 1*0.3] = [0.3, -0.2]`
# * with the bias, all added up: `[1.1, 0.5]`
# * after tanh: `[0.8005, 0.4621]`
#
# Rows of a weight matrix belong to what comes *in*, columns to what goes *out*.

# %% [markdown]
# ## Compare with torch
#
# `self_check.py`, beside this file, has helpers for your own eyes; they give no points. Call them in a cell of your
# notebook, or at the end of your file under `if __name__ == "__main__":`.
#
# ```
# from self_check import check_gradients, compare_with_torch
#
# compare_with_torch(rnn_cell_forward)  # one step of torch.nn.RNN, with the same weights
# compare_with_torch(RNNCell)           # the same for the module: results and gradients
# check_gradients(RNNCell)              # its gradients, and slopes that are measured
# ```
#
# Each prints a line for every result. Where yours differs, it says from which place on, what is there, and what torch
# has there. Begin with the smallest numbers that go wrong: `compare_with_torch(rnn_cell_forward, N=1, I=1, H=1)`.

# %% [markdown]
# ## What is graded
#
# | group | points | what it looks at |
# |---|---|---|
# | shapes | 3 | results of the right shape and dtype, for any N, I and H |
# | numerics | 10 | the right numbers, in numpy and in PyTorch |
# | initial_state | 2 | a given state is used, a missing one means zeros |
# | gradients | 2 | gradients reach the inputs and every parameter |
# | parameters | 1 | the three parameters, registered under their names |
# | behaviour | 2 | arguments unchanged, nothing kept from call to call |
# | in all | 20 | |
#
# Only the names `rnn_cell_forward` and `RNNCell` are graded; everything else in this file is yours.
# Your code must leave its arguments unchanged, keep nothing from one call to the next, and give float32
# back for float32 and float64 for float64.
#
# Results are numpy arrays or tensors, whichever you computed with; a list of numbers is no array.
#
# Points for what any array of the right shape could have (its dtype, unchanged arguments, registered weights,
# nothing kept) count once one number of that exercise is right, and a wrong dtype costs its points only once.
#
# **Write the step yourself.** It is what this exercise is about, so torch's own `nn.RNNCell`, `nn.RNN` and their
# functions are not for it. Your result says when one was called.

# %% [markdown]
# ## Questions to ask yourself
#
# Before you hand in. Each has a place for your answer, and something to check it with, folded away in the notebook.
#
# **1.** Does it still work with one sample? With one hidden unit? With two batches of different size, one after the
# other?
#
# *Your answer:*
#
# <details><summary>Check yourself</summary>
#
# The result has one row for each row of `x` and one column for each column of `w_hidden`, however many there are. If
# it does not, a size was remembered, or an axis of length 1 got lost.
#
# </details>
#
# **2.** When I = H, both weight matrices have the same shape, and mixing them up raises no error. Did you?
#
# *Your answer:*
#
# <details><summary>Check yourself</summary>
#
# Set the old state to zero: then nothing of `w_hidden` may be left in the result. Set `x` to zero: then nothing of
# `w_input` may be.
#
# </details>
#
# **3.** What happens when no state is given? Does its dtype follow that of `x`?
#
# *Your answer:*
#
# <details><summary>Check yourself</summary>
#
# It is the same as giving zeros of shape (N, H). Call it with `x.double()` and a cell in float64: the result has to
# be float64.
#
# </details>
#
# **4.** Would an optimizer find all three of your parameters in `cell.parameters()`?
#
# *Your answer:*
#
# <details><summary>Check yourself</summary>
#
# `len(list(cell.parameters()))` is 3, and `dict(cell.named_parameters())` has the names `w_input`, `w_hidden` and
# `bias`. A plain tensor is not in it.
#
# </details>

# %%
import math

import numpy as np
import torch
from torch import nn

# %% [markdown]
# ## Your turn: the step in numpy
#
# Replace the line that raises `NotImplementedError`. Print shapes as often as you like: it costs nothing.


# %%
def rnn_cell_forward(x, h_prev, w_input, w_hidden, bias):
    """One step of a recurrent network, in numpy.

    x (N, I), h_prev (N, H), w_input (I, H), w_hidden (H, H), bias (H,)
    Returns h_next (N, H).
    """
    raise NotImplementedError("your turn: compute the next state from the input, the old state and the bias")


# %% [markdown]
# ## Try it: the step in numpy
#
# Until `rnn_cell_forward` is written this stops with `NotImplementedError`, as it should.

# %%
if __name__ == "__main__":
    h_next = rnn_cell_forward(
        np.array([[1.0, 2.0]]),
        np.array([[1.0, -1.0]]),
        np.array([[0.1, 0.2], [0.3, 0.4]]),
        np.array([[0.5, 0.1], [0.2, 0.3]]),
        np.array([0.1, -0.3]),
    )
    print(h_next)  # the example by hand: [[0.8005 0.4621]]


# %% [markdown]
# ## Your turn: the step as a PyTorch module
#
# The module owns its weights: three parameters named exactly `w_input` (I, H), `w_hidden` (H, H) and
# `bias` (H,). A good start for each is uniform between -1/sqrt(H) and 1/sqrt(H), as PyTorch does.


# %%
class RNNCell(nn.Module):
    """The same step with weights that can learn: w_input (I, H), w_hidden (H, H), bias (H,)."""

    def __init__(self, input_size, hidden_size):
        super().__init__()
        self.input_size = input_size
        self.hidden_size = hidden_size
        raise NotImplementedError("your turn: make the three parameters")

    def forward(self, x, hidden_state=None):
        """x (N, I), hidden_state (N, H) or None, which means zeros. Returns the next state (N, H)."""
        raise NotImplementedError("your turn: compute the next state")


# %% [markdown]
# ## Try it: the module
#
# Until `RNNCell` is written this stops with `NotImplementedError`, as it should.

# %%
if __name__ == "__main__":
    cell = RNNCell(10, 20)
    print(cell(torch.randn(3, 10)).shape)  # torch.Size([3, 20])
