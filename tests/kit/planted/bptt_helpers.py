import numpy as np


def through_tanh(d, h):
    return d * (1 - h * h)


def through_product(d, a, w):
    """The gradients of a @ w."""
    return d @ w.T, a.T @ d


def rnn_cell_backward(dh_next, x, h_prev, h_next, w_input, w_hidden):
    d = through_tanh(dh_next, h_next)
    dx, dw_input = through_product(d, x, w_input)
    dh_prev, dw_hidden = through_product(d, h_prev, w_hidden)
    return dx, dh_prev, dw_input, dw_hidden, np.sum(d, axis=0)


def before(t, h0, hidden_states):
    return h0 if t == 0 else hidden_states[:, t - 1]


def add(totals, more):
    return [total + part for total, part in zip(totals, more)]


def zeros(*arrays):
    return [np.zeros_like(array) for array in arrays]


def backward(dhidden_states, x, h0, hidden_states, w_input, w_hidden, is_cut):
    dx, carried = zeros(x, h0)
    totals = zeros(w_input, w_hidden, w_hidden[0])
    for t in reversed(range(x.shape[1])):
        if is_cut(t):
            (carried,) = zeros(h0)
        dh = dhidden_states[:, t] + carried
        h_prev = before(t, h0, hidden_states)
        dx[:, t], carried, *parts = rnn_cell_backward(dh, x[:, t], h_prev, hidden_states[:, t], w_input, w_hidden)
        totals = add(totals, parts)
    return (dx, carried, *totals)


def rnn_backward(dhidden_states, x, h0, hidden_states, w_input, w_hidden):
    return backward(dhidden_states, x, h0, hidden_states, w_input, w_hidden, lambda t: False)


def truncated_backward(dhidden_states, x, h0, hidden_states, w_input, w_hidden, chunk):
    return backward(dhidden_states, x, h0, hidden_states, w_input, w_hidden, lambda t: (t + 1) % chunk == 0)
