"""The mistakes of bptt as edits of the reference: what the diagnosis names, and what the suite must catch.

The reference writes a step out in its loop, so that a mistake in a step is named wherever it is made. What goes wrong
in a loop of pieces comes last. Here are the places, what is wrong in all of them, and the list.
"""

from ..shared import ideas
from ..shared.ideas import Place, idea, way
from .of_loops import OF_THE_LOOP
from .of_pieces import OF_PIECES
from .of_steps import OF_PRODUCTS, OF_TANH
from .of_sums import OF_SUMS

ANY = ideas.NUMPY | {
    "EVERY": "dx, {back}, dw_input, dw_hidden, dbias",
    "GIVE": "return {EVERY}",
}
#: One step: `out` is where dx goes, `to` how gradients of weights are kept, `back` what goes to the step before.
STEP = {
    "da": "da",
    "SLOPE": "slope = 1 - h_next**2",
    "DA": "da = dh_next * slope",
    "DX": "{out} = da @ w_input.T",
    "DH": "{handed} = da @ w_hidden.T",
    "DW_INPUT": "dw_input {to} {x}.T @ da",
    "DW_HIDDEN": "dw_hidden {to} h_prev.T @ da",
    "DBIAS": "dbias {to} da.sum(axis=0)",
}
CELL = Place(
    "rnn_cell_backward",
    {**ANY, **STEP, "x": "x", "out": "dx", "handed": "dh_prev", "back": "dh_prev", "to": "=", "cell": ""},
)
LOOP = Place(
    "rnn_backward",
    {
        **ANY,
        **STEP,
        "x": "x_t",
        "out": "dx[:, t]",
        "handed": "dh_later",
        "back": "dh0",
        "to": "+=",
        "steps": "num_steps",
        "EMPTY_DX": "dx = np.zeros_like(x)",
        "EMPTY_INPUT": "dw_input = np.zeros_like(w_input)",
        "EMPTY_HIDDEN": "dw_hidden = np.zeros_like(w_hidden)",
        "EMPTY_BIAS": "dbias = np.zeros_like(w_hidden[0])",
        "NO_LATER": "dh_later = np.zeros_like(h0)",
        "FOR": "for t in reversed(range({steps})):",
        "READ": "x_t = x[:, t]",
        "STATE": "h_next = hidden_states[:, t]",
        "OLD": "h_prev = hidden_states[:, t - 1] if t > 0 else h0",
        "MEET": "dh_next = dhidden_states[:, t] + dh_later",
        "LAST": "dh0 = dh_later",
    },
)
PIECES = Place(
    "truncated_backward",
    {
        **ANY,
        "back": "dh0",
        "steps": "num_steps",
        "CUT": "for begin in range(0, {steps}, chunk):",
        "PIECE": "piece = slice(begin, begin + chunk)",
        "START": "start = hidden_states[:, begin - 1] if begin > 0 else h0",
        "X_PIECE": "x_piece = x[:, piece]",
        "STATES": "states = hidden_states[:, piece]",
        "D_STATES": "d_states = dhidden_states[:, piece]",
        "JOIN_DX": "dx = np.concatenate([part[0] for part in parts], axis=1)",
        "FIRST": "dh0 = parts[0][1]",
        "ADD_INPUT": "dw_input = sum(part[2] for part in parts)",
        "ADD_HIDDEN": "dw_hidden = sum(part[3] for part in parts)",
        "ADD_BIAS": "dbias = sum(part[4] for part in parts)",
    },
)
table = ideas.of(CELL, LOOP, PIECES)

RESULTS = [
    idea(
        "gradients_in_another_order",
        "The gradients are returned in another order",
        "Print the shapes of what you return, with N, I and H all different. Which comes first in the table?",
        way(GIVE="return dw_input, dw_hidden, dbias, dx, {back}"),
        way(GIVE="return dx, dw_input, dw_hidden, dbias, {back}"),
        way(GIVE="return dx, dw_input, dw_hidden, {back}, dbias"),
        way(GIVE="return {back}, dw_input, dw_hidden, dbias, dx"),
        way(GIVE="return dx, {back}, dw_input, dbias, dw_hidden"),
    ),
    idea(
        "gradients_missing",
        "Not all five gradients are returned",
        "Five gradients are asked for. Count what stands after your `return`.",
        way(GIVE="return dx, {back}, dw_input, dw_hidden"),
        way(GIVE="return dx, dw_input, dw_hidden, dbias"),
        way(GIVE="return dw_input, dw_hidden, dbias"),
        way(GIVE="return dx, {back}"),
    ),
    idea(
        "returned_in_a_dict",
        "The gradients are returned in a dict",
        "Five things in order are asked for, not names with things. What do you return?",
        way(
            GIVE='return {"dx": dx, "dh_prev": {back}, "dw_input": dw_input, "dw_hidden": dw_hidden, "dbias": dbias}'
        ),
    ),
    idea(
        "returns_nothing",
        "The function returns nothing",
        "Print what a call of your function gives. Is there a `return`, and is it reached?",
        way(GIVE=""),
    ),
]


def cast(dtype: str) -> list:
    """Results, or one kind of them, converted to a dtype."""
    return [
        way(GIVE=f"return tuple(g.astype(np.{dtype}) for g in ({{EVERY}}))"),
        way(GIVE=f"return dx.astype(np.{dtype}), {{back}}, dw_input, dw_hidden, dbias"),
        way(GIVE=f"return dx, {{back}}, dw_input.astype(np.{dtype}), dw_hidden.astype(np.{dtype}), dbias"),
        way(GIVE=f"return dx, {{back}}, dw_input, dw_hidden, dbias.astype(np.{dtype})"),
        way(
            EMPTY_INPUT=f"dw_input = np.zeros(w_input.shape, dtype=np.{dtype})",
            EMPTY_HIDDEN=f"dw_hidden = np.zeros(w_hidden.shape, dtype=np.{dtype})",
            EMPTY_BIAS=f"dbias = np.zeros(w_hidden.shape[1], dtype=np.{dtype})",
        ),
    ]


CHANGES = {
    "rnn_cell_backward": [
        way(DA="dh_next *= slope\nda = dh_next"),
        way(GIVE="x *= 0\n{GIVE}"),
    ],
    "rnn_backward": [
        way(MEET="dhidden_states[:, t] += dh_later\ndh_next = dhidden_states[:, t]"),
        way(MEET="dh_next = dhidden_states[:, t]\ndh_next += dh_later", DA="dh_next *= slope\nda = dh_next"),
        way(EMPTY_DX="dx = x.copy() * 0", LAST="{LAST}\nh0[:] = dh0"),
    ],
    "truncated_backward": [
        way(GIVE="dhidden_states[:] = 0\n{GIVE}"),
        way(GIVE="x[:] = dx\n{GIVE}"),
    ],
}

MISTAKES = [
    *(table.mistake(one) for one in (*OF_TANH, *OF_PRODUCTS, *OF_SUMS, *OF_THE_LOOP, *OF_PIECES, *RESULTS)),
    table.mistake("changes_its_arguments", CHANGES),
    table.mistake("dtype_float32", ways=cast("float32")),
    table.mistake(
        "dtype_float64", {"rnn_backward": way(NO_LATER="dh_later = np.zeros(h0.shape)")}, ways=cast("float64")
    ),
]
