"""Mistakes that can be made in birnn, as edits of its reference: each is a diagnosis, and a proof of the suite.

Most are ideas that other assignments share (tests/hidden/shared/ideas). Nothing here may name a graded input. A title
says what the code does; a hint asks or points.
"""

from .of_directions import BOTH_DIRECTIONS
from .of_lengths import ANY_LENGTHS, LENGTHS
from .of_the_loop import THE_LOOP
from .of_the_module import GRADIENTS, THE_MODULE
from .of_the_state import THE_STATE
from .of_the_step import THE_STEP

# Pairs of mistakes are tried in this order, so the ones that most often come together stand first.
MISTAKES = [
    *LENGTHS,
    *BOTH_DIRECTIONS,
    *THE_STATE,
    *THE_STEP,
    *THE_LOOP,
    *THE_MODULE,
    *GRADIENTS,
    *ANY_LENGTHS,
]
