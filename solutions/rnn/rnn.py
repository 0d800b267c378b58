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
# # A recurrent network
#
# **Goal.** Repeat the one step you know over a whole sequence, carry the state along, and give an output
# at every step (*many-to-many*): first in numpy, then as a PyTorch module.

# %% [markdown]
# ## From one step to a sequence
#
# A recurrent network reads step 0, updates its hidden state, reads step 1 with the *updated* state, and
# so on. Drawn step after step next to each other, the loop is said to be **unrolled**:
#
# ![The step with a loop, and the same step three times in a row: each gets its input and the state of the one
# before](figures/unrolled.svg)
#
# There are three boxes but only one set of weights: every step **shares** them. That is why the same
# network reads 3 steps or 300, and why its number of parameters does not depend on the length.

# %% [markdown]
# ## The formulas
#
# $$h_t = \tanh(x_t W_{input} + h_{t-1} W_{hidden} + b)$$
#
# where $h_{-1}$ is the initial state (zero when none is given). The PyTorch module also turns every state
# into an output:
#
# $$y_t = h_t W_{output}$$
#
# | name | shape | what it is |
# |---|---|---|
# | `x` | (N, L, I) | N sequences of L steps, batch first |
# | `h0`, `hidden_state` | (N, H) | the state before step 0, $h_{-1}$ |
# | `w_input`, `w_hidden`, `bias` | (I, H), (H, H), (H,) | the weights of the step |
# | `lengths` | N integers or `None` | how many steps of each sequence are real |
# | `hidden_states` (numpy) | (N, L, H) | the state after every step |
# | `w_output` (module) | (H, H) | turns a state into an output |
# | `outputs` (module) | (N, L, H) | `outputs[:, t]` is the state after step t, times `w_output` |
# | last state | (N, H) | the state itself, not an output |

# %% [markdown]
# ## By hand, once
#
# One sample, one input, one hidden unit, with `w_input = 1`, `w_hidden = 0.5`, `bias = 0`, a zero initial
# state, and the sequence `1, 0, 0`: one knock at the door, then silence.
#
# | t | input | old state | before tanh | new state |
# |---|---|---|---|---|
# | 0 | 1 | 0 | `1*1 + 0.5*0 = 1` | 0.7616 |
# | 1 | 0 | 0.7616 | `1*0 + 0.5*0.7616 = 0.3808` | 0.3634 |
# | 2 | 0 | 0.3634 | `1*0 + 0.5*0.3634 = 0.1817` | 0.1797 |
#
# The knock is heard at step 0 only, yet the state still remembers it two steps later.

# %% [markdown]
# ## Sequences of different lengths
#
# A batch is one rectangular array, but sentences differ in length. So the short ones are filled up at the
# end with **padding**, and `lengths` says how many steps are real: between 1 and L, in any order.
#
# ```
# x[0] = 1  0  0        lengths = [3, 2]
# x[1] = 1  0  9   <- this 9 is padding: whatever stands there must change nothing
# ```
#
# With the weights above, the states are `0.7616, 0.3634, 0.1797` for sample 0 and `0.7616, 0.3634, 0` for
# sample 1. Outputs on padding are zero, and the last state is the one after the last *real* step:
# 0.1797 for sample 0, 0.3634 for sample 1. `lengths=None` means that every step is real.
#
# ![Two samples of length 3 and 2: the padding of the second is never read, and its last state is that of step
# 1](figures/padding.svg)

# %% [markdown]
# ## Compare with torch
#
# `self_check.py`, beside this file, has helpers for your own eyes; they give no points. Call them in a cell of your
# notebook, or at the end of your file under `if __name__ == "__main__":`.
#
# ```
# from self_check import check_gradients, compare_with_torch
#
# compare_with_torch(rnn_forward)             # torch.nn.RNN, with the same weights
# compare_with_torch(RNN, lengths=[2, 5, 3])  # results and gradients, of different lengths
# check_gradients(RNN)                        # its gradients, and slopes that are measured
# ```
#
# Each prints a line for every result. Where yours differs, it says from which place on, what is there, and what torch
# has there. Begin with the smallest numbers that go wrong: `compare_with_torch(rnn_forward, N=1, L=2, I=1, H=1)`.

# %% [markdown]
# ## What is graded
#
# | group | points | what it looks at |
# |---|---|---|
# | shapes | {points of shapes} | results of the right shape, for any N, L, I and H |
# | numerics | {points of numerics} | the right numbers at every step, also after hundreds of steps |
# | initial_state | {points of initial_state} | a given initial state is used, a missing one means zeros |
# | lengths | {points of lengths} | padding changes nothing, whatever it holds |
# | gradients | {points of gradients} | gradients reach every step and every parameter |
# | parameters | {points of parameters} | registered under their names, and used |
# | behaviour | {points of behaviour} | arguments unchanged, nothing kept from call to call |
# | cell | {points of cell} | the `RNNCell` by itself |
# | in all | {points in all} | |
#
# If your cell is not right yet, `RNN` is graded as a loop around *your* cell: one slip costs its points once.
#
# Only the names `rnn_forward`, `RNNCell` and `RNN` are graded; everything else in this file is yours. Your
# code must leave its arguments unchanged, keep nothing from one call to the next, and give float32 back for
# float32 and float64 for float64.
#
# Results are numpy arrays or tensors, whichever you computed with, two of them as a tuple or a list; a list of
# numbers is no array.
#
# Points for what any array of the right shape could have (its dtype, unchanged arguments, registered weights,
# nothing kept) count once one number of that exercise is right, and a wrong dtype costs its points only once.
#
# **Write the step yourself.** Step and loop are what this exercise is about, so torch's own `nn.RNN`, `nn.RNNCell`
# and their functions are not for it. Your result says when one was called.

# %% [markdown]
# ## Questions to ask yourself
#
# Before you hand in. Each has a place for your answer, and something to check it with, folded away in the notebook.
#
# **1.** Which state goes into step 5? Where does it come from?
#
# *Your answer:*
#
# <details><summary>Check yourself</summary>
#
# The one that step 4 gave. Take a sequence of zeros with a 1 at step 0, and print the state at each step: from step 1
# on it comes from nowhere else.
#
# </details>
#
# **2.** `x` is batch first. Which axis does your loop run over? Try N different from L.
#
# *Your answer:*
#
# <details><summary>Check yourself</summary>
#
# The second one, with L steps: at each, `x` gives a slice of shape (N, I). With N = 2 and L = 3 the loop runs three
# times.
#
# </details>
#
# **3.** You may collect L arrays of shape (N, H). What is the shape after putting them together, and on which axis is
# time?
#
# *Your answer:*
#
# <details><summary>Check yourself</summary>
#
# (N, L, H): time is the axis in the middle. `reshape` never swaps axes, it only cuts the same numbers differently; so
# compare `hidden_states[1, 0]` with the first state of sample 1.
#
# </details>
#
# **4.** What does the last state of a short sequence know about its padding?
#
# *Your answer:*
#
# <details><summary>Check yourself</summary>
#
# Nothing. Write 9 and then 1000 into the padding: neither result may change.
#
# </details>
#
# **5.** Call the module twice with the same input. Do you get the same answer?
#
# *Your answer:*
#
# <details><summary>Check yourself</summary>
#
# It has to be the same. If it is not, something of the first call was kept, often the state.
#
# </details>

# %%
import math

import numpy as np
import torch
from torch import nn

# %% [markdown] tags=["notebook"]
# ## Your turn: the loop in numpy
#
# Begin with `lengths=None`, make that work, then think about padding.


# %%
def rnn_forward(x, h0, w_input, w_hidden, bias, lengths=None):
    """Read whole sequences, in numpy.

    x (N, L, I), h0 (N, H), w_input (I, H), w_hidden (H, H), bias (H,),
    lengths: N integers from 1 to L, or None when every step is real.
    Returns hidden_states (N, L, H), zero on padding, and h_last (N, H), the state after each last real step.
    """
    ### BEGIN SOLUTION: your turn: run the step over the sequence and collect the states
    num_samples, num_steps, _ = x.shape
    if lengths is None:
        lengths = [num_steps] * num_samples
    lengths = np.asarray(lengths)
    state = h0
    collected = []
    for t in range(num_steps):
        x_t = x[:, t]
        from_input = x_t @ w_input
        from_state = state @ w_hidden
        pre_activation = from_input + from_state + bias
        h_next = np.tanh(pre_activation)
        is_real = (t < lengths)[:, None]
        state = np.where(is_real, h_next, state)
        output = np.where(is_real, state, 0)
        collected.append(output)
    hidden_states = np.stack(collected, axis=1)
    h_last = state
    return hidden_states, h_last
    ### END SOLUTION


# %% [markdown] tags=["notebook"]
# ## Try it: the loop in numpy
#
# Until `rnn_forward` is written this stops with `NotImplementedError`, as it should.

# %%
if __name__ == "__main__":
    knock = np.array([[[1.0], [0.0], [0.0]]])
    one = np.ones((1, 1))
    hidden_states, h_last = rnn_forward(knock, np.zeros((1, 1)), one, 0.5 * one, np.zeros(1))
    print(hidden_states[0, :, 0])  # the example by hand: [0.7616 0.3634 0.1797]


# %% [markdown] tags=["notebook"]
# ## Your turn: the cell
#
# This is the `RNNCell` of the exercise before. Paste yours.


# %%
class RNNCell(nn.Module):
    """One step with weights that can learn: w_input (I, H), w_hidden (H, H), bias (H,)."""

    def __init__(self, input_size, hidden_size):
        super().__init__()
        self.input_size = input_size
        self.hidden_size = hidden_size
        ### BEGIN SOLUTION: your turn: make the three parameters, or paste your cell
        bound = 1 / math.sqrt(hidden_size)
        self.w_input = nn.Parameter(torch.empty(input_size, hidden_size).uniform_(-bound, bound))
        self.w_hidden = nn.Parameter(torch.empty(hidden_size, hidden_size).uniform_(-bound, bound))
        self.bias = nn.Parameter(torch.empty(hidden_size).uniform_(-bound, bound))
        ### END SOLUTION

    def forward(self, x, hidden_state=None):
        """x (N, I), hidden_state (N, H) or None, which means zeros. Returns the next state (N, H)."""
        ### BEGIN SOLUTION: your turn: compute the next state, or paste your cell
        if hidden_state is None:
            hidden_state = x.new_zeros(x.shape[0], self.hidden_size)
        from_input = x @ self.w_input
        from_state = hidden_state @ self.w_hidden
        pre_activation = from_input + from_state + self.bias
        next_state = torch.tanh(pre_activation)
        return next_state
        ### END SOLUTION


# %% [markdown] tags=["notebook"]
# ## Your turn: the network as a PyTorch module
#
# The module owns an `RNNCell` called `cell` and one more parameter, `w_output` (H, H). A good start for it
# is again uniform between -1/sqrt(H) and 1/sqrt(H).


# %%
class RNN(nn.Module):
    """A recurrent network with an output at every step. Owns `cell` (an RNNCell) and `w_output` (H, H)."""

    def __init__(self, input_size, hidden_size):
        super().__init__()
        self.input_size = input_size
        self.hidden_size = hidden_size
        ### BEGIN SOLUTION: your turn: make the cell and the parameter w_output
        bound = 1 / math.sqrt(hidden_size)
        self.cell = RNNCell(input_size, hidden_size)
        self.w_output = nn.Parameter(torch.empty(hidden_size, hidden_size).uniform_(-bound, bound))
        ### END SOLUTION

    def forward(self, x, hidden_state=None, lengths=None):
        """x (N, L, I), hidden_state (N, H) or None (zeros), lengths: N integers or None (all L).

        Returns outputs (N, L, H), zero on padding, and the state (N, H) after each last real step.
        """
        ### BEGIN SOLUTION: your turn: run the cell over the sequence and collect the outputs
        num_samples, num_steps, _ = x.shape
        if lengths is None:
            lengths = [num_steps] * num_samples
        lengths = torch.as_tensor(lengths, device=x.device)
        if hidden_state is None:
            hidden_state = x.new_zeros(num_samples, self.hidden_size)
        state = hidden_state
        collected = []
        for t in range(num_steps):
            x_t = x[:, t]
            h_next = self.cell(x_t, state)
            is_real = (t < lengths)[:, None]
            state = torch.where(is_real, h_next, state)
            output = state @ self.w_output
            output = torch.where(is_real, output, 0)
            collected.append(output)
        outputs = torch.stack(collected, dim=1)
        last_state = state
        return outputs, last_state
        ### END SOLUTION


# %% [markdown] tags=["notebook"]
# ## Try it: the module
#
# Until `RNN` is written this stops with `NotImplementedError`, as it should.

# %%
if __name__ == "__main__":
    x = torch.randn(5, 3, 10)
    outputs, hidden_state = RNN(10, 20)(x)
    print(outputs.shape, hidden_state.shape)  # torch.Size([5, 3, 20]) torch.Size([5, 20])

# %% [markdown]
# ## See it learn
#
# No points here. The last lines of the code train *your* `RNN`, for about ten seconds on one core: it learns to say
# what it heard. Bits are drawn at random, and at every step your network is asked for the bit of **k steps ago**. It
# has to hold on to all the bits in between. `recall.py`, beside this file, does this for k = 2, 10 and 30, each time
# with a new network of 32 units. Nobody can guess the bits, so whoever remembers nothing is right half of the time.
#
# When all is right, k = 2 is learned within 100 updates: more than 99 % of new bits are said right. k = 10 takes
# longer and gets above 90 %. With k = 30 the network fails: after 300 updates it is still below 65 %, hardly better
# than guessing. There is a unit for every bit, but the gradient that comes back over 30 steps is as good as gone. This
# is why the LSTM was invented, the subject of a later exercise.
#
# If yours fails at k = 2, look at the visible checks: does the state reach the next step, and does a gradient come
# back from there?
#
# Where `matplotlib` is installed, the notebook draws the curves, and `python rnn.py` keeps them as `RNN_learns.png`.

# %%
if __name__ == "__main__":
    try:
        from recall import learn
    except ImportError as error:
        print(f"To see it learn, put {error.name}.py of the hand-out beside this file.")
    else:
        learn(RNN)
