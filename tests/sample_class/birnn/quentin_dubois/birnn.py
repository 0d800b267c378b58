# Devoir 3 - Quentin Dubois
import numpy as np
import tensorflow as tf
import torch
from torch import nn


def birnn_forward(x, h0, forward_weights, backward_weights, lengths=None):
    def sens(x, h, poids):
        sorties = []
        for t in range(x.shape[1]):
            h = tf.tanh(x[:, t] @ poids[0] + h @ poids[1] + poids[2]).numpy()
            sorties.append(h)
        return np.stack(sorties, axis=1), h

    a, ha = sens(x, h0[0], forward_weights)
    b, hb = sens(x[:, ::-1], h0[1], backward_weights)
    return np.concatenate([a, b[:, ::-1]], axis=2), np.stack([ha, hb])
