"""Values of every kind that travel, and ways to spoil them."""

from __future__ import annotations

import numpy as np
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from grader.subject import operations as ops
from grader.subject import wire

DTYPES = ["float64", "float32", "float16", "int64", "int32", "int16", "int8", "uint8", "bool"]


arrays = st.sampled_from(DTYPES).flatmap(
    lambda name: hnp.arrays(np.dtype(name), hnp.array_shapes(min_dims=0, max_dims=4, min_side=0, max_side=4))
)


scalars = st.none() | st.booleans() | st.integers(-(2**63), 2**63 - 1) | st.floats() | st.text(max_size=50)


keys = (
    st.text(max_size=5) | st.integers(-(2**63), 2**63 - 1) | st.tuples(st.integers(0, 9), st.text(max_size=3))
)


data = st.recursive(
    scalars | arrays | st.builds(ops.Opaque, st.text(max_size=20)),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.lists(inner, max_size=4).map(tuple)
        | st.dictionaries(keys, inner, max_size=4)
    ),
    max_leaves=10,
)


frames = st.builds(ops.Frame, st.text(max_size=5), st.integers(0, 10**6), st.text(max_size=5))


raised = st.builds(
    ops.Raised,
    st.text(max_size=20),
    st.text(max_size=50),
    st.sampled_from(ops.STAGES),
    st.lists(frames, max_size=3).map(tuple),
)


values = st.builds(
    ops.Value,
    data,
    st.lists(st.text(max_size=5), max_size=2).map(tuple),
    st.none() | st.lists(st.none() | arrays, max_size=2).map(tuple),
    st.none() | st.dictionaries(st.text(max_size=5), st.none() | arrays, max_size=2),
)


answers = st.lists(values | raised, max_size=3).map(tuple)


VALID = wire.encode(
    [
        ops.Value((np.ones((2, 3)), {"a": (1, "b")}), ("x",), (np.ones(2), None), {"w": np.ones(3)}),
        ops.Value({"w": ops.Parameter(np.ones(2, np.float32), True)}),
        ops.Raised("ValueError", "text", "call", (ops.Frame("cell 1", 3, "f"),)),
    ]
)
