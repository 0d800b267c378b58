"""Trees of plain data of every shape, for hypothesis."""

from __future__ import annotations

from typing import Any

import numpy as np
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from grader import values

numbers = st.floats(-8, 8, width=32)

array = st.sampled_from([np.float32, np.float64]).flatmap(
    lambda dtype: arrays.arrays(
        dtype, arrays.array_shapes(min_dims=0, max_dims=3, min_side=0, max_side=3), elements=numbers
    )
)

scalars = st.none() | st.booleans() | st.integers(-9, 9) | numbers | st.text("abc", max_size=3)

keys = (
    st.text("hc_", min_size=1, max_size=2)
    | st.integers(-3, 3)
    | st.tuples(st.integers(0, 3), st.text("h", max_size=1))
)


def trees(leaf: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """Trees of every kind of container over these leaves."""
    return st.recursive(
        leaf,
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.lists(inner, max_size=3).map(tuple)
            | st.dictionaries(keys, inner, max_size=3)
        ),
        max_leaves=8,
    )


tree = trees(scalars | array)


def same(tree: Any, other: Any) -> bool:
    """Equality that knows arrays, and takes no list for a tuple."""
    (form, leaves), (other_form, other_leaves) = values.flatten(tree), values.flatten(other)
    return form == other_form and all(
        type(answer) is type(want)
        and (
            (answer.dtype == want.dtype and answer.shape == want.shape and bool((answer == want).all()))
            if isinstance(want, np.ndarray)
            else answer == want
        )
        for answer, want in zip(leaves, other_leaves, strict=True)
    )


def other_leaf(value: Any) -> Any:
    """The same tree with its first number, or filled array of numbers, off by one; None where there is none."""
    done = []

    def change(leaf: Any) -> Any:
        if done or type(leaf) not in (float, np.ndarray) or (isinstance(leaf, np.ndarray) and leaf.size == 0):
            return leaf
        done.append(leaf)
        return leaf + leaf.dtype.type(1) if isinstance(leaf, np.ndarray) else leaf + 1.0

    changed = values.map_leaves(change, value)
    return changed if done else None
