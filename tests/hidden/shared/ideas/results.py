"""What goes wrong in what one step gives back."""

from .table import idea, way

IDEAS = [
    idea(
        "returns_old_state",
        "The old state is returned instead of the new one",
        "Which variable holds what you have just computed, and which one do you hand back?",
        way(RETURN="return {state}"),
    ),
    idea(
        "returns_a_weight",
        "A weight is returned instead of the new state",
        "Look at the name after `return`. Its shape should begin with the number of samples.",
        way(RETURN="return {w_hidden}"),
        way(RETURN="return {w_input}"),
        way(RETURN="return {bias}"),
    ),
    idea(
        "cell_returns_tuple",
        "The step returns a tuple or a list, not the new state itself",
        "The new state is asked for, once and alone. What else stands after your `return`?",
        way(RETURN="return {new}, {new}"),
        way(RETURN="return {new}, {pre}"),
        way(RETURN="return {pre}, {new}"),
        way(RETURN="return {new}, {state}"),
        way(RETURN="return ({new},)"),
    ),
    idea(
        "result_transposed",
        "The result is returned with its axes swapped",
        "Print the shape of your result, with every size different. Which axis should be the samples?",
        way(RETURN="return {new}.T"),
    ),
    idea(
        "returns_nothing",
        "The function returns nothing",
        "Print what a call of your function gives. Is there a `return`, and is it reached?",
        way(RETURN=""),
        way(RESULTS=""),
    ),
    idea(
        "batch_axis_squeezed",
        "Axes of size 1 are lost on the way",
        "Try N = 1 and print every shape. Which axis has gone, and who removed it?",
        # A sentence of its own, so that it goes together with what else is wrong in a `return`.
        way(RETURN="{new} = {new}.squeeze()\n{RETURN}"),
        way(RETURN="{new} = {new}[0] if len({new}) == 1 else {new}\n{RETURN}"),
        way(RESULTS="{outputs}, {last} = {outputs}.squeeze(), {last}.squeeze()\n{RESULTS}"),
        way(needs="torch", RESULTS="{outputs}, {last} = {outputs}.squeeze(0), {last}.squeeze(0)\n{RESULTS}"),
        way(RESULTS="{outputs} = {outputs}.squeeze()\n{RESULTS}"),
        way(needs="torch", RESULTS="{outputs} = {outputs}.squeeze(0)\n{RESULTS}"),
        way(RESULTS="{last} = {last}.squeeze()\n{RESULTS}"),
        way(needs="torch", RESULTS="{last} = {last}.squeeze(0)\n{RESULTS}"),
        way(needs="np", READ="x_t = x[:, t].squeeze()"),
        way(READ="x_t = x.squeeze()[:, t]"),
    ),
]
