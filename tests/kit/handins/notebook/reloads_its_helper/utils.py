import numpy as np
import torch
from torch import nn


def rnn_cell_forward(x, h_prev, w_input, w_hidden, bias):
    U, W, b = w_input.T, w_hidden.T, bias.reshape(-1, 1)
    return np.tanh(U @ x.T + W @ h_prev.T + b).T