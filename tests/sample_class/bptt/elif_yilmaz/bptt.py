import numpy as np


def rnn_cell_backward(dh_next, x, h_prev, h_next, w_input, w_hidden):
    delta = dh_next * (1 - h_next ** 2)
    return delta @ w_input.T, delta @ w_hidden.T, x.T @ delta, h_prev.T @ delta, delta.sum(axis=0)


def rnn_backward(dhidden_states, x, h0, hidden_states, w_input, w_hidden):
    dx = np.zeros_like(x)
    dw, du = np.zeros_like(w_input), np.zeros_like(w_hidden)
    db = np.zeros_like(w_hidden[0])
    last = x.shape[1] - 1
    for t in range(last, -1, -1):
        old = hidden_states[:, t - 1] if t else h0
        dx[:, t], dh, dw_t, du_t, db_t = rnn_cell_backward(
            dhidden_states[:, t], x[:, t], old, hidden_states[:, t], w_input, w_hidden)
        if t > 0:
            dhidden_states[:, t - 1] += dh
        dw += dw_t
        du += du_t
        db += db_t
    return dx, dh, dw, du, db


def truncated_backward(dhidden_states, x, h0, hidden_states, w_input, w_hidden, chunk):
    out = []
    for b in range(0, x.shape[1], chunk):
        e = b + chunk
        old = hidden_states[:, b - 1] if b else h0
        out.append(rnn_backward(dhidden_states[:, b:e].copy(), x[:, b:e], old, hidden_states[:, b:e], w_input, w_hidden))
    dx = np.concatenate([o[0] for o in out], 1)
    return dx, out[0][1], sum(o[2] for o in out), sum(o[3] for o in out), sum(o[4] for o in out)
