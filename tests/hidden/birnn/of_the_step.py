"""What goes wrong in one step of birnn, whichever direction takes it."""

from ..shared.ideas import idea, way
from .places import cells, table

THE_STEP = [
    *table.mistakes("no_tanh"),
    table.mistake(
        "other_activation",
        {"BiRNN.__init__": cells('nn.RNNCell(input_size, hidden_size, nonlinearity="relu")')},
    ),
    *table.mistakes("tanh_of_one_term tanh_of_each_term"),
    table.mistake("tanh_twice", {"BiRNN.run": way(CELL="h_next = torch.tanh(cell(x_t, state))")}),
    table.mistake(
        idea(
            "outputs_without_tanh",
            "The outputs are taken before tanh",
            "Two arrays pass through your loop at each step, before and after tanh. Which of them is the state?",
            way(SHOW="output = np.where(is_real, {pre}, 0)"),
        )
    ),
    *table.mistakes(
        "state_without_its_weights w_hidden_transposed w_input_transposed both_weights_transposed input_ignored"
        " weights_swapped factors_swapped elementwise_product"
    ),
    table.mistake(
        idea(
            "stacked_in_other_order",
            "Input and state are joined in one order, their weights in the other",
            "One long row times one tall matrix: which rows of the matrix does the first part of your row meet?",
            way(SUM="{pre} = np.hstack([state, x_t]) @ np.vstack([w_input, w_hidden]) + bias"),
        )
    ),
    *table.mistakes("no_bias bias_twice bias_subtracted"),
    table.mistake("bias_wrong_axis", ways=[way(SUM="{pre} = ((from_input + from_state).T + bias).T")]),
    table.mistake("state_ignored", {"BiRNN.run": way(CELL="h_next = cell(x_t)")}),
    table.mistake("state_added_on_top", {"BiRNN.run": way(CELL="h_next = cell(x_t, state) + state")}),
    table.mistake(
        "state_averaged_over_batch",
        {"BiRNN.run": way(CELL="h_next = cell(x_t, state.mean(dim=0, keepdim=True).expand_as(state))")},
    ),
    *table.mistakes("dtype_float32 dtype_float64 changes_its_arguments"),
]
