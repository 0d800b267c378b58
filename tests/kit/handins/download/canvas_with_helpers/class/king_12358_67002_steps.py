import numpy as np
import torch
from torch import nn

def rnn_cell_forward(x, h_prev, w_input, w_hidden, bias):
    return np.tanh(x @ w_input + h_prev @ w_hidden + bias)


