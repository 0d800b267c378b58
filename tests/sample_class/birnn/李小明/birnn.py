# 作业三:双向循环神经网络
import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F


def _单向(x, h, weights, 有效, 顺序):
    w_input, w_hidden, bias = weights
    # 所有时间步的输入一次乘完
    输入项 = x @ w_input + bias
    结果 = np.zeros_like(输入项)
    for t in 顺序:
        新 = np.tanh(输入项[:, t] + h @ w_hidden)
        h = np.where(有效[:, t:t + 1], 新, h)
        结果[:, t] = np.where(有效[:, t:t + 1], 新, 结果[:, t])
    return 结果, h


def birnn_forward(x, h0, forward_weights, backward_weights, lengths=None):
    批量, 步数, _ = x.shape
    长度 = np.full(批量, 步数) if lengths is None else np.asarray(lengths)
    有效 = np.arange(步数) < 长度[:, None]
    正向, h正 = _单向(x, h0[0], forward_weights, 有效, range(步数))
    反向, h反 = _单向(x, h0[1], backward_weights, 有效, range(步数 - 1, -1, -1))
    return np.concatenate((正向, 反向), axis=2), np.stack((h正, h反), axis=0)


class BiRNN(nn.Module):
    def __init__(self, input_size, hidden_size):
        super().__init__()
        self.hidden_size = hidden_size
        self.forward_cell = nn.RNNCell(input_size, hidden_size)
        self.backward_cell = nn.RNNCell(input_size, hidden_size)
        self.forward_linear = nn.Linear(hidden_size, hidden_size)
        self.backward_linear = nn.Linear(hidden_size, hidden_size)

    def _单向(self, cell, x, h, 有效, 顺序):
        输入项 = F.linear(x, cell.weight_ih, cell.bias_ih + cell.bias_hh)
        结果 = [None] * x.shape[1]
        for t in 顺序:
            新 = torch.tanh(输入项[:, t] + F.linear(h, cell.weight_hh))
            h = torch.where(有效[:, t:t + 1], 新, h)
            结果[t] = h
        return torch.stack(结果, dim=1), h

    def forward(self, x, hidden=None, lengths=None):
        批量, 步数, _ = x.shape
        if hidden is None:
            hidden = x.new_zeros(2, 批量, self.hidden_size)
        长度 = torch.full((批量,), 步数) if lengths is None else torch.as_tensor(lengths)
        有效 = torch.arange(步数) < 长度[:, None]
        正向, h正 = self._单向(self.forward_cell, x, hidden[0], 有效, range(步数))
        反向, h反 = self._单向(self.backward_cell, x, hidden[1], 有效, range(步数 - 1, -1, -1))
        输出 = torch.cat((self.forward_linear(正向), self.backward_linear(反向)), dim=2)
        return 输出 * 有效[:, :, None].to(x.dtype), torch.stack((h正, h反))
