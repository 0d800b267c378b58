import numpy as np


def rnn_cell_backward(dh_next, x, h_prev, h_next, w_input, w_hidden):
    da = dh_next * (1 - h_next**2)
    return da @ w_input.T, da @ w_hidden.T, x.T @ da, h_prev.T @ da, da.sum(axis=0)


def rnn_backward(dhidden_states, x, h0, hidden_states, w_input, w_hidden):
    dx = np.zeros_like(x)
    dw_input = np.zeros_like(w_input)
    dw_hidden = np.zeros_like(w_hidden)
    dbias = np.zeros(w_hidden.shape[1], x.dtype)
    from_later = 0
    for t in range(x.shape[1] - 1, -1, -1):
        dh = dhidden_states[:, t] + from_later
        before = hidden_states[:, t - 1] if t > 0 else h0
        dx[:, t], from_later, dwi, dwh, db = rnn_cell_backward(dh, x[:, t], before, hidden_states[:, t], w_input, w_hidden)
        dw_input += dwi
        dw_hidden += dwh
        dbias += db
    return dx, dh, dw_input, dw_hidden, dbias


def truncated_backward(dhidden_states, x, h0, hidden_states, w_input, w_hidden, chunk):
    dx = np.zeros_like(x)
    sums = [0, 0, 0]
    end = x.shape[1]
    while end > 0:
        begin = max(end - chunk, 0)
        carried = np.zeros_like(h0)
        for t in range(end - 1, begin - 1, -1):
            before = hidden_states[:, t - 1] if t > 0 else h0
            dx[:, t], carried, *grads = rnn_cell_backward(
                dhidden_states[:, t] + carried, x[:, t], before, hidden_states[:, t], w_input, w_hidden)
            sums = [a + b for a, b in zip(sums, grads)]
        end = begin
    return dx, carried, *sums
