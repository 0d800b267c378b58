"""Ideas of mistakes, written once over names, and the places of a reference that give the names their texts.

A place is a function of the reference with its vocabulary: what its statements are, and what the values in them are
called. An idea is a mistake whose edits are written with the same names, so that one text serves numpy and torch, a
function and a method:

>>> STEP = Place("rnn_cell_forward", NUMPY | {"new": "h_next", "TANH": "{new} = {m}.tanh({pre})", "pre": "z"})
>>> no_tanh = idea("no_tanh", "The state is returned without tanh", "Can …?", way(TANH="{new} = {pre}"))
>>> Table(STEP, catalogue={}).mistake(no_tanh).edits
{'rnn_cell_forward': [(('h_next = np.tanh(z)', 'h_next = z'),)]}

Names in capitals are statements, to be replaced; the others stand within statements. A way goes to every place that has
all its names: so a place says what can go wrong in it by naming it, and a name that no vocabulary knows is an error.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from grader.diagnose import Mistake

#: A way of making a mistake: for each statement, by its name, what stands there instead.
Way = Mapping[str, str]
Edit = tuple[tuple[str, str], ...]

_NAME = re.compile(r"\{(\w+)\}")


def way(**instead: str) -> Way:
    """What stands in the place of each of these statements, all at once."""
    return instead


@dataclass(frozen=True)
class Place:
    """A function or method of the reference, "rnn_forward" or "RNN.forward", with its vocabulary.

    A text may use other names of the vocabulary. `exercise` is the exercise that mistakes here belong to, where it is
    not the first part of the place's name.
    """

    name: str
    words: Mapping[str, str]
    exercise: str = ""

    def has(self, one: Way) -> bool:
        """Whether every name of a way is known here."""
        return all(name in self.words for name in _names(one))

    def text(self, template: str) -> str:
        """A text with its names filled in, and the names within these."""
        while _NAME.search(template):
            template = _NAME.sub(lambda match: self.words[match[1]], template)
        return template

    def changes(self, one: Way) -> Edit:
        """A way as an edit of the reference."""
        return tuple((self.text(self.words[name]), self.text(new)) for name, new in one.items())


@dataclass(frozen=True)
class Idea:
    """A mistake with its words, and the ways in which it is made wherever their names are known."""

    id: str
    title: str
    hint: str
    ways: tuple[Way, ...]
    twins: tuple[str, ...] = ()
    drawn: bool = False
    makes: str = ""


def idea(
    id: str,
    title: str,
    hint: str,
    *ways: Way,
    twins: tuple[str, ...] = (),
    drawn: bool = False,
    makes: str = "",
) -> Idea:
    """An idea with its ways; the rest is what `grader.diagnose.Mistake` says of it."""
    return Idea(id, title, hint, ways, twins, drawn, makes)


class Table:
    """The places of one reference; makes mistakes of ideas.

    Beside its methods a class is a place as well: that of ways that need statements of more than one of them.
    """

    def __init__(self, *places: Place, catalogue: Mapping[str, Idea]) -> None:
        self._catalogue = catalogue
        self._methods = {place.name: place for place in places}
        self._classes: dict[str, Place] = {}
        for place in places:
            if "." in place.name:
                name = place.name.split(".")[0]
                known = self._classes[name].words if name in self._classes else {}
                self._classes[name] = Place(name, {**known, **place.words}, place.exercise)

    def mistakes(self, ids: str, *, shown_in: Mapping[str, str] | None = None) -> list[Mistake]:
        """The mistakes of these ids, separated by spaces, in this order."""
        return [self.mistake(id, shown_in=shown_in) for id in ids.split()]

    def mistake(
        self,
        known: Idea | str,
        own: Mapping[str, Way | Sequence[Way]] | None = None,
        *,
        shown_in: Mapping[str, str] | None = None,
    ) -> Mistake:
        """An idea, or the catalogue's of this id, as edits of this reference.

        `own` has further ways, by the names of places. `shown_in` names, by places, the exercise in which the mistake
        shows where that is not the place's own.
        """
        one = self._catalogue[known] if isinstance(known, str) else known
        edits: dict[str, list[Edit]] = {}
        for place in (*self._methods.values(), *self._classes.values()):
            ways = [*self._fitting(one, place), *_listed((own or {}).get(place.name, ()))]
            if ways:
                edits[place.name] = [place.changes(each) for each in ways]
        if not edits or {*(own or {})} - {*edits}:
            raise ValueError(
                f"{one.id} can be made nowhere, or not in all of: {', '.join(own or ['the places'])}"
            )
        places = {**self._methods, **self._classes}
        belongs = {name: places[name].exercise for name in edits if places[name].exercise}
        return Mistake(
            one.id,
            title=one.title,
            hint=one.hint,
            edits=edits,
            exercise={**belongs, **(shown_in or {})},
            twins=one.twins,
            drawn=one.drawn,
            makes=one.makes,
        )

    def _fitting(self, one: Idea, place: Place) -> list[Way]:
        """The ways that go to a place: to a class only those that no method of it has all the names for."""
        within = [method for name, method in self._methods.items() if name.startswith(f"{place.name}.")]
        return [way for way in one.ways if place.has(way) and not any(method.has(way) for method in within)]


def _names(one: Way) -> set[str]:
    return {*one, *(name for text in one.values() for name in _NAME.findall(text))}


def _listed(ways: Way | Sequence[Way]) -> Sequence[Way]:
    return [ways] if isinstance(ways, Mapping) else ways
