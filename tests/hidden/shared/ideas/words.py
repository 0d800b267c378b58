"""The vocabulary that ideas are written in. A place gives each name its text, or leaves it out.

| name | is |
|---|---|
| m, axis, cat | numpy or torch, and what they call an axis and joining |
| np, torch | the library itself: only in places of that library |
| x, state, new, pre | what comes in, the old state, the new one, the sum before the activation |
| w_input, w_hidden, bias, bias_input, bias_hidden | the weights of a step, with one bias or with two |
| given, samples | the state that may be None, and how many samples there are |
| INPUT, STATE, SUM, TANH, RETURN | the statements of a step |
| SIZES … RESULTS (see LOOP) | the statements of the loop over steps |
| steps, begun, output, shown | how many steps, the initial state, an output, what it is made of |
| outputs, last | the results of a loop |
| PROJECT, ZERO, SHOW | how an output is made, and made zero on padding: two statements with w_output, else one |
| CELL, cell, new_cell | the call of a cell, the cell, and one made anew |
| STATE_F … RESULTS (see DIRECTIONS) | the statements of reading from both ends |
| h0, state_f, state_b, joined, swap, flip_0, flip_2, flip_all | both initial states, each of them; see DIRECTIONS |
| RUN_F, RUN_B, LINEAR_F, LINEAR_B, MASK | each reader run, its states projected, padding made zero |
| MAKE_LF, MAKE_LB | each reader's linear layer made |
| SIGNATURE, without_lengths, without_default | the signature, without `lengths`, without a default for the state |
| IF_NONE, ZEROS, DEFAULT | `if … is None:`, what is made then, and both |
| split, layers, sigmoid | what cuts an array apart, into how many layers, and the sigmoid |
| how_many, order | the number and the letters of the layers, for titles and hints |
| I, F, O, R, Z and other letters | the statements of the gates, with names such as into_i for what goes into each |
| CUT, cut_into, exchanged | one sum cut into layers, what these are called, and with two of them exchanged |
| CUT_INPUT, CUT_STATE | both parts of a sum cut into layers, each for itself |
| input_part, state_part, input_layers, state_layers | what is cut there, and what the layers are called |
| exchanged_input, exchanged_state | what they are called with two of them exchanged |
| CANDIDATE, candidate, into_candidate | what could become the new state, what it is called, and its sum |
| a_candidate, s_candidate, w_candidate, b_candidate | its parts of input and state, and its columns of weights |
| MEMORY, memory, new_memory, NEW | the new memory, the old one, what the new one is called, and what is shown of it |
| forget, write, show | what multiplies the old memory, the candidate, and what is shown |
| MIX, update, keeps, writes | candidate and old state mixed, the gate, and the shares of old state and candidate |
| kept_at, at_zero, at_one | the gate's number that keeps the state, and what 0 and 1 give, for hints |
| reset | the gate of what the candidate hears of the old state |
| GIVE, one, other | a state and a memory returned, and what they are called there |
| pair, PAIR, BOTH, IN_ORDER, HOLD_MEMORY | both as an argument, made, taken apart, sorted, and the memory on padding |
| MAKE_W_INPUT, MAKE_W_HIDDEN, MAKE_BIAS, SET_UP, INIT | the statements and the signature of `__init__` |
| MAKE_BIAS_INPUT, MAKE_BIAS_HIDDEN | those of a step that has a bias for each of its products |
"""

NUMPY = {"m": "np", "np": "np", "axis": "axis", "cat": "concatenate"}
NUMPY |= {"float32": ".astype(np.float32)", "float64": ".astype(np.float64)"}
NUMPY |= {"split": "np.split", "sigmoid": "sigmoid"}
TORCH = {"m": "torch", "torch": "torch", "axis": "dim", "cat": "cat"}
TORCH |= {"float32": ".float()", "float64": ".double()"}
TORCH |= {"split": "torch.chunk", "sigmoid": "torch.sigmoid"}

#: One step as the references write it: `new` = tanh of a sum of two products and a bias.
STEP = {
    "pre": "pre_activation",
    "from_input": "from_input",
    "from_state": "from_state",
    "INPUT": "{from_input} = {x} @ {w_input}",
    "STATE": "{from_state} = {state} @ {w_hidden}",
    "SUM": "{pre} = {from_input} + {from_state} + {bias}",
    "TANH": "{new} = {m}.tanh({pre})",
    "RETURN": "return {new}",
}
#: A step whose two sums, each with a bias of its own, are cut into layers; see `gates`.
PARTS_OF_STEP = {
    **{name: STEP[name] for name in ("from_input", "from_state", "INPUT", "STATE")},
    "input_part": "{from_input} + {bias_input}",
    "state_part": "{from_state} + {bias_hidden}",
    "CUT_INPUT": "{input_layers} = {split}({input_part}, {layers}, {axis}=1)",
    "CUT_STATE": "{state_layers} = {split}({state_part}, {layers}, {axis}=1)",
}
#: What comes out where gates keep, write and show a memory, as in an LSTM.
MEMORY = {
    "forget": "f",
    "write": "i",
    "show": "o",
    "new": "h_next",
    "new_memory": "c_next",
    "MEMORY": "{new_memory} = {forget} * {memory} + {write} * {candidate}",
    "NEW": "{new} = {show} * {m}.tanh({new_memory})",
}
#: What comes out where an update gate mixes the candidate and the old state, as in a GRU: at 1 the old state is kept.
UPDATE = {
    "update": "z",
    "new": "h_next",
    "MIX": "{new} = {writes} * {candidate} + {keeps} * {state}",
    "keeps": "{update}",
    "writes": "(1 - {update})",
    "kept_at": "1",
    "at_zero": "{candidate}",
    "at_one": "the old state",
}
#: The other convention, in which the old state is kept at 0.
UPDATE_WRITES = {
    **UPDATE,
    "keeps": "(1 - {update})",
    "writes": "{update}",
    "kept_at": "0",
    "at_zero": "the old state",
    "at_one": "{candidate}",
}
#: A reset gate that multiplies what the candidate hears of the old state.
RESET = {"reset": "r", "into_candidate": "{a_candidate} + {reset} * {s_candidate}"}

#: The loop over the steps, in a function or in a module: `state` becomes `new` where a step is real.
LOOP = {
    "steps": "num_steps",
    "samples": "num_samples",
    "state": "state",
    "new": "h_next",
    "SIZES": "num_samples, num_steps, _ = x.shape",
    "NO_LENGTHS": "if lengths is None:",
    "ALL_REAL": "lengths = [num_steps] * num_samples",
    "BEGIN": "{state} = {begun}",
    "EMPTY": "collected = []",
    "FOR": "for t in range({steps}):",
    "READ": "x_t = x[:, t]",
    "REAL": "is_real = (t < lengths)[:, None]",
    "HOLD": "{state} = {m}.where(is_real, {new}, {state})",
    "output": "output",
    "KEEP": "collected.append({output})",
    "STACK": "{outputs} = {m}.stack(collected, {axis}=1)",
    "LAST": "{last} = {state}",
    "RESULTS": "return {outputs}, {last}",
}
NUMPY_LOOP = {"LENGTHS": "lengths = np.asarray(lengths)", "stable": ', kind="stable"'}
TORCH_LOOP = {"LENGTHS": "lengths = torch.as_tensor(lengths, device=x.device)", "stable": ", stable=True"}

#: What an output is made of: of the state itself, or of the state times w_output.
STATES_SHOWN = {"shown": "{state}", "SHOW": "output = {m}.where(is_real, {state}, 0)"}
PROJECTED = {
    "w_output": "self.w_output",
    "shown": "{state} @ {w_output}",
    "PROJECT": "output = {shown}",
    "ZERO": "output = torch.where(is_real, output, 0)",
    "CELL": "{new} = {cell}(x_t, {state})",
}

#: The weights of a step: as arguments of a function, and as parameters of a module.
ARGUMENTS = {"w_input": "w_input", "w_hidden": "w_hidden", "bias": "bias"}
PARAMETERS = {"w_input": "self.w_input", "w_hidden": "self.w_hidden", "bias": "self.bias"}
#: Those of a step that has a bias for each of its products.
WEIGHTS_OF_TWO_BIASES = ("w_input", "w_hidden", "bias_input", "bias_hidden")
ARGUMENTS_OF_TWO_BIASES = {name: name for name in WEIGHTS_OF_TWO_BIASES}
PARAMETERS_OF_TWO_BIASES = {name: f"self.{name}" for name in WEIGHTS_OF_TWO_BIASES}

#: The state that may be None.
MAYBE_NONE = {
    "IF_NONE": "if {given} is None:",
    "lead": "",  # axes before that of the samples, as in "2, "
    "ZEROS": "{given} = x.new_zeros({lead}{samples}, self.hidden_size)",
    "DEFAULT": "{IF_NONE}\n            {ZEROS}",
}


def signature(state: str) -> dict[str, str]:
    """Name the signature of a module that takes a state, which may be None, and lengths.

    >>> signature("hidden_state")["without_lengths"]
    'def forward(self, x, hidden_state=None):'
    """
    return {
        "SIGNATURE": f"def forward(self, x, {state}=None, lengths=None):",
        "without_lengths": f"def forward(self, x, {state}=None):",
        "without_default": f"def forward(self, x, {state}, lengths=None):",
    }


#: Where a state and a memory, {one} and {other}, come out together: of a step, and of the loop over the steps.
STEP_OF_TWO = {"GIVE": "return {one}, {other}", "one": "{new}", "other": "{new_memory}"}
LOOP_OF_TWO = {
    **{name: text for name, text in LOOP.items() if name not in ("BEGIN", "LAST", "RESULTS")},
    **MAYBE_NONE,
    **STATES_SHOWN,
    "outputs": "outputs",
    "pair": "state",
    "state": "h",
    "memory": "c",
    "one": "{state}",
    "other": "{memory}",
    "given": "zeros",
    "PAIR": "{pair} = {given}, {given}",
    "IF_NONE": "if {pair} is None:",
    "DEFAULT": "{IF_NONE}\n            {ZEROS}\n            {PAIR}",
    "BOTH": "{one}, {other} = {pair}",
    "IN_ORDER": "{one}, {other} = {pair}[0][order], {pair}[1][order]",
    "HOLD_MEMORY": "{memory} = {m}.where(is_real, {new_memory}, {memory})",
    "GIVE": "return {outputs}, ({one}, {other})",
}

SIZES = {
    "size_w_input": "input_size, hidden_size",
    "size_w_input_turned": "hidden_size, input_size",
    "size_w_hidden": "hidden_size, hidden_size",
    "size_bias": "hidden_size",
    "size_w_output": "hidden_size, hidden_size",
}
#: `__init__` of a module.
SETTING_UP = {
    "SET_UP": "super().__init__()",
    "INIT": "def __init__(self, input_size, hidden_size):",
}
#: One that makes the weights of one step itself.
MAKING = {
    **SETTING_UP,
    **SIZES,
    "filled": ".uniform_(-bound, bound)",
    "made_w_input": "torch.empty({size_w_input}){filled}",
    "made_w_hidden": "torch.empty({size_w_hidden}){filled}",
    "made_bias": "torch.empty({size_bias}){filled}",
    "MAKE_W_INPUT": "self.w_input = nn.Parameter({made_w_input})",
    "MAKE_W_HIDDEN": "self.w_hidden = nn.Parameter({made_w_hidden})",
    "MAKE_BIAS": "self.bias = nn.Parameter({made_bias})",
}
#: One that makes a bias for each of the two products.
MAKING_TWO_BIASES = {
    **{name: text for name, text in MAKING.items() if "bias" not in name.lower()},
    "size_bias_input": "{size_bias}",
    "size_bias_hidden": "{size_bias}",
    "made_bias_input": "torch.empty({size_bias_input}){filled}",
    "made_bias_hidden": "torch.empty({size_bias_hidden}){filled}",
    "MAKE_BIAS_INPUT": "self.bias_input = nn.Parameter({made_bias_input})",
    "MAKE_BIAS_HIDDEN": "self.bias_hidden = nn.Parameter({made_bias_hidden})",
}
#: One that makes a w_output.
MAKING_OUTPUT = {
    **SETTING_UP,
    **SIZES,
    "filled": ".uniform_(-bound, bound)",
    "made_w_output": "torch.empty({size_w_output}){filled}",
    "MAKE_W_OUTPUT": "self.w_output = nn.Parameter({made_w_output})",
}

#: A function or method that reads a sequence from both ends with two readers, and joins what they give.
DIRECTIONS = {
    "SIZES": "num_samples, num_steps, _ = x.shape",
    "NO_LENGTHS": "if lengths is None:",
    "ALL_REAL": "lengths = [num_steps] * num_samples",
    "steps": "num_steps",
    "samples": "num_samples",
    "STATE_F": "{state_f} = {h0}[0]",
    "STATE_B": "{state_b} = {h0}[1]",
    "X_B": "x_b = reverse(x, lengths)",
    "TURN": "outputs_b = reverse(outputs_b, lengths)",
    "joined": "{m}.{cat}([outputs_f, outputs_b], {axis}=2)",
    "JOIN": "outputs = {joined}",
    "PUT": "{last} = {m}.stack([last_f, last_b])",
    "outputs": "outputs",
    "RESULTS": "return outputs, {last}",
}
#: How an array with sequences is turned round along other axes than time, and how the first two axes change places.
NUMPY_AXES = {
    "stable": ', kind="stable"',
    "swap": ".transpose(1, 0, 2)",
    "flip_0": "[::-1]",
    "flip_2": "[:, :, ::-1]",
    "flip_all": "[::-1, ::-1, ::-1]",
}
TORCH_AXES = {
    "stable": ", stable=True",
    "swap": ".transpose(0, 1)",
    "flip_0": ".flip(0)",
    "flip_2": ".flip(2)",
    "flip_all": ".flip(0, 1, 2)",
}
