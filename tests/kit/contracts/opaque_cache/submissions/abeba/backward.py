import numpy as np


def smooth_forward(x, keep):
    """cache: a list that the way back takes apart from its end."""
    s = np.zeros_like(x)
    before = np.zeros_like(keep)
    cache = [(x.shape, keep)]
    for t in range(x.shape[1]):
        cache.append((before, x[:, t]))
        before = keep * before + (1 - keep) * x[:, t]
        s[:, t] = before
    return s, cache


def smooth_backward(ds, cache):
    (shape, keep) = cache[0]
    dx, dkeep, carry = np.zeros(shape, ds.dtype), np.zeros_like(keep), 0.0
    t = shape[1] - 1
    while len(cache) > 1:
        before, x_t = cache.pop()
        carry = carry + ds[:, t]
        dx[:, t] = carry * (1 - keep)
        dkeep += carry * (before - x_t)
        carry = carry * keep
        t -= 1
    return dx, dkeep


def norm_forward(x, gain, shift):
    mu = x.mean(axis=1, keepdims=True)
    std = np.sqrt(x.var(axis=1, keepdims=True) + 1e-5)
    cache = []
    cache.append(gain)
    cache.append(std)
    cache.append((x - mu) / std)
    return cache[-1] * gain + shift, cache


def norm_backward(dy, cache):
    xhat = cache.pop()
    std = cache.pop()
    gain = cache.pop()
    dxhat = dy * gain
    dx = dxhat - dxhat.mean(1, keepdims=True) - xhat * np.mean(dxhat * xhat, axis=1, keepdims=True)
    return dx / std, np.sum(dy * xhat, axis=0), np.sum(dy, axis=0)
