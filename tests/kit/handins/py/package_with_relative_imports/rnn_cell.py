from mine import RNNCell, rnn_cell_forward
