import numpy as np


def smooth_forward(x, keep):
    """What the way back needs is kept in a closure: the cache is a function."""
    T = x.shape[1]
    history = np.zeros((T + 1, x.shape[0]))
    for t in range(T):
        history[t + 1] = keep * history[t] + (1 - keep) * x[:, t]

    def back(ds):
        powers = np.zeros((x.shape[0], T))
        total = np.zeros(x.shape[0])
        for t in range(T)[::-1]:
            total = ds[:, t] + (keep * total if t < T - 1 else 0)
            powers[:, t] = total
        return powers * (1 - keep)[:, None], (powers * (history[:-1].T - x)).sum(axis=1)

    return history[1:].T.copy(), back


def smooth_backward(ds, cache):
    return cache(ds)


def norm_forward(x, gain, shift):
    n = (x - x.mean(1)[:, None]) / np.sqrt(x.var(1) + 1e-5)[:, None]
    return n * gain + shift, (lambda: (x, n, gain))


def norm_backward(dy, cache):
    x, n, gain = cache()
    s = np.sqrt(x.var(1) + 1e-5)[:, None]
    F = x.shape[1]
    jacobian = (np.eye(F) - 1 / F)[None] - n[:, :, None] * n[:, None, :] / F
    return np.einsum("nij,nj->ni", jacobian, dy * gain) / s, (n * dy).sum(0), dy.sum(0)
