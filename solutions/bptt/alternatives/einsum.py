"""einsum for every product; the gradients before tanh are kept for all steps, and the weights are done at the end."""

import numpy as np


def rnn_cell_backward(dh_next, x, h_prev, h_next, w_input, w_hidden):
    da = np.einsum("nh,nh->nh", dh_next, 1 - h_next * h_next)
    dx = np.einsum("nh,ih->ni", da, w_input)
    dh_prev = np.einsum("nh,kh->nk", da, w_hidden)
    return (
        dx,
        dh_prev,
        np.einsum("ni,nh->ih", x, da),
        np.einsum("nk,nh->kh", h_prev, da),
        np.einsum("nh->h", da),
    )


def back(dhidden_states, x, h0, hidden_states, w_input, w_hidden, keep):
    N, L, H = hidden_states.shape
    before = np.concatenate([h0[:, None], hidden_states[:, :-1]], axis=1)
    slopes = 1 - hidden_states**2
    da = np.empty_like(hidden_states)
    carried = np.zeros_like(h0)
    dh0 = None
    for t in range(L - 1, -1, -1):
        da[:, t] = slopes[:, t] * (dhidden_states[:, t] + carried)
        carried = np.einsum("nh,kh->nk", da[:, t], w_hidden)
        if t == 0:
            dh0 = carried
        if not keep(t):
            carried = np.zeros_like(carried)
    return (
        np.einsum("nlh,ih->nli", da, w_input),
        dh0,
        np.einsum("nli,nlh->ih", x, da),
        np.einsum("nlk,nlh->kh", before, da),
        np.einsum("nlh->h", da),
    )


def rnn_backward(dhidden_states, x, h0, hidden_states, w_input, w_hidden):
    return back(dhidden_states, x, h0, hidden_states, w_input, w_hidden, keep=lambda t: True)


def truncated_backward(dhidden_states, x, h0, hidden_states, w_input, w_hidden, chunk):
    return back(dhidden_states, x, h0, hidden_states, w_input, w_hidden, keep=lambda t: t % chunk != 0)
