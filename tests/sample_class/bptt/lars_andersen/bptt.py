import torch


def to(*arrays):
    return [torch.as_tensor(a.copy()) for a in arrays]


def rnn_cell_backward(dh_next, x, h_prev, h_next, w_input, w_hidden):
    dh_next, x, h_prev, h_next, w_input, w_hidden = to(dh_next, x, h_prev, h_next, w_input, w_hidden)
    da = dh_next.mul(1 - h_next.pow(2))
    return da.mm(w_input.t()), da.mm(w_hidden.t()), x.t().mm(da), h_prev.t().mm(da), da.sum(dim=0)


def rnn_backward(dhidden_states, x, h0, hidden_states, w_input, w_hidden):
    return truncated_backward(dhidden_states, x, h0, hidden_states, w_input, w_hidden, x.shape[1])


def truncated_backward(dhidden_states, x, h0, hidden_states, w_input, w_hidden, chunk):
    d, x, h0, s, w, u = to(dhidden_states, x, h0, hidden_states, w_input, w_hidden)
    da = torch.zeros_like(s)
    for t in range(s.size(1) - 1, -1, -1):
        inside = t + 1 < s.size(1) and (t + 1) % chunk != 0
        incoming = d[:, t] + da[:, t + 1] @ u.t() if inside else d[:, t]
        da[:, t] = incoming * (1 - s[:, t] ** 2)
    old = torch.cat([h0[:, None], s[:, :-1]], dim=1)
    flat = da.flatten(0, 1)
    return da @ w.t(), da[:, 0] @ u.t(), x.flatten(0, 1).t() @ flat, old.flatten(0, 1).t() @ flat, flat.sum(0)
