import numpy as np


def rnn_cell_backward(dh_next, x, h_prev, h_next, w_input, w_hidden):
    # derivative of tanh
    dtanh = 1 - h_next
    d = dh_next * dtanh
    dx = d @ w_input.T
    dh_prev = d @ w_hidden.T
    dw_input = x.T @ d
    dw_hidden = h_prev.T @ d
    dbias = np.sum(d, axis=0)
    return dx, dh_prev, dw_input, dw_hidden, dbias


def rnn_backward(dhidden_states, x, h0, hidden_states, w_input, w_hidden):
    T = x.shape[1]
    dx_list = []
    dw_input = np.zeros_like(w_input)
    dw_hidden = np.zeros_like(w_hidden)
    dbias = np.zeros_like(w_hidden[0])
    dh = np.zeros_like(h0)
    for t in range(T - 1, -1, -1):
        h_before = hidden_states[:, t - 1] if t != 0 else h0
        dxt, dh, a, b, c = rnn_cell_backward(
            dh + dhidden_states[:, t], x[:, t], h_before, hidden_states[:, t], w_input, w_hidden
        )
        dx_list.append(dxt)
        dw_input += a
        dw_hidden += b
        dbias += c
    dx_list.reverse()
    return np.stack(dx_list, axis=1), dh, dw_input, dw_hidden, dbias


def truncated_backward(dhidden_states, x, h0, hidden_states, w_input, w_hidden, chunk):
    dxs, dh0 = [], None
    dw_input = np.zeros_like(w_input)
    dw_hidden = np.zeros_like(w_hidden)
    dbias = np.zeros_like(w_hidden[0])
    h = h0
    for s in range(0, x.shape[1], chunk):
        e = s + chunk
        dx, dh, a, b, c = rnn_backward(
            dhidden_states[:, s:e], x[:, s:e], h, hidden_states[:, s:e], w_input, w_hidden
        )
        h = hidden_states[:, s:e][:, -1]
        dxs.append(dx)
        if dh0 is None:
            dh0 = dh
        dw_input += a
        dw_hidden += b
        dbias += c
    return np.concatenate(dxs, axis=1), dh0, dw_input, dw_hidden, dbias
