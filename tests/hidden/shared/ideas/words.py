"""The vocabulary that ideas are written in. A place gives each name its text, or leaves it out.

| name | is |
|---|---|
| m, axis, cat | numpy or torch, and what they call an axis and joining |
| np, torch | the library itself: only in places of that library |
| x, state, new, pre | what comes in, the old state, the new one, the sum before the activation |
| w_input, w_hidden, bias | the weights of a step |
| given, samples | the state that may be None, and how many samples there are |
| INPUT, STATE, SUM, TANH, RETURN | the statements of a step |
| RESULTS | what a loop over steps returns |
| IF_NONE, ZEROS, DEFAULT | `if … is None:`, what is made then, and both |
| MAKE_W_INPUT, MAKE_W_HIDDEN, MAKE_BIAS, SET_UP, INIT | the statements and the signature of `__init__` |
"""

NUMPY = {"m": "np", "np": "np", "axis": "axis", "cat": "concatenate"}
NUMPY |= {"float32": ".astype(np.float32)", "float64": ".astype(np.float64)"}
TORCH = {"m": "torch", "torch": "torch", "axis": "dim", "cat": "cat"}
TORCH |= {
    "float32": ".float()",
    "float64": ".double()",
    "cuda": ".cuda()",
    "detached": ".detach()",
    "data": ".data",
}

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

#: The weights of a step: as arguments of a function, and as parameters of a module.
ARGUMENTS = {"w_input": "w_input", "w_hidden": "w_hidden", "bias": "bias"}
PARAMETERS = {"w_input": "self.w_input", "w_hidden": "self.w_hidden", "bias": "self.bias"}

#: The state that may be None.
MAYBE_NONE = {
    "IF_NONE": "if {given} is None:",
    "ZEROS": "{given} = x.new_zeros({samples}, self.hidden_size)",
    "DEFAULT": "{IF_NONE}\n            {ZEROS}",
}

SIZES = {
    "size_w_input": "input_size, hidden_size",
    "size_w_input_turned": "hidden_size, input_size",
    "size_w_hidden": "hidden_size, hidden_size",
    "size_bias": "hidden_size",
}
#: `__init__` of a module that makes the weights of one step itself.
MAKING = {
    **SIZES,
    "SET_UP": "super().__init__()",
    "INIT": "def __init__(self, input_size, hidden_size):",
    "filled": ".uniform_(-bound, bound)",
    "made_w_input": "torch.empty({size_w_input}){filled}",
    "made_w_hidden": "torch.empty({size_w_hidden}){filled}",
    "made_bias": "torch.empty({size_bias}){filled}",
    "MAKE_W_INPUT": "self.w_input = nn.Parameter({made_w_input})",
    "MAKE_W_HIDDEN": "self.w_hidden = nn.Parameter({made_w_hidden})",
    "MAKE_BIAS": "self.bias = nn.Parameter({made_bias})",
}
