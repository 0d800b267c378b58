"""What goes wrong in the loop over the steps, and in what it gives back."""

from .table import idea, way

BEFORE = "before = {state}\n{HOLD}"
SWAPPED = "{steps}, {samples}, _ = x.shape"

LOOP = [
    idea(
        "state_not_carried",
        "The hidden state is not carried from step to step",
        "Which state goes into step 5, and where does it come from? Follow the variable once round your loop.",
        way(EMPTY="{EMPTY}\ninitial = {state}", STATE="{from_state} = initial @ {w_hidden}"),
        way(EMPTY="{EMPTY}\ninitial = {state}", CELL="{new} = {cell}(x_t, initial)"),
    ),
    idea(
        "loops_over_batch",
        "The loop runs over the samples, not over the time steps",
        "x is (N, L, I). Which axis is time? Which one does your index t walk along?",
        way(FOR="for t in range({samples}):"),
        way(READ="x_t = x[t]"),
        way(FOR="for t in range({samples}):", READ="x_t = x[t]"),
        way(FOR="for t in range({samples}):", READ="x_t = x[t]", STACK="{outputs} = {m}.stack(collected)"),
        way(SIZES=SWAPPED, READ="x_t = x[t]"),
        way(SIZES=SWAPPED, READ="x_t = x[t]", STACK="{outputs} = {m}.stack(collected)"),
    ),
    idea(
        "batch_size_from_wrong_axis",
        "N and L are read from the wrong axes",
        "x is (N, L, I), batch first. With N different from L, print the two sizes that your code takes from it.",
        way(SIZES=SWAPPED),
        way(ZEROS="{given} = x.new_zeros({lead}{steps}, self.hidden_size)"),
    ),
    idea(
        "starts_one_step_late",
        "The first time step is never read",
        "Print t in your loop. Which steps of x do you use, and is step 0 among them?",
        way(FOR="for t in range(1, {steps}):"),
        way(EMPTY="collected = [{m}.zeros_like({state})]", FOR="for t in range(1, {steps}):"),
    ),
    idea(
        "stops_one_step_early",
        "The last time step is never read",
        "Print t in your loop. Is L - 1 among the steps?",
        way(FOR="for t in range({steps} - 1):"),
        way(FOR="for t in range({steps} - 1):", STACK="collected.append({m}.zeros_like({state}))\n{STACK}"),
    ),
    idea(
        "input_off_by_one",
        "The input is read from the wrong step",
        "For L = 3, write down which step of x your code reads at t = 0, 1 and 2. An index of -0 is 0.",
        way(READ="x_t = x[:, t - 1]"),
        way(READ="x_t = x[:, -t]"),
        way(READ="x_t = x[:, t + 1]"),
        way(READ="x_t = x[:, min(t + 1, {steps} - 1)]"),
        way(READ="x_t = x[:, max(t - 1, 0)]"),
    ),
    idea(
        "cell_arguments_swapped",
        "The cell is given its state where it expects the input",
        "In which order does the cell take its two arguments, and in which order do you give them?",
        way(CELL="{new} = {cell}({state}, x_t)"),
    ),
    idea(
        "reads_backwards",
        "The sequence is read from its end to its start",
        "Print which step of x is read first. Which one should be?",
        way(READ="x_t = x[:, -t - 1]"),
    ),
    idea(
        "reads_one_step_always",
        "The same time step is read again and again",
        "Does the index of x change inside your loop?",
        way(READ="x_t = x[:, 0]"),
        way(READ="x_t = x[:, -1]"),
    ),
]

RESULTS = [
    idea(
        "outputs_one_step_late",
        "The output of each step is made from the state before it",
        "At step t, what comes first in your loop: reading the input, or storing the result?",
        way(HOLD=BEFORE, SHOW="output = {m}.where(is_real, before, 0)"),
        way(HOLD=BEFORE, SHOW="output = before"),
        way(HOLD=BEFORE, PROJECT="output = before @ {w_output}"),
        way(HOLD=BEFORE, PROJECT="output = before @ {w_output}", ZERO=""),
    ),
    idea(
        "initial_state_in_outputs",
        "The initial state is among the results: L + 1 steps",
        "The initial state is there before anything is read. How many results should a sequence of L steps have?",
        way(EMPTY="collected = [{shown}]"),
        way(EMPTY="collected = [{state}]"),
    ),
    idea(
        "all_outputs_alike",
        "All time steps of the result hold the same numbers",
        "Are you keeping L different arrays, or the same array L times? Watch the first one while the loop runs on.",
        way(KEEP="collected = [{output}] * {steps}"),
        way(KEEP="collected = [{shown}] * {steps}"),
        way(HOLD="{state}[:] = {m}.where(is_real, {new}, {state})", SHOW="output = {state}"),
    ),
    idea(
        "only_last_output",
        "Only the last time step is returned",
        "An output is asked for at every step. Where does your code keep the earlier ones?",
        way(STACK="{STACK}\n{outputs} = {outputs}[:, -1]"),
        way(STACK="{outputs} = {output}"),
        way(STACK="{outputs} = {shown}"),
        way(STACK="{STACK}\n{outputs} = {outputs}[:, -1:]"),
    ),
    idea(
        "time_axis_first",
        "The results are (L, N, …): time comes first",
        "You collected L arrays of (N, H). After putting them together, which axis is time, and where should it be?",
        way(STACK="{outputs} = {m}.stack(collected)"),
    ),
    idea(
        "time_axis_last",
        "The results are (N, H, L): time comes last",
        "Print the shape of your result, with N, L and H all different. Which axis should be time?",
        way(STACK="{outputs} = {m}.stack(collected, {axis}=2)"),
    ),
    idea(
        "reshaped_not_transposed",
        "reshape or view is used where axes should change places",
        "reshape only cuts the same row of numbers differently. Number a tiny array 0, 1, 2, … and look where they go.",
        way(STACK="{outputs} = {m}.stack(collected).reshape({samples}, {steps}, -1)"),
        # Where there is no step, `stack` raises and `array` does not.
        way(needs="np", STACK="{outputs} = np.array(collected).reshape({samples}, {steps}, -1)"),
        way(READ="x_t = x.reshape({steps}, {samples}, -1)[t]"),
    ),
    idea(
        "joined_not_stacked",
        "The steps are joined on an axis that was there before: time has no axis of its own",
        "L arrays of (N, H) should become (N, L, H). How many axes does your result have?",
        way(STACK="{outputs} = {m}.{cat}(collected)"),
        way(STACK="{outputs} = {m}.{cat}(collected, {axis}=1)"),
    ),
    idea(
        "steps_left_in_a_list",
        "The steps are returned as a list, not as one array",
        "One array (N, L, H) is asked for. What do you have after your loop?",
        way(STACK="{outputs} = collected"),
    ),
    idea(
        "last_sample_not_last_step",
        "The last sample is returned where the last step is meant",
        "Your results are (N, L, H). Which axis does an index of -1 alone pick from?",
        way(LAST="{last} = {outputs}[-1]"),
    ),
    idea(
        "last_state_has_an_axis_more",
        "The last state has one axis too many",
        "The exercise has no axis for layers. Print the shape of the state that you return.",
        way(LAST="{last} = {state}[None]"),
        way(LAST="{last} = {state}[:, None]"),
    ),
    idea(
        "last_state_is_initial",
        "The initial state is returned as the last state",
        "Which variable holds the state when your loop is over, and which one do you return?",
        way(LAST="{last} = {begun}"),
    ),
    idea(
        "last_state_is_the_first",
        "The last state that is returned belongs to the first step",
        "Which step does the returned state come from? Try a sequence of two steps.",
        way(needs="SHOW", LAST="{last} = collected[0]"),  # first: it goes together with another first step
        way(HOLD="{HOLD}\nfirst = {state} if t == 0 else first", LAST="{last} = first"),
    ),
    idea(
        "last_state_one_step_early",
        "The last state that is returned is one step old",
        "With L = 1 your last state has read nothing. When is it stored, before the step or after?",
        way(HOLD=BEFORE, LAST="{last} = before"),
    ),
    idea(
        "results_swapped",
        "The two results are returned in the wrong order",
        "Print the shapes of what you return. Which one is asked for first, the steps or the last state?",
        way(RESULTS="return {last}, {outputs}"),
    ),
    idea(
        "returns_one_result",
        "One result is returned where two are asked for",
        "All steps and the last state are both asked for. What stands after your `return`?",
        way(RESULTS="return {outputs}"),
        way(RESULTS="return {last}"),
    ),
]

OUTPUTS = [
    idea(
        "projection_skipped",
        "The outputs are the states: they are never projected",
        "What stands between a state and an output in the formulas? Which weights of your module are never used?",
        way(PROJECT="output = {state}"),
    ),
    idea(
        "projection_transposed",
        "The weights of the output are used transposed",
        "They are square, so no shape complains. Compare the order of the product with the formula.",
        way(PROJECT="output = {state} @ {w_output}.T"),
    ),
    idea(
        "output_fed_back",
        "The output, not the state, goes into the next step",
        "Two arrays leave each step: a state and an output. Which of them does the next step need?",
        way(ZERO="{state} = torch.where(is_real, output, {state})\n{ZERO}"),
        way(
            HOLD="before = {state}\n{HOLD}\nlast = {state}",
            ZERO="{state} = torch.where(is_real, output, before)\n{ZERO}",
            LAST="{last} = last",
        ),
        way(CELL="{state} = collected[-1] if collected else {state}\n{CELL}", ZERO=""),
    ),
    idea(
        "output_returned_as_state",
        "The last output is returned as the last state",
        "The state is what the next call would go on from. Is yours still a state, or already an output?",
        way(LAST="{last} = {state} @ {w_output}"),
        way(needs="PROJECT", LAST="{last} = output"),
    ),
    idea(
        "activation_on_output",
        "A function is applied to the outputs that the formula does not have",
        "Look at the formula of the outputs once more. Is anything done after the product?",
        way(PROJECT="output = torch.tanh({state} @ {w_output})"),
        way(PROJECT="output = torch.relu({state} @ {w_output})"),
        way(PROJECT="output = torch.sigmoid({state} @ {w_output})"),
        way(PROJECT="output = torch.softmax({state} @ {w_output}, dim=-1)"),
        way(PROJECT="output = torch.log_softmax({state} @ {w_output}, dim=-1)"),
    ),
    idea(
        "new_cell_at_each_step",
        "Each step makes new weights",
        "All steps share one set of weights, also the ones that were loaded. Where in your code are they made?",
        way(CELL="{new} = {new_cell}(x_t, {state})"),
    ),
    idea(
        "cells_in_a_list",
        "A layer is kept in a plain Python list",
        "Print list(module.named_parameters()). A module finds layers among its attributes: also inside a list?",
    ),
]

IDEAS = [*LOOP, *RESULTS, *OUTPUTS]
