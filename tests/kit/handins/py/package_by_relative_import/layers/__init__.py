from .cells import RNNCell
