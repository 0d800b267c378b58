"""What goes wrong with sequences of different lengths."""

from .table import idea, way

#: The samples sorted by their lengths, and their initial states with them or not.
SORTED = "order = {argsort}\nx, lengths, {state} = x[order], lengths[order], {begun}[order]"
ALONE = "order = {argsort}\nx, lengths, {state} = x[order], lengths[order], {begun}"
BACK = "back = {m}.argsort(order)\nreturn "
LONGEST_FIRST, SHORTEST_FIRST = "{m}.argsort(-lengths{stable})", "{m}.argsort(lengths{stable})"


def sorted_by(text: str, argsort: str) -> str:
    """Fill the way of sorting into `text`."""
    return text.replace("{argsort}", argsort)


IDEAS = [
    idea(
        "lengths_ignored",
        "lengths is not used: padding is read like real steps",
        "Give a short sequence two different paddings. Should the results differ? Where does lengths come in?",
        way(NO_LENGTHS="if True:"),
    ),
    idea(
        "lengths_not_accepted",
        "There is no argument called lengths",
        "Compare the names after `def` with those in the exercise. Which one is missing?",
        way(SIGNATURE="{without_lengths}", NO_LENGTHS="if True:"),
    ),
    idea(
        "final_state_on_padding",
        "The last state is taken after the padding",
        "What happens to the state of a short sample while the longer ones read on?",
        way(HOLD="{state} = {new}"),
    ),
    idea(
        "final_state_from_zeros",
        "The last state of a short sample is zero",
        "What is left of the state of a short sample while the longer ones read on?",
        way(needs="SHOW", LAST="{last} = {outputs}[:, -1]"),
        way(needs="torch BEGIN", HOLD="{state} = torch.where(is_real, {new}, 0)"),
    ),
    idea(
        "state_zeroed_on_padding",
        "The state is set to zero on padding",
        "Results on padding are zero. Is the state of a sample that has ended also zero, or does it stay?",
        way(HOLD="{state} = {m}.where(is_real, {new}, 0)"),
    ),
    idea(
        "padding_not_zeroed",
        "Results on padding are not zero",
        "What should stand where a sample has no real step any more? Print one short sample, all L steps of it.",
        way(SHOW="output = {state}"),
        way(
            HOLD="{state} = {new}",
            SHOW="output = {state}",
            LAST="{last} = {outputs}[{m}.arange({samples}), lengths - 1]",
        ),
        way(ZERO=""),
        way(
            HOLD="held = torch.where(is_real, {new}, held if t else {state})\n{state} = {new}",
            ZERO="",
            LAST="{last} = held",
        ),
    ),
    idea(
        "length_one_too_long",
        "One step of padding is read as if it were real",
        "With a length of 2, which values of t are real? Compare them with your condition.",
        way(REAL="is_real = (t <= lengths)[:, None]"),
        way(SHOW="output = {m}.where((t <= lengths)[:, None], {state}, 0)"),
    ),
    idea(
        "length_one_too_short",
        "The last real step of each sample is treated as padding",
        "With a length of 2, which values of t are real? Compare them with your condition.",
        way(REAL="is_real = (t + 1 < lengths)[:, None]"),
        way(REAL="is_real = (t + 1 < lengths)[:, None]", ALL_REAL="lengths = [{steps} + 1] * {samples}"),
        way(SHOW="output = {m}.where((t + 1 < lengths)[:, None], {state}, 0)"),
    ),
    idea(
        "last_state_one_step_late",
        "The last state is looked up one step too far",
        "Steps count from 0. At which index is the last real step of a sample with two real steps?",
        way(needs="SHOW", LAST="{last} = {outputs}[np.arange({samples}), lengths]"),
        way(
            EMPTY="collected, states = [], []",
            HOLD="{HOLD}\nstates.append({state})",
            LAST="{last} = torch.stack(states, dim=1)[torch.arange({samples}), lengths]",
        ),
    ),
    idea(
        "one_length_for_all",
        "The length of one sample is used for all of them",
        "Each sample has a length of its own. How many of the numbers in lengths does your code read?",
        *(
            way(LENGTHS=f"lengths = [{one}] * {{samples}}\n{{LENGTHS}}")
            for one in ("lengths[0]", "lengths[-1]", "max(lengths)", "min(lengths)")
        ),
    ),
    idea(
        "outputs_cut_to_longest",
        "The results end at the longest length, not at L",
        "How many steps should the results have when every sample is shorter than L?",
        way(FOR="for t in range(max(lengths)):"),
    ),
    idea(
        "lengths_of_wrong_axis",
        "lengths is compared along the wrong axis",
        "lengths has one number per sample. Which axis of your mask is the sample? Try N different from L.",
        way(REAL="is_real = t < lengths"),
        way(REAL="is_real = t < lengths", ALL_REAL="lengths = [[{steps}]] * {samples}"),
        way(REAL="is_real = (t < lengths)[None, :]"),
    ),
    idea(
        "lengths_must_be_a_tensor",
        "lengths is used as if it were an array, but it may be a list",
        "A list of numbers can come in. What does comparing or indexing need it to be?",
        *(
            way(ALL_REAL="lengths = {m}.full(({samples},), {steps})", LENGTHS=use)
            for use in (
                "",
                "lengths = lengths[:, None][:, 0]",
                "lengths.max()",
                "lengths = lengths - 0",
                "lengths.shape",
            )
        ),
        *(
            way(needs="torch", ALL_REAL="lengths = torch.full(({samples},), {steps})", LENGTHS=use)
            for use in ("lengths = lengths.to(x.device)", "lengths.unsqueeze(1)", "lengths.view(-1, 1)")
        ),
    ),
    idea(
        "lengths_must_be_sorted",
        "It works only when the longest sample comes first",
        "lengths may come in any order. Which part of your code expects them sorted, and can it be told otherwise?",
        way(REAL="is_real = ({m}.arange({samples}) < (t < lengths).sum())[:, None]"),
        way(
            needs="torch",
            LENGTHS="{LENGTHS}\ntorch.nn.utils.rnn.pack_padded_sequence(x, lengths, batch_first=True)",
        ),
    ),
    idea(
        "not_unsorted",
        "The samples come back in another order",
        "Sorting by length moves the samples. How do they find the way back to their places?",
        *(way(BEGIN=sorted_by(SORTED, order)) for order in (LONGEST_FIRST, SHORTEST_FIRST)),
        way(needs="np", BEGIN=sorted_by(SORTED, "np.argsort(lengths)[::-1]")),
        *(
            way(BEGIN=sorted_by(SORTED, LONGEST_FIRST), RESULTS=BACK + back)
            for back in ("{outputs}[back], {last}", "{outputs}, {last}[back]")
        ),
    ),
    idea(
        "unsorted_the_wrong_way",
        "The samples were sorted by length, and put back in the wrong places",
        "Sort three samples by hand and write down where each went. Does your way back undo exactly that?",
        way(BEGIN=sorted_by(SORTED, LONGEST_FIRST), RESULTS="return {outputs}[order], {last}[order]"),
    ),
    idea(
        "state_not_sorted_along",
        "The samples are sorted by length, but their initial states are not",
        "When you move the samples, what else has one row per sample?",
        way(BEGIN=sorted_by(ALONE, LONGEST_FIRST), RESULTS=BACK + "{outputs}[back], {last}[back]"),
    ),
]
