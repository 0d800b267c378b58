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
# # Back-propagation through time
#
# **Goal.** Write by hand, in numpy, what `loss.backward()` does in a recurrent network: the gradients of one step, of
# a whole sequence, and of a sequence that is too long to go back through at once.

# %% [markdown]
# ## Going back the way we came
#
# Training needs to know how the loss changes when an input or a weight changes a little: its **gradient**. In code
# the gradient of `h` is called `dh`. It has the shape of `h`, and `dh[n, j]` is the slope of the loss in `h[n, j]`.
#
# The forward pass goes from step 0 to the last step. Gradients go the other way. Each step is handed `dh_next`, the
# gradient of its result, and hands on `dh_prev`, the gradient of the state it began with:
#
# ![Forward arrows from step 0 to step 2, and gradients from step 2 back to step 0; at each state two gradients meet,
# one from its output and one from the next step](figures/backward.svg)
#
# A state is used twice: it is shown as an output, and it goes into the next step. So **two gradients** meet at
# every state, and they are added. The weights are used at every step; so their gradients are summed over all steps,
# and over all samples.

# %% [markdown]
# ## The formulas
#
# One step computes $a = x W_{input} + h_{prev} W_{hidden} + b$ and $h_{next} = \tanh(a)$. The slope of tanh is
# $1 - \tanh^2$, and $\tanh(a)$ is at hand: it is $h_{next}$. So the chain rule gives
#
# $$da = dh_{next} \odot (1 - h_{next}^2)$$
#
# $$dx = da \, W_{input}^T \qquad dh_{prev} = da \, W_{hidden}^T$$
#
# $$dW_{input} = x^T da \qquad dW_{hidden} = h_{prev}^T da \qquad db = \sum_n da_n$$
#
# where $\odot$ multiplies entry by entry. Over a sequence, from the last step to step 0, the gradient that step t is
# handed is
#
# $$dh_{next} = (\text{gradient of output } t) + (dh_{prev} \text{ of step } t + 1)$$
#
# and the second part is zero at the last step. What step 0 hands on is the gradient of `h0`.
#
# | name | shape | what it is |
# |---|---|---|
# | `dh_next` | (N, H) | the gradient of the step's result (given) |
# | `x`, `h_prev`, `h_next` | (N, I), (N, H), (N, H) | what the step read and what it gave |
# | `w_input`, `w_hidden` | (I, H), (H, H) | the weights of the step |
# | `da` | (N, H) | the gradient before tanh |
# | `dx`, `dh_prev` | (N, I), (N, H) | the gradients of what the step read |
# | `dw_input`, `dw_hidden`, `dbias` | (I, H), (H, H), (H,) | the gradients of the weights |
# | `dhidden_states` | (N, L, H) | the gradients of all outputs (given) |
# | `x`, `hidden_states` (sequence) | (N, L, I), (N, L, H) | the inputs, and the state after every step |
# | `h0`, `dh0` | (N, H) | the state before step 0, and its gradient |
# | `chunk` | an integer, at least 1 | how many steps a truncated pass goes back through at once |
#
# A gradient always has the shape of what it is the gradient of. That alone tells which factor is transposed.
#
# The method is from Werbos, *Backpropagation through time: what it does and how to do it* (Proc. IEEE 78(10), 1990).

# %% [markdown]
# ## By hand, once
#
# One sample, one input, one unit, `w_input = 1`, `w_hidden = 0.5`, `bias = 0`, a zero initial state, and the sequence
# `1, 0, 0`. You know its states: `0.7616, 0.3634, 0.1797`. Let the loss be their sum, so that the gradient of every
# output is 1. We begin at the end:
#
# | t | from output | from step t+1 | dh_next | 1 - h² | da | dh_prev |
# |---|---|---|---|---|---|---|
# | 2 | 1 | 0 | 1 | 0.9677 | 0.9677 | `0.5*0.9677 = 0.4839` |
# | 1 | 1 | 0.4839 | 1.4839 | 0.8679 | 1.2879 | `0.5*1.2879 = 0.6440` |
# | 0 | 1 | 0.6440 | 1.6440 | 0.4200 | 0.6904 | `0.5*0.6904 = 0.3452` |
#
# * `dx` is `da` times `w_input`: 0.6904, 1.2879, 0.9677
# * `dh0` is the last thing handed on: 0.3452
# * `dw_input` is the sum of input times `da`: `1*0.6904 + 0*1.2879 + 0*0.9677 = 0.6904`
# * `dw_hidden` is the sum of *old* state times `da`: `0*0.6904 + 0.7616*1.2879 + 0.3634*0.9677 = 1.3325`
# * `dbias` is the sum of `da`: 2.9460

# %% [markdown]
# ## How to check a gradient
#
# A gradient is a slope, and a slope can be measured: move one entry of one array up by a little $\varepsilon$, then
# down, and see what the loss does.
#
# $$\frac{loss(w + \varepsilon) - loss(w - \varepsilon)}{2 \varepsilon}$$
#
# With $\varepsilon = 10^{-5}$ and float64 it agrees with a right gradient in about nine digits. It is slow, two forward
# passes for one entry, but it knows nothing of your formulas. `self_check.py`, beside this file, does it for you, and
# asks torch as well. It gives no points. Call it in a cell of your notebook, or at the end of your file under
# `if __name__ == "__main__":`.
#
# ```
# from self_check import check_gradients, compare_with_torch, numerical_gradient
#
# check_gradients(rnn_cell_backward)              # your five gradients, and slopes that are measured
# compare_with_torch(rnn_backward)                # your five gradients, and those of torch's own backward
# compare_with_torch(truncated_backward, chunk=2)
# numerical_gradient(loss, array)                 # the slopes of a loss of your own, in each entry of an array
# ```
#
# Each prints a line for every gradient. Where yours differs, it says at which place, and both numbers. Begin with the
# smallest numbers that go wrong: `check_gradients(rnn_backward, N=1, L=1, I=1, H=1)`.

# %% [markdown]
# ## Sequences that are too long
#
# To go back through 10,000 steps, all their states must be kept. **Truncated** back-propagation cuts the sequence into
# pieces of `chunk` steps (the last may be shorter). Forward nothing changes: each piece begins at the last state of
# the piece before. Backward, gradients stay within their piece: none is handed from the first step of a piece to the
# piece before it. So each weight's gradient is the sum of what the pieces give, and `dh0` comes from the first piece
# alone. With `chunk` at least L there is one piece, and nothing is cut off.
#
# In the example by hand, with `chunk = 2`, the pieces are steps 0, 1 and step 2. The 0.4839 of step 2 is not handed on:
#
# | t | from output | from step t+1 | dh_next | 1 - h² | da | dh_prev |
# |---|---|---|---|---|---|---|
# | 2 | 1 | 0 | 1 | 0.9677 | 0.9677 | stays here |
# | 1 | 1 | 0 | 1 | 0.8679 | 0.8679 | `0.5*0.8679 = 0.4340` |
# | 0 | 1 | 0.4340 | 1.4340 | 0.4200 | 0.6022 | `0.5*0.6022 = 0.3011` |

# %% [markdown]
# ## What is graded
#
# | group | points | what it looks at |
# |---|---|---|
# | shapes | 3 | gradients of the right shape, for any N, L, I and H |
# | step | 6 | the five gradients of one step |
# | sequence | 10 | the five gradients of a whole sequence, also of hundreds of steps |
# | truncated | 6 | the same in pieces |
# | behaviour | 5 | the dtype kept, arguments unchanged, nothing kept from call to call |
# | in all | 30 | |
#
# If your `rnn_cell_backward` is not right yet, `rnn_backward` is graded as a loop around *yours*, and
# `truncated_backward` as pieces given to your `rnn_backward`: one slip costs its points once.
#
# Only the names `rnn_cell_backward`, `rnn_backward` and `truncated_backward` are graded; everything else in this file
# is yours. Your code must leave its arguments unchanged, keep nothing from one call to the next, and give float32
# back for float32 and float64 for float64.
#
# Results are numpy arrays or tensors, whichever you computed with, five of them as a tuple or a list; a list of
# numbers is no array.
#
# Points for what any array of the right shape could have (its dtype, unchanged arguments, nothing kept) count once
# one number of that exercise is right, and a wrong dtype costs its points only once.
#
# **Write the way back yourself.** torch's own `backward` and `autograd.grad` are not for this exercise. Your result
# says when one was called. To compare with them outside of your three functions is a good idea.

# %% [markdown]
# ## Questions to ask yourself
#
# Before you hand in. Each has a place for your answer, and something to check it with, folded away in the notebook.
#
# **1.** What shape must each gradient have? Which products of your arrays have that shape?
#
# *Your answer:*
#
# <details><summary>Check yourself</summary>
#
# That of what it is the gradient of. When N, I and H all differ, for each gradient one order of the factors, and one
# choice of what is transposed, fits.
#
# </details>
#
# **2.** The slope of tanh is written with the *result* of tanh. Which of your arguments is that?
#
# *Your answer:*
#
# <details><summary>Check yourself</summary>
#
# `h_next`: it lies between -1 and 1, and the slope between 0 and 1. Where `h_next` is 0, the slope is 1, and
# `dh_next` goes through unchanged.
#
# </details>
#
# **3.** Which state stands beside `da` in `dw_hidden`: the one before the step or the one after it? And at step 0?
#
# *Your answer:*
#
# <details><summary>Check yourself</summary>
#
# The one that `w_hidden` was multiplied with on the way forward, before the step; at step 0 this is `h0`. In the
# example by hand `h0` is zero, so step 0 adds nothing to `dw_hidden`.
#
# </details>
#
# **4.** Give a loss that looks at the last output only. Which of the two gradients is zero at which step?
#
# *Your answer:*
#
# <details><summary>Check yourself</summary>
#
# At the last step nothing comes from a later one. At all others nothing comes from their output. Still, `dx` at step
# 0 is not zero.
#
# </details>
#
# **5.** The same weights are used L times. What must be done with the L gradients?
#
# *Your answer:*
#
# <details><summary>Check yourself</summary>
#
# Each use changes the loss by its own share, and shares are added. Twice the same sequence in a batch gives twice the
# gradient of a weight.
#
# </details>

# %%
import numpy as np

# %% [markdown]
# ## Your turn: one step backwards


# %%
def rnn_cell_backward(dh_next, x, h_prev, h_next, w_input, w_hidden):
    """The gradients of one step h_next = tanh(x @ w_input + h_prev @ w_hidden + bias), in numpy.

    dh_next (N, H), x (N, I), h_prev (N, H), h_next (N, H), w_input (I, H), w_hidden (H, H).
    Returns dx (N, I), dh_prev (N, H), dw_input (I, H), dw_hidden (H, H), dbias (H,).
    """
    raise NotImplementedError("your turn: write the chain rule for one step")


# %% [markdown]
# ## Your turn: a whole sequence backwards


# %%
def rnn_backward(dhidden_states, x, h0, hidden_states, w_input, w_hidden):
    """The gradients of a whole sequence, in numpy.

    dhidden_states (N, L, H), x (N, L, I), h0 (N, H), hidden_states (N, L, H), w_input (I, H), w_hidden (H, H).
    Returns dx (N, L, I), dh0 (N, H), dw_input (I, H), dw_hidden (H, H), dbias (H,).
    """
    raise NotImplementedError("your turn: go back from the last step to step 0")


# %% [markdown]
# ## Try it: the example by hand
#
# Until `rnn_backward` is written this stops with `NotImplementedError`, as it should.

# %%
if __name__ == "__main__":
    states = np.array([[[0.7616], [0.3634], [0.1797]]])
    inputs, start = np.array([[[1.0], [0.0], [0.0]]]), np.zeros((1, 1))
    given = (np.ones_like(states), inputs, start, states, np.array([[1.0]]), np.array([[0.5]]))

    for name, gradient in zip(("dx", "dh0", "dw_input", "dw_hidden", "dbias"), rnn_backward(*given)):
        print(name, gradient.ravel().round(3))  # 0.69 1.288 0.968, then 0.345, 0.69, 1.333, 2.946


# %% [markdown]
# ## Your turn: in pieces


# %%
def truncated_backward(dhidden_states, x, h0, hidden_states, w_input, w_hidden, chunk):
    """The gradients of a whole sequence when none is handed from one piece of `chunk` steps to the piece before it.

    Arguments and results are those of rnn_backward, and chunk, an integer, at least 1.
    """
    raise NotImplementedError("your turn: go back through each piece by itself")


# %% [markdown]
# ## Try it: the example in pieces
#
# Until `truncated_backward` is written this stops with `NotImplementedError`, as it should.

# %%
if __name__ == "__main__":
    states = np.array([[[0.7616], [0.3634], [0.1797]]])
    inputs, start = np.array([[[1.0], [0.0], [0.0]]]), np.zeros((1, 1))
    given = (np.ones_like(states), inputs, start, states, np.array([[1.0]]), np.array([[0.5]]))
    print("dx in pieces of two", truncated_backward(*given, 2)[0].ravel().round(3))  # 0.602 0.868 0.968
