"""Mistakes that can be made in more than one assignment: written once, with their words; see `table` and `words`.

>>> from ..shared import ideas
>>> MISTAKES = ideas.of(FORWARD, CELL).mistakes("no_tanh other_activation tanh_twice")

What not every assignment has is asked for: `more=ideas.OF_MEMORY`, say. There an id may have other words.
"""

from collections.abc import Iterable
from dataclasses import replace

from . import (
    behaviour,
    directions,
    gates,
    joining,
    learning,
    lengths,
    loop,
    memory,
    results,
    state,
    step,
    two_biases,
    two_states,
    update,
)
from .gates import Gates
from .table import Idea, Place, Table, Way, idea, way
from .words import (
    ARGUMENTS,
    ARGUMENTS_OF_TWO_BIASES,
    DIRECTIONS,
    LOOP,
    LOOP_OF_TWO,
    MAKING,
    MAKING_OUTPUT,
    MAKING_TWO_BIASES,
    MAYBE_NONE,
    MEMORY,
    NUMPY,
    NUMPY_AXES,
    NUMPY_LOOP,
    PARAMETERS,
    PARAMETERS_OF_TWO_BIASES,
    PROJECTED,
    RESET,
    SETTING_UP,
    STATES_SHOWN,
    STEP,
    STEP_OF_TWO,
    TORCH,
    TORCH_AXES,
    TORCH_LOOP,
    UPDATE,
    UPDATE_WRITES,
    signature,
)

PARTS = (step, gates, results, loop, state, lengths, behaviour, learning, directions, joining)
#: What is added where a step has a memory, an update gate, or two biases: ideas, and further ways of those of PARTS.
OF_MEMORY = [*memory.IDEAS, *two_states.IDEAS]
OF_UPDATE = [*update.IDEAS]
OF_TWO_BIASES = [*two_biases.IDEAS]
WITH_MORE = (directions, memory, two_states, update, two_biases)
CATALOGUE = {
    idea.id: replace(
        idea, ways=(*idea.ways, *(way for part in WITH_MORE for way in part.MORE.get(idea.id, ())))
    )
    for part in PARTS
    for idea in part.IDEAS
}

__all__ = [
    "ARGUMENTS",
    "ARGUMENTS_OF_TWO_BIASES",
    "CATALOGUE",
    "DIRECTIONS",
    "LOOP",
    "LOOP_OF_TWO",
    "MAKING",
    "MAKING_OUTPUT",
    "MAKING_TWO_BIASES",
    "MAYBE_NONE",
    "MEMORY",
    "NUMPY",
    "NUMPY_AXES",
    "NUMPY_LOOP",
    "OF_MEMORY",
    "OF_TWO_BIASES",
    "OF_UPDATE",
    "PARAMETERS",
    "PARAMETERS_OF_TWO_BIASES",
    "PROJECTED",
    "RESET",
    "SETTING_UP",
    "STATES_SHOWN",
    "STEP",
    "STEP_OF_TWO",
    "TORCH",
    "TORCH_AXES",
    "TORCH_LOOP",
    "UPDATE",
    "UPDATE_WRITES",
    "Gates",
    "Idea",
    "Place",
    "Table",
    "Way",
    "idea",
    "of",
    "signature",
    "way",
]


def of(*places: Place, more: Iterable[Idea] = ()) -> Table:
    """Make the table of a reference with these places; it knows every idea of this package by its id, and `more`.

    >>> words = {"TANH": "{new} = {m}.tanh({pre})", "new": "h_next", "pre": "z"}
    >>> [mistake.id for mistake in of(Place("rnn_cell_forward", NUMPY | words)).mistakes("no_tanh tanh_twice")]
    ['no_tanh', 'tanh_twice']
    """
    return Table(*places, catalogue=CATALOGUE | {idea.id: idea for idea in more})
