"""What goes wrong where each of the two products of a step has a bias of its own, and both sums are cut into layers."""

from .table import Way, idea, way

INPUT, STATE = " + {bias_input}", " + {bias_hidden}"


def biases(of_input: str, of_state: str, needs: str = "") -> Way:
    """Make a way that adds this to the products instead of the two biases."""
    return way(
        needs=needs,
        CUT_INPUT=f"{{input_layers}} = {{split}}({{from_input}}{of_input}, {{layers}}, {{axis}}=1)",
        CUT_STATE=f"{{state_layers}} = {{split}}({{from_state}}{of_state}, {{layers}}, {{axis}}=1)",
    )


IDEAS = [
    idea(
        "one_bias_missing",
        "One of the two biases is not added",
        "Two biases come in. Find both in your code: which product does each of them belong to?",
        biases("", STATE),
        biases(INPUT, ""),
        way(CANDIDATE="{candidate} = {m}.tanh({a_candidate} + {reset} * ({s_candidate} - {b_candidate}))"),
    ),
    idea(
        "one_bias_for_both",
        "The same bias is added to both products",
        "Two biases come in. Which product does each of them belong to?",
        biases(INPUT, INPUT),
        biases(STATE, STATE),
    ),
    idea(
        "biases_exchanged",
        "bias_input and bias_hidden have changed places",
        "In the gates it makes no difference, in the candidate it does. Which of the two does the reset gate multiply?",
        biases(STATE, INPUT),
    ),
]

#: Further ways of ideas that speak of one bias.
MORE = {
    "input_ignored": [
        way(CUT_INPUT="{input_layers} = {split}(0 * {from_input} + {bias_input}, {layers}, {axis}=1)")
    ],
    "no_bias": [biases("", "")],
    "bias_twice": [
        biases(INPUT * 2, STATE),
        biases(INPUT, STATE * 2),
        biases(INPUT * 2, STATE * 2),
        biases(INPUT + STATE, STATE),
        biases(INPUT, STATE + INPUT),
    ],
    "bias_subtracted": [
        biases(" - {bias_input}", " - {bias_hidden}"),
        biases(" - {bias_input}", STATE),
        biases(INPUT, " - {bias_hidden}"),
    ],
    "bias_wrong_axis": [biases(" + {bias_input}[:, None]", " + {bias_hidden}[:, None]")],
    "bias_per_sample": [
        way(
            MAKE_BIAS_INPUT=f"self.bias_input = nn.Parameter(torch.empty({samples}, {{size_bias}}){{filled}})",
            MAKE_BIAS_HIDDEN=f"self.bias_hidden = nn.Parameter(torch.empty({samples}, {{size_bias}}){{filled}})",
        )
        for samples in (1, 2)
    ],
    "weights_detached": [biases(" + {bias_input}.data", " + {bias_hidden}.data", needs="torch")],
    "dtype_float64": [
        way(needs="np", CUT_STATE="{from_state} = {from_state} + np.zeros({from_state}.shape)\n{CUT_STATE}")
    ],
}
