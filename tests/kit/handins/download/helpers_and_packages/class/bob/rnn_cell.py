from steps import rnn_cell_forward
from layers.cells import RNNCell
