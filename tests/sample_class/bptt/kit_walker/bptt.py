import numpy as np
import torch


def _again(x, h, new, w, u):
    """The step once more, for autograd; the bias is what is left over."""
    with torch.no_grad():
        rest = torch.atanh(new) - (x @ w + h @ u)
    return rest


def rnn_cell_backward(dh_next, x, h_prev, h_next, w_input, w_hidden):
    x, h, w, u = (torch.tensor(a, requires_grad=True) for a in (x, h_prev, w_input, w_hidden))
    bias = _again(x, h, torch.tensor(h_next), w, u).requires_grad_()
    torch.tanh(x @ w + h @ u + bias).backward(torch.tensor(dh_next))
    return tuple(a.numpy() for a in (x.grad, h.grad, w.grad, u.grad, bias.grad.sum(0)))


def truncated_backward(dhidden_states, x, h0, hidden_states, w_input, w_hidden, chunk):
    d, states = torch.tensor(dhidden_states), torch.tensor(hidden_states)
    x, h0, w, u = (torch.tensor(a, requires_grad=True) for a in (x, h0, w_input, w_hidden))
    loss, h, biases = 0, h0, []
    for t in range(x.shape[1]):
        if t % chunk == 0 and t > 0:
            h = h.detach()
        bias = _again(x[:, t], h, states[:, t], w, u).requires_grad_()
        biases.append(bias)
        h = torch.tanh(x[:, t] @ w + h @ u + bias)
        loss = loss + (h * d[:, t]).sum()
    loss.backward()
    db = sum(b.grad.sum(0) for b in biases)
    return tuple(a.numpy() for a in (x.grad, h0.grad, w.grad, u.grad, db))


def rnn_backward(dhidden_states, x, h0, hidden_states, w_input, w_hidden):
    return truncated_backward(dhidden_states, x, h0, hidden_states, w_input, w_hidden, x.shape[1])
