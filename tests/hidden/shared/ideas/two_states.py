"""What goes wrong where a state and a memory come in and go out together: a pair, returned in the order state, memory.

These ideas take the place of those of one state that have the same ids, whose words speak of one state.
"""

from .table import Way, idea, way

SORTED = "order = torch.argsort(LENGTHS, stable=True)\nx, lengths = x[order], lengths[order]\n{IN_ORDER}"


def begun(state: str, memory: str) -> Way:
    """Both states begin so; the given ones are GIVEN[0] and GIVEN[1]."""
    return way(BOTH=f"{{one}}, {{other}} = {state}, {memory}".replace("GIVEN", "{pair}"))


IDEAS = [
    idea(
        "state_and_memory_swapped",
        "State and memory are returned in each other's place",
        "Print h and c after one step. Which of the two can be larger than 1, and where does yours stand?",
        way(GIVE="return {other}, {one}"),
        way(GIVE="return {outputs}, ({other}, {one})"),
    ),
    idea(
        "state_returned_for_memory",
        "The state is returned in the place of the memory as well",
        "Two different things come back. Which variable holds the memory after the step?",
        way(GIVE="return {one}, {one}"),
        way(GIVE="return {outputs}, ({one}, {one})"),
    ),
    idea(
        "memory_returned_for_state",
        "The memory is returned in the place of the state as well",
        "Two different things come back. Which variable holds the state after the step?",
        way(GIVE="return {other}, {other}"),
        way(GIVE="return {outputs}, ({other}, {other})"),
    ),
    idea(
        "outputs_are_memories",
        "The outputs are the memory of each step, not its state",
        "An output is what the output gate lets through. Which variable do you collect?",
        way(SHOW="output = {m}.where(is_real, {memory}, 0)"),
    ),
    idea(
        "state_not_carried",
        "A state is not carried from step to step",
        "Which h and which c go into step 5, and where do they come from? Follow both once round your loop.",
        way(STATE="{from_state} = {pair}[0] @ {w_hidden}"),
        way(MEMORY="{new_memory} = {forget} * {pair}[1] + {write} * {candidate}"),
        way(
            STATE="{from_state} = {pair}[0] @ {w_hidden}",
            MEMORY="{new_memory} = {forget} * {pair}[1] + {write} * {candidate}",
        ),
    ),
    idea(
        "initial_state_ignored",
        "The given initial states are not used",
        "Call it with two different initial states. Should the results be the same? Where does the argument go?",
        way(needs="pair", IF_NONE="if True:"),
        begun("{m}.zeros_like(GIVEN[0])", "{m}.zeros_like(GIVEN[1])"),
        begun("0 * GIVEN[0]", "0 * GIVEN[1]"),
    ),
    idea(
        "initial_memory_ignored",
        "The given initial memory is not used",
        "{pair} is a pair. Call it with two different c0. Should the results be the same?",
        begun("GIVEN[0]", "{m}.zeros_like(GIVEN[0])"),
        begun("GIVEN[0]", "0 * GIVEN[1]"),
    ),
    idea(
        "initial_h_ignored",
        "Of the given pair, h0 is not used",
        "{pair} is a pair. Call it with two different h0. Should the results be the same?",
        begun("{m}.zeros_like(GIVEN[0])", "GIVEN[1]"),
        begun("0 * GIVEN[0]", "GIVEN[1]"),
    ),
    idea(
        "initial_states_swapped",
        "h begins at c0, and c at h0",
        "{pair} is (h0, c0). Which of the two does your code take first?",
        way(BOTH="{other}, {one} = {pair}"),
    ),
    idea(
        "one_initial_state_for_both",
        "Both states begin at the same one of the given pair",
        "{pair} is (h0, c0). Where does each of the two go?",
        begun("GIVEN[0]", "GIVEN[0]"),
        begun("GIVEN[1]", "GIVEN[1]"),
    ),
    idea(
        "memory_not_held",
        "The memory goes on changing on padding",
        "Both states of a sample end at its last real step. What happens to c while the longer samples read on?",
        way(HOLD_MEMORY="{memory} = {new_memory}"),
        way(HOLD_MEMORY="{memory} = {m}.where(is_real, {new_memory}, 0)"),
    ),
    idea(
        "both_last_states_on_padding",
        "Both last states are taken after the padding",
        "A sample ends at its own last real step. What happens to its h and c while the longer samples read on?",
        way(HOLD="{state} = {new}", HOLD_MEMORY="{memory} = {new_memory}"),
    ),
    idea(
        "last_state_is_initial",
        "The initial states are returned as the last ones",
        "Which variables hold the states when your loop is over, and which ones do you return?",
        way(GIVE="return {outputs}, {pair}"),
        way(GIVE="return {outputs}, ({pair}[0], {other})"),
        way(GIVE="return {outputs}, ({one}, {pair}[1])"),
    ),
    idea(
        "last_state_one_step_early",
        "A last state that is returned is one step old",
        "With L = 1 your last state has read nothing. When is it stored, before the step or after?",
        way(HOLD="before = {one}, {other}\n{HOLD}", GIVE="return {outputs}, before"),
        way(HOLD_MEMORY="before = {memory}\n{HOLD_MEMORY}", GIVE="return {outputs}, ({one}, before)"),
    ),
    idea(
        "states_in_one_array",
        "The last states are returned in one array, or side by side with the outputs",
        "Two things come back, and the second is a pair. What is yours?",
        way(GIVE="return {outputs}, {m}.stack(({one}, {other}))"),
        way(GIVE="return {outputs}, {m}.{cat}(({one}, {other}), {axis}=1)"),
        way(GIVE="return {outputs}, {one}, {other}"),
    ),
    idea(
        "results_swapped",
        "The two results are returned in the wrong order",
        "Print the shapes of what you return. Which one is asked for first, the steps or the last states?",
        way(GIVE="return ({one}, {other}), {outputs}"),
    ),
    idea(
        "returns_one_result",
        "One result is returned where two are asked for",
        "All steps and both last states are asked for. What stands after your `return`?",
        way(GIVE="return {outputs}"),
        way(needs="outputs", GIVE="return {one}, {other}"),
        way(GIVE="return {one}"),
        way(GIVE="return {other}"),
    ),
    idea(
        "last_state_alone",
        "Of the two last states only one is returned",
        "The memory is needed to go on reading later. What do you give back beside the outputs?",
        way(GIVE="return {outputs}, {one}"),
        way(GIVE="return {outputs}, {other}"),
    ),
    idea(
        "last_state_has_an_axis_more",
        "The last states have one axis too many",
        "The exercise has no axis for layers. Print the shapes of the states that you return.",
        way(GIVE="return {outputs}, ({one}[None], {other}[None])"),
        way(GIVE="return {outputs}, ({one}[:, None], {other}[:, None])"),
    ),
    idea(
        "needs_a_state",
        "It fails when no state is given",
        "The initial state may be left out. What should take its place, and where is that decided?",
        way(DEFAULT=""),
        way(DEFAULT="{pair}[0]"),
        way(SIGNATURE="{without_default}"),
    ),
    idea(
        "initial_state_detached",
        "No gradient reaches the initial states",
        "The numbers are right. What do you do with the given states before the first step?",
        begun("GIVEN[0].detach()", "GIVEN[1].detach()"),
        begun("GIVEN[0].detach()", "GIVEN[1]"),
        begun("GIVEN[0]", "GIVEN[1].detach()"),
    ),
]


def with_each(call: str, needs: str = "") -> list[Way]:
    """Something done to all results, or to some of them."""
    both, alone = f"({{one}}{call}, {{other}}{call})", "({one}, {other})"
    return [
        way(needs=needs, GIVE=f"return {{outputs}}{call}, {both}"),
        way(needs=needs, GIVE=f"return {{outputs}}{call}, {alone}"),
        way(needs=needs, GIVE=f"return {{outputs}}, {both}"),
    ]


def pinned(dtype: str) -> list[Way]:
    """Ways of giving results in this dtype, of a step and of a loop."""
    return [
        way(needs="np", GIVE=f"return {{one}}{{{dtype}}}, {{other}}{{{dtype}}}"),
        way(needs="np", GIVE=f"return {{one}}{{{dtype}}}, {{other}}"),
        way(needs="np", GIVE=f"return {{one}}, {{other}}{{{dtype}}}"),
        *with_each(f"{{{dtype}}}"),
    ]


#: Further ways of ideas whose words fit two states as well.
MORE = {
    "returns_nothing": [way(needs="one", GIVE="")],
    "not_unsorted": [way(BOTH=SORTED.replace("LENGTHS", order)) for order in ("-lengths", "lengths")],
    "state_kept_between_calls": [
        way(
            PAIR='{pair} = getattr(self, "kept", ({given}, {given}))',
            GIVE="self.kept = {one}, {other}\n{GIVE}",
        )
    ],
    "changes_its_arguments": [
        way(
            needs="torch",
            GIVE="{pair}[0].data.copy_({one})\n{pair}[1].data.copy_({other})\n{GIVE}",
        ),
        way(needs="torch", BOTH="for n, length in enumerate(lengths):\n    x.data[n, length:] = 0\n{BOTH}"),
    ],
    "dtype_float32": pinned("float32"),
    "dtype_float64": pinned("float64"),
    "detached": with_each(".detach()", needs="torch"),
}
