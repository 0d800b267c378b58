"""Mistakes that can be made in more than one assignment: written once, with their words; see `table` and `words`.

>>> from ..shared import ideas
>>> MISTAKES = ideas.of(FORWARD, CELL).mistakes("no_tanh other_activation tanh_twice")
"""

from dataclasses import replace

from . import behaviour, directions, gates, learning, lengths, loop, results, state, step
from .table import Idea, Place, Table, Way, idea, way
from .words import (
    ARGUMENTS,
    DIRECTIONS,
    LOOP,
    MAKING,
    MAKING_OUTPUT,
    MAKING_TWO_BIASES,
    MAYBE_NONE,
    NUMPY,
    NUMPY_AXES,
    NUMPY_LOOP,
    PARAMETERS,
    PROJECTED,
    SETTING_UP,
    STATES_SHOWN,
    STEP,
    TORCH,
    TORCH_AXES,
    TORCH_LOOP,
)

PARTS = (step, gates, results, loop, state, lengths, behaviour, learning, directions)
CATALOGUE = {
    one.id: replace(one, ways=(*one.ways, *directions.MORE.get(one.id, ())))
    for part in PARTS
    for one in part.IDEAS
}

__all__ = [
    "ARGUMENTS",
    "CATALOGUE",
    "DIRECTIONS",
    "LOOP",
    "MAKING",
    "MAKING_OUTPUT",
    "MAKING_TWO_BIASES",
    "MAYBE_NONE",
    "NUMPY",
    "NUMPY_AXES",
    "NUMPY_LOOP",
    "PARAMETERS",
    "PROJECTED",
    "SETTING_UP",
    "STATES_SHOWN",
    "STEP",
    "TORCH",
    "TORCH_AXES",
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
