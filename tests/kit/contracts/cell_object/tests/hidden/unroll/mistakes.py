"""The mistakes that are named."""

from grader.diagnose import Mistake

STEP = "output, state = cell.step(x[:, t], state)"
BACK = "x, state = cell.step(x, state)"
FIRST = "state = cell.initial_state(x.shape[0])"

MISTAKES = [
    Mistake(
        "state_not_carried",
        title="Every step starts from the first state",
        hint="Which state does the second step begin with?",
        edits={
            "run_cell": [
                (STEP, "output, last = cell.step(x[:, t], state)"),
                ((STEP, "output, last = cell.step(x[:, t], state)"), (", state\n", ", last\n")),
            ],
            "generate": (BACK, "x, last = cell.step(x, state)"),
        },
    ),
    Mistake(
        "given_state_ignored",
        title="A state that is given is not used",
        hint="What does your loop do with its third argument?",
        edits={"run_cell": ("if state is None:\n        " + FIRST, FIRST)},
    ),
    Mistake(
        "time_first",
        title="The outputs have time as their first axis",
        hint="Which axis of x is time, and which one of your outputs?",
        edits={
            "run_cell": ("axis=1", "axis=0"),
            "generate": ("axis=1", "axis=0"),
        },
    ),
    Mistake(
        "read_backwards",
        title="The sequence is read from its end",
        hint="In which order does your loop visit the steps?",
        edits={"run_cell": ("range(x.shape[1])", "reversed(range(x.shape[1]))")},
    ),
    Mistake(
        "last_step_left_out",
        title="The last step is left out",
        hint="How many numbers does your range give for a sequence of five steps?",
        edits={
            "run_cell": ("range(x.shape[1])", "range(x.shape[1] - 1)"),
            "generate": ("range(steps)", "range(steps - 1)"),
        },
    ),
    Mistake(
        "returns_last_output",
        title="The last output is returned in place of the last state",
        hint="Is what a cell shows the same as what it remembers?",
        edits={"run_cell": ("axis=1), state", "axis=1), output")},
    ),
    Mistake(
        "last_output_alone",
        title="The last output alone is returned",
        hint="What becomes of the outputs of the steps before, and of the last state?",
        edits={
            "run_cell": ("np.stack(outputs, axis=1), state", "output"),
            "generate": ("np.stack(outputs, axis=1)", "x"),
        },
    ),
    Mistake(
        "first_state_of_other_size",
        title="The first state is made for another number of samples",
        hint="Which axis of x counts the samples?",
        edits={
            "run_cell": (FIRST, "state = cell.initial_state(x.shape[1])"),
            "generate": ("cell.initial_state(start.shape[0])", "cell.initial_state(start.shape[1])"),
        },
    ),
    Mistake(
        "not_fed_back",
        title="Every step reads the start again",
        hint="What is the input of the second step?",
        edits={
            "generate": (
                (BACK, "output, state = cell.step(x, state)"),
                ("outputs.append(x)", "outputs.append(output)"),
            )
        },
    ),
    Mistake(
        "state_fed_back",
        title="The state is fed back in place of the output",
        hint="A cell gives two things back. Which of them is the next input?",
        edits={
            "generate": (
                (BACK, "output, state = cell.step(x, state)\nx = state"),
                ("outputs.append(x)", "outputs.append(output)"),
            )
        },
    ),
    Mistake(
        "start_among_outputs",
        title="The start stands among the outputs",
        hint="Is the start something that the cell has made?",
        edits={"generate": (("outputs = []", "outputs = [x]"), ("range(steps)", "range(steps - 1)"))},
    ),
]
