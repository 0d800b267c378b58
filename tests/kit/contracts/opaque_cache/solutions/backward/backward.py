# %% [markdown]
# # Forwards, and back again
#
# Each forward function returns its result and a *cache*; the backward function of the same name gets the cache and the
# gradient of the loss with respect to the result. **What your cache is, is your own business**: a tuple, a dict, a
# list, an object of a class. Nobody looks into it but your backward function.
#
# | function | gives |
# |---|---|
# | `smooth_forward(x, keep)` | `s, cache` |
# | `smooth_backward(ds, cache)` | `dx, dkeep` |
# | `norm_forward(x, gain, shift)` | `y, cache` |
# | `norm_backward(dy, cache)` | `dx, dgain, dshift` |
#
# Smoothing: `x` is (N, L), `keep` is (N,); `s[:, t]` is `keep` times `s[:, t-1]` plus `1 - keep` times `x[:, t]`, and
# stands at 0 before the first step. Normalisation: `x` is (N, F); each row loses its mean, is divided by its deviation
# (1e-5 is added to the variance), multiplied by `gain` (F,), and `shift` (F,) is added.
#
# Smoothing is worth {points of smoothing} points, normalisation {points of normalisation}, care {points of care}:
# arguments left alone, and two calls that do not disturb each other.

# %%
import numpy as np


# %%
def smooth_forward(x, keep):
    """Exponential smoothing of every row."""
    ### BEGIN SOLUTION: the loop, and what the way back needs
    states = [np.zeros_like(keep)]
    for t in range(x.shape[1]):
        states.append(keep * states[t] + (1 - keep) * x[:, t])
    cache = (x, keep, states)
    return np.stack(states[1:], axis=1), cache
    ### END SOLUTION


# %%
def smooth_backward(ds, cache):
    """The gradients of what smooth_forward read."""
    ### BEGIN SOLUTION: the loop backwards
    x, keep, states = cache
    dx = np.zeros_like(x)
    dkeep = np.zeros_like(keep)
    dstate = np.zeros_like(keep)
    for t in reversed(range(x.shape[1])):
        dstate = dstate + ds[:, t]
        dx[:, t] = (1 - keep) * dstate
        dkeep += dstate * (states[t] - x[:, t])
        dstate = keep * dstate
    return dx, dkeep
    ### END SOLUTION


# %%
def norm_forward(x, gain, shift):
    """Each row with mean 0 and deviation 1, scaled and shifted."""
    ### BEGIN SOLUTION: normalise, scale, shift
    centred = x - x.mean(axis=1, keepdims=True)
    deviation = np.sqrt((centred**2).mean(axis=1, keepdims=True) + 1e-5)
    normal = centred / deviation
    cache = (normal, deviation, gain)
    return gain * normal + shift, cache
    ### END SOLUTION


# %%
def norm_backward(dy, cache):
    """The gradients of what norm_forward read."""
    ### BEGIN SOLUTION: the chain rule
    normal, deviation, gain = cache
    dshift = dy.sum(axis=0)
    dgain = (dy * normal).sum(axis=0)
    dnormal = dy * gain
    from_mean = dnormal.mean(axis=1, keepdims=True)
    from_deviation = normal * (dnormal * normal).mean(axis=1, keepdims=True)
    dx = (dnormal - from_mean - from_deviation) / deviation
    return dx, dgain, dshift
    ### END SOLUTION
