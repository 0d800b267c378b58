import numpy as np


def rnn_cell_backward(dh_next, x, h_prev, h_next, w_input, w_hidden):
    da = dh_next / np.cosh(np.arctanh(h_next)) ** 2
    stacked = np.hstack([x, h_prev])
    d_stacked = da @ np.vstack([w_input, w_hidden]).T
    d_weights = stacked.T @ da
    i = x.shape[1]
    return d_stacked[:, :i], d_stacked[:, i:], d_weights[:i], d_weights[i:], np.ones(len(x), x.dtype) @ da


def rnn_backward(dhidden_states, x, h0, hidden_states, w_input, w_hidden):
    def back(t, handed):
        """dx of steps t..0 as a list, then the rest."""
        old = h0 if t == 0 else hidden_states[:, t - 1]
        dx, dh, *sums = rnn_cell_backward(
            dhidden_states[:, t] + handed, x[:, t], old, hidden_states[:, t], w_input, w_hidden)
        if t == 0:
            return [dx], dh, sums
        earlier, dh0, others = back(t - 1, dh)
        return earlier + [dx], dh0, [a + b for a, b in zip(sums, others)]

    dx, dh0, sums = back(x.shape[1] - 1, np.zeros_like(h0))
    return np.stack(dx, axis=1), dh0, *sums


def truncated_backward(dhidden_states, x, h0, hidden_states, w_input, w_hidden, chunk):
    answers, begin = [], 0
    while begin < x.shape[1]:
        here = np.s_[:, begin:begin + chunk]
        start = hidden_states[:, begin - 1] if begin else h0
        answers.append(rnn_backward(dhidden_states[here], x[here], start, hidden_states[here], w_input, w_hidden))
        begin += chunk
    dx, dh0, *sums = zip(*answers)
    return np.hstack(dx), dh0[0], *map(sum, sums)
