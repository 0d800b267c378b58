import numpy as np


def rnn_cell_backward(dh_next, x, h_prev, h_next, w_input, w_hidden):
    dz = np.multiply(dh_next, np.subtract(1, np.square(h_next)))
    return (np.dot(dz, w_input.T), np.dot(dz, w_hidden), np.dot(x.T, dz), np.dot(h_prev.T, dz), np.sum(dz, 0))


def rnn_backward(dhidden_states, x, h0, hidden_states, w_input, w_hidden):
    N, L, I = np.shape(x)
    out = []
    dh = np.zeros_like(h0)
    for t in reversed(range(L)):
        hp = hidden_states[:, t - 1] if t > 0 else h0
        step = rnn_cell_backward(np.add(dhidden_states[:, t], dh), x[:, t], hp, hidden_states[:, t], w_input, w_hidden)
        dh = step[1]
        out.insert(0, step)
    dx = np.stack([s[0] for s in out], axis=1)
    dw = np.sum([s[2] for s in out], axis=0)
    du = np.sum([s[3] for s in out], axis=0)
    db = np.sum([s[4] for s in out], axis=0)
    return dx, dh, dw, du, db


def truncated_backward(dhidden_states, x, h0, hidden_states, w_input, w_hidden, chunk):
    L = x.shape[1]
    starts = list(range(0, L, chunk))
    pieces = []
    for s in starts:
        hp = hidden_states[:, s - 1] if s > 0 else h0
        pieces.append(rnn_backward(dhidden_states[:, s:s + chunk], x[:, s:s + chunk], hp,
                                   hidden_states[:, s:s + chunk], w_input, w_hidden))
    first = pieces[0]
    return (np.concatenate([p[0] for p in pieces], axis=1), first[1],
            np.sum([p[2] for p in pieces], axis=0),
            np.sum([p[3] for p in pieces], axis=0),
            np.sum([p[4] for p in pieces], axis=0))
