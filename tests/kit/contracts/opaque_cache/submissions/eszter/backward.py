import numpy as np


def smooth_forward(x, keep):
    cache = {"x": x, "keep": keep, 0: np.zeros_like(keep)}
    for t in range(x.shape[1]):
        cache[t + 1] = keep * cache[t] + (1 - keep) * x[:, t]
    return np.stack([cache[t + 1] for t in range(x.shape[1])], axis=1), cache


def smooth_backward(ds, cache):
    x, keep = cache["x"], cache["keep"]
    dx, dkeep, d = np.zeros_like(x), np.zeros_like(keep), np.zeros_like(keep)
    for t in reversed(range(x.shape[1])):
        d = d + ds[:, t]
        dx[:, t] = (1 - keep) * d
        dkeep = dkeep + d * (cache[t] - x[:, t])
        d = keep * d
    return dx, dkeep


def norm_forward(x, gain, shift):
    mu = x.mean(axis=1, keepdims=True)
    std = np.sqrt(x.var(axis=1, keepdims=True) + 1e-5)
    xhat = (x - mu) / std
    return gain * xhat + shift, (xhat, std, gain)


def norm_backward(dy, cache):
    xhat, std, gain = cache
    d = dy * gain
    dx = (d - d.mean(axis=1, keepdims=True)) / std
    return dx, (dy * xhat).sum(axis=0), dy.sum(axis=0)
