
import numpy as np
import torch
from torch import nn


def rnn_cell_forward(x, h_prev, w_input, w_hidden, bias):
    from_x = np.sum(x[:, :, np.newaxis] * w_input[np.newaxis], axis=1)
    from_h = np.sum(h_prev[:, :, np.newaxis] * w_hidden[np.newaxis], axis=1)
    return np.tanh(np.add(from_x, from_h) + bias[np.newaxis, :])


# ## 2 · The same step, with parameters that can be trained
#
# Keep the shapes as they are (see the table above).

# class RNNCell(nn.Module):
#     def __init__(self, input_size, hidden_size):
#         super().__init__()
#         self.hidden_size = hidden_size
#         bound = 1 / np.sqrt(hidden_size)
#         self.w_input, self.w_hidden, self.bias = (
#             nn.Parameter(torch.distributions.Uniform(-bound, bound).sample(shape))
#             for shape in [(input_size, hidden_size), (hidden_size, hidden_size), (hidden_size,)]
#         )

#     def forward(self, x, hidden_state=None):
#         h = x.new_zeros(x.shape[:1] + (self.hidden_size,)) if hidden_state is None else hidden_state
#         from_x = (x.unsqueeze(2) * self.w_input).sum(dim=1)
#         from_h = (h.unsqueeze(2) * self.w_hidden).sum(dim=1)
#         return torch.tanh(from_x + from_h + self.bias)
