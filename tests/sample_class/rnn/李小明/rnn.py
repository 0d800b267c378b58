# 作业二:循环
import numpy as np
import torch
import torch.nn as nn


def _一步(x, h, w_input, w_hidden, bias):
    拼接 = np.concatenate([x, h], axis=1)
    权重 = np.concatenate([w_input, w_hidden], axis=0)
    return np.tanh(拼接 @ 权重 + bias)


def rnn_forward(x, h0, w_input, w_hidden, bias, lengths=None):
    批量, 步数, _ = x.shape
    # 第一步放在循环外面
    h = _一步(x[:, 0], h0, w_input, w_hidden, bias)
    全部 = [h]
    for t in range(1, 步数):
        h = _一步(x[:, t], h, w_input, w_hidden, bias)
        全部.append(h)
    结果 = np.stack(全部, 1)
    if lengths is None:
        return 结果, h
    长度 = np.asarray(lengths)
    # 取出每个样本最后一个有效状态
    h_last = np.take_along_axis(结果, (长度 - 1)[:, None, None], axis=1)[:, 0]
    # 填充位置的输出为零
    有效 = np.arange(步数)[None, :, None] < 长度[:, None, None]
    return np.where(有效, 结果, 0).astype(x.dtype), h_last


class RNNCell(nn.Module):
    def __init__(self, input_size, hidden_size):
        super().__init__()
        self.w_input = nn.Parameter(torch.randn(input_size, hidden_size) / 10)
        self.w_hidden = nn.Parameter(torch.randn(hidden_size, hidden_size) / 10)
        self.bias = nn.Parameter(torch.zeros(hidden_size))

    def forward(self, x, hidden_state=None):
        if hidden_state is None:
            hidden_state = x.new_zeros(len(x), len(self.bias))
        xh = torch.cat([x, hidden_state], dim=1)
        w = torch.cat([self.w_input, self.w_hidden], dim=0)
        return torch.tanh(xh @ w + self.bias)


class RNN(nn.Module):
    def __init__(self, input_size, hidden_size):
        super().__init__()
        self.cell = RNNCell(input_size, hidden_size)
        self.w_output = nn.Parameter(torch.randn(hidden_size, hidden_size) / 10)

    def forward(self, x, hidden_state=None, lengths=None):
        h = hidden_state
        hs = []
        for t in range(x.shape[1]):
            h = self.cell(x[:, t], h)
            hs.append(h)
        hs = torch.stack(hs, dim=1)
        if lengths is None:
            return hs @ self.w_output, h
        n = torch.as_tensor(lengths)
        idx = (n - 1).view(-1, 1, 1).expand(-1, 1, hs.shape[2])
        last = hs.gather(1, idx).squeeze(1)
        valid = (torch.arange(x.shape[1])[None, :] < n[:, None]).unsqueeze(2)
        return torch.where(valid, hs @ self.w_output, torch.zeros_like(hs)), last
