"""The cases that the suites have in common, by their sizes: from the vocabulary of a suite, all that is made of it.

Where all sizes differ, a mix-up of axes raises an exception or gives another shape. Where all are equal, neither
happens: there a mix-up shows in the numbers alone, and must cost points by them.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from .cases import Case, Cases


class Steps(NamedTuple):
    """The cases of one step: x (N, I) and a state (N, H), in different sizes.

    >>> [str(case) for case in of_steps(Cases("doc", {"x": numbers("N I")})).of_all_sizes]
    ['all_sizes_differ', 'all_sizes_equal', 'one_sample', 'all_sizes_one']
    """

    main: Case
    one_sample: Case
    all_one: Case
    all_equal: Case
    small: Case

    @property
    def of_all_sizes(self) -> list[Case]:
        """Those that show a mix-up of axes, and those that survive one of one sample."""
        return [self.main, self.all_equal, self.one_sample, self.all_one]


class Sequences(NamedTuple):
    """The cases of whole sequences: x (N, L, I), all of length L, in different sizes.

    >>> sequences = of_sequences(Cases("doc", {"x": numbers("N L I"), "h0": numbers("N H")}))
    >>> sequences.single["x"].dtype, sequences.fewer["x"].shape
    (dtype('float32'), (2, 3, 2))
    """

    all_different: Case
    main: Case
    small: Case
    one_sample: Case
    all_one: Case
    all_equal: Case
    long: Case

    @property
    def of_all_sizes(self) -> list[Case]:
        """Those that show a mix-up of axes, and those that survive one of one sample."""
        return [self.all_different, self.all_equal, self.one_sample, self.all_one]

    @property
    def single(self) -> Case:
        """The main case in float32."""
        return self.main.astype(np.float32)

    @property
    def fewer(self) -> Case:
        """Fewer samples and fewer steps of the main case, in float32 and without a state: another call."""
        return self.single.cut("main", 0, 2, axis="N").cut("main", 0, 3).no_state()


class Lengths(NamedTuple):
    """The cases of sequences of different lengths in one batch: x (N, L, I) with padding.

    >>> [case.lengths for case in of_lengths(Cases("doc", {"x": numbers("N L I")})).special]
    [[1, 1, 1], [3, 3], [4, 2, 1], [2]]
    """

    padded: Case
    all_of_length_one: Case
    all_equally_short: Case
    longest_first: Case
    one_sample: Case

    @property
    def special(self) -> list[Case]:
        """All but the first."""
        return [*self[1:]]

    @property
    def single(self) -> Case:
        """The first case in float32."""
        return self.padded.astype(np.float32)


def of_steps(make: Cases) -> Steps:
    """Make the cases of one step, with axes N, I and H.

    >>> of_steps(Cases("doc", {"x": numbers("N I")})).small["x"].shape
    (2, 2)
    """
    return Steps(
        make("all_sizes_differ", N=4, I=2, H=3),
        make("one_sample", N=1, I=3, H=2),
        make("all_sizes_one", N=1, I=1, H=1),
        make("all_sizes_equal", N=3, I=3, H=3),
        make("small", N=2, I=2, H=2),  # I = H: no mix-up of the two matrices raises here
    )


def of_sequences(make: Cases) -> Sequences:
    """Make the cases of whole sequences, with axes N, L, I and H; the long one has 200 steps.

    >>> of_sequences(make).long.steps
    200
    """
    return Sequences(
        make("all_sizes_differ", N=3, L=4, I=2, H=5),
        make("main", N=3, L=4, I=2, H=3),
        make("small", N=2, L=3, I=2, H=2),
        make("one_sample", N=1, L=3, I=2, H=4),
        make("all_sizes_one", N=1, L=1, I=1, H=1),
        make("all_sizes_equal", N=3, L=3, I=3, H=3),
        make("long", N=2, L=200, I=2, H=3),
    )


def of_lengths(make: Cases) -> Lengths:
    """Make the cases of sequences of different lengths, with axes N, L, I and H.

    >>> of_lengths(make).padded.lengths
    [2, 5, 1, 4]
    """
    return Lengths(
        # The order that sorts these lengths is not its own inverse, up or down: un-sorting must be done right.
        make("mixed_lengths", [2, 5, 1, 4], N=4, L=5, I=2, H=3),
        make("all_of_length_one", [1, 1, 1], N=3, L=2, I=2, H=3),
        make("all_equally_short", [3, 3], N=2, L=4, I=2, H=3),  # shorter than L: outputs still have L steps
        make("longest_first", [4, 2, 1], N=3, L=4, I=2, H=3),
        make("one_padded_sample", [2], N=1, L=3, I=2, H=2),
    )
