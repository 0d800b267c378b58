import numpy as np
import torch
from torch import nn

torch.manual_seed(42)
torch.set_num_threads(4)  # my laptop has 4 cores
np.set_printoptions(precision=4, suppress=True)


def rnn_cell_forward(x, h_prev, w_input, w_hidden, bias):
    return np.tanh(np.dot(h_prev, w_hidden) + np.dot(x, w_input) + bias[None, :])


class RNNCell(nn.Module):
    """h_next = tanh(x W_x + h W_h + b)"""

    def __init__(self, input_size, hidden_size):
        super().__init__()
        k = hidden_size ** -0.5
        self.w_input = nn.Parameter(torch.rand(input_size, hidden_size) * 2 * k - k)
        self.w_hidden = nn.Parameter(torch.rand(hidden_size, hidden_size) * 2 * k - k)
        self.bias = nn.Parameter(torch.rand(hidden_size) * 2 * k - k)
        self.act = nn.Tanh()

    def forward(self, x, hidden_state=None):
        pre = torch.addmm(self.bias, x, self.w_input)
        if hidden_state is None:
            hidden_state = torch.zeros_like(pre)
        pre = torch.addmm(pre, hidden_state, self.w_hidden)
        return self.act(pre)


print("loaded, quick self test ...")
_x = np.random.randn(2, 3)
_h = np.random.randn(2, 5)
_out = rnn_cell_forward(_x, _h, np.random.randn(3, 5), np.random.randn(5, 5), np.random.randn(5))
print(_out)
assert _out.shape == (2, 5)
