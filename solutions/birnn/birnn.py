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
# # A bidirectional recurrent network
#
# **Goal.** Read every sequence twice, from its start and from its end, and join at every step what the two
# readers know there: first in numpy, then as a PyTorch module.

# %% [markdown]
# ## Why two directions?
#
# A recurrent network reads a sequence step by step and keeps a hidden state; the same weights are shared
# by all steps, so it reads sequences of any length. But at step t it knows only the past. In *"the bank of
# the river"*, what "bank" means is told by a word that comes later. A **bidirectional** network has two
# independent recurrent networks: the *forward* one reads steps 0, 1, ..., L-1, the *backward* one reads
# steps L-1, ..., 1, 0. Each has its own weights and its own initial state. Neither sees the other's state.
#
# ![Forward states go from step 0 to the last, backward states from the last step to step 0; each output joins
# both states of its own step](figures/directions.svg)
#
# At step 1 of 3, `f_1` has read steps 0 and 1, and `b_1` has read steps 2 and 1.

# %% [markdown]
# ## The formulas
#
# $$f_t = \tanh(x_t W_{input}^f + f_{t-1} W_{hidden}^f + b^f) \qquad f_{-1}: \text{the initial state}$$
#
# $$b_t = \tanh(x_t W_{input}^b + b_{t+1} W_{hidden}^b + b^b) \qquad b_L: \text{the initial state}$$
#
# In numpy the output at step t is `[f_t, b_t]`. The module passes each half through its own linear layer:
# `[forward_linear(f_t), backward_linear(b_t)]`. Its `nn.RNNCell`s have two biases each; they are added up.
#
# | name | shape | what it is |
# |---|---|---|
# | `x` | (N, L, I) | N sequences of L steps, batch first |
# | `h0`, `hidden` | (2, N, H) | initial states, `[0]` forward, `[1]` backward; `None` (module): zeros |
# | `forward_weights`, `backward_weights` | (I, H), (H, H), (H,) | each `w_input, w_hidden, bias` (numpy) |
# | `forward_cell`, `backward_cell` | `nn.RNNCell(I, H)` | the step of each direction (module) |
# | `forward_linear`, `backward_linear` | `nn.Linear(H, H)` | turn states into outputs (module) |
# | `lengths` | N integers or `None` | how many steps of each sequence are real |
# | `outputs` | (N, L, 2H) | first half forward, second half backward |
# | returned hidden | (2, N, H) | `[0]` forward, after the last step; `[1]` backward, after step 0 |

# %% [markdown]
# ## Turning the backward outputs round again
#
# The backward reader starts at the end. So the first state it produces belongs to the *last* step of the
# sequence and the last one to step 0: they come out in the order of reading. `outputs[:, t]` must say what
# both readers know about **the same step t**, so before the two halves are joined, the backward ones have
# to be put back in the order of the steps.
#
# ![The backward states come out as b_2, b_1, b_0 and are turned round to b_0, b_1, b_2 before they are joined
# with f_0, f_1, f_2](figures/turning.svg)
#
# A widespread tutorial forgets this. The shapes are right, training runs, no error is raised, and step 0
# is quietly paired with what the backward reader knew about step L-1. So look at numbers, not at shapes.
#
# **By hand.** One input, one hidden unit, for both directions `w_input = 1`, `w_hidden = 0.5`, `bias = 0`,
# zero initial states, and the sequence `1, 0, 0`.
#
# * forward reads 1, 0, 0 and its states are `0.7616, 0.3634, 0.1797`
# * backward reads 0, 0, 1 and its states, in the order of reading, are `0, 0, 0.7616`
#
# | t | input | forward | backward | if one forgets to turn round |
# |---|---|---|---|---|
# | 0 | 1 | 0.7616 | 0.7616 | 0 |
# | 1 | 0 | 0.3634 | 0 | 0 |
# | 2 | 0 | 0.1797 | 0 | 0.7616 |
#
# The last column cannot be right: it claims that the backward reader, standing at step 2 where it has read
# nothing but a 0, already knows of the 1. The returned hidden states are 0.1797 (forward, after step 2) and
# 0.7616 (backward, after step 0).

# %% [markdown]
# ## Sequences of different lengths
#
# Sentences differ in length, a batch is one rectangular array: so short sequences are filled up at the end
# with **padding**, and `lengths` says how many steps are real (from 1 to L, in any order; `None`: all).
# Whatever the padding holds must change nothing, and outputs on padding are zero.
#
# ```
# x[0] = 1  0  0        lengths = [3, 2]        forward reads 1 0 0,  backward reads 0 0 1
# x[1] = 1  0  9   <- the 9 is padding          forward reads 1 0,    backward reads 0 1
# ```
#
# The backward reader of sample 1 starts at its last *real* step, step 1, and never meets the 9. With the
# weights above:
#
# | sample 1 | t = 0 | t = 1 | t = 2 (padding) | returned hidden |
# |---|---|---|---|---|
# | forward | 0.7616 | 0.3634 | 0 | 0.3634 |
# | backward | 0.7616 | 0 | 0 | 0.7616 |
#
# ![Sample 1 in both directions: neither reads the padding, the backward one begins at step
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
# compare_with_torch(birnn_forward)             # torch.nn.RNN in both directions, same weights
# compare_with_torch(BiRNN, lengths=[2, 5, 3])  # results and gradients, of different lengths
# check_gradients(BiRNN)                        # its gradients, and slopes that are measured
# ```
#
# Each prints a line for every result. Where yours differs, it says from which place on, what is there, and what torch
# has there. Begin with the smallest numbers that go wrong: `compare_with_torch(birnn_forward, N=1, L=2, I=1, H=1)`.

# %% [markdown]
# ## What is graded
#
# | group | points | what it looks at |
# |---|---|---|
# | shapes | {points of shapes} | results of the right shape, for any N, L, I and H |
# | numerics | {points of numerics} | the right numbers at every step, in both halves |
# | initial_state | {points of initial_state} | given initial states are used, missing ones mean zeros |
# | lengths | {points of lengths} | padding changes nothing, in either direction |
# | gradients | {points of gradients} | gradients reach every step and every parameter |
# | parameters | {points of parameters} | the four parts, registered under their names, and used |
# | behaviour | {points of behaviour} | arguments unchanged, nothing kept from call to call |
# | in all | {points in all} | |
#
# Only the names `birnn_forward` and `BiRNN` are graded. `rnn_forward`, `reverse` and `BiRNN.run` are
# offered as helpers: use them, change them or delete them. Your code must leave its arguments unchanged,
# keep nothing from one call to the next, and give float32 back for float32 and float64 for float64.
#
# Results are numpy arrays or tensors, whichever you computed with, two of them as a tuple or a list; a list of
# numbers is no array.
#
# Points for what any array of the right shape could have (its dtype, unchanged arguments, registered weights,
# nothing kept) count once one number of that exercise is right, and a wrong dtype costs its points only once.
#
# **Write the loop yourself.** The cells are torch's, the walk through the sequence is yours: `nn.RNN` and its
# functions are not for this exercise. Your result says when one was called.

# %% [markdown]
# ## Questions to ask yourself
#
# Before you hand in. Each has a place for your answer, and something to check it with, folded away in the notebook.
#
# **1.** Which axis is time? What gets flipped if you flip the first axis, or all of them?
#
# *Your answer:*
#
# <details><summary>Check yourself</summary>
#
# The second one. Flipping the first gives each sample the sequence of another; flipping all of them also exchanges
# the features. With N = 1 and one input neither would be seen.
#
# </details>
#
# **2.** In numpy, which numbers of `outputs` are found again in the returned backward state? At which step?
#
# *Your answer:*
#
# <details><summary>Check yourself</summary>
#
# The second half of step 0: there the backward reader has read everything. In the example by hand it is 0.7616.
#
# </details>
#
# **3.** If a short sequence is reversed as a whole, padding and all, what does the backward reader read first?
#
# *Your answer:*
#
# <details><summary>Check yourself</summary>
#
# Its padding, and the state that it brings to the real steps is no longer the initial one. Write 9 and then 1000 into
# the padding: no result may change.
#
# </details>
#
# **4.** `nn.Linear` has a bias. What does it make of a state that is zero?
#
# *Your answer:*
#
# <details><summary>Check yourself</summary>
#
# Its bias, which is not zero. So a zero on padding is only a zero if it is put there behind the linear layer.
#
# </details>
#
# **5.** Change one weight of `backward_cell`. Which half of the outputs may change?
#
# *Your answer:*
#
# <details><summary>Check yourself</summary>
#
# Only the second. If the first changes too, the directions share something.
#
# </details>

# %%
import numpy as np
import torch
from torch import nn

# %% [markdown] tags=["notebook"]
# ## Your turn: two helpers
#
# You wrote `rnn_forward` in the exercise `rnn`: paste yours. `reverse` is new, and small. Neither is
# graded by itself.


# %%
def rnn_forward(x, h0, w_input, w_hidden, bias, lengths=None):
    """Read whole sequences in one direction, in numpy. Yours from the exercise before.

    x (N, L, I), h0 (N, H), w_input (I, H), w_hidden (H, H), bias (H,),
    lengths: N integers from 1 to L, or None when every step is real.
    Returns hidden_states (N, L, H), zero on padding, and h_last (N, H), the state after each last real step.
    """
    ### BEGIN SOLUTION: your turn: paste your rnn_forward
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


# %%
def reverse(sequence, lengths):
    """Reverse the order of the real steps of every sample; padding stays where it is.

    sequence (N, L, F), a numpy array or a tensor; lengths: N integers. Returns (N, L, F), a new one.
    """
    ### BEGIN SOLUTION: your turn: reverse the first lengths[n] steps of sample n
    samples = np.arange(sequence.shape[0])[:, None]
    steps = np.arange(sequence.shape[1])
    lengths = np.asarray(lengths)[:, None]
    mirrored = lengths - 1 - steps
    order = np.where(steps < lengths, mirrored, steps)
    return sequence[samples, order]
    ### END SOLUTION


# %% [markdown] tags=["notebook"]
# ## Your turn: both directions in numpy


# %%
def birnn_forward(x, h0, forward_weights, backward_weights, lengths=None):
    """Read whole sequences in both directions, in numpy.

    x (N, L, I), h0 (2, N, H), forward_weights and backward_weights each (w_input, w_hidden, bias),
    lengths: N integers from 1 to L, or None when every step is real.
    Returns outputs (N, L, 2H), zero on padding, and hidden (2, N, H).
    """
    ### BEGIN SOLUTION: your turn: run both directions and join them
    num_samples, num_steps, _ = x.shape
    if lengths is None:
        lengths = [num_steps] * num_samples
    h0_f = h0[0]
    h0_b = h0[1]
    x_b = reverse(x, lengths)
    outputs_f, last_f = rnn_forward(x, h0_f, *forward_weights, lengths)
    outputs_b, last_b = rnn_forward(x_b, h0_b, *backward_weights, lengths)
    outputs_b = reverse(outputs_b, lengths)
    outputs = np.concatenate([outputs_f, outputs_b], axis=2)
    hidden = np.stack([last_f, last_b])
    return outputs, hidden
    ### END SOLUTION


# %% [markdown] tags=["notebook"]
# ## Try it: both directions in numpy
#
# Until `birnn_forward` is written this stops with `NotImplementedError`, as it should.

# %%
if __name__ == "__main__":
    knock = np.array([[[1.0], [0.0], [0.0]]])
    weights = (np.ones((1, 1)), np.full((1, 1), 0.5), np.zeros(1))
    outputs, hidden = birnn_forward(knock, np.zeros((2, 1, 1)), weights, weights)
    print(outputs[0])  # the example by hand: forward in the first column, backward in the second


# %% [markdown] tags=["notebook"]
# ## Your turn: both directions as a PyTorch module
#
# The module owns `forward_cell` and `backward_cell`, each an `nn.RNNCell(I, H)`, and `forward_linear` and
# `backward_linear`, each an `nn.Linear(H, H)`. They bring their own parameters.


# %%
class BiRNN(nn.Module):
    """Both directions. Owns forward_cell, backward_cell, forward_linear and backward_linear."""

    def __init__(self, input_size, hidden_size):
        super().__init__()
        self.input_size = input_size
        self.hidden_size = hidden_size
        ### BEGIN SOLUTION: your turn: make the two cells and the two linear layers
        self.forward_cell = nn.RNNCell(input_size, hidden_size)
        self.backward_cell = nn.RNNCell(input_size, hidden_size)
        self.forward_linear = nn.Linear(hidden_size, hidden_size)
        self.backward_linear = nn.Linear(hidden_size, hidden_size)
        ### END SOLUTION

    def run(self, cell, x, state, lengths):
        """One direction: step `cell` through x (N, L, I) from state (N, H). A helper; yours to change.

        Returns the states (N, L, H) after every step and the state (N, H) after each last real step.
        """
        ### BEGIN SOLUTION: your turn: run one cell over the sequence
        lengths = torch.as_tensor(lengths, device=x.device)
        collected = []
        for t in range(x.shape[1]):
            x_t = x[:, t]
            h_next = cell(x_t, state)
            is_real = (t < lengths)[:, None]
            state = torch.where(is_real, h_next, state)
            collected.append(state)
        states = torch.stack(collected, dim=1)
        return states, state
        ### END SOLUTION

    def forward(self, x, hidden=None, lengths=None):
        """x (N, L, I), hidden (2, N, H) or None (zeros), lengths: N integers or None (all L).

        Returns outputs (N, L, 2H), zero on padding, and hidden (2, N, H).
        """
        ### BEGIN SOLUTION: your turn: run both directions and join them
        num_samples, num_steps, _ = x.shape
        if lengths is None:
            lengths = [num_steps] * num_samples
        if hidden is None:
            hidden = x.new_zeros(2, num_samples, self.hidden_size)
        hidden_f = hidden[0]
        hidden_b = hidden[1]
        x_b = reverse(x, lengths)
        states_f, last_f = self.run(self.forward_cell, x, hidden_f, lengths)
        states_b, last_b = self.run(self.backward_cell, x_b, hidden_b, lengths)
        outputs_f = self.forward_linear(states_f)
        outputs_b = self.backward_linear(states_b)
        outputs_b = reverse(outputs_b, lengths)
        outputs = torch.cat([outputs_f, outputs_b], dim=2)
        steps = torch.arange(num_steps, device=x.device)[None, :, None]
        num_real = torch.as_tensor(lengths, device=x.device)[:, None, None]
        outputs = torch.where(steps < num_real, outputs, 0)
        last_states = torch.stack([last_f, last_b])
        return outputs, last_states
        ### END SOLUTION


# %% [markdown] tags=["notebook"]
# ## Try it: the module
#
# Until `BiRNN` is written this stops with `NotImplementedError`, as it should.

# %%
if __name__ == "__main__":
    x = torch.randn(5, 3, 10)
    outputs, hidden = BiRNN(10, 20)(x)
    print(outputs.shape, hidden.shape)  # torch.Size([5, 3, 40]) torch.Size([2, 5, 20])

# %% [markdown]
# ## See it learn
#
# No points here. The last lines of the code train *your* `BiRNN`, for some seconds on one core. The answer at
# step t is $x_{t-1}$ XOR $x_{t+1}$: 0 if the bit before and the bit after are the same, else 1. Bits are drawn at
# random, so whoever knows only one of the two neighbours can but guess, and is right half of the time.
#
# `neighbours.py`, beside this file, trains twice: first a model that is shown only the forward half of your outputs,
# then one that is shown both halves. When all is right, one direction stays between 40 % and 60 %, however long it
# learns, and both directions get above 99 % of new answers right.
#
# If yours stays near 50 % with both directions, compare the halves: does the second half of `outputs[:, t]` know
# step t + 1? And if *one* direction gets above 60 %, the forward half knows the future.
#
# Where `matplotlib` is installed, the notebook draws the curves, and `python birnn.py` keeps them as
# `BiRNN_learns.png`.

# %%
if __name__ == "__main__":
    try:
        from neighbours import learn
    except ImportError as error:
        print(f"To see it learn, put {error.name}.py of the hand-out beside this file.")
    else:
        learn(BiRNN)
