# attack: carry the hidden inputs out in the answer that a counterexample shows
# expect: graded
# must-not: find the plan in the process that answers counterexamples; its shape (7,) tells where it did
# ruff: noqa
import sys

import numpy as np


def rnn_cell_forward(x, h_prev, w_input, w_hidden, bias):
    frame = sys._getframe()
    while frame is not None:
        for value in frame.f_locals.get("plan", ()):
            if value:
                return np.zeros(7)
        frame = frame.f_back
    return np.zeros_like(h_prev)
