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
# **Goal.** Write one step of an LSTM in numpy, and the whole network as a PyTorch module: two states, three
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
# Two steps after the knock the plain network of the exercise `rnn` was down to 0.1797. Here the memory still
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
# ## Compare with torch
#
# `self_check.py`, beside this file, has helpers for your own eyes; they give no points. Call them in a cell of your
# notebook, or at the end of your file under `if __name__ == "__main__":`.
#
# ```
# from self_check import check_gradients, compare_with_torch
#
# compare_with_torch(lstm_cell_forward)        # one step of torch.nn.LSTM, with the same weights
# compare_with_torch(LSTM, lengths=[2, 5, 3])  # results and gradients, of different lengths
# check_gradients(LSTM)                        # its gradients, and slopes that are measured
# ```
#
# Each prints a line for every result. Where yours differs, it says from which place on, what is there, and what torch
# has there. Begin with the smallest numbers that go wrong: `compare_with_torch(LSTM, N=1, L=1, I=1, H=1)`.

# %% [markdown]
# ## What is graded
#
# | group | points | what it looks at |
# |---|---|---|
# | shapes | {points of shapes} | results of the right shape, for any N, L, I and H |
# | numerics | {points of numerics} | the right numbers at every step, also after hundreds of steps |
# | initial_state | {points of initial_state} | both given states are used, missing ones mean zeros |
# | lengths | {points of lengths} | padding changes nothing, whatever it holds |
# | gradients | {points of gradients} | gradients reach every step, both states and every parameter |
# | parameters | {points of parameters} | registered under their names, and used |
# | behaviour | {points of behaviour} | arguments unchanged, nothing kept from call to call |
# | in all | {points in all} | |
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
# of the visible checks does it, and `compare_with_torch` does it with numbers of your choice.

# %% [markdown]
# ## Questions to ask yourself
#
# Before you hand in. Each has a place for your answer, and something to check it with, folded away in the notebook.
#
# **1.** Which of the four layers has a tanh, and why would a sigmoid there be a pity?
#
# *Your answer:*
#
# <details><summary>Check yourself</summary>
#
# The candidate `g`. With a sigmoid nothing negative could be written, and the memory could only grow.
#
# </details>
#
# **2.** There is a tanh around `c_next`. Is it in the memory that goes on to the next step, too?
#
# *Your answer:*
#
# <details><summary>Check yourself</summary>
#
# No. Hold `f` and `i` open for many steps with a candidate near 1: the memory has to go beyond 1.
#
# </details>
#
# **3.** Which of the two states do the layers read? Which one is shown as output?
#
# *Your answer:*
#
# <details><summary>Check yourself</summary>
#
# They read `h`, and `h` is shown. Change `c_prev` alone: the four layers must stay the same.
#
# </details>
#
# **4.** Swap the input gate and the forget gate in your head. With zero initial states, at which step is it first
# seen?
#
# *Your answer:*
#
# <details><summary>Check yourself</summary>
#
# At step 0 already, if the gates differ: then `f` stands beside `g`. In the example by hand the new memory would be
# `0.9526*0.7616 = 0.7255` instead of 0.5568.
#
# </details>
#
# **5.** What do `h` and `c` of a short sequence do while the others read on?
#
# *Your answer:*
#
# <details><summary>Check yourself</summary>
#
# Both stay what they were after its last real step, and both are returned like that. Only the output there is zero.
#
# </details>

# %%
import math

import numpy as np
import torch
from torch import nn

# %% [markdown] tags=["notebook"]
# ## A helper that is given
#
# numpy has no sigmoid. In this one no exponential can overflow, and it keeps the dtype.


# %%
def sigmoid(a):
    """1 / (1 + exp(-a)) for every entry of a numpy array."""
    e = np.exp(-np.abs(a))
    return np.where(a < 0, e, 1) / (1 + e)


# %% [markdown] tags=["notebook"]
# ## Your turn: one step in numpy


# %%
def lstm_cell_forward(x, h_prev, c_prev, w_input, w_hidden, bias):
    """One step of an LSTM, in numpy.

    x (N, I), h_prev (N, H), c_prev (N, H), w_input (I, 4H), w_hidden (H, 4H), bias (4H,), in the order i, f, g, o.
    Returns h_next (N, H) and c_next (N, H).
    """
    ### BEGIN SOLUTION: your turn: compute the four layers, the new memory and the new state
    from_input = x @ w_input
    from_state = h_prev @ w_hidden
    pre_activation = from_input + from_state + bias
    a_i, a_f, a_g, a_o = np.split(pre_activation, 4, axis=1)
    i = sigmoid(a_i)
    f = sigmoid(a_f)
    g = np.tanh(a_g)
    o = sigmoid(a_o)
    c_next = f * c_prev + i * g
    h_next = o * np.tanh(c_next)
    return h_next, c_next
    ### END SOLUTION


# %% [markdown] tags=["notebook"]
# ## Try it: the step in numpy
#
# Until `lstm_cell_forward` is written this stops with `NotImplementedError`, as it should.

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
        print(h[0, 0].round(4), c[0, 0].round(4))  # by hand: 0.4133 0.5568, then 0.2746 0.5852, ...


# %% [markdown] tags=["notebook"]
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
        ### BEGIN SOLUTION: your turn: make the three parameters
        bound = 1 / math.sqrt(hidden_size)
        self.w_input = nn.Parameter(torch.empty(input_size, 4 * hidden_size).uniform_(-bound, bound))
        self.w_hidden = nn.Parameter(torch.empty(hidden_size, 4 * hidden_size).uniform_(-bound, bound))
        self.bias = nn.Parameter(torch.empty(4 * hidden_size).uniform_(-bound, bound))
        ### END SOLUTION

    def forward(self, x, state=None, lengths=None):
        """x (N, L, I), state (h0, c0), each (N, H), or None (zeros), lengths: N integers or None (all L).

        Returns outputs (N, L, H), zero on padding, and (h_last, c_last), each (N, H), after each last real step.
        """
        ### BEGIN SOLUTION: your turn: run the step over the sequence and collect the states
        num_samples, num_steps, _ = x.shape
        if lengths is None:
            lengths = [num_steps] * num_samples
        lengths = torch.as_tensor(lengths, device=x.device)
        if state is None:
            zeros = x.new_zeros(num_samples, self.hidden_size)
            state = zeros, zeros
        h, c = state
        collected = []
        for t in range(num_steps):
            x_t = x[:, t]
            from_input = x_t @ self.w_input
            from_state = h @ self.w_hidden
            pre_activation = from_input + from_state + self.bias
            a_i, a_f, a_g, a_o = torch.chunk(pre_activation, 4, dim=1)
            i = torch.sigmoid(a_i)
            f = torch.sigmoid(a_f)
            g = torch.tanh(a_g)
            o = torch.sigmoid(a_o)
            c_next = f * c + i * g
            h_next = o * torch.tanh(c_next)
            is_real = (t < lengths)[:, None]
            h = torch.where(is_real, h_next, h)
            c = torch.where(is_real, c_next, c)
            output = torch.where(is_real, h, 0)
            collected.append(output)
        outputs = torch.stack(collected, dim=1)
        return outputs, (h, c)
        ### END SOLUTION


# %% [markdown] tags=["notebook"]
# ## Try it: the module
#
# Until `LSTM` is written this stops with `NotImplementedError`, as it should.

# %%
if __name__ == "__main__":
    x = torch.randn(5, 3, 10)
    outputs, (h_last, c_last) = LSTM(10, 20)(x)
    print(outputs.shape, h_last.shape, c_last.shape)  # (5, 3, 20), (5, 20) and (5, 20)

# %% [markdown]
# ## See it learn
#
# No points here. The last lines of the code train *your* `LSTM`, for about ten seconds on one core: it learns to write
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
# Where `matplotlib` is installed, the notebook draws the curve, and `python lstm.py` keeps it as `LSTM_learns.png`.

# %%
if __name__ == "__main__":
    try:
        from roman_numerals import learn
    except ImportError as error:
        print(f"To see it learn, put {error.name}.py of the hand-out beside this file.")
    else:
        learn(LSTM)
