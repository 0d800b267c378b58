"""What keeps a module from learning: parameters that are none, gradients that are cut off."""

from .table import Way, idea, way

W_INPUT, W_HIDDEN, BIAS, W_OUTPUT = "W_INPUT", "W_HIDDEN", "BIAS", "W_OUTPUT"
ALL = (W_INPUT, W_HIDDEN, BIAS)
#: All weights of a step that has a bias for each of its products.
TWO_BIASES = (W_INPUT, W_HIDDEN, "BIAS_INPUT", "BIAS_HIDDEN")
SINGLE = (*ALL, *TWO_BIASES[2:])


def making(template: str, *parameters: str) -> Way:
    """Replace each of the statements that make these parameters; `NAME` and `name` stand for the parameter's."""
    return way(
        **{
            f"MAKE_{name}": template.replace("NAME", name).replace("name", name.lower())
            for name in parameters
        }
    )


PLAIN = "self.name = ({made_name})"
DOUBLE = "{MAKE_NAME}.double()"
FROZEN = "{MAKE_NAME}.requires_grad_(False)"
ZERO = "self.name = nn.Parameter(torch.zeros({size_name}))"

IDEAS = [
    idea(
        "weights_not_registered",
        "A weight is a plain tensor that the module does not know of",
        "Print list(module.named_parameters()). An optimizer sees only what stands there. What is missing?",
        making(PLAIN, *ALL),
        making(PLAIN, *TWO_BIASES),
        *(making(PLAIN, name) for name in SINGLE),
        making(PLAIN, W_INPUT, W_HIDDEN),
        making(PLAIN, *TWO_BIASES[2:]),
        making(PLAIN, W_OUTPUT),
    ),
    idea(
        "parameter_converted",
        "A parameter is converted after it was made, and is no parameter any more",
        "Print list(module.named_parameters()) and type(...) of the weight. What did the conversion give?",
        making(DOUBLE, *ALL),
        making(DOUBLE, *TWO_BIASES),
        making(DOUBLE, W_INPUT, W_HIDDEN),
        *(making(DOUBLE, name) for name in SINGLE),
        making(DOUBLE, *TWO_BIASES[2:]),
        making(DOUBLE, W_OUTPUT),
    ),
    idea(
        "weights_frozen",
        "A weight is registered, but it is never trained",
        "Print requires_grad of each parameter. Which of them can an optimizer change?",
        making(FROZEN, *ALL),
        making(FROZEN, *TWO_BIASES),
        *(making(FROZEN, name) for name in SINGLE),
        making(FROZEN, *TWO_BIASES[2:]),
        making(FROZEN, W_OUTPUT),
    ),
    idea(
        "zero_weights",
        "A weight matrix starts with the same number everywhere",
        "Print the weights of a module that you have just made. What should they be filled with?",
        making(ZERO, *ALL),
        making(ZERO, *TWO_BIASES),
        making(ZERO, W_INPUT, W_HIDDEN),
        making(ZERO, W_OUTPUT),
    ),
    idea(
        "layers_made_in_forward",
        "Weights are made anew in every call of forward",
        "Everything that learns must outlive a call. In which method of yours are the weights made?",
        *(
            way(
                **making("", *weights).instead,
                DEFAULT="{DEFAULT}\nbound, input_size, hidden_size = 0.5, self.input_size, self.hidden_size\n"
                + "\n".join(f"{{MAKE_{name}}}" for name in weights),
            )
            for weights in (ALL, TWO_BIASES)
        ),
        way(MAKE_W_OUTPUT="", SIZES="{SIZES}\nbound, hidden_size = 0.5, self.hidden_size\n{MAKE_W_OUTPUT}"),
    ),
    idea(
        "weights_stored_transposed",
        "A weight is stored with its axes in the other order",
        "Print the shapes of the parameters of your module and compare them with the table of the exercise.",
        way(
            MAKE_W_INPUT="self.w_input = nn.Parameter(torch.empty({size_w_input_turned}){filled})",
            INPUT="{from_input} = {x} @ {w_input}.T",
        ),
    ),
    idea(
        "not_set_up",
        "The module puts something into itself before it is set up",
        "Look at the first line of __init__ in the file that was handed out. What does a module need before all else?",
        way(SET_UP=""),
    ),
    idea(
        "sizes_swapped",
        "input_size and hidden_size have changed places",
        "Make a module with two different sizes and print the shapes of its parameters.",
        way(INIT="def __init__(self, hidden_size, input_size):"),
    ),
    idea(
        "detached",
        "The gradient is cut off on its way back",
        "The numbers are right, but nothing learns from them. Which call of yours makes autograd forget?",
        way(needs="torch", RETURN="return {new}.detach()"),
        way(needs="torch", RETURN="return torch.tensor({new}.detach().numpy(), requires_grad=True)"),
        way(needs="torch", RESULTS="return {outputs}.detach(), {last}.detach()"),
        way(needs="torch", RESULTS="return {outputs}.detach(), {last}"),
        way(needs="torch", RESULTS="return {outputs}, {last}.detach()"),
    ),
    idea(
        "state_detached",
        "The state is cut off from the gradient",
        "The numbers are right, but nothing before this step can learn. What happens to the state before it is used?",
        way(needs="torch", STATE="{from_state} = {state}.detach() @ {w_hidden}"),
        way(needs="torch", CELL="{new} = {cell}(x_t, {state}.detach())"),
        way(needs="torch", HOLD="{state} = {state}.detach()\n{HOLD}"),
        way(needs="torch", PROJECT="{PROJECT}\n{state} = {state}.detach()"),
        way(needs="torch", KEEP="{KEEP}\nkept = {state}\n{state} = {state}.detach()", LAST="{last} = kept"),
    ),
    idea(
        "initial_state_detached",
        "No gradient reaches the initial state",
        "The numbers are right. What do you do with the given state before the first step?",
        way(needs="torch", BEGIN="{state} = {begun}.detach()"),
    ),
    idea(
        "input_detached",
        "No gradient reaches the input",
        "The numbers are right. What do you do with x before it is used?",
        way(needs="torch", INPUT="{from_input} = {x}.detach() @ {w_input}"),
        way(needs="torch", READ="x_t = x[:, t].detach()"),
    ),
    idea(
        "weights_detached",
        "The weights are cut off from the gradient",
        "The numbers are right, but the weights cannot learn. What do you do with them before they are used?",
        way(needs="torch", INPUT="{from_input} = {x} @ {w_input}.data"),
        way(needs="torch", STATE="{from_state} = {state} @ {w_hidden}.data"),
        way(needs="torch", SUM="{pre} = {from_input} + {from_state} + {bias}.data"),
        way(
            needs="torch",
            INPUT="{from_input} = {x} @ {w_input}.data",
            STATE="{from_state} = {state} @ {w_hidden}.data",
        ),
        way(
            needs="torch",
            INPUT="{from_input} = {x} @ {w_input}.data",
            STATE="{from_state} = {state} @ {w_hidden}.data",
            SUM="{pre} = {from_input} + {from_state} + {bias}.data",
        ),
        way(needs="torch", PROJECT="output = {state} @ {w_output}.data"),
    ),
    idea(
        "numpy_in_module",
        "numpy computes where torch should",
        "Only what torch computes can be learned from. Which function of the step does not belong to torch?",
        way(needs="torch", TANH="{new} = torch.as_tensor(np.tanh({pre}.numpy()))"),
    ),
]
