"""What goes wrong in the formula of one step."""

from .table import idea, way

IDEAS = [
    idea(
        "no_tanh",
        "The state is returned without tanh",
        "Print the largest entry of your new state. Can a state of this network ever be larger than 1?",
        way(TANH="{new} = {pre}"),
    ),
    idea(
        "other_activation",
        "Another function stands where tanh should be",
        "A state may be anything between -1 and 1. Which values can come out of the function you use?",
        way(TANH="{new} = {pre}.clip(0)"),
        way(TANH="{new} = 1 / (1 + {m}.exp(-{pre}))"),
        way(TANH="{new} = {m}.clip({pre}, -1, 1)"),
        way(TANH="{new} = {m}.tan({pre})"),
        way(TANH="{new} = {m}.exp({pre}) / {m}.exp({pre}).sum(1)[:, None]"),
    ),
    idea(
        "tanh_of_one_term",
        "tanh is applied to one part of the sum only",
        "Input part, state part and bias go through tanh together. What is still outside your brackets?",
        way(TANH="{new} = {m}.tanh({from_input}) + {from_state} + {bias}"),
        way(TANH="{new} = {from_input} + {m}.tanh({from_state}) + {bias}"),
        way(TANH="{new} = {m}.tanh({from_input} + {from_state}) + {bias}"),
        way(TANH="{new} = {m}.tanh({from_input} + {bias}) + {from_state}"),
        way(TANH="{new} = {from_input} + {m}.tanh({from_state} + {bias})"),
    ),
    idea(
        "tanh_of_each_term",
        "tanh is applied to each part before they are added",
        "tanh(a) + tanh(b) is not tanh(a + b). Which of the two stands in the formula?",
        way(TANH="{new} = {m}.tanh({from_input}) + {m}.tanh({from_state}) + {m}.tanh({bias})"),
        way(TANH="{new} = {m}.tanh({from_input}) + {m}.tanh({from_state}) + {bias}"),
        way(TANH="{new} = {m}.tanh({from_input} + {bias}) + {m}.tanh({from_state})"),
        way(TANH="{new} = {m}.tanh({from_input}) + {m}.tanh({from_state} + {bias})"),
    ),
    idea(
        "tanh_twice",
        "tanh is applied twice",
        "Follow one number through your code and count how often it is squashed on its way to the new state.",
        way(TANH="{new} = {m}.tanh({m}.tanh({pre}))"),
        way(TANH="{new} = {m}.tanh({m}.tanh({from_input}) + {m}.tanh({from_state}) + {bias})"),
    ),
    idea(
        "state_without_its_weights",
        "The old state is added without being multiplied by w_hidden",
        "Which matrix in the formula stands next to the old state? Where does your code use it?",
        way(STATE="{from_state} = {state}"),
    ),
    idea(
        "w_hidden_transposed",
        "w_hidden is used transposed",
        "w_hidden is square, so no shape complains. Row i of it belongs to unit i of which state, old or new?",
        way(STATE="{from_state} = {state} @ {w_hidden}.T"),
    ),
    idea(
        "w_input_transposed",
        "w_input is used transposed",
        "x is (N, I) and w_input is (I, H): their shapes already fit. Try I different from H and watch the shapes.",
        way(INPUT="{from_input} = {x} @ {w_input}.T"),
    ),
    idea(
        "both_weights_transposed",
        "Both weight matrices are used transposed",
        "Write the shapes of the factors under your products, with I different from H. Which do not fit?",
        way(INPUT="{from_input} = {x} @ {w_input}.T", STATE="{from_state} = {state} @ {w_hidden}.T"),
    ),
    idea(
        "weights_swapped",
        "The input is multiplied by w_hidden, and the state by w_input",
        "Which of the two matrices belongs to the input? If you join arrays, does the order of both joins agree?",
        way(INPUT="{from_input} = {x} @ {w_hidden}", STATE="{from_state} = {state} @ {w_input}"),
        way(
            SUM="joined = {m}.{cat}([{x}, {state}], {axis}=1)\n"
            "{pre} = joined @ {m}.{cat}([{w_hidden}, {w_input}]) + {bias}"
        ),
    ),
    idea(
        "factors_swapped",
        "The factors of a matrix product are in the wrong order",
        "A @ B is not B @ A. Write the shapes under both factors and compare with the formula.",
        way(INPUT="{from_input} = {w_input} @ {x}"),
        way(STATE="{from_state} = {w_hidden} @ {state}"),
        way(INPUT="{from_input} = {w_input} @ {x}", STATE="{from_state} = {w_hidden} @ {state}"),
    ),
    idea(
        "elementwise_product",
        "Arrays are multiplied entry by entry where a matrix product is meant",
        "Every entry of the old state reaches every unit of the new one. Does your product mix entries at all?",
        way(INPUT="{from_input} = {x} * {w_input}"),
        way(STATE="{from_state} = {state} * {w_hidden}"),
        way(INPUT="{from_input} = {x} * {w_input}", STATE="{from_state} = {state} * {w_hidden}"),
    ),
    idea(
        "input_ignored",
        "The input plays no part in the new state",
        "Call your step twice with different inputs and the same state. Should the results be the same?",
        way(SUM="{pre} = {from_state} + {bias}"),
        way(SUM="{pre} = 0 * {from_input} + {from_state} + {bias}"),
    ),
    idea(
        "no_bias",
        "The bias is not added",
        "Make the input and the state zero: what does the formula say is left? What does your code give?",
        way(SUM="{pre} = {from_input} + {from_state}"),
        way(SUM="{pre} = {from_input} + {from_state}", MAKE_BIAS=""),
    ),
    idea(
        "bias_twice",
        "The bias is added twice",
        "How many biases are in the formula, and how many in your code? One may hide in a helper or a layer.",
        way(SUM="{pre} = {from_input} + {bias} + {from_state} + {bias}"),
    ),
    idea(
        "bias_subtracted",
        "The bias is subtracted",
        "Make the input and the state zero and compare the sign of your result with the sign of the bias.",
        way(SUM="{pre} = {from_input} + {from_state} - {bias}"),
    ),
    idea(
        "bias_wrong_axis",
        "The bias is spread along the wrong axis",
        "The bias has one number per hidden unit. With N different from H, which axis of the sum does it fit?",
        way(SUM="{pre} = {from_input} + {from_state} + {bias}[:, None]"),
    ),
    idea(
        "bias_per_sample",
        "The bias has an axis for the samples",
        "One set of weights serves a batch of any size. Print the shape of your bias: which axis is too many?",
        *(
            way(MAKE_BIAS=f"self.bias = nn.Parameter(torch.empty({samples}, {{size_bias}}){{filled}})")
            for samples in (1, 2)
        ),
    ),
    idea(
        "state_ignored",
        "The old state plays no part in the new one",
        "Call your step twice with the same input and different states. Should the results be the same?",
        way(SUM="{pre} = {from_input} + {bias}"),
    ),
    idea(
        "state_averaged_over_batch",
        "The state is averaged over the samples of the batch",
        "Each sample has a state of its own. Does the result of one sample change when you change another?",
        way(STATE="{from_state} = {state}.mean(0)[None] @ {w_hidden}"),
    ),
    idea(
        "state_added_on_top",
        "The old state is added to the result once more",
        "The old state enters the formula in one place only. Count where it enters in your code.",
        way(TANH="{new} = {state} + {m}.tanh({pre})"),
        way(SUM="{pre} = {from_input} + {from_state} + {state} + {bias}"),
    ),
]
