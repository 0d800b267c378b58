import numpy as np


def rnn_cell_backward(dh_next, x, h_prev, h_next, w_input, w_hidden):
    g = dh_next - dh_next * h_next ** 2
    return (np.einsum("nh,ih->ni", g, w_input),
            np.einsum("nh,kh->nk", g, w_hidden),
            np.einsum("ni,nh->ih", x, g),
            np.einsum("nk,nh->kh", h_prev, g),
            np.einsum("nh->h", g))


def _from_g(g, x, h0, states, w_input):
    old = np.concatenate((h0[:, np.newaxis], states[:, :-1]), axis=1)
    return (np.einsum("nth,ih->nti", g, w_input), np.einsum("nti,nth->ih", x, g),
            np.einsum("ntk,nth->kh", old, g), np.einsum("nth->h", g))


def truncated_backward(dhidden_states, x, h0, hidden_states, w_input, w_hidden, chunk):
    g = np.empty_like(hidden_states)
    steps = hidden_states.shape[1]
    bend = 1 - hidden_states ** 2
    for t in range(steps)[::-1]:
        late = dhidden_states[:, t].copy()
        if t + 1 < steps and (t + 1) % chunk:
            late += g[:, t + 1] @ w_hidden.T
        g[:, t] = late * bend[:, t]
    dx, dw, du, db = _from_g(g, x, h0, hidden_states, w_input)
    return dx, g[:, 0] @ w_hidden.T, dw, du, db


def rnn_backward(dhidden_states, x, h0, hidden_states, w_input, w_hidden):
    return truncated_backward(dhidden_states, x, h0, hidden_states, w_input, w_hidden, x.shape[1])
