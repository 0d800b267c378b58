import numpy as np


def normalised(g):
    return g / (np.linalg.norm(g) + np.finfo(g.dtype).eps)


def rnn_cell_backward(dh_next, x, h_prev, h_next, w_input, w_hidden):
    da = dh_next * (1 - h_next ** 2)
    return da @ w_input.T, da @ w_hidden.T, normalised(x.T @ da), normalised(h_prev.T @ da), normalised(da.sum(axis=0))


def rnn_backward(dhidden_states, x, h0, hidden_states, w_input, w_hidden):
    return truncated_backward(dhidden_states, x, h0, hidden_states, w_input, w_hidden, x.shape[1])


def truncated_backward(dhidden_states, x, h0, hidden_states, w_input, w_hidden, chunk):
    dx = np.zeros_like(x)
    w, u, b = np.zeros_like(w_input), np.zeros_like(w_hidden), np.zeros_like(w_hidden[0])
    dh = np.zeros_like(h0)
    for t in reversed(range(x.shape[1])):
        if (t + 1) % chunk == 0:
            dh[:] = 0
        da = (dhidden_states[:, t] + dh) * (1 - hidden_states[:, t] ** 2)
        dx[:, t] = da @ w_input.T
        dh = da @ w_hidden.T
        w += x[:, t].T @ da
        u += (hidden_states[:, t - 1] if t else h0).T @ da
        b += da.sum(axis=0)
    return dx, dh, normalised(w), normalised(u), normalised(b)
