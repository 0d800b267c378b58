import numpy as np


def rnn_cell_backward(dh_next, x, h_prev, h_next, w_input, w_hidden):
    d_act = dh_next * (1 - np.power(h_next, 2))
    return (
        d_act @ w_input.T,
        d_act @ w_hidden.T,
        x.T @ d_act,
        h_prev.T @ d_act,
        d_act.sum(axis=0),
    )


def rnn_backward(dhidden_states, x, h0, hidden_states, w_input, w_hidden):
    L = x.shape[1]
    dh = dhidden_states[:, L - 1]  # the loss is at the end
    dx = [None] * L
    sums = [np.zeros_like(w_input), np.zeros_like(w_hidden), np.zeros_like(h0[0])]
    for t in reversed(range(L)):
        prev = hidden_states[:, t - 1] if t >= 1 else h0
        dx[t], dh, *grads = rnn_cell_backward(dh, x[:, t], prev, hidden_states[:, t], w_input, w_hidden)
        for k in range(3):
            sums[k] += grads[k]
    return np.stack(dx, axis=1), dh, *sums


def truncated_backward(dhidden_states, x, h0, hidden_states, w_input, w_hidden, chunk):
    L = x.shape[1]
    dx = np.zeros_like(x)
    sums = [np.zeros_like(w_input), np.zeros_like(w_hidden), np.zeros_like(h0[0])]
    for start in range(0, L, chunk):
        end = min(L, start + chunk)
        h_start = h0 if start == 0 else hidden_states[:, start - 1]
        dx[:, start:end], dh, *grads = rnn_backward(
            dhidden_states[:, start:end], x[:, start:end], h_start, hidden_states[:, start:end], w_input, w_hidden)
        if start == 0:
            dh0 = dh
        for k in range(3):
            sums[k] += grads[k]
    return dx, dh0, *sums
