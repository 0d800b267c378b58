import numpy as np

# 反向传播


def rnn_cell_backward(dh_next, x, h_prev, h_next, w_input, w_hidden):
    δ = dh_next * (1 - h_next * h_next)  # tanh 的导数
    return δ @ w_input.T, δ @ w_hidden.T, x.T @ δ, h_prev.T @ δ, δ.sum(0)


def 一段(d, x, h, s, w, u):
    dx = np.empty_like(x)
    和 = [np.zeros_like(w), np.zeros_like(u), np.zeros_like(u[0])]
    δh = np.zeros_like(h)
    长 = x.shape[1]
    for k in range(1, 长 + 1):  # 从最后一步开始
        前 = s[:, -k - 1] if k < 长 else h
        dx[:, -k], δh, *各 = rnn_cell_backward(d[:, -k] + δh, x[:, -k], 前, s[:, -k], w, u)
        for 总, 份 in zip(和, 各):
            总 += 份
    return dx, δh, 和


def rnn_backward(dhidden_states, x, h0, hidden_states, w_input, w_hidden):
    dx, dh0, 和 = 一段(dhidden_states, x, h0, hidden_states, w_input, w_hidden)
    return dx, dh0, *和


def truncated_backward(dhidden_states, x, h0, hidden_states, w_input, w_hidden, chunk):
    段 = [
        一段(
            dhidden_states[:, b:b + chunk], x[:, b:b + chunk],
            hidden_states[:, b - 1] if b else h0, hidden_states[:, b:b + chunk], w_input, w_hidden,
        )
        for b in range(0, x.shape[1], chunk)
    ]
    和 = [sum(一[2][k] for 一 in 段) for k in range(3)]
    return np.concatenate([一[0] for 一 in 段], axis=1), 段[0][1], *和
