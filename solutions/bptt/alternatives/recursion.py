"""A sequence is its first step and the rest: recursion for short pieces, halves for long ones."""

import numpy as np


def rnn_cell_backward(dh_next, x, h_prev, h_next, w_input, w_hidden):
    dz = np.multiply(dh_next, (1 - h_next) * (1 + h_next))
    return (
        np.dot(dz, w_input.T),
        np.dot(dz, w_hidden.T),
        np.dot(x.T, dz),
        np.dot(h_prev.T, dz),
        np.dot(np.ones(len(dz), dtype=dz.dtype), dz),
    )


def through(dh_states, x, h, states, w, u, dh_end):
    """The gradients of a stretch of steps; dh_end comes from the stretch behind it."""
    L = x.shape[1]
    if L == 1:
        dx, *rest = rnn_cell_backward(dh_states[:, 0] + dh_end, x[:, 0], h, states[:, 0], w, u)
        return [dx[:, None], *rest]
    m = L // 2
    late = through(dh_states[:, m:], x[:, m:], states[:, m - 1], states[:, m:], w, u, dh_end)
    early = through(dh_states[:, :m], x[:, :m], h, states[:, :m], w, u, late[1])
    dx = np.concatenate((early[0], late[0]), axis=1)
    return [dx, early[1], *(a + b for a, b in zip(early[2:], late[2:]))]


def rnn_backward(dhidden_states, x, h0, hidden_states, w_input, w_hidden):
    return through(dhidden_states, x, h0, hidden_states, w_input, w_hidden, np.zeros_like(h0))


def truncated_backward(dhidden_states, x, h0, hidden_states, w_input, w_hidden, chunk):
    if x.shape[1] <= chunk:
        return rnn_backward(dhidden_states, x, h0, hidden_states, w_input, w_hidden)
    first = rnn_backward(
        dhidden_states[:, :chunk], x[:, :chunk], h0, hidden_states[:, :chunk], w_input, w_hidden
    )
    rest = truncated_backward(
        dhidden_states[:, chunk:],
        x[:, chunk:],
        hidden_states[:, chunk - 1],
        hidden_states[:, chunk:],
        w_input,
        w_hidden,
        chunk,
    )
    dx = np.hstack((first[0], rest[0]))
    return dx, first[1], first[2] + rest[2], first[3] + rest[3], first[4] + rest[4]
