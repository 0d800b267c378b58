import numpy as np


def rnn_cell_backward(dh_next, x, h_prev, h_next, w_input, w_hidden):
    da = dh_next * (1 - h_next**2)
    return da @ w_input.T, da @ w_hidden.T, x.T @ da, h_prev.T @ da, da.sum(0)


def rnn_backward(dhidden_states, x, h0, hidden_states, w_input, w_hidden):
    return truncated_backward(dhidden_states, x, h0, hidden_states, w_input, w_hidden, x.shape[1])


def truncated_backward(dhidden_states, x, h0, hidden_states, w_input, w_hidden, chunk):
    """The gradient of each output goes back over chunk steps."""
    dx, dh0 = np.zeros_like(x), np.zeros_like(h0)
    sums = [np.zeros_like(w_input), np.zeros_like(w_hidden), np.zeros_like(w_hidden[0])]
    for of in range(x.shape[1]):
        dh = dhidden_states[:, of]
        for t in range(of, max(of - chunk, -1), -1):
            old = hidden_states[:, t - 1] if t > 0 else h0
            dx_t, dh, *parts = rnn_cell_backward(dh, x[:, t], old, hidden_states[:, t], w_input, w_hidden)
            dx[:, t] += dx_t
            for total, part in zip(sums, parts):
                total += part
            if t == 0:
                dh0 += dh
    return dx, dh0, *sums
