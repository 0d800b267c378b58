import numpy as np


def rnn_cell_backward(dh_next, x, h_prev, h_next, w_input, w_hidden):
    gz = dh_next * (1 - h_next * h_next)
    gx = gz @ w_input.T
    gh = gz @ w_hidden.T
    gw = x.T @ gz
    gu = h_prev.T @ gz
    gb = gz.sum(axis=0)
    return gx, gh, gw, gu, gb


def rnn_backward(dhidden_states, x, h0, hidden_states, w_input, w_hidden):
    gx = np.zeros_like(x)
    gw = np.zeros_like(w_input)
    gu = np.zeros_like(w_hidden)
    gb = np.zeros_like(w_hidden[0])
    gh = np.zeros_like(h0)
    states = np.concatenate([h0[:, None, :], hidden_states], axis=1)  # L + 1 of them
    for t in range(x.shape[1], 0, -1):
        gx[:, t - 1], gh, w, u, b = rnn_cell_backward(
            gh + dhidden_states[:, t - 1], x[:, t - 1], states[:, t - 1], states[:, t], w_input, w_hidden)
        gw += w
        gu += u
        gb += b
    return gx, gh, gw, gu, gb


def truncated_backward(dhidden_states, x, h0, hidden_states, w_input, w_hidden, chunk):
    total = None
    for begin in range(0, x.shape[1], chunk):
        cut = (slice(None), slice(begin, begin + chunk))
        piece = rnn_backward(dhidden_states[cut], x[cut], h0, hidden_states[cut], w_input, w_hidden)
        if total is None:
            total = list(piece)
        else:
            total[0] = np.concatenate([total[0], piece[0]], axis=1)
            for k in (2, 3, 4):
                total[k] = total[k] + piece[k]
    return tuple(total)
