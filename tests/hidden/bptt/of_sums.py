"""What goes wrong where gradients are summed: over the samples, and over the steps."""

from ..shared.ideas import idea, way

OF_SUMS = [
    idea(
        "mean_over_samples",
        "Gradients are averaged over the samples, not summed",
        "Does the formula divide by N? Try one sample twice in a batch.",
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
