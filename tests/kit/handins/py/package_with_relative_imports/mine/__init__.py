from .cells import RNNCell
from .forward import *
