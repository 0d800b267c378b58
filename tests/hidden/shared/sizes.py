"""The cases that the suites have in common, by their sizes: from the vocabulary of a suite, all that is made of it.

Sizes that are all alike let mix-ups of axes and of square matrices through, so no raising of an exception helps out.
Sizes that all differ show which axis is which.
"""

from __future__ import annotations

from .cases import Case, Cases


def of_steps(make: Cases) -> tuple[Case, ...]:
    """One step: STEP, STEP_OF_ONE, STEP_OF_ONES, STEP_OF_EQUALS, SMALL_STEP."""
    return (
        make("all_sizes_differ", N=4, I=2, H=3),
        make("one_sample", N=1, I=3, H=2),
        make("all_sizes_one", N=1, I=1, H=1),
        make("all_sizes_equal", N=3, I=3, H=3),
        make("small", N=2, I=2, H=2),  # I = H: no mix-up of the two matrices raises here
    )


def of_sequences(make: Cases) -> tuple[Case, ...]:
    """Whole sequences: ALL_DIFFERENT, MAIN, SMALL, ONE_SAMPLE, ALL_ONE, ALL_EQUAL, LONG."""
    return (
        make("all_sizes_differ", N=3, L=4, I=2, H=5),
        make("main", N=3, L=4, I=2, H=3),
        make("small", N=2, L=3, I=2, H=2),
        make("one_sample", N=1, L=3, I=2, H=4),
        make("all_sizes_one", N=1, L=1, I=1, H=1),
        make("all_sizes_equal", N=3, L=3, I=3, H=3),
        make("long", N=2, L=200, I=2, H=3),
    )


def of_lengths(make: Cases) -> tuple[Case, ...]:
    """Sequences of different lengths: PADDED, and the special ones."""
    return (
        # The order that sorts these lengths is not its own inverse, up or down: un-sorting must be done right.
        make("mixed_lengths", [2, 5, 1, 4], N=4, L=5, I=2, H=3),
        make("all_of_length_one", [1, 1, 1], N=3, L=2, I=2, H=3),
        make(
            "all_equally_short", [3, 3], N=2, L=4, I=2, H=3
        ),  # shorter than L: the outputs still have L steps
        make("longest_first", [4, 2, 1], N=3, L=4, I=2, H=3),
        make("one_padded_sample", [2], N=1, L=3, I=2, H=2),
    )
