import numpy as np


def rnn_cell_backward(dh_next, x, h_prev, h_next, w_input, w_hidden):
    da = dh_next * (1 - h_next**2)
    dx, dh_prev = (da @ w.T for w in (w_input, w_hidden))
    dw_input, dw_hidden = (a.T @ da for a in (x, h_prev))
    return dx, dh_prev, dw_input, dw_hidden, da.sum(axis=0)


def rnn_backward(dhidden_states, x, h0, hidden_states, w_input, w_hidden):
    dx = []
    dh = np.zeros_like(h0)
    grads = []
    for t in range(x.shape[1])[::-1]:
        step = rnn_cell_backward(
            dhidden_states[:, t] + dh,
            x[:, t],
            hidden_states[:, t - 1] if t else h0,
            hidden_states[:, t],
            w_input,
            w_hidden,
        )
        dh = step[1]
        dx = [step[0], *dx]
        grads.append(step[2:])
    return np.stack(dx, 1), dh, *(np.sum(g, 0) for g in zip(*grads))


def truncated_backward(dhidden_states, x, h0, hidden_states, w_input, w_hidden, chunk):
    raise NotImplementedError("your turn: go back through each piece by itself")
