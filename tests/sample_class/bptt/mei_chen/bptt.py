import numpy as np


def one_step(dh, x, old, new, w, u):
    """All arguments of a single sample: vectors."""
    da = [d * (1 - h * h) for d, h in zip(dh, new)]
    da = np.array(da, dtype=dh.dtype)
    return w.dot(da), u.dot(da), np.outer(x, da), np.outer(old, da), da


def rnn_cell_backward(dh_next, x, h_prev, h_next, w_input, w_hidden):
    answers = [one_step(*sample, w_input, w_hidden) for sample in zip(dh_next, x, h_prev, h_next)]
    dx, dh, dw, du, db = zip(*answers)
    return np.array(dx), np.array(dh), sum(dw), sum(du), sum(db)


def one_sequence(d, x, h0, states, w, u, chunk):
    dx = np.zeros_like(x)
    dw, du, db = np.zeros_like(w), np.zeros_like(u), np.zeros_like(u[0])
    back = np.zeros_like(h0)
    t = len(x)
    while t > 0:
        t -= 1
        if (t + 1) % chunk == 0:
            back = np.zeros_like(h0)
        old = states[t - 1] if t >= 1 else h0
        dx[t], back, a, b, c = one_step(d[t] + back, x[t], old, states[t], w, u)
        dw += a
        du += b
        db += c
    return dx, back, dw, du, db


def truncated_backward(dhidden_states, x, h0, hidden_states, w_input, w_hidden, chunk):
    every = [one_sequence(*s, w_input, w_hidden, chunk) for s in zip(dhidden_states, x, h0, hidden_states)]
    return (np.stack([e[0] for e in every]), np.stack([e[1] for e in every]),
            sum(e[2] for e in every), sum(e[3] for e in every), sum(e[4] for e in every))


def rnn_backward(dhidden_states, x, h0, hidden_states, w_input, w_hidden):
    return truncated_backward(dhidden_states, x, h0, hidden_states, w_input, w_hidden, 10 ** 6)
