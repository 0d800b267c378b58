"""Input, state and a one joined, so that all weights are one matrix; time first; its gradient is cut at the end."""

import numpy as np


def rnn_cell_backward(dh_next, x, h_prev, h_next, w_input, w_hidden):
    I = x.shape[1]
    joined = np.concatenate([x, h_prev, np.ones_like(x[:, :1])], axis=1)
    da = dh_next - dh_next * h_next * h_next
    d_joined = da @ np.vstack([w_input, w_hidden]).T
    d_matrix = joined.T @ da
    return d_joined[:, :I], d_joined[:, I:], d_matrix[:I], d_matrix[I:-1], d_matrix[-1]


def rnn_backward(dhidden_states, x, h0, hidden_states, w_input, w_hidden):
    return truncated_backward(dhidden_states, x, h0, hidden_states, w_input, w_hidden, chunk=len(x[0]))


def truncated_backward(dhidden_states, x, h0, hidden_states, w_input, w_hidden, chunk):
    I = x.shape[2]
    old = np.insert(hidden_states[:, :-1], 0, h0, axis=1)
    joined = np.dstack([x, old, np.ones_like(x[..., :1])]).swapaxes(0, 1)  # (L, N, I + H + 1)
    matrix = np.vstack([w_input, w_hidden])
    d_matrix = np.zeros((len(matrix) + 1, matrix.shape[1]), dtype=x.dtype)
    dx = np.empty_like(x)
    dh = np.zeros_like(h0)
    steps = zip(range(x.shape[1]), joined, hidden_states.swapaxes(0, 1), dhidden_states.swapaxes(0, 1))
    for t, read, state, from_output in reversed(list(steps)):
        last_of_its_piece = (t + 1) % chunk == 0
        total = from_output if last_of_its_piece else from_output + dh
        da = total - total * state * state
        d_joined = da @ matrix.T
        dx[:, t], dh = d_joined[:, :I], d_joined[:, I:]
        d_matrix += read.T @ da
    return dx, dh, d_matrix[:I], d_matrix[I:-1], d_matrix[-1]
