"""The chain rule as a text book writes it: a Jacobian for each sample, and vectors times matrices."""

from itertools import pairwise

import numpy as np


def rnn_cell_backward(dh_next, x, h_prev, h_next, w_input, w_hidden):
    dx, dh_prev = np.empty_like(x), np.empty_like(h_prev)
    dw_input, dw_hidden, dbias = 0 * w_input, 0 * w_hidden, 0 * w_hidden[:, 0]
    for n, gradient in enumerate(dh_next):
        of_tanh = np.diag(1 - np.square(h_next[n]))
        da = gradient @ of_tanh
        dx[n] = w_input @ da
        dh_prev[n] = w_hidden @ da
        dw_input = dw_input + np.outer(x[n], da)
        dw_hidden = dw_hidden + np.outer(h_prev[n], da)
        dbias = dbias + da
    return dx, dh_prev, dw_input, dw_hidden, dbias


def rnn_backward(dhidden_states, x, h0, hidden_states, w_input, w_hidden):
    dx, steps = [], []
    dh = 0
    L = x.shape[1]
    for t in range(1, L + 1):  # counted from the end
        old = h0 if t == L else hidden_states[:, -t - 1]
        d, dh, *weights = rnn_cell_backward(
            dhidden_states[:, -t] + dh, x[:, -t], old, hidden_states[:, -t], w_input, w_hidden
        )
        dx.insert(0, d)
        steps.append(weights)
    return (np.stack(dx, axis=1), dh, *(np.sum(parts, axis=0) for parts in zip(*steps)))


def truncated_backward(dhidden_states, x, h0, hidden_states, w_input, w_hidden, chunk):
    L = x.shape[1]
    cuts = list(range(0, L, chunk)) + [L]
    answers = []
    for begin, end in pairwise(cuts):
        old = hidden_states[:, begin - 1] if begin else h0
        answers.append(
            rnn_backward(
                dhidden_states[:, begin:end],
                x[:, begin:end],
                old,
                hidden_states[:, begin:end],
                w_input,
                w_hidden,
            )
        )
    dx = np.concatenate([answer[0] for answer in answers], axis=1)
    return (dx, answers[0][1], *(np.sum([answer[k] for answer in answers], axis=0) for k in (2, 3, 4)))
