"""The mistakes of gru as edits of the reference: what the diagnosis names, and what the suite must catch.

Those of the reset gate, the update gate and the two biases are written here, the others in tests/hidden/shared/ideas.
"""

from itertools import permutations

from ..shared import ideas
from ..shared.ideas import Place, idea, way

GATES = {name: ideas.STEP[name] for name in ("from_input", "from_state", "INPUT", "STATE")} | {
    "input_part": "{from_input} + {bias_input}",
    "state_part": "{from_state} + {bias_hidden}",
    "CUT_INPUT": "{input_layers} = {split}({input_part}, 3, {axis}=1)",
    "CUT_STATE": "{state_layers} = {split}({state_part}, 3, {axis}=1)",
    "input_layers": "a_r, a_z, a_n",
    "layers": "3",
    "state_layers": "s_r, s_z, s_n",
    "R": "r = {sigmoid}({into_r})",
    "into_r": "a_r + s_r",
    "Z": "z = {sigmoid}({into_z})",
    "into_z": "a_z + s_z",
    "CANDIDATE": "{candidate} = {m}.tanh({into_candidate})",
    "candidate": "n",
    "into_candidate": "a_n + r * s_n",
    "MIX": "{new} = (1 - z) * n + z * {state}",
    # The candidate's columns of the weights
    "w_n": "{split}({w_hidden}, 3, {axis}=1)[2]",
    "b_n": "{split}({bias_hidden}, 3)[2]",
}
CELL = Place(
    "gru_cell_forward",
    {
        **ideas.NUMPY,
        **GATES,
        "w_input": "w_input",
        "w_hidden": "w_hidden",
        "bias_input": "bias_input",
        "bias_hidden": "bias_hidden",
        "x": "x",
        "state": "h_prev",
        "new": "h_next",
        "split": "np.split",
        "sigmoid": "sigmoid",
        "RETURN": ideas.STEP["RETURN"],
    },
)
NETWORK = Place(
    "GRU.forward",
    {
        **ideas.TORCH,
        **GATES,
        **ideas.MAYBE_NONE,
        **ideas.LOOP,
        **ideas.TORCH_LOOP,
        **ideas.STATES_SHOWN,
        "w_input": "self.w_input",
        "w_hidden": "self.w_hidden",
        "bias_input": "self.bias_input",
        "bias_hidden": "self.bias_hidden",
        "x": "x_t",
        "begun": "hidden_state",
        "given": "hidden_state",
        "outputs": "outputs",
        "last": "last_state",
        "split": "torch.chunk",
        "sigmoid": "torch.sigmoid",
        "SIGNATURE": "def forward(self, x, hidden_state=None, lengths=None):",
        "without_lengths": "def forward(self, x, hidden_state=None):",
        "without_default": "def forward(self, x, hidden_state, lengths=None):",
    },
)
INIT = Place(
    "GRU.__init__",
    {
        **ideas.MAKING_TWO_BIASES,
        "size_w_input": "input_size, 3 * hidden_size",
        "size_w_input_turned": "3 * hidden_size, input_size",
        "size_w_hidden": "hidden_size, 3 * hidden_size",
        "size_bias": "3 * hidden_size",
    },
)
table = ideas.of(CELL, NETWORK, INIT)


def cut(of_input: str = "{input_layers}", of_state: str = "{state_layers}"):
    """The two statements that cut the sums apart, into layers that are called otherwise."""
    return way(
        CUT_INPUT=f"{of_input} = {{split}}({{input_part}}, 3, {{axis}}=1)",
        CUT_STATE=f"{of_state} = {{split}}({{state_part}}, 3, {{axis}}=1)",
    )


def named(part: str, order: str) -> str:
    """The layers of one part in this order: named("a", "zrn") is "a_z, a_r, a_n"."""
    return ", ".join(f"{part}_{layer}" for layer in order)


def biases(of_input: str, of_state: str):
    """What is added to the products instead of the two biases."""
    return way(
        CUT_INPUT=f"{{input_layers}} = {{split}}({{from_input}}{of_input}, 3, {{axis}}=1)",
        CUT_STATE=f"{{state_layers}} = {{split}}({{from_state}}{of_state}, 3, {{axis}}=1)",
    )


INPUT, STATE = " + {bias_input}", " + {bias_hidden}"
EXCHANGED = "zrn"
ORDERS = [order for order in map("".join, permutations("rzn")) if order not in ("rzn", EXCHANGED)]

OF_RESET = [
    idea(
        "reset_before_product",
        "The reset gate is applied to the old state, before the product",
        "There are two conventions. What does r multiply in the formula of n here, h_prev or its product?",
        way(CANDIDATE="n = {m}.tanh(a_n + (r * {state}) @ {w_n} + {b_n})"),
        way(CANDIDATE="n = {m}.tanh(a_n + (r * {state}) @ {w_n})"),
    ),
    idea(
        "bias_hidden_outside_reset",
        "The reset gate does not reach bias_hidden",
        "s_n is a product and its bias. With r = 0, what should the candidate still hear of bias_hidden?",
        way(CANDIDATE="n = {m}.tanh(a_n + r * (s_n - {b_n}) + {b_n})"),
        biases(" + {bias_input} + {bias_hidden}", ""),
    ),
    idea(
        "reset_ignored",
        "The reset gate plays no part in the candidate",
        "Which two things stand beside r in the formula of n? Where does your code use r?",
        way(CANDIDATE="n = {m}.tanh(a_n + s_n)"),
    ),
    idea(
        "candidate_without_state",
        "The candidate hears nothing of the old state",
        "With r = 1 the candidate is what a plain network would make of x and the old state. What is yours made of?",
        way(CANDIDATE="n = {m}.tanh(a_n)"),
        way(CANDIDATE="n = {m}.tanh(r * a_n)"),
    ),
    idea(
        "candidate_without_input",
        "The candidate hears nothing of the input",
        "With r = 0 the candidate should be tanh of a_n. What is yours then?",
        way(CANDIDATE="n = {m}.tanh(r * s_n)"),
        way(CANDIDATE="n = {m}.tanh(s_n)"),
    ),
    idea(
        "reset_of_the_wrong_part",
        "The reset gate multiplies the input's part as well, or that alone",
        "The reset gate says how much of the old state is heard. Which of your brackets does it stand before?",
        way(CANDIDATE="n = {m}.tanh(r * (a_n + s_n))"),
        way(CANDIDATE="n = {m}.tanh(r * a_n + s_n)"),
    ),
    idea(
        "reset_outside_tanh",
        "The reset gate stands outside of the tanh",
        "With r = 0 the candidate should be tanh of a_n. What is yours then? Count your brackets.",
        way(CANDIDATE="n = r * {m}.tanh(a_n + s_n)"),
        way(CANDIDATE="n = {m}.tanh(a_n) + r * {m}.tanh(s_n)"),
        way(CANDIDATE="n = {m}.tanh(a_n) + r * s_n"),
    ),
    idea(
        "reset_added",
        "The reset gate is added where it should multiply",
        "A gate opens and closes something. Which sign stands between r and s_n in the formula?",
        way(CANDIDATE="n = {m}.tanh(a_n + r + s_n)"),
        way(CANDIDATE="n = {m}.tanh(a_n * r + s_n * r + r)"),
    ),
    idea(
        "reset_upside_down",
        "r and 1 - r are exchanged: the reset gate closes where it should open",
        "With r = 1, does your candidate hear all of the old state, or nothing of it?",
        way(CANDIDATE="n = {m}.tanh(a_n + (1 - r) * s_n)"),
    ),
]

OF_UPDATE = [
    idea(
        "update_upside_down",
        "z and 1 - z are exchanged: the update gate keeps where it should write",
        "Books differ. With z = 1, is the old state kept here? And in your code?",
        way(MIX="{new} = z * n + (1 - z) * {state}"),
    ),
    idea(
        "old_state_not_kept",
        "The new state has no part of the old one in it",
        "With z = 1 the state should stay as it is. What is your new state then?",
        way(MIX="{new} = (1 - z) * n"),
    ),
    idea(
        "update_gate_not_used",
        "The candidate is the new state: the update gate plays no part",
        "The new state lies between two things. Which two, and what says where?",
        way(MIX="{new} = n"),
    ),
    idea(
        "parts_do_not_add_up",
        "The shares of the candidate and of the old state do not add up to one",
        "With z = 0.25, how much of the candidate goes into the new state, and how much of the old one?",
        way(MIX="{new} = n + z * {state}"),
        way(MIX="{new} = z * n + z * {state}"),
        way(MIX="{new} = (1 - z) * n + {state}"),
        way(MIX="{new} = z * n + {state}"),
        way(MIX="{new} = (1 - z) * n + r * {state}"),
        way(MIX="{new} = (1 - z) * n + (1 - z) * {state}"),
        way(MIX="{new} = z * (n + {state})"),
    ),
    idea(
        "sign_slipped_in_the_mix",
        "A sign is wrong where candidate and old state are mixed",
        "Set z to 0 by hand, then to 1. Your line should give n first, and the old state then.",
        way(MIX="{new} = n - z * ({state} - n)"),
        way(MIX="{new} = (1 - z) * n - z * {state}"),
        way(MIX="{new} = (1 + z) * n + z * {state}"),
    ),
    idea(
        "product_kept_for_state",
        "What z keeps is the old state after its product, not the old state itself",
        "With z = 1 the state should stay exactly as it is. What does your z multiply?",
        way(MIX="{new} = (1 - z) * n + z * s_n"),
        way(MIX="{new} = (1 - z) * n + z * (r * {state})"),
    ),
    idea(
        "mixed_inside_tanh",
        "The mixed state goes through tanh once more",
        "Which of the names in the last formula has a tanh in it already?",
        way(MIX="{new} = {m}.tanh((1 - z) * n + z * {state})"),
        way(CANDIDATE="n = a_n + r * s_n", MIX="{new} = {m}.tanh((1 - z) * n + z * {state})"),
    ),
    idea(
        "products_of_sums",
        "Sums and products have changed places in the new state",
        "Set z to 0 by hand. What must the new state be then, and what is yours?",
        way(MIX="{new} = (1 - z + n) * (z + {state})"),
        way(MIX="{new} = (1 - z) * n * z * {state}"),
        way(MIX="{new} = 1 - z * n + z * {state}"),
    ),
]

OF_LAYERS = [
    idea(
        "reset_and_update_exchanged",
        "The reset gate and the update gate have changed places",
        "One scales what the candidate hears, the other says what is kept. Which H columns belong to which?",
        cut(named("a", EXCHANGED), named("s", EXCHANGED)),
    ),
    idea(
        "gates_in_another_order",
        "The three layers are cut apart in another order than r, z, n",
        "Other libraries order the gates otherwise. Which columns does each of your layers get, and which should it?",
        *(cut(named("a", order), named("s", order)) for order in ORDERS),
    ),
    idea(
        "orders_disagree",
        "The layers of the input and those of the state are cut apart in different orders",
        "Compare the two lines that cut. Is the second layer of one also the second layer of the other?",
        cut(of_input=named("a", EXCHANGED)),
        cut(of_state=named("s", EXCHANGED)),
        *(cut(of_state=named("s", order)) for order in ORDERS),
        *(cut(of_input=named("a", order)) for order in ORDERS),
    ),
    idea(
        "gate_reads_one_side",
        "A gate reads the input alone, or the old state alone",
        "Each gate is the sigmoid of a sum. How many terms has yours, and where does each come from?",
        way(R="r = {sigmoid}(a_r)"),
        way(R="r = {sigmoid}(s_r)"),
        way(Z="z = {sigmoid}(a_z)"),
        way(Z="z = {sigmoid}(s_z)"),
        way(R="r = {sigmoid}(a_r)", Z="z = {sigmoid}(a_z)"),
        way(R="r = {sigmoid}(s_r)", Z="z = {sigmoid}(s_z)"),
    ),
    idea(
        "activations_exchanged",
        "The gates have a tanh, and the candidate has a sigmoid",
        "There are two functions in the formulas. Where does each of them stand?",
        way(
            R="r = {m}.tanh({into_r})",
            Z="z = {m}.tanh({into_z})",
            CANDIDATE="n = {sigmoid}({into_candidate})",
        ),
    ),
]

OF_BIASES = [
    idea(
        "one_bias_missing",
        "One of the two biases is not added",
        "Two biases come in. Find both in your code: which product does each of them belong to?",
        biases("", STATE),
        biases(INPUT, ""),
        way(CANDIDATE="n = {m}.tanh(a_n + r * (s_n - {b_n}))"),
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

#: Ways of shared ideas that speak of the two products, of the two biases, or of where the state goes.
OWN_WAYS = {
    "input_ignored": way(CUT_INPUT="{input_layers} = {split}(0 * {from_input} + {bias_input}, 3, {axis}=1)"),
    "state_ignored": [
        way(
            CUT_STATE="{state_layers} = {split}(0 * {from_state} + {bias_hidden}, 3, {axis}=1)",
            MIX="{new} = (1 - z) * n",
        )
    ],
    "no_bias": biases("", ""),
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
    "bias_wrong_axis": biases(" + {bias_input}[:, None]", " + {bias_hidden}[:, None]"),
    "bias_per_sample": [
        way(
            MAKE_BIAS_INPUT=f"self.bias_input = nn.Parameter(torch.empty({samples}, {{size_bias}}){{filled}})",
            MAKE_BIAS_HIDDEN=f"self.bias_hidden = nn.Parameter(torch.empty({samples}, {{size_bias}}){{filled}})",
        )
        for samples in (1, 2)
    ],
    "state_not_carried": [
        way(
            EMPTY="{EMPTY}\ninitial = {state}",
            STATE="{from_state} = initial @ {w_hidden}",
            MIX="{new} = (1 - z) * n + z * initial",
        ),
        way(EMPTY="{EMPTY}\ninitial = {state}", MIX="{new} = (1 - z) * n + z * initial"),
    ],
    "state_averaged_over_batch": way(
        STATE="{from_state} = {state}.mean(0)[None] @ {w_hidden}",
        MIX="{new} = (1 - z) * n + z * {state}.mean(0)",
    ),
    "state_detached": [
        way(needs="torch", MIX="{new} = (1 - z) * n + z * {state}.detach()"),
        way(
            needs="torch",
            STATE="{from_state} = {state}.detach() @ {w_hidden}",
            MIX="{new} = (1 - z) * n + z * {state}.detach()",
        ),
    ],
    "weights_detached": [
        way(
            needs="torch",
            CUT_INPUT="{input_layers} = {split}({from_input} + {bias_input}.data, 3, {axis}=1)",
            CUT_STATE="{state_layers} = {split}({from_state} + {bias_hidden}.data, 3, {axis}=1)",
        ),
    ],
    "numpy_in_module": way(needs="torch", CANDIDATE="n = torch.as_tensor(np.tanh((a_n + r * s_n).numpy()))"),
    "final_state_from_zeros": way(HOLD="{state} = torch.where(is_real, {new}, 0)"),
    "dtype_float64": way(
        needs="np", CUT_STATE="{from_state} = {from_state} + np.zeros({from_state}.shape)\n{CUT_STATE}"
    ),
}

MISTAKES = [
    *(table.mistake(one) for one in (*OF_RESET, *OF_UPDATE, *OF_LAYERS, *OF_BIASES)),
    *(
        table.mistake(id, ways=[ways] if isinstance(ways, ideas.Way) else ways)
        for id, ways in OWN_WAYS.items()
    ),
    *table.mistakes(
        "gates_interleaved layers_transposed gates_cut_across_samples one_gate_for_all gates_coupled"
        " other_activation_of_a_gate sigmoid_upside_down other_activation_of_the_candidate gates_multiplied_as_matrices"
        # The products, and what a step gives back
        " w_input_transposed w_hidden_transposed weights_swapped factors_swapped elementwise_product"
        " returns_old_state returns_a_weight cell_returns_tuple result_transposed returns_nothing batch_axis_squeezed"
        # The loop, and what is returned
        " loops_over_batch batch_size_from_wrong_axis starts_one_step_late stops_one_step_early input_off_by_one"
        " reads_backwards reads_one_step_always outputs_one_step_late initial_state_in_outputs all_outputs_alike"
        " only_last_output time_axis_first time_axis_last reshaped_not_transposed joined_not_stacked"
        " steps_left_in_a_list last_sample_not_last_step last_state_has_an_axis_more last_state_is_initial"
        " last_state_is_the_first last_state_one_step_early results_swapped returns_one_result"
        # The state, given or not, and lengths
        " needs_a_state zero_state_axes_swapped batch_size_hard_coded ones_initial_state random_initial_state"
        " initial_state_ignored initial_state_of_one_sample trainable_initial_state state_tested_for_truth"
        " lengths_ignored lengths_not_accepted final_state_on_padding padding_not_zeroed"
        " length_one_too_long length_one_too_short last_state_one_step_late one_length_for_all"
        " outputs_cut_to_longest lengths_of_wrong_axis lengths_must_be_a_tensor lengths_must_be_sorted not_unsorted"
        " unsorted_the_wrong_way state_not_sorted_along"
        # Behaviour and learning
        " changes_its_arguments state_kept_between_calls dtype_float32 device_hard_coded weights_not_registered"
        " parameter_converted weights_frozen zero_weights layers_made_in_forward weights_stored_transposed"
        " not_set_up sizes_swapped detached initial_state_detached input_detached"
    ),
]
