import numpy as np
import torch
from torch import nn


def birnn_forward(x, h0, forward_weights, backward_weights, lengths=None):
	f, b = [], []
	hf, hb = h0[0], h0[1]
	for t in range(x.shape[1]):
		hf = np.tanh(x[:, t] @ forward_weights[0] + hf @ forward_weights[1] + forward_weights[2])
	  	f.append(hf)
	for t in reversed(range(x.shape[1])):
		hb = np.tanh(x[:, t] @ backward_weights[0] + hb @ backward_weights[1] + backward_weights[2])
		b.insert(0, hb)
	return np.concatenate([np.stack(f, 1), np.stack(b, 1)], axis=2), np.stack([hf, hb])


class BiRNN(nn.Module):
	pass
