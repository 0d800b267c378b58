import numpy as np
squash = np.tanh
