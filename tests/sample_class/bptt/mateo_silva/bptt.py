import numpy as np


def rnn_cell_backward(dh_next, x, h_prev, h_next, w_input, w_hidden):
    da = dh_next * (1 - h_next ** 2)
    dx = da @ w_input.T
    dh_prev = da @ w_hiden.T
    dw_input = x.T @ da
    dw_hidden = h_prev.T @ da
    dbias = da.sum(axis=0)
    return dx, dh_prev, dw_input, dw_hidden, dbias


def rnn_backward(dhidden_states, x, h0, hidden_states, w_input, w_hidden):
    dx = np.zeros_like(x)
    dw_input = np.zeros_like(w_input)
    dw_hidden = np.zeros_like(w_hidden)
    dbias = np.zeros_like(w_hidden[0])
    dh = np.zeros_like(h0)
    for t in reversed(range(x.shape[1])):
        h_prev = hidden_states[:, t - 1] if t > 0 else h0
        dx[:, t], dh, wi, wh, b = rnn_cell_backward(
            dhidden_states[:, t] + dh, x[:, t], h_prev, hidden_states[:, t], w_input, w_hidden)
        dw_input += wi
        dw_hidden += wh
        dbias += b
    return dx, dh, dw_input, dw_hidden, dbias


def truncated_backward(dhidden_states, x, h0, hidden_states, w_input, w_hidden, chunk):
    if chunk >= x.shape[1]:
        return rnn_backward(dhidden_states, x, h0, hidden_states, w_input, w_hidden)
    pass  # TODO
