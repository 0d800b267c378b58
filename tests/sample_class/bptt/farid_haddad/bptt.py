import numpy as np


def rnn_cell_backward(dh_next, x, h_prev, h_next, w_input, w_hidden):
    n, i = x.shape
    h = h_prev.shape[1]
    dx = np.zeros((n, i))
    dh_prev = np.zeros((n, h))
    dw_input = np.zeros((i, h))
    dw_hidden = np.zeros((h, h))
    dbias = np.zeros(h)
    grad = dh_next * (1 - h_next ** 2)
    dx += grad @ w_input.T
    dh_prev += grad @ w_hidden.T
    dw_input += x.T @ grad
    dw_hidden += h_prev.T @ grad
    dbias += grad.sum(axis=0)
    return dx, dh_prev, dw_input, dw_hidden, dbias


def rnn_backward(dhidden_states, x, h0, hidden_states, w_input, w_hidden):
    n, l, i = x.shape
    h = h0.shape[1]
    dx = np.zeros((n, l, i))
    dh = np.zeros((n, h))
    dw_input = np.zeros((i, h))
    dw_hidden = np.zeros((h, h))
    dbias = np.zeros(h)
    for t in range(l - 1, -1, -1):
        before = h0 if t == 0 else hidden_states[:, t - 1]
        a, dh, b, c, d = rnn_cell_backward(
            dhidden_states[:, t] + dh, x[:, t], before, hidden_states[:, t], w_input, w_hidden)
        dx[:, t] = a
        dw_input += b
        dw_hidden += c
        dbias += d
    return dx, dh, dw_input, dw_hidden, dbias


def truncated_backward(dhidden_states, x, h0, hidden_states, w_input, w_hidden, chunk):
    n, l, i = x.shape
    h = h0.shape[1]
    dx = np.zeros((n, l, i))
    dh0 = np.zeros((n, h))
    dw_input = np.zeros((i, h))
    dw_hidden = np.zeros((h, h))
    dbias = np.zeros(h)
    for s in range(0, l, chunk):
        e = min(s + chunk, l)
        before = h0 if s == 0 else hidden_states[:, s - 1]
        a, z, b, c, d = rnn_backward(dhidden_states[:, s:e], x[:, s:e], before, hidden_states[:, s:e], w_input, w_hidden)
        dx[:, s:e] = a
        if s == 0:
            dh0 += z
        dw_input += b
        dw_hidden += c
        dbias += d
    return dx, dh0, dw_input, dw_hidden, dbias
