"""Mistakes that can be made in more than one assignment: written once, with their words; see `table` and `words`.

>>> from ..shared import ideas
>>> MISTAKES = ideas.of(FORWARD, CELL).mistakes("no_tanh other_activation tanh_twice")
"""

from . import behaviour, learning, lengths, loop, results, state, step
from .table import Idea, Place, Table, Way, idea, way
from .words import (
    ARGUMENTS,
    LOOP,
    MAKING,
    MAKING_OUTPUT,
    MAYBE_NONE,
    NUMPY,
    NUMPY_LOOP,
    PARAMETERS,
    PROJECTED,
    SETTING_UP,
    STATES_SHOWN,
    STEP,
    TORCH,
    TORCH_LOOP,
)

CATALOGUE = {
    one.id: one for part in (step, results, loop, state, lengths, behaviour, learning) for one in part.IDEAS
}

__all__ = [
    "ARGUMENTS",
    "CATALOGUE",
    "LOOP",
    "MAKING",
    "MAKING_OUTPUT",
    "MAYBE_NONE",
    "NUMPY",
    "NUMPY_LOOP",
    "PARAMETERS",
    "PROJECTED",
    "SETTING_UP",
    "STATES_SHOWN",
    "STEP",
    "TORCH",
    "TORCH_LOOP",
    "Idea",
    "Place",
    "Table",
    "Way",
    "idea",
    "of",
    "way",
]


def of(*places: Place) -> Table:
    """The table of a reference with these places; it knows every idea of this package by its id."""
    return Table(*places, catalogue=CATALOGUE)
