import numpy as np


def rnn_cell_backward(dh_next, x, h_prev, h_next, w_input, w_hidden):
    dtanh = (1 - h_next ** 2) * dh_next
    dx = np.dot(dtanh, w_input.T)
    dh_prev = np.dot(dtanh, w_hidden.T)
    dWx = np.dot(x.T, dtanh)
    dWh = np.dot(h_prev.T, dtanh)
    db = np.sum(dtanh, axis=0)
    return dx, dh_prev, dWx, dWh, db


def rnn_backward(dhidden_states, x, h0, hidden_states, w_input, w_hidden):
    N, T, D = x.shape
    dx = np.zeros_like(x)
    dprev = np.zeros_like(h0)
    for i in range(T):
        t = T - 1 - i
        h_prev = h0 if t == 0 else hidden_states[:, t - 1, :]
        dx[:, t, :], dprev, dWx, dWh, db = rnn_cell_backward(
            dhidden_states[:, t, :] + dprev, x[:, t, :], h_prev, hidden_states[:, t, :], w_input, w_hidden)
    return dx, dprev, dWx, dWh, db


def truncated_backward(dhidden_states, x, h0, hidden_states, w_input, w_hidden, chunk):
    parts = []
    prev = h0
    for start in range(0, x.shape[1], chunk):
        stop = start + chunk
        parts.append(rnn_backward(dhidden_states[:, start:stop], x[:, start:stop], prev,
                                  hidden_states[:, start:stop], w_input, w_hidden))
        prev = hidden_states[:, min(stop, x.shape[1]) - 1]
    return (np.concatenate([p[0] for p in parts], axis=1), parts[0][1],
            sum(p[2] for p in parts), sum(p[3] for p in parts), sum(p[4] for p in parts))
