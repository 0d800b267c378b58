"""No products of arrays at all: every sum is written out, sample by sample and unit by unit."""

import numpy as np


def rnn_cell_backward(dh_next, x, h_prev, h_next, w_input, w_hidden):
    N, I = x.shape
    H = h_prev.shape[1]
    dx, dh_prev = np.zeros_like(x), np.zeros_like(h_prev)
    dw_input, dw_hidden = np.zeros_like(w_input), np.zeros_like(w_hidden)
    dbias = np.zeros(H, dtype=x.dtype)
    for n in range(N):
        for j in range(H):
            da = dh_next[n, j] * (1 - h_next[n, j] ** 2)
            dbias[j] += da
            for i in range(I):
                dx[n, i] += da * w_input[i, j]
                dw_input[i, j] += da * x[n, i]
            for k in range(H):
                dh_prev[n, k] += da * w_hidden[k, j]
                dw_hidden[k, j] += da * h_prev[n, k]
    return dx, dh_prev, dw_input, dw_hidden, dbias


def rnn_backward(dhidden_states, x, h0, hidden_states, w_input, w_hidden):
    return truncated_backward(dhidden_states, x, h0, hidden_states, w_input, w_hidden, x.shape[1])


def truncated_backward(dhidden_states, x, h0, hidden_states, w_input, w_hidden, chunk):
    L = x.shape[1]
    states = [h0] + [hidden_states[:, t] for t in range(L)]
    dx = np.zeros_like(x)
    totals = None
    dh = np.zeros_like(h0)
    for t in range(L, 0, -1):
        if t % chunk == 0:
            dh = np.zeros_like(h0)  # a new piece begins, seen from behind
        dh = dh + dhidden_states[:, t - 1]
        dx[:, t - 1], dh, *weights = rnn_cell_backward(
            dh, x[:, t - 1], states[t - 1], states[t], w_input, w_hidden
        )
        totals = weights if totals is None else [a + b for a, b in zip(totals, weights)]
    return (dx, dh, *totals)
