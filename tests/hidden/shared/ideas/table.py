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
from functools import cached_property

from grader.diagnose import Mistake

Edit = tuple[tuple[str, str], ...]

_NAME = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True)
class Way:
    """A way of making a mistake: for each statement, by its name, what stands there instead.

    `needs` are further names, separated by spaces, that a place must know. Authors write one as `way(…)`.

    >>> sorted(Way({"SUM": "a = {x} @ w"}, needs="lengths").names)
    ['SUM', 'lengths', 'x']
    """

    instead: Mapping[str, str]
    needs: str = ""

    @property
    def names(self) -> set[str]:
        """Every name that a place must know."""
        inner = (name for text in self.instead.values() for name in _NAME.findall(text))
        return {*self.instead, *self.needs.split(), *inner}


def way(needs: str = "", **instead: str) -> Way:
    """Replace each of these statements, all at once, in places that know them and what the way `needs`.

    >>> cell = Place("step", {"SUM": "a = {x} @ w + {bias}", "x": "x_t", "bias": "b"})
    >>> cell.changes(way(SUM="a = {x} @ w"))
    (('a = x_t @ w + b', 'a = x_t @ w'),)
    >>> cell.has(way("lengths", SUM="a = {x} @ w"))
    False
    """
    return Way(instead, needs)


@dataclass(frozen=True)
class Place:
    """A function or method of the reference, "rnn_forward" or "RNN.forward", with its vocabulary.

    `words` maps names to texts of the reference; those in capitals are whole statements, each of which stands in it
    exactly once. A text may use other names of the vocabulary. `exercise` is the exercise that mistakes here belong to,
    where it is not the first part of the place's name.

    >>> Place("RNN.forward", {"LAST": "return {outputs}, state", "outputs": "torch.stack(rows)"}).texts["LAST"]
    'return torch.stack(rows), state'
    """

    name: str
    words: Mapping[str, str]
    exercise: str = ""

    @cached_property
    def texts(self) -> dict[str, str]:
        """Every name with its text filled in; without those whose text uses a name that is not known here."""
        filled = {}
        for name, text in self.words.items():
            try:
                while _NAME.search(text):
                    text = _NAME.sub(lambda match: self.words[match[1]], text)
            except KeyError:
                continue
            filled[name] = text
        return filled

    def has(self, way: Way) -> bool:
        """Return whether every name of a way is known here."""
        return way.names <= {*self.texts}

    def changes(self, way: Way) -> Edit:
        """Make a way into an edit of the reference. Raise KeyError for a name that is not known here."""
        return tuple(
            (self.texts[name], _NAME.sub(lambda match: self.texts[match[1]], new))
            for name, new in way.instead.items()
        )


@dataclass(frozen=True)
class Idea:
    """A mistake with its words, and the ways in which it is made wherever their names are known.

    Title and hint may use names as well: `{update}` is what the gate is called. Authors write one as `idea(…)`.

    >>> Idea("z_ignored", "`{update}` is not used", "Where does `{update}` come in?", ()).drawn
    False
    """

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
    """Write an idea with its ways; the rest is what `grader.diagnose.Mistake` says of it.

    >>> idea("no_bias", "The bias is not added", "Which sum lacks a term?", way(SUM="a = x @ w")).ways
    (Way(instead={'SUM': 'a = x @ w'}, needs=''),)
    """
    return Idea(id, title, hint, ways, twins, drawn, makes)


class Table:
    """The places of one reference; makes mistakes of ideas.

    Beside its methods a class is a place as well: that of ways that need statements of more than one of them. It knows
    every name that means the same in all of them that know it.

    >>> plus = Place("step", {"SUM": "a = {x} @ w + b", "x": "x_t"})
    >>> known = {"no_bias": idea("no_bias", "No bias is added to `{x}`", "Which term …?", way(SUM="a = {x} @ w"))}
    >>> [mistake.title for mistake in Table(plus, catalogue=known).mistakes("no_bias")]
    ['No bias is added to `x_t`']
    """

    def __init__(self, *places: Place, catalogue: Mapping[str, Idea]) -> None:
        self.catalogue = catalogue
        self._methods = {place.name: place for place in places}
        self._classes: dict[str, Place] = {}
        for name in dict.fromkeys(place.name.split(".")[0] for place in places if "." in place.name):
            methods = [place for place in places if place.name.startswith(f"{name}.")]
            known = {word: text for method in methods for word, text in method.texts.items()}
            same = {
                word: text
                for word, text in known.items()
                if all(method.texts.get(word, text) == text for method in methods)
            }
            self._classes[name] = Place(name, same, methods[0].exercise)

    def mistakes(self, ids: str, *, at: str = "", shown_in: Mapping[str, str] | None = None) -> list[Mistake]:
        """Return the mistakes of these ids, separated by spaces, in this order. Raise what `mistake` raises."""
        return [self.mistake(id, at=at, shown_in=shown_in) for id in ids.split()]

    def mistake(
        self,
        known: Idea | str,
        own: Mapping[str, Way | Sequence[Way]] | None = None,
        *,
        ways: Sequence[Way] = (),
        at: str = "",
        shown_in: Mapping[str, str] | None = None,
        twins: tuple[str, ...] = (),
    ) -> Mistake:
        """Make an idea, or the catalogue's of this id, into edits of this reference.

        Raise KeyError for an id that the catalogue does not have, and ValueError for an idea that can be made nowhere.
        `ways` are further ones, for every place that knows their names; `own` has further ones by the names of places.
        `at` names the places, or their classes, that the idea's own ways go to where that is not everywhere; "-" is
        nowhere. `shown_in` names, by places, the exercise in which the mistake shows where that is not the place's own.
        """
        one = self.catalogue[known] if isinstance(known, str) else known
        edits: dict[str, list[Edit]] = {}
        for place in (*self._methods.values(), *self._classes.values()):
            here = not at or {place.name, place.name.split(".")[0]} & {*at.split()}
            made = [
                *self._fitting(one.ways if here else (), place),
                *self._fitting(ways, place),
                *_listed((own or {}).get(place.name, ())),
            ]
            if made:
                edits[place.name] = list(dict.fromkeys(place.changes(each) for each in made))
        if not edits or {*(own or {})} - {*edits}:
            raise ValueError(
                f"{one.id} can be made nowhere, or not in all of: {', '.join(own or ['the places'])}"
            )
        places = {**self._methods, **self._classes}
        belongs = {name: places[name].exercise for name in edits if places[name].exercise}
        return Mistake(
            one.id,
            title=self._worded(one, one.title),
            hint=self._worded(one, one.hint),
            edits=edits,
            exercise={**belongs, **(shown_in or {})},
            twins=(*one.twins, *twins),
            drawn=one.drawn,
            makes=one.makes,
        )

    def _worded(self, idea: Idea, text: str) -> str:
        """A title or a hint with its names filled in, by the first place that knows each."""

        def filled(match: re.Match[str]) -> str:
            for place in self._methods.values():
                if match[1] in place.texts:
                    return place.texts[match[1]]
            raise ValueError(f"no place knows `{match[0]}` of {idea.id}")

        return _NAME.sub(filled, text)

    def _fitting(self, ways: Sequence[Way], place: Place) -> list[Way]:
        """The ways that go to a place: to a class only those that no method of it has all the names for."""
        within = [method for name, method in self._methods.items() if name.startswith(f"{place.name}.")]
        return [way for way in ways if place.has(way) and not any(method.has(way) for method in within)]


def _listed(ways: Way | Sequence[Way]) -> Sequence[Way]:
    return [ways] if isinstance(ways, Way) else ways
