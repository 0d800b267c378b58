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
# # Two gates and one state: GRU
#
# **Goal.** Write one step of a GRU in numpy, and the whole network as a PyTorch module: one state, two gates, and
# two biases that do not add up.

# %% [markdown]
# ## One state is enough
#
# An LSTM carries a memory `c` beside its state `h`, and has four layers. A **GRU** (gated recurrent unit) gets along
# with the state alone and with three layers:
#
# * the **reset gate** `r`: how much of the old state the candidate may hear,
# * the **update gate** `z`: how much of the old state stays,
# * the **candidate** `n`: what the new state could be.
#
# The new state lies between the candidate and the old state, and `z` says where. With z = 1 the state stays exactly
# as it is, however many steps go by; with z = 0 it is rewritten.
#
# ![One step: r scales what the candidate n hears of the old state, and z chooses between n and the old
# state](figures/cell.svg)

# %% [markdown]
# ## The formulas
#
# $$a = x W_{input} + b_{input} = [a_r, a_z, a_n] \qquad s = h_{prev} W_{hidden} + b_{hidden} = [s_r, s_z, s_n]$$
#
# $$r = \sigma(a_r + s_r) \qquad z = \sigma(a_z + s_z) \qquad n = \tanh(a_n + r \odot s_n)$$
#
# $$h_{next} = (1 - z) \odot n + z \odot h_{prev}$$
#
# where $\odot$ multiplies entry by entry, and $\sigma(a) = 1 / (1 + e^{-a})$ is the sigmoid. The three layers lie side
# by side, in the order **r, z, n**: columns 0 to H-1 of the weights belong to the reset gate, the next H to the update
# gate, the last H to the candidate.
#
# Look at n: the reset gate multiplies $s_n$, *after* the product with the weights, and $s_n$ has a bias in it. So
# `bias_input` and `bias_hidden` are two different things there, and cannot be added up beforehand.
#
# | name | shape | what it is |
# |---|---|---|
# | `x` | (N, I) a step, (N, L, I) sequences | the input, batch first |
# | `h_prev` | (N, H) | the old state |
# | `w_input`, `w_hidden` | (I, 3H), (H, 3H) | all three layers, in the order r, z, n |
# | `bias_input`, `bias_hidden` | (3H,) each | one bias for each product |
# | `a`, `s` | (N, 3H) | what comes from the input, and from the old state |
# | `r`, `z`, `n` | (N, H) | the gates and the candidate |
# | `h_next` | (N, H) | the new state |
# | `hidden_state` (module) | (N, H) or `None` | the state before step 0; `None` means zeros |
# | `lengths` (module) | N integers or `None` | how many steps of each sequence are real |
# | `outputs` (module) | (N, L, H) | `outputs[:, t]` is the state after step t |
#
# The GRU is from Cho et al., *Learning phrase representations using RNN encoder-decoder* (EMNLP 2014).

# %% [markdown]
# ## Two conventions
#
# If you look the GRU up, you will meet two more formulas, both under the same name:
#
# * The paper has the reset gate *before* the product, $n = \tanh(a_n + (r \odot h_{prev}) W_{hidden,n})$.
#   We do as `torch.nn.GRU` does. That is faster, because one product gives all of `s`.
# * Some texts write $h_{next} = z \odot n + (1 - z) \odot h_{prev}$. There `z` says how much is *new*. Here, and
#   in torch, it says how much is *kept*.
#
# Neither is wrong, but weights that were trained with one formula give nonsense with the other. Ours is the one above.

# %% [markdown]
# ## By hand, once
#
# One sample, one input, one unit, so each layer has one number of each kind:
#
# | | r | z | n |
# |---|---|---|---|
# | `w_input` | 1 | -3 | 2 |
# | `w_hidden` | -1 | 0 | 0.5 |
# | `bias_input` | 0 | 2 | 0 |
# | `bias_hidden` | 0.5 | 0 | 1 |
#
# The state begins at zero, and the sequence is `1, 0, 0`: one knock at the door, then silence.
#
# | t | x | a | s | r | z | n | new h |
# |---|---|---|---|---|---|---|---|
# | 0 | 1 | 1, -1, 2 | 0.5, 0, 1 | 0.8176 | 0.2689 | 0.9929 | `0.7311*0.9929 + 0.2689*0 = 0.7259` |
# | 1 | 0 | 0, 2, 0 | -0.2259, 0, 1.3629 | 0.4438 | 0.8808 | 0.5405 | `0.1192*0.5405 + 0.8808*0.7259 = 0.7038` |
# | 2 | 0 | 0, 2, 0 | -0.2038, 0, 1.3519 | 0.4492 | 0.8808 | 0.5422 | `0.1192*0.5422 + 0.8808*0.7038 = 0.6845` |
#
# The knock closes the update gate (z = 0.2689), and the state is rewritten. In silence z is 0.8808: most of the state
# stays.

# %% [markdown]
# ## Sequences of different lengths
#
# As before, short sequences are filled up at the end with **padding**, and `lengths` says how many steps are real:
# between 1 and L, in any order; `None` means all. Whatever the padding holds must change nothing. Outputs there are
# zero, and the returned state is the one after the last real step:
#
# ```
# x[0] = 1  0  0        lengths = [3, 2]
# x[1] = 1  0  9   <- this 9 is padding
# ```
#
# | | outputs | h_last |
# |---|---|---|
# | sample 0 | 0.7259, 0.7038, 0.6845 | 0.6845 |
# | sample 1 | 0.7259, 0.7038, 0 | 0.7038 |

# %% [markdown]
# ## Compare with torch
#
# `self_check.py`, beside this file, has helpers for your own eyes; they give no points. Call them in a cell of your
# notebook, or at the end of your file under `if __name__ == "__main__":`.
#
# ```
# from self_check import check_gradients, compare_with_torch
#
# compare_with_torch(gru_cell_forward)        # one step of torch.nn.GRU, with the same weights
# compare_with_torch(GRU, lengths=[2, 5, 3])  # results and gradients, of different lengths
# check_gradients(GRU)                        # its gradients, and slopes that are measured
# ```
#
# Each prints a line for every result. Where yours differs, it says from which place on, what is there, and what torch
# has there. Begin with the smallest numbers that go wrong: `compare_with_torch(GRU, N=1, L=1, I=1, H=1)`.

# %% [markdown]
# ## What is graded
#
# | group | points | what it looks at |
# |---|---|---|
# | shapes | 4 | results of the right shape, for any N, L, I and H |
# | numerics | 14 | the right numbers at every step, also after hundreds of steps |
# | initial_state | 4 | a given state is used, a missing one means zeros |
# | lengths | 7 | padding changes nothing, whatever it holds |
# | gradients | 5 | gradients reach every step, the state and every parameter |
# | parameters | 2 | registered under their names, and used |
# | behaviour | 4 | arguments unchanged, nothing kept from call to call |
# | in all | 40 | |
#
# Only the names `gru_cell_forward` and `GRU` are graded; `sigmoid` and everything else in this file is yours.
# Your code must leave its arguments unchanged, keep nothing from one call to the next, and give float32 back for
# float32 and float64 for float64.
#
# Results are numpy arrays or tensors, whichever you computed with, two of them as a tuple or a list; a list of
# numbers is no array.
#
# Points for what any array of the right shape could have (its dtype, unchanged arguments, registered weights,
# nothing kept) count once one number of that exercise is right, and a wrong dtype costs its points only once.
#
# **Write the step yourself.** Gates and loop are what this exercise is about, so torch's own `nn.GRU`, `nn.GRUCell`
# and their functions are not for it. Your result says when one was called. To compare with them is a good idea: one
# of the visible checks does it, and `compare_with_torch` does it with numbers of your choice.

# %% [markdown]
# ## Questions to ask yourself
#
# Before you hand in. Each has a place for your answer, and something to check it with, folded away in the notebook.
#
# **1.** What does the network do when `z` is 1 at every step? And when `r` is 0 at every step?
#
# *Your answer:*
#
# <details><summary>Check yourself</summary>
#
# With z = 1 the state never changes, whatever is read. With r = 0 the candidate hears nothing of the old state, not
# even `bias_hidden`; the old state still comes in through `z`.
#
# </details>
#
# **2.** Each of the three layers has a bias on either side. Where could the two be added up beforehand, where not,
# and why?
#
# *Your answer:*
#
# <details><summary>Check yourself</summary>
#
# In both gates, where they stand in one sum. Not in the candidate: there `r` multiplies one of them and leaves the
# other.
#
# </details>
#
# **3.** The reset gate multiplies something inside the tanh. Has that something a bias, and does `r` reach it?
#
# *Your answer:*
#
# <details><summary>Check yourself</summary>
#
# Yes, and yes. In the example by hand at step 0 the old state is zero and $s_n$ is still 1; `r` makes 0.8176 of it.
#
# </details>
#
# **4.** Exchange `z` and `1 - z` in your head. Which row of the example by hand changes first?
#
# *Your answer:*
#
# <details><summary>Check yourself</summary>
#
# The very first: the new state would be `0.2689*0.9929 = 0.2670` instead of 0.7259.
#
# </details>
#
# **5.** What does the state of a short sequence do while the others read on?
#
# *Your answer:*
#
# <details><summary>Check yourself</summary>
#
# It stays what it was after its last real step, and is returned like that. Only the output there is zero.
#
# </details>

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
def gru_cell_forward(x, h_prev, w_input, w_hidden, bias_input, bias_hidden):
    """One step of a GRU, in numpy.

    x (N, I), h_prev (N, H), w_input (I, 3H), w_hidden (H, 3H), bias_input (3H,), bias_hidden (3H,),
    each in the order r, z, n. Returns h_next (N, H).
    """
    raise NotImplementedError("your turn: compute both gates, the candidate and the new state")


# %% [markdown]
# ## Try it: the step in numpy
#
# Until `gru_cell_forward` is written this stops with `NotImplementedError`, as it should.

# %%
if __name__ == "__main__":
    matrices = np.array([[1.0, -3.0, 2.0]]), np.array([[-1.0, 0.0, 0.5]])
    biases = np.array([0.0, 2.0, 0.0]), np.array([0.5, 0.0, 1.0])
    h = np.zeros((1, 1))
    for knock in (1.0, 0.0, 0.0):
        h = gru_cell_forward(np.array([[knock]]), h, *matrices, *biases)
        print(h[0, 0].round(4))  # the example by hand: 0.7259, 0.7038, 0.6845


# %% [markdown]
# ## Your turn: the network as a PyTorch module
#
# The module owns exactly four parameters: `w_input` (I, 3H), `w_hidden` (H, 3H), `bias_input` (3H,) and `bias_hidden`
# (3H,). A good start for each is uniform between -1/sqrt(H) and 1/sqrt(H).
#
# Begin with `lengths=None`, make that work, then think about padding.


# %%
class GRU(nn.Module):
    """A GRU over whole sequences. Owns w_input (I, 3H), w_hidden (H, 3H), bias_input (3H,) and bias_hidden (3H,)."""

    def __init__(self, input_size, hidden_size):
        super().__init__()
        self.input_size = input_size
        self.hidden_size = hidden_size
        raise NotImplementedError("your turn: make the four parameters")

    def forward(self, x, hidden_state=None, lengths=None):
        """x (N, L, I), hidden_state (N, H) or None (zeros), lengths: N integers or None (all L).

        Returns outputs (N, L, H), zero on padding, and h_last (N, H), the state after each last real step.
        """
        raise NotImplementedError("your turn: run the step over the sequence and collect the states")


# %% [markdown]
# ## Try it: the module
#
# Until `GRU` is written this stops with `NotImplementedError`, as it should.

# %%
if __name__ == "__main__":
    x = torch.randn(5, 3, 10)
    outputs, h_last = GRU(10, 20)(x)
    print(outputs.shape, h_last.shape)  # torch.Size([5, 3, 20]) torch.Size([5, 20])

# %% [markdown]
# ## See it learn
#
# No points here. The last lines of the code train *your* `GRU`, for about ten seconds on one core: it learns to write
# Roman numerals. `roman_numerals.py`, beside this file, draws numbers between 1 and 3999 at random, writes them as
# numerals, and asks your network after every character which one comes next.
#
# The **perplexity** says among how many characters the model hesitates. There are eight, seven letters and the end,
# so it begins at about 8. Nobody can know which number was drawn: even a model that knows everything about Roman
# numerals cannot get below 2.65.
#
# When all is right, the perplexity is below 3.2 after 100 updates and about 2.75 after all 400. Then the model writes
# numerals of its own, and at least 160 of 200 are ones that a Roman would have written. If yours stays above 3, look
# at the visible checks: does the state reach the next step, and does a gradient come back from there?
#
# Where `matplotlib` is installed, the notebook draws the curve, and `python gru.py` keeps it as `GRU_learns.png`.

# %%
if __name__ == "__main__":
    try:
        from roman_numerals import learn
    except ImportError as error:
        print(f"To see it learn, put {error.name}.py of the hand-out beside this file.")
    else:
        learn(GRU)
