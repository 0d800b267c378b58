import numpy as np


def rnn_cell_backward(dh_next, x, h_prev, h_next, w_input, w_hidden):
    da = dh_next * (1 - h_next ** 2)
    return da @ w_input.T, da @ w_hidden.T, x.T @ da, h_prev.T @ da, da.sum(axis=0)


def rnn_backward(dhidden_states, x, h0, hidden_states, w_input, w_hidden):
    t = x.shape[1] - 1
    dx = np.zeros_like(x)
    dwi, dwh, db = np.zeros_like(w_input), np.zeros_like(w_hidden), np.zeros_like(w_hidden[0])
    dh = np.zeros_like(h0)
    while t >= 0:
        prev = hidden_states[:, t - 1] if t > 0 else h0
        dx[:, t], dh, a, b, c = rnn_cell_backward(
            dhidden_states[:, t] + dh, x[:, t], prev, hidden_states[:, t], w_input, w_hidden)
        dwi += a
        dwh += b
        db += c
        t -= 1
    return dx, dh, dwi, dwh, db


def truncated_backward(dhidden_states, x, h0, hidden_states, w_input, w_hidden, chunk):
    begin = 0
    dx = np.zeros_like(x)
    dwi, dwh, db = np.zeros_like(w_input), np.zeros_like(w_hidden), np.zeros_like(w_hidden[0])
    while begin < x.shape[1]:
        end = begin + chunk
        prev = hidden_states[:, begin - 1] if begin > 0 else h0
        dx[:, begin:end], dh, a, b, c = rnn_backward(
            dhidden_states[:, begin:end], x[:, begin:end], prev, hidden_states[:, begin:end], w_input, w_hidden)
        if begin == 0:
            dh0 = dh
        dwi += a
        dwh += b
        db += c
    return dx, dh0, dwi, dwh, db
