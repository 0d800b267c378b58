"""The mistakes that are named."""

from grader.diagnose import Mistake

LAST = "dstate = keep * dstate"

MISTAKES = [
    Mistake(
        "weights_exchanged",
        title="`keep` and `1 - keep` are exchanged",
        hint="If everything is kept, what should the input change?",
        edits={
            "smooth_forward": (
                "keep * states[t] + (1 - keep) * x[:, t]",
                "(1 - keep) * states[t] + keep * x[:, t]",
            )
        },
    ),
    Mistake(
        "starts_from_the_input",
        title="The first step is the first input itself",
        hint="What stands before the first step?",
        edits={"smooth_forward": ("[np.zeros_like(keep)]", "[x[:, 0]]")},
    ),
    Mistake(
        "later_steps_forgotten",
        title="The gradient of a step forgets the steps after it",
        hint="A step is read by the loss and by the next step. How many gradients come together there?",
        edits={
            "smooth_backward": [
                ("dstate = dstate + ds[:, t]", "dstate = ds[:, t]"),
                (LAST, "dstate = np.zeros_like(keep)"),
            ]
        },
    ),
    Mistake(
        "not_kept_on_the_way_back",
        title="The gradient goes back to the step before as it is",
        hint="How much of the step before does a step keep?",
        edits={"smooth_backward": (LAST, "dstate = 1 * dstate")},
    ),
    Mistake(
        "state_after_in_dkeep",
        title="The gradient of `keep` uses the state after the step",
        hint="Which state was multiplied by keep?",
        edits={"smooth_backward": ("states[t] - x", "states[t + 1] - x")},
    ),
    Mistake(
        "input_missing_in_dkeep",
        title="The gradient of `keep` leaves out the input",
        hint="In how many places does keep stand in the formula?",
        edits={"smooth_backward": ("(states[t] - x[:, t])", "states[t]")},
    ),
    Mistake(
        "cache_holds_the_rest",
        title="The cache holds `1 - keep` in place of `keep`",
        hint="Print what the backward function takes for keep: is it what the forward function was given?",
        edits={"smooth_forward": ("cache = (x, keep, states)", "cache = (x, 1 - keep, states)")},
    ),
    Mistake(
        "cache_shared",
        title="All calls share one cache",
        hint="Call your forward function twice. What does the cache of the first call hold then?",
        edits={
            "smooth_forward": (
                "cache = (x, keep, states)",
                'cache = smooth_forward.__dict__.setdefault("kept", [])\ncache[:] = (x, keep, states)',
            ),
            "norm_forward": (
                "cache = (normal, deviation, gain)",
                'cache = norm_forward.__dict__.setdefault("kept", [])\ncache[:] = (normal, deviation, gain)',
            ),
        },
    ),
    Mistake(
        "input_overwritten",
        title="The input is overwritten",
        hint="What does x hold after your function has run?",
        edits={
            "norm_forward": (
                "centred = x - x.mean(axis=1, keepdims=True)",
                "x -= x.mean(axis=1, keepdims=True)\ncentred = x",
            )
        },
    ),
    Mistake(
        "variance_for_deviation",
        title="Rows are divided by the variance",
        hint="In which unit is a variance, and in which one a deviation?",
        edits={
            "norm_forward": (
                "np.sqrt((centred**2).mean(axis=1, keepdims=True) + 1e-5)",
                "(centred**2).mean(axis=1, keepdims=True) + 1e-5",
            )
        },
    ),
    Mistake(
        "over_the_batch",
        title="Columns are normalised in place of rows",
        hint="Which axis counts the samples, and which one the features?",
        edits={
            "norm_forward": (
                ("x.mean(axis=1, keepdims=True)", "x.mean(axis=0, keepdims=True)"),
                ("(centred**2).mean(axis=1, keepdims=True)", "(centred**2).mean(axis=0, keepdims=True)"),
            )
        },
    ),
    Mistake(
        "unbiased_deviation",
        title="The deviation divides by one less than the number of features",
        hint="What does ddof mean?",
        edits={
            "norm_forward": (
                "(centred**2).mean(axis=1, keepdims=True)",
                "(centred**2).sum(axis=1, keepdims=True) / (x.shape[1] - 1)",
            )
        },
    ),
    Mistake(
        "mean_held_fixed",
        title="On the way back the mean counts as a constant",
        hint="If one feature grows, what happens to all others?",
        edits={"norm_backward": ("dnormal - from_mean - from_deviation", "dnormal - from_deviation")},
    ),
    Mistake(
        "deviation_held_fixed",
        title="On the way back the deviation counts as a constant",
        hint="If one feature grows, what happens to the deviation?",
        edits={"norm_backward": ("dnormal - from_mean - from_deviation", "dnormal - from_mean")},
    ),
    Mistake(
        "gain_forgotten",
        title="The gradient of x forgets the gain",
        hint="What stands between the normalised row and the result?",
        edits={"norm_backward": ("dnormal = dy * gain", "dnormal = dy")},
    ),
    Mistake(
        "gain_from_the_result",
        title="The gradient of the gain uses the result in place of the normalised rows",
        hint="What was multiplied by gain?",
        edits={"norm_backward": ("(dy * normal).sum(axis=0)", "(dy * normal * gain).sum(axis=0)")},
    ),
]
