import numpy as np


def smooth_forward(x, keep):
    states = [x[:, 0]]
    for t in range(1, x.shape[1]):
        states.append(keep * states[-1] + (1 - keep) * x[:, t])
    return np.stack(states, axis=1), None


def smooth_backward(ds, cache):
    pass


def norm_forward(x, gain, shift):
    mu = x.mean(axis=0, keepdims=True)
    std = np.sqrt(x.var(axis=0, keepdims=True) + 1e-5)
    xhat = (x - mu) / std
    return gain * xhat + shift, (xhat, std, gain)


def norm_backward(dy, cache):
    pass
