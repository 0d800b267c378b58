"""What goes wrong with a memory beside the state, in the formula of a step: what is kept of it, written, and shown."""

from .table import idea, way

IDEAS = [
    idea(
        "input_and_forget_exchanged",
        "The input gate and the forget gate have changed places",
        "One of the two multiplies the old memory, the other what is new. Which H columns belong to which?",
        way(CUT="{exchanged} = {split}({pre}, {layers}, {axis}=1)"),
    ),
    idea(
        "gate_missing",
        "A gate is left out",
        "Three products with gates are in the formulas. Which of them do you find in your code?",
        way(MEMORY="{new_memory} = {memory} + {write} * {candidate}"),
        way(MEMORY="{new_memory} = {forget} * {memory} + {candidate}"),
        way(NEW="{new} = {m}.tanh({new_memory})"),
    ),
    idea(
        "everything_is_sigmoid",
        "All {how_many} layers go through the sigmoid, and the memory too",
        "There are two functions in the formulas. Where does each of them stand?",
        way(
            CANDIDATE="{candidate} = {sigmoid}({into_candidate})",
            NEW="{new} = {show} * {sigmoid}({new_memory})",
        ),
        way(NEW="{new} = {show} * {sigmoid}({new_memory})"),
    ),
    idea(
        "memory_shown_without_tanh",
        "The memory is shown without tanh",
        "The memory may grow beyond 1, a state may not. What stands between the two in the formulas?",
        way(NEW="{new} = {show} * {new_memory}"),
    ),
    idea(
        "memory_squashed",
        "The memory itself goes through tanh",
        "tanh is for what is shown. Is it also in what goes on to the next step as memory?",
        way(MEMORY="{new_memory} = {m}.tanh({forget} * {memory} + {write} * {candidate})"),
        way(
            MEMORY="{new_memory} = {m}.tanh({forget} * {memory} + {write} * {candidate})",
            NEW="{new} = {show} * {new_memory}",
        ),
    ),
    idea(
        "forget_bias_added",
        "A number is added to the forget gate",
        "Some libraries open the forget gate at the start. Is that in the formulas, or is it a matter of the bias?",
        way(F="{forget} = {sigmoid}({into_f} + 1)"),
    ),
    idea(
        "memory_ignored",
        "The old memory plays no part in the new one",
        "Call it twice with different memories and everything else the same. Should the results be the same?",
        way(MEMORY="{new_memory} = {write} * {candidate}"),
    ),
    idea(
        "state_taken_for_memory",
        "The old state stands where the old memory should",
        "Two states come in. Which of them does the forget gate scale?",
        way(MEMORY="{new_memory} = {forget} * {state} + {write} * {candidate}"),
    ),
    idea(
        "layers_read_the_memory",
        "The layers read the old memory, not the old state",
        "Two states come in. Which of them is multiplied by w_hidden?",
        way(STATE="{from_state} = {memory} @ {w_hidden}"),
        way(
            STATE="{from_state} = {memory} @ {w_hidden}",
            MEMORY="{new_memory} = {forget} * {state} + {write} * {candidate}",
        ),
    ),
    idea(
        "products_of_sums",
        "Sums and products have changed places in the new memory",
        "Set the forget gate to 0 by hand. What must the new memory be then, and what is yours?",
        way(MEMORY="{new_memory} = ({forget} + {memory}) * ({write} + {candidate})"),
        way(MEMORY="{new_memory} = {forget} * {memory} * {write} * {candidate}"),
        way(MEMORY="{new_memory} = {forget} * ({memory} + {write} * {candidate})"),
        way(MEMORY="{new_memory} = {forget} * {memory} - {write} * {candidate}"),
        way(MEMORY="{new_memory} = {write} * ({forget} * {memory} + {candidate})"),
    ),
    idea(
        "old_memory_shown",
        "The new state is made of the old memory",
        "Which memory does the output gate show, the one before the step or the one after it?",
        way(NEW="{new} = {show} * {m}.tanh({memory})"),
    ),
    idea(
        "candidate_shown",
        "The new state is made of the candidate, not of the memory",
        "What does the output gate multiply in the formulas?",
        way(NEW="{new} = {show} * {candidate}"),
        way(NEW="{new} = {show} * {m}.tanh({write} * {candidate})"),
    ),
    idea(
        "peepholes",
        "The gates look at the old memory as well",
        "Some LSTMs have such connections. Which arrays do the layers read in these formulas?",
        way(I="{write} = {sigmoid}({into_i} + {memory})", F="{forget} = {sigmoid}({into_f} + {memory})"),
    ),
]

#: Further ways of ideas that need no memory.
MORE = {
    "changes_its_arguments": [
        way(needs="np", GIVE="{memory}[:] = {new_memory}\n{GIVE}"),
        way(needs="np", GIVE="{state}[:] = {new}\n{GIVE}"),
        way(needs="np", MEMORY="{memory} *= {forget}\n{new_memory} = {memory} + {write} * {candidate}"),
    ],
    "state_detached": [
        way(needs="torch", MEMORY="{new_memory} = {forget} * {memory}.detach() + {write} * {candidate}"),
        way(
            needs="torch",
            STATE="{from_state} = {state}.detach() @ {w_hidden}",
            MEMORY="{new_memory} = {forget} * {memory}.detach() + {write} * {candidate}",
        ),
    ],
    "numpy_in_module": [
        way(needs="torch", NEW="{new} = {show} * torch.as_tensor(np.tanh({new_memory}.numpy()))")
    ],
}
