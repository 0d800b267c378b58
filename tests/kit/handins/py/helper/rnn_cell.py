from cell_numpy import rnn_cell_forward
from layers.cells import RNNCell
