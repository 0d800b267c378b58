import numpy as np


class Accumulator:
    """Keeps the sums of the gradients of one set of weights."""

    def __init__(self, w_input, w_hidden):
        self.w_input, self.w_hidden = w_input, w_hidden
        self.reset()

    def reset(self):
        self.grads = {"w_input": np.zeros_like(self.w_input),
                      "w_hidden": np.zeros_like(self.w_hidden),
                      "bias": np.zeros(self.w_hidden.shape[0], dtype=self.w_hidden.dtype)}

    def step(self, dh, x, old, new):
        delta = dh * (1 + new) * (1 - new)
        self.grads["w_input"] += x.T.dot(delta)
        self.grads["w_hidden"] += old.T.dot(delta)
        self.grads["bias"] += delta.sum(axis=0)
        return delta.dot(self.w_input.T), delta.dot(self.w_hidden.T)

    def results(self):
        return self.grads["w_input"], self.grads["w_hidden"], self.grads["bias"]


def rnn_cell_backward(dh_next, x, h_prev, h_next, w_input, w_hidden):
    acc = Accumulator(w_input, w_hidden)
    dx, dh = acc.step(dh_next, x, h_prev, h_next)
    return (dx, dh, *acc.results())


def rnn_backward(dhidden_states, x, h0, hidden_states, w_input, w_hidden):
    acc = Accumulator(w_input, w_hidden)
    dx = np.empty_like(x)
    dh = np.zeros_like(h0)
    for t in range(x.shape[1] - 1, 0, -1):
        dx[:, t], dh = acc.step(dhidden_states[:, t] + dh, x[:, t], hidden_states[:, t - 1], hidden_states[:, t])
    dx[:, 0], dh = acc.step(dhidden_states[:, 0] + dh, x[:, 0], h0, hidden_states[:, 0])
    return (dx, dh, *acc.results())


def truncated_backward(dhidden_states, x, h0, hidden_states, w_input, w_hidden, chunk):
    acc = Accumulator(w_input, w_hidden)
    dx = np.empty_like(x)
    first = None
    for end in range(chunk, x.shape[1] + chunk, chunk):
        dh = np.zeros_like(h0)
        for t in reversed(range(end - chunk, min(end, x.shape[1]))):
            old = hidden_states[:, t - 1] if t > 0 else h0
            dx[:, t], dh = acc.step(dhidden_states[:, t] + dh, x[:, t], old, hidden_states[:, t])
        if first is None:
            first = dh
    return (dx, first, *acc.results())
