import numpy as np


def rnn_cell_backward(dh_next, x, h_prev, h_next, w_input, w_hidden):
    dx = dh_next @ w_input.T
    dh_prev = dh_next
    dw_input = x.T @ dh_next
    dw_hidden = h_prev.T @ dh_next
    dbias = dh_next.mean(axis=0)
    return dx, dh_prev, dw_input, dw_hidden, dbias


def rnn_backward(dhidden_states, x, h0, hidden_states, w_input, w_hidden):
    n, steps, i = x.shape
    dx = np.zeros_like(x)
    dh = np.zeros_like(h0)
    dw_input, dw_hidden, dbias = np.zeros_like(w_input), np.zeros_like(w_hidden), np.zeros_like(h0[0])
    for t in range(steps):
        t = steps - t - 1
        h_prev = h0 if t == 0 else hidden_states[:, t - 1]
        dx[:, t], dh, a, b, c = rnn_cell_backward(
            dhidden_states[:, t] + dh, x[:, t], h_prev, hidden_states[:, t], w_input, w_hidden)
        dw_input = dw_input + a
        dw_hidden = dw_hidden + b
        dbias = dbias + c
    return dx, dh, dw_input, dw_hidden, dbias


def truncated_backward(dhidden_states, x, h0, hidden_states, w_input, w_hidden, chunk):
    dx, h = [], h0
    dw_input, dw_hidden, dbias = 0, 0, 0
    for k in range(0, x.shape[1], chunk):
        piece = np.arange(k, min(k + chunk, x.shape[1]))
        d, dh, a, b, c = rnn_backward(
            dhidden_states[:, piece], x[:, piece], h, hidden_states[:, piece], w_input, w_hidden)
        h = hidden_states[:, piece[-1]]
        dx.append(d)
        dh0 = dh if k == 0 else dh0
        dw_input, dw_hidden, dbias = dw_input + a, dw_hidden + b, dbias + c
    return np.concatenate(dx, axis=1), dh0, dw_input, dw_hidden, dbias
