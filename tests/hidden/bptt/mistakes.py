"""The mistakes of bptt as edits of the reference: what the diagnosis names, and what the suite must catch.

The reference writes a step out in its loop, so that a mistake in a step is named wherever it is made. What goes wrong
in a loop of pieces comes last.
"""

from ..shared import ideas
from ..shared.ideas import Place, idea, way

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

OF_TANH = [
    idea(
        "slope_missing",
        "The slope of tanh is left out",
        "Which line of the formulas takes dh_next to da? Which of your lines does the same?",
        way(DA="da = dh_next"),
    ),
    idea(
        "slope_not_squared",
        "The slope of tanh is written as 1 - h, without the square",
        "Which slope does tanh have where its result is -1? Which number does your line give there?",
        way(SLOPE="slope = 1 - h_next"),
        way(SLOPE="slope = 1 - np.abs(h_next)"),
    ),
    idea(
        "slope_above_one",
        "The slope of tanh has a plus in it: 1 + h²",
        "tanh is steepest where its result is 0, and flat where it is nearly 1. Does your slope say so?",
        way(SLOPE="slope = 1 + h_next**2"),
    ),
    idea(
        "tanh_taken_again",
        "tanh is taken of the result of tanh once more",
        "h_next has been through tanh already. What does your slope do to it?",
        way(SLOPE="slope = 1 - np.tanh(h_next) ** 2"),
        way(SLOPE="slope = 1 / np.cosh(h_next) ** 2"),
    ),
    idea(
        "slope_before_tanh",
        "The slope is made of the sum before tanh",
        "The slope of tanh is written with a result. Which of your arguments is the result of tanh?",
        way(SLOPE="slope = 1 - ({x} @ w_input + h_prev @ w_hidden) ** 2"),
        way(SLOPE="slope = 1 - np.arctanh(h_next) ** 2"),
    ),
    idea(
        "state_computed_anew",
        "The new state is computed anew for the slope, without the bias",
        "The bias is not among the arguments. Which of them holds the new state already?",
        way(SLOPE="slope = 1 - np.tanh({x} @ w_input + h_prev @ w_hidden) ** 2"),
    ),
    idea(
        "slope_at_the_gradient",
        "The slope is taken at the gradient, not at the state",
        "Where on the curve of tanh did the forward pass stand? Which array says that?",
        way(SLOPE="slope = 1 - dh_next**2"),
        way(SLOPE="slope = 1 - np.tanh(dh_next) ** 2"),
    ),
    idea(
        "slope_of_old_state",
        "The slope is taken at the old state",
        "Two states are given. Which of them came out of the tanh that this step goes back through?",
        way(SLOPE="slope = 1 - h_prev**2"),
    ),
    idea(
        "slope_of_another_function",
        "The slope is that of sigmoid or relu, not that of tanh",
        "h (1 - h) belongs to another function. Which one stands in this step?",
        way(SLOPE="slope = h_next * (1 - h_next)"),
        way(SLOPE="slope = h_next > 0"),
    ),
    idea(
        "slope_doubled",
        "The slope of tanh is -2 h, the slope of 1 - h²",
        "1 - h² is a slope already. How often do you take one?",
        way(SLOPE="slope = -2 * h_next"),
    ),
    idea(
        "slope_used_twice",
        "The slope of tanh is multiplied in twice",
        "How many times does the forward pass of one step go through tanh?",
        way(DA="da = dh_next * slope**2"),
    ),
    idea(
        "slope_added",
        "The slope of tanh is added or divided by, not multiplied with",
        "If the output's gradient is 0, what must da be? And what is yours?",
        way(DA="da = dh_next + slope"),
        way(DA="da = dh_next / slope"),
    ),
    idea(
        "some_before_tanh",
        "Some gradients are made of dh_next where da is meant",
        "Everything that stands before tanh gets its gradient through tanh. Which of your lines do not?",
        way(DX="{out} = dh_next @ w_input.T"),
        way(DH="{handed} = dh_next @ w_hidden.T"),
        way(DX="{out} = dh_next @ w_input.T", DH="{handed} = dh_next @ w_hidden.T"),
        way(DW_INPUT="dw_input {to} {x}.T @ dh_next"),
        way(DW_HIDDEN="dw_hidden {to} h_prev.T @ dh_next"),
        way(DBIAS="dbias {to} dh_next.sum(axis=0)"),
        way(DW_INPUT="dw_input {to} {x}.T @ dh_next", DW_HIDDEN="dw_hidden {to} h_prev.T @ dh_next"),
        way(
            DW_INPUT="dw_input {to} {x}.T @ dh_next",
            DW_HIDDEN="dw_hidden {to} h_prev.T @ dh_next",
            DBIAS="dbias {to} dh_next.sum(axis=0)",
        ),
    ),
    idea(
        "signs_turned",
        "All gradients have the other sign",
        "tanh always rises, and a gradient points to where the loss grows. Which of your lines turns a sign round?",
        way(DA="da = -dh_next * slope"),
    ),
]

OF_PRODUCTS = [
    idea(
        "weights_not_transposed",
        "The weights are not transposed on the way back",
        "Forward, w_hidden leads from the old state to the new one. Which way does the gradient go?",
        way(DX="{out} = da @ w_input"),
        way(DH="{handed} = da @ w_hidden"),
        way(DX="{out} = da @ w_input", DH="{handed} = da @ w_hidden"),
    ),
    idea(
        "weight_gradients_transposed",
        "The gradient of a matrix comes out transposed",
        "dw_input has the shape of w_input. Which of its axes counts inputs, in yours and in theirs?",
        way(DW_INPUT="dw_input {to} da.T @ {x}"),
        way(DW_HIDDEN="dw_hidden {to} da.T @ h_prev"),
        way(DW_INPUT="dw_input {to} da.T @ {x}", DW_HIDDEN="dw_hidden {to} da.T @ h_prev"),
    ),
    idea(
        "factors_swapped",
        "The factors of a matrix product are in the wrong order",
        "A @ B is not B @ A. Write the shapes under both factors and compare with the formulas.",
        way(DX="{out} = w_input @ da"),
        way(DH="{handed} = w_hidden @ da"),
        way(DX="{out} = w_input.T @ da"),
        way(DH="{handed} = w_hidden.T @ da"),
        way(DW_INPUT="dw_input {to} {x} @ da"),
        way(DW_HIDDEN="dw_hidden {to} h_prev @ da"),
        way(DW_INPUT="dw_input {to} da @ {x}.T"),
        way(DW_HIDDEN="dw_hidden {to} da @ h_prev.T"),
    ),
    idea(
        "elementwise_product",
        "Arrays are multiplied entry by entry where a matrix product is meant",
        "Every unit of the new state was made of all units of the old one. Does your product mix entries?",
        way(DX="{out} = da * w_input"),
        way(DH="{handed} = da * w_hidden"),
        way(DW_INPUT="dw_input {to} {x} * da"),
        way(DW_HIDDEN="dw_hidden {to} h_prev * da"),
    ),
    idea(
        "dx_and_dh_exchanged",
        "The gradients of the input and of the old state have changed places",
        "Which matrix leads back to the input, which to the old state? And which gradient is asked for first?",
        way(DX="{out} = da @ w_hidden.T", DH="{handed} = da @ w_input.T"),
        way(GIVE="return {back}, dx, dw_input, dw_hidden, dbias"),
    ),
    idea(
        "wrong_matrix",
        "A gradient goes back through the wrong matrix",
        "Which matrix did x meet on its way forward, and which one did the old state?",
        way(DX="{out} = da @ w_hidden.T"),
        way(DH="{handed} = da @ w_input.T"),
    ),
    idea(
        "dw_exchanged",
        "dw_input and dw_hidden have changed places",
        "Which array met w_input on its way forward? And which of the two gradients is asked for first?",
        way(DW_INPUT="dw_input {to} h_prev.T @ da", DW_HIDDEN="dw_hidden {to} {x}.T @ da"),
        way(GIVE="return dx, {back}, dw_hidden, dw_input, dbias"),
    ),
    idea(
        "wrong_factor",
        "The gradient of a matrix is made with the wrong array",
        "Which array did w_input multiply, and which one did w_hidden?",
        way(DW_INPUT="dw_input {to} h_prev.T @ da"),
        way(DW_HIDDEN="dw_hidden {to} {x}.T @ da"),
    ),
    idea(
        "h_next_for_h_prev",
        "dw_hidden is made with the new state, not with the old one",
        "Which state did w_hidden multiply in this step: the one before it, or the one after?",
        way(DW_HIDDEN="dw_hidden {to} h_next.T @ da"),
    ),
    idea(
        "without_w_hidden",
        "The gradient goes to the old state without meeting w_hidden",
        "Forward, the old state was multiplied by w_hidden. Where is it on your way back?",
        way(DH="{handed} = da"),
        way(DH="{handed} = dh_next"),
    ),
    idea(
        "gradient_added_on_top",
        "The gradient that comes in is added to the one that is handed on",
        "In how many places does the old state enter the formula of a step?",
        way(DH="{handed} = dh_next + da @ w_hidden.T"),
        way(DH="{handed} = da + da @ w_hidden.T"),
    ),
    idea(
        "handed_on_negative",
        "The gradient of the old state has the other sign",
        "A larger old state: does the sum before tanh grow or shrink with its weight? Which sign has yours?",
        way(DH="{handed} = -da @ w_hidden.T"),
    ),
]

OF_SUMS = [
    idea(
        "mean_over_samples",
        "Gradients are averaged over the samples, not summed",
        "The loss is given as it is. Does the formula divide by N? Try one sample twice in a batch.",
        way(DBIAS="dbias {to} da.mean(axis=0)"),
        way(DW_INPUT="dw_input {to} {x}.T @ da / len(da)"),
        way(DW_HIDDEN="dw_hidden {to} h_prev.T @ da / len(da)"),
        way(
            DW_INPUT="dw_input {to} {x}.T @ da / len(da)",
            DW_HIDDEN="dw_hidden {to} h_prev.T @ da / len(da)",
        ),
        way(
            DW_INPUT="dw_input {to} {x}.T @ da / len(da)",
            DW_HIDDEN="dw_hidden {to} h_prev.T @ da / len(da)",
            DBIAS="dbias {to} da.mean(axis=0)",
        ),
        way(needs="cell", DA="da = dh_next * slope / len(dh_next)"),
        way(
            needs="FOR",
            LAST="{LAST}\n{EVERY} = (g / len(x) for g in ({EVERY}))",
        ),
    ),
    idea(
        "bias_not_summed",
        "The gradient of the bias is not summed over the samples",
        "One bias serves all samples. Which shape has its gradient, and which one has yours?",
        way(needs="cell", DBIAS="dbias = da"),
        way(needs="FOR", DBIAS="dbias = dbias + da"),
        way(needs="FOR", DBIAS="dbias += da"),
    ),
    idea(
        "bias_summed_over_units",
        "The gradient of the bias is summed over the wrong axis",
        "A bias has one number for each unit. Over which axis of da must the sum go?",
        way(DBIAS="dbias {to} da.sum(axis=1)"),
        way(needs="FOR", DBIAS="dbias = dbias + da.sum(axis=1)"),
        way(DBIAS="dbias {to} da.sum()"),
    ),
    idea(
        "bias_keeps_an_axis",
        "The gradient of the bias has one axis too many",
        "A bias is (H,). Print the shape of its gradient.",
        way(needs="cell", DBIAS="dbias = da.sum(axis=0, keepdims=True)"),
        way(needs="FOR", DBIAS="dbias = dbias + da.sum(axis=0, keepdims=True)"),
    ),
    idea(
        "one_sample_only",
        "The gradients of the weights come from one sample",
        "The weights served every sample of the batch. How many of them are in your sums?",
        way(DBIAS="dbias {to} da[0]"),
        way(DBIAS="dbias {to} da[-1]"),
        way(
            DW_INPUT="dw_input {to} np.outer({x}[0], da[0])",
            DW_HIDDEN="dw_hidden {to} np.outer(h_prev[0], da[0])",
            DBIAS="dbias {to} da[0]",
        ),
    ),
    idea(
        "mean_over_steps",
        "Gradients are averaged over the steps, not summed",
        "The same weights are used L times. Does the formula divide by L?",
        way(
            LAST="{LAST}\ndw_input, dw_hidden, dbias = dw_input / {steps}, dw_hidden / {steps}, dbias / {steps}"
        ),
        way(LAST="{LAST}\n{EVERY} = (g / {steps} for g in ({EVERY}))"),
    ),
    idea(
        "overwritten_not_added",
        "A gradient of the weights is overwritten at each step",
        "Only one step is left in the end: which one? What must be done with the gradients of all L steps?",
        way(DW_INPUT="dw_input = x_t.T @ da", needs="FOR"),
        way(DW_HIDDEN="dw_hidden = h_prev.T @ da", needs="FOR"),
        way(DBIAS="dbias = da.sum(axis=0)", needs="FOR"),
        way(DW_INPUT="dw_input = x_t.T @ da", DW_HIDDEN="dw_hidden = h_prev.T @ da", needs="FOR"),
        way(
            DW_INPUT="dw_input = x_t.T @ da",
            DW_HIDDEN="dw_hidden = h_prev.T @ da",
            DBIAS="dbias = da.sum(axis=0)",
            needs="FOR",
        ),
    ),
]

OF_THE_LOOP = [
    idea(
        "later_steps_ignored",
        "Only the gradient of the output at t is used, none from step t + 1",
        "A state is shown as an output and read by the next step. Which of the two reaches your da?",
        way(MEET="dh_next = dhidden_states[:, t]"),
    ),
    idea(
        "outputs_ignored",
        "Only the gradient from step t + 1 is used, not that of the output at t",
        "Every state was shown as an output, too. At which steps does your loop look at dhidden_states?",
        way(MEET="dh_next = dhidden_states[:, t] if t == {steps} - 1 else dh_later"),
    ),
    idea(
        "counted_twice",
        "A gradient is added in twice",
        "Two gradients meet at a state. Follow each of them: how often does it get into dh_next?",
        way(MEET="dh_next = dhidden_states[:, t] + 2 * dh_later"),
        way(MEET="dh_next = 2 * dhidden_states[:, t] + dh_later"),
        way(MEET="dh_next = dhidden_states[:, t] + dh_later + dh_later * (t < {steps} - 2)"),
    ),
    idea(
        "carried_piles_up",
        "What is handed on is added to what was handed on before",
        "Step 3 hands its gradient to step 2. Should step 1 get it as well?",
        way(DH="dh_later += da @ w_hidden.T", needs="FOR"),
    ),
    idea(
        "difference_not_sum",
        "The gradient of the later steps is subtracted",
        "Where two ways lead from a state to the loss, what happens to their gradients?",
        way(MEET="dh_next = dhidden_states[:, t] - dh_later"),
        way(MEET="dh_next = (dhidden_states[:, t] + dh_later) / 2"),
    ),
    idea(
        "goes_forwards",
        "The loop goes from step 0 to the last one",
        "What step t needs comes from step t + 1. In which order must the steps be visited?",
        way(FOR="for t in range({steps}):"),
    ),
    idea(
        "stops_before_step_0",
        "Step 0 is left out",
        "Print t in your loop. Which steps does it visit, and is 0 among them?",
        way(FOR="for t in reversed(range(1, {steps})):"),
    ),
    idea(
        "last_step_left_out",
        "The last step is left out",
        "Print t in your loop. Does it begin at L - 1?",
        way(FOR="for t in reversed(range({steps} - 1)):"),
    ),
    idea(
        "input_of_another_step",
        "The input is read from the wrong step",
        "For L = 3, write down which step of x your code reads at t = 2, 1 and 0.",
        way(READ="x_t = x[:, t - 1]"),
        way(READ="x_t = x[:, min(t + 1, {steps} - 1)]"),
        way(READ="x_t = x[:, -t - 1]"),
        way(READ="x_t = x[:, 0]"),
        way(READ="x_t = x[:, -1]"),
    ),
    idea(
        "new_state_of_another_step",
        "The new state is read from the wrong step",
        "hidden_states[:, t] is the state after step t. Which one does your slope use?",
        way(STATE="h_next = hidden_states[:, t - 1]"),
        way(STATE="h_next = hidden_states[:, min(t + 1, {steps} - 1)]"),
        way(STATE="h_next = hidden_states[:, -t - 1]"),
        way(STATE="h_next = hidden_states[:, -1]"),
    ),
    idea(
        "output_gradient_of_another_step",
        "The gradient of an output is read from the wrong step",
        "dhidden_states[:, t] belongs to the state after step t. Which one meets it in your loop?",
        way(MEET="dh_next = dhidden_states[:, t - 1] + dh_later"),
        way(MEET="dh_next = dhidden_states[:, min(t + 1, {steps} - 1)] + dh_later"),
        way(MEET="dh_next = dhidden_states[:, -t - 1] + dh_later"),
        way(MEET="dh_next = dhidden_states[:, -1] + dh_later"),
    ),
    idea(
        "old_state_of_another_step",
        "The old state is read from the wrong step",
        "Which state did step 2 begin with? At which index of hidden_states does it stand?",
        way(OLD="h_prev = hidden_states[:, t - 2] if t > 1 else h0"),
        way(OLD="h_prev = hidden_states[:, t + 1] if t + 1 < {steps} else hidden_states[:, t]"),
        way(OLD="h_prev = hidden_states[:, t - 1] if t > 1 else h0"),
        way(OLD="h_prev = h0"),
    ),
    idea(
        "h0_left_out",
        "Step 0 does not begin at h0",
        "hidden_states holds no state before step 0. Which array does? And what is hidden_states[:, -1]?",
        way(OLD="h_prev = hidden_states[:, t - 1]"),
        way(OLD="h_prev = hidden_states[:, t - 1] if t > 0 else np.zeros_like(h0)"),
        way(OLD="h_prev = hidden_states[:, max(t - 1, 0)]"),
    ),
    idea(
        "dh0_left_zero",
        "dh0 is zero, or not given",
        "h0 went into step 0, so the loss depends on it. What leaves your loop at its end?",
        way(LAST="dh0 = np.zeros_like(h0)"),
        way(LAST="dh0 = None"),
    ),
    idea(
        "dh0_before_step_0",
        "dh0 is the gradient of the state after step 0",
        "Between h0 and the state after it stands step 0. Has your dh0 gone back through it?",
        way(LAST="dh0 = dh_next"),
        way(LAST="dh0 = da"),
        way(MEET="before = dh_later\n{MEET}", LAST="dh0 = before"),
    ),
    idea(
        "dh0_of_the_last_step",
        "dh0 is what the last step hands back, or the sum of what all steps do",
        "Your loop hands on L gradients. Which of them reaches h0?",
        way(LAST="dh0 = sent[0]", NO_LATER="{NO_LATER}\nsent = []", DH="{DH}\nsent.append(dh_later)"),
        way(LAST="dh0 = sum(sent)", NO_LATER="{NO_LATER}\nsent = []", DH="{DH}\nsent.append(dh_later)"),
    ),
    idea(
        "dh0_without_the_batch",
        "dh0 is summed over the samples",
        "Each sample has an initial state of its own. Which shape has its gradient?",
        way(LAST="dh0 = dh_later.sum(axis=0)"),
    ),
    idea(
        "dx_turned_round",
        "dx stands in the order of the way back",
        "The first dx that you compute belongs to the last step. At which index does it end up?",
        way(DX="dx[:, {steps} - 1 - t] = da @ w_input.T"),
    ),
    idea(
        "dx_of_one_step",
        "dx has the gradient of one step only, or all its steps are alike",
        "Every input has a gradient of its own. Where do you keep those of the earlier turns of the loop?",
        way(DX="dx_t = da @ w_input.T", LAST="{LAST}\ndx = dx_t"),
        way(needs="FOR", DX="dx[:] = (da @ w_input.T)[:, None]"),
        way(needs="FOR", DX="dx[:, 0] = da @ w_input.T"),
    ),
    idea(
        "dx_summed_over_steps",
        "dx is summed over the steps",
        "The weights are used at every step; is an input? Which shape has dx?",
        way(LAST="{LAST}\ndx = dx.sum(axis=1)"),
        way(needs="FOR", DX="dx += (da @ w_input.T)[:, None]"),
    ),
    idea(
        "time_axis_first",
        "dx is (L, N, I): time comes first",
        "You collected L arrays of (N, I). After putting them together, which axis is time?",
        way(LAST="{LAST}\ndx = dx.swapaxes(0, 1)"),
    ),
    idea(
        "one_gradient_for_each_step",
        "The gradients of the weights keep an axis for the steps",
        "The weights are the same at every step. How many gradients does one matrix have?",
        way(
            NO_LATER="{NO_LATER}\nall_input, all_hidden, all_bias = [], [], []",
            DW_INPUT="all_input.append(x_t.T @ da)",
            DW_HIDDEN="all_hidden.append(h_prev.T @ da)",
            DBIAS="all_bias.append(da.sum(axis=0))",
            LAST="{LAST}\ndw_input, dw_hidden, dbias = np.stack(all_input), np.stack(all_hidden), np.stack(all_bias)",
        ),
    ),
    idea(
        "loops_over_samples",
        "The loop runs over the samples, not over the steps",
        "x is (N, L, I). Which axis does your index t walk along?",
        way(FOR="for t in reversed(range(len(x))):"),
    ),
    idea(
        "clipped",
        "Gradients are clipped",
        "Clipping is a trick of training. Is it in the formulas?",
        way(MEET="dh_next = np.clip(dhidden_states[:, t] + dh_later, -1, 1)"),
        way(MEET="dh_next = np.clip(dhidden_states[:, t] + dh_later, -5, 5)"),
        way(
            LAST="{LAST}\nfor gradient in (dw_input, dw_hidden, dbias):\n    np.clip(gradient, -5, 5, out=gradient)"
        ),
        way(
            LAST="{LAST}\nfor gradient in (dw_input, dw_hidden, dbias):\n    np.clip(gradient, -1, 1, out=gradient)"
        ),
    ),
]

OF_PIECES = [
    idea(
        "not_cut",
        "Nothing is cut: gradients go through all steps",
        "Which gradient must stay within its piece? What does your code do with chunk?",
        way(needs="CUT", GIVE="return rnn_backward(dhidden_states, x, h0, hidden_states, w_input, w_hidden)"),
    ),
    idea(
        "pieces_too_long",
        "A piece has one step too many",
        "With chunk = 2 and L = 4, write down which steps are in each of your pieces.",
        way(
            CUT="for begin in range(0, {steps}, chunk + 1):", PIECE="piece = slice(begin, begin + chunk + 1)"
        ),
        way(PIECE="piece = slice(begin, begin + chunk + 1)"),
    ),
    idea(
        "pieces_too_short",
        "A piece has one step too few",
        "With chunk = 3 and L = 6, write down which steps are in each of your pieces.",
        way(
            CUT="for begin in range(0, {steps}, max(chunk - 1, 1)):",
            PIECE="piece = slice(begin, begin + max(chunk - 1, 1))",
        ),
        way(PIECE="piece = slice(begin, begin + chunk - 1)"),
    ),
    idea(
        "first_piece_off_by_one",
        "The first piece has another length, and the cuts are off by one",
        "With chunk = 2 and L = 4, between which steps do you cut?",
        way(
            CUT="for begin in [0, *range(1, {steps}, chunk)]:",
            PIECE="piece = slice(begin, begin + chunk if begin else 1)",
        ),
        way(
            CUT="for begin in [0, *range(chunk + 1, {steps}, chunk)]:",
            PIECE="piece = slice(begin, begin + chunk if begin else chunk + 1)",
        ),
        way(
            CUT="for begin in dict.fromkeys([0, *range(chunk - 1, {steps}, chunk)]):",
            PIECE="piece = slice(begin, begin + chunk if begin or chunk == 1 else chunk - 1)",
        ),
    ),
    idea(
        "pieces_from_the_end",
        "The pieces are counted from the last step",
        "L = 5 and chunk = 2: which piece is the short one, the first or the last?",
        way(
            CUT="for begin in range(-(-{steps} % chunk), {steps}, chunk):",
            PIECE="piece = slice(max(begin, 0), begin + chunk)",
        ),
    ),
    idea(
        "chunk_is_a_count",
        "chunk is taken for the number of pieces",
        "chunk = 2 and L = 6: how many steps has a piece, and how many pieces are there?",
        way(
            CUT="size = -(-{steps} // chunk)\nfor begin in range(0, {steps}, size):",
            PIECE="piece = slice(begin, begin + size)",
        ),
    ),
    idea(
        "short_piece_dropped",
        "The last piece is left out when it is shorter",
        "L = 5 and chunk = 2: is step 4 in one of your pieces?",
        way(CUT="for begin in range(0, {steps} - chunk + 1, chunk):"),
        way(
            CUT="for begin in range(0, {steps} - chunk + 1, chunk):",
            JOIN_DX="dx = np.zeros_like(x)\nfor k, part in enumerate(parts):\n"
            "    dx[:, k * chunk : (k + 1) * chunk] = part[0]",
        ),
    ),
    idea(
        "only_the_last_piece",
        "Only the last steps get a gradient",
        "Every piece has gradients, not the last one alone. How many pieces does your code go through?",
        way(CUT="for begin in [max({steps} - chunk, 0)]:"),
        way(
            CUT="for begin in [max({steps} - chunk, 0)]:",
            JOIN_DX="dx = np.zeros_like(x)\ndx[:, -parts[0][0].shape[1] :] = parts[0][0]",
        ),
        way(
            CUT="for begin in [max({steps} - chunk, 0)]:",
            JOIN_DX="dx = np.zeros_like(x)\ndx[:, -parts[0][0].shape[1] :] = parts[0][0]",
            FIRST="dh0 = parts[0][1] if chunk >= {steps} else np.zeros_like(h0)",
        ),
    ),
    idea(
        "only_the_first_piece",
        "The gradients of the weights come from the first piece alone, or from the last",
        "The weights are used in every piece. What must be done with the gradients of all pieces?",
        way(
            ADD_INPUT="dw_input = parts[-1][2]",
            ADD_HIDDEN="dw_hidden = parts[-1][3]",
            ADD_BIAS="dbias = parts[-1][4]",
        ),
        way(
            ADD_INPUT="dw_input = parts[0][2]",
            ADD_HIDDEN="dw_hidden = parts[0][3]",
            ADD_BIAS="dbias = parts[0][4]",
        ),
        way(ADD_INPUT="dw_input = parts[-1][2]"),
        way(ADD_HIDDEN="dw_hidden = parts[-1][3]"),
        way(ADD_BIAS="dbias = parts[-1][4]"),
    ),
    idea(
        "mean_over_pieces",
        "Gradients are averaged over the pieces, not summed",
        "The loss is the same whether you cut or not. Does the formula divide by the number of pieces?",
        way(
            FIRST="{FIRST}\nparts = [[gradient / len(parts) for gradient in part] for part in parts]",
        ),
    ),
    idea(
        "a_window_for_each_output",
        "Each output goes back chunk steps: the pieces overlap",
        "There is another way of truncating. In this one, how many pieces does a step belong to?",
        way(
            CUT="for end in range(1, {steps} + 1):\n    begin = max(end - chunk, 0)",
            PIECE="piece = slice(begin, end)",
            D_STATES="d_states = np.zeros_like(dhidden_states[:, piece])\nd_states[:, -1] = dhidden_states[:, end - 1]",
            JOIN_DX="dx = np.zeros_like(x)\nfor end, part in enumerate(parts, 1):\n"
            "    dx[:, max(end - chunk, 0) : end] += part[0]",
            FIRST="dh0 = sum(part[1] for part in parts[:chunk])",
        ),
    ),
    idea(
        "pieces_begin_at_h0",
        "Each piece begins at h0, or at zero",
        "Forward nothing is cut. Which state did step chunk begin with?",
        way(START="start = h0"),
        way(START="start = h0 if begin == 0 else np.zeros_like(h0)"),
        way(START="start = np.zeros_like(h0)"),
    ),
    idea(
        "piece_begins_at_another_state",
        "A piece begins at the state of another step",
        "A piece from step 2 on: at which index of hidden_states stands the state that it begins with?",
        way(START="start = hidden_states[:, begin] if begin > 0 else h0"),
        way(START="start = hidden_states[:, begin - 1]"),
        way(START="start = hidden_states[:, begin - 2] if begin > 1 else h0"),
    ),
    idea(
        "dh0_of_another_piece",
        "dh0 comes from the last piece, or from all of them",
        "Which piece begins at h0? What do the others hand back, and where should it go?",
        way(FIRST="dh0 = parts[-1][1]"),
        way(FIRST="dh0 = sum(part[1] for part in parts)"),
    ),
    idea(
        "dh0_cut_off",
        "dh0 is zero: the gradient of the first piece is cut off as well",
        "Gradients stay within a piece. Does h0 belong to the first one?",
        way(FIRST="dh0 = np.zeros_like(h0)"),
        way(FIRST="dh0 = None"),
        way(FIRST="dh0 = np.zeros_like(h0) if len(parts) > 1 else parts[0][1]"),
    ),
    idea(
        "pieces_in_reversed_order",
        "The pieces of dx are joined in the order of the way back",
        "The pieces may be visited in any order. In which one must their dx stand?",
        way(JOIN_DX="dx = np.concatenate([part[0] for part in parts[::-1]], axis=1)"),
    ),
    idea(
        "pieces_joined_on_another_axis",
        "The pieces of dx are joined on the wrong axis",
        "Which axis of dx is time? On which axis do you put the pieces together?",
        way(JOIN_DX="dx = np.concatenate([part[0] for part in parts])"),
        way(JOIN_DX="dx = np.stack([part[0] for part in parts], axis=1)"),
    ),
    idea(
        "pieces_cut_across_samples",
        "The pieces are cut from the samples, not from the steps",
        "Which axis does your slice cut: samples or steps?",
        way(
            X_PIECE="x_piece = x[piece]",
            STATES="states = hidden_states[piece]",
            D_STATES="d_states = dhidden_states[piece]",
        ),
        way(X_PIECE="x_piece = x[piece]"),
    ),
]

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
