import numpy as np
import torch
import torch.nn as nn


def rnn_forward(x, h0, w_input, w_hidden, bias, lengths=None):
    batch_size, seq_len, _ = x.shape
    if lengths is None:
        lengths = [seq_len] * batch_size
    h = h0
    steps = []
    for t in range(seq_len):
        still_going = np.array(lengths) > t
        h = np.where(still_going[:, None], np.tanh(x[:, t, :] @ w_input + h @ w_hidden + bias), h)
        steps.append(h * still_going[:, None].astype(x.dtype))
    return np.stack(steps, axis=1), h


class RNNCell(nn.Module):
    def __init__(self, input_size, hidden_size):
        super().__init__()
        raise NotImplementedError("copy from last week when it works")


class RNN(nn.Module):
    def __init__(self, input_size, hidden_size):
        super().__init__()
        raise NotImplementedError("not done")
