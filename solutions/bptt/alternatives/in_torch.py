"""The same sums with torch's products, and no autograd: tensors in between, numpy arrays back."""

import numpy as np
import torch
import torch.nn.functional as F


def cell(dh, x, h, new, w, u):
    da = torch.addcmul(dh, dh, new.square(), value=-1)
    return F.linear(da, w), F.linear(da, u), x.t().mm(da), h.t().mm(da), da.sum(0)


def rnn_cell_backward(*arrays):
    return tuple(tensor.numpy() for tensor in cell(*map(torch.tensor, arrays)))


def rnn_backward(dhidden_states, x, h0, hidden_states, w_input, w_hidden):
    return truncated_backward(dhidden_states, x, h0, hidden_states, w_input, w_hidden, np.inf)


def truncated_backward(dhidden_states, x, h0, hidden_states, w_input, w_hidden, chunk):
    d, x, h0, states, w, u = map(torch.tensor, (dhidden_states, x, h0, hidden_states, w_input, w_hidden))
    dx = []
    dw, du, db = torch.zeros_like(w), torch.zeros_like(u), u.new_zeros(u.shape[0])
    back = torch.zeros_like(h0)
    old = torch.cat([h0.unsqueeze(1), states], dim=1)
    for t in reversed(range(x.size(1))):
        if (t + 1) % chunk == 0:
            back = back.zero_()
        dx_t, back, *weights = cell(d[:, t] + back, x[:, t], old[:, t], states[:, t], w, u)
        dx.append(dx_t)
        for total, share in zip((dw, du, db), weights):
            total.add_(share)
    dx = torch.stack(dx[::-1], dim=1)
    return [tensor.numpy() for tensor in (dx, back, dw, du, db)]
