# 佐藤花子
# ゲート付き回帰型ユニット
import numpy as np
import torch
from torch import nn


def gru_cell_forward(x, h_prev, w_input, w_hidden, bias_input, bias_hidden):
    H = h_prev.shape[-1]
    where = {"r": slice(0, H), "z": slice(H, 2 * H), "n": slice(2 * H, 3 * H)}
    part_x = {k: x @ w_input[:, s] + bias_input[s] for k, s in where.items()}
    part_h = {k: h_prev @ w_hidden[:, s] + bias_hidden[s] for k, s in where.items()}
    gate = {k: 1 / (1 + np.exp(-(part_x[k] + part_h[k]))) for k in "rz"}
    new = np.tanh(part_x["n"] + gate["r"] * part_h["n"])
    return gate["z"] * h_prev + (1 - gate["z"]) * new


class GRU(nn.Module):
    def __init__(self, input_size, hidden_size):
        super().__init__()
        self.hidden_size = hidden_size
        self.w_input = nn.Parameter(torch.randn(input_size, 3 * hidden_size) / 4)
        self.w_hidden = nn.Parameter(torch.randn(hidden_size, 3 * hidden_size) / 4)
        self.bias_input = nn.Parameter(torch.randn(3 * hidden_size) / 4)
        self.bias_hidden = nn.Parameter(torch.randn(3 * hidden_size) / 4)

    def forward(self, x, hidden_state=None, lengths=None):
        N, L, _ = x.shape
        H = self.hidden_size
        lengths = torch.tensor([L] * N if lengths is None else list(map(int, lengths)))
        h = x.new_zeros(N, H) if hidden_state is None else hidden_state
        order = lengths.argsort(descending=True)
        x, h = x[order], h[order]
        alive = [int((lengths > t).sum()) for t in range(L)]
        outs = []
        for t, k in enumerate(alive):
            if k:
                a = x[:k, t] @ self.w_input + self.bias_input
                s = h[:k] @ self.w_hidden + self.bias_hidden
                r = torch.sigmoid(a[:, :H] + s[:, :H])
                z = torch.sigmoid(a[:, H:2 * H] + s[:, H:2 * H])
                n = torch.tanh(a[:, 2 * H:] + r * s[:, 2 * H:])
                h = torch.cat([n + z * (h[:k] - n), h[k:]])
            outs.append(torch.cat([h[:k], torch.zeros_like(h[k:])]))
        back = order.argsort()
        return torch.stack(outs, dim=1)[back], h[back]
