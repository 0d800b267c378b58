from .layers import RNNCell
from .layers.cells import rnn_cell_forward
