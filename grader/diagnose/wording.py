"""Titles and hints of mistakes that can be made in more than one assignment: students read the same words everywhere.

A title says what the code does; a hint asks or points, and never holds the line to type. Nothing here may name
a hidden test, an input or an expected number. A mistake of one assignment alone keeps its words in its mistakes.py.
"""

from __future__ import annotations

#: id -> (title, hint)
TITLES_AND_HINTS: dict[str, tuple[str, str]] = {
    # One step
    "no_tanh": (
        "The state is returned without tanh",
        "Print the largest entry of your new state. Can a state of this network ever be larger than 1?",
    ),
    "other_activation": (
        "Another function stands where tanh should be",
        "A state may be anything between -1 and 1. Which values can come out of the function you use?",
    ),
    "tanh_of_one_term": (
        "tanh is applied to one part of the sum only",
        "Input part, state part and bias go through tanh together. What is still outside your brackets?",
    ),
    "tanh_of_each_term": (
        "tanh is applied to each part before they are added",
        "tanh(a) + tanh(b) is not tanh(a + b). Which of the two stands in the formula?",
    ),
    "tanh_twice": (
        "tanh is applied twice",
        "Follow one number through your code and count how often it is squashed on its way to the new state.",
    ),
    "state_without_its_weights": (
        "The old state is added without being multiplied by w_hidden",
        "Which matrix in the formula stands next to the old state? Where does your code use it?",
    ),
    "w_hidden_transposed": (
        "w_hidden is used transposed",
        "w_hidden is square, so no shape complains. Row i of it belongs to unit i of which state, old or new?",
    ),
    "w_input_transposed": (
        "w_input is used transposed",
        "x is (N, I) and w_input is (I, H): their shapes already fit. Try I different from H and watch the shapes.",
    ),
    "both_weights_transposed": (
        "Both weight matrices are used transposed",
        "Write the shapes of the factors under your products, with I different from H. Which do not fit?",
    ),
    "weights_swapped": (
        "The input is multiplied by w_hidden, and the state by w_input",
        "Which of the two matrices belongs to the input? If you join arrays, does the order of both joins agree?",
    ),
    "factors_swapped": (
        "The factors of a matrix product are in the wrong order",
        "A @ B is not B @ A. Write the shapes under both factors and compare with the formula.",
    ),
    "elementwise_product": (
        "Arrays are multiplied entry by entry where a matrix product is meant",
        "Every entry of the old state reaches every unit of the new one. Does your product mix entries at all?",
    ),
    "no_bias": (
        "The bias is not added",
        "Make the input and the state zero: what does the formula say is left? What does your code give?",
    ),
    "bias_twice": (
        "The bias is added twice",
        "How many biases are in the formula, and how many in your code? One may hide in a helper or a layer.",
    ),
    "bias_subtracted": (
        "The bias is subtracted",
        "Make the input and the state zero and compare the sign of your result with the sign of the bias.",
    ),
    "bias_wrong_axis": (
        "The bias is spread along the wrong axis",
        "The bias has one number per hidden unit. With N different from H, which axis of the sum does it fit?",
    ),
    "bias_per_sample": (
        "The bias has an axis for the samples",
        "One set of weights serves a batch of any size. Print the shape of your bias: which axis is too many?",
    ),
    "state_ignored": (
        "The old state plays no part in the new one",
        "Call your step twice with the same input and different states. Should the results be the same?",
    ),
    "input_ignored": (
        "The input plays no part in the new state",
        "Call your step twice with different inputs and the same state. Should the results be the same?",
    ),
    "state_added_on_top": (
        "The old state is added to the result once more",
        "The old state enters the formula in one place only. Count where it enters in your code.",
    ),
    "state_averaged_over_batch": (
        "The state is averaged over the samples of the batch",
        "Each sample has a state of its own. Does the result of one sample change when you change another?",
    ),
    "returns_old_state": (
        "The old state is returned instead of the new one",
        "Which variable holds what you have just computed, and which one do you hand back?",
    ),
    "returns_a_weight": (
        "A weight is returned instead of the new state",
        "Look at the name after `return`. Its shape should begin with the number of samples.",
    ),
    "cell_returns_tuple": (
        "The step returns a tuple or a list, not the new state itself",
        "The new state is asked for, once and alone. What else stands after your `return`?",
    ),
    "returns_nothing": (
        "The function returns nothing",
        "Print what a call of your function gives. Is there a `return`, and is it reached?",
    ),
    "result_transposed": (
        "The new state is returned with its axes swapped",
        "Print the shape of your result, with N different from H. Which axis should be the samples?",
    ),
    "changes_its_arguments": (
        "An array that was passed in is changed in place",
        "Print your arguments before and after the call. Which operation of yours writes into one of them?",
    ),
    "state_tested_for_truth": (
        "The state is tested for being true or false",
        "An array of several numbers is neither true nor false. What exactly do you want to know about the state?",
    ),
    "needs_a_state": (
        "It fails when no state is given",
        "The initial state may be left out. What should take its place, and where is that decided?",
    ),
    "zero_state_axes_swapped": (
        "The zero state has its axes swapped",
        "A state is (N, H), one row per sample. Print the shape of the one you make, with N different from H.",
    ),
    "random_initial_state": (
        "The initial state is random when none is given",
        "Call it twice with the same input. What should the network know before it has read anything?",
    ),
    "ones_initial_state": (
        "The initial state is ones when none is given",
        "Before anything is read there is nothing to remember. Which numbers say that?",
    ),
    "dtype_float32": (
        "An array is made without the input's dtype: it is float32 whatever comes in",
        "Try float64 and print the dtype of each array that you make. Which of them never asks what the input has?",
    ),
    "dtype_float64": (
        "An array is made without the input's dtype: it is float64 whatever comes in",
        "Try float32 and print the dtype of each array that you make. Which of them never asks what the input has?",
    ),
    "device_hard_coded": (
        "A device is written into the code",
        "Not every machine has a GPU. From which tensor could your code learn where it is running?",
    ),
    # The loop
    "state_not_carried": (
        "The hidden state is not carried from step to step",
        "Which state goes into step 5, and where does it come from? Follow the variable once round your loop.",
    ),
    "loops_over_batch": (
        "The loop runs over the samples, not over the time steps",
        "x is (N, L, I). Which axis is time? Which one does your index t walk along?",
    ),
    "time_axis_first": (
        "The results are (L, N, …): time comes first",
        "You collected L arrays of (N, H). After putting them together, which axis is time, and where should it be?",
    ),
    "reshaped_not_transposed": (
        "reshape or view is used where axes should change places",
        "reshape only cuts the same row of numbers differently. Number a tiny array 0, 1, 2, … and look where they go.",
    ),
    "outputs_one_step_late": (
        "The output of each step is made from the state before it",
        "At step t, what comes first in your loop: reading the input, or storing the result?",
    ),
    "initial_state_in_outputs": (
        "The initial state is among the results: L + 1 steps",
        "The initial state is there before anything is read. How many results should a sequence of L steps have?",
    ),
    "starts_one_step_late": (
        "The first time step is never read",
        "Print t in your loop. Which steps of x do you use, and is step 0 among them?",
    ),
    "stops_one_step_early": (
        "The last time step is never read",
        "Print t in your loop. Is L - 1 among the steps?",
    ),
    "input_off_by_one": (
        "The input is read from the wrong step",
        "For L = 3, write down which step of x your code reads at t = 0, 1 and 2. An index of -0 is 0.",
    ),
    "reads_backwards": (
        "The sequence is read from its end to its start",
        "Print which step of x is read first. Which one should be?",
    ),
    "reads_one_step_always": (
        "The same time step is read again and again",
        "Does the index of x change inside your loop?",
    ),
    "all_outputs_alike": (
        "All time steps of the result hold the same numbers",
        "Are you keeping L different arrays, or the same array L times? Watch the first one while the loop runs on.",
    ),
    "only_last_output": (
        "Only the last time step is returned",
        "An output is asked for at every step. Where does your code keep the earlier ones?",
    ),
    "last_state_is_the_first": (
        "The last state that is returned belongs to the first step",
        "Which step does the returned state come from? Try a sequence of two steps.",
    ),
    "last_state_one_step_early": (
        "The last state that is returned is one step old",
        "With L = 1 your last state has read nothing. When is it stored, before the step or after?",
    ),
    "last_state_is_initial": (
        "The initial state is returned as the last state",
        "Which variable holds the state when your loop is over, and which one do you return?",
    ),
    "results_swapped": (
        "The two results are returned in the wrong order",
        "Print the shapes of what you return. Which one is asked for first, the steps or the last state?",
    ),
    "returns_one_result": (
        "One result is returned where two are asked for",
        "All steps and the last state are both asked for. What stands after your `return`?",
    ),
    "initial_state_ignored": (
        "The given initial state is not used",
        "Call it with two different initial states. Should the results be the same? Where does the argument go?",
    ),
    "state_kept_between_calls": (
        "Something of one call is still there in the next",
        "Call it twice, the second time with fewer samples. What of the first call is still stored somewhere?",
    ),
    "trainable_initial_state": (
        "The initial state is a parameter that is trained",
        "List the parameters of your module. The exercise asks for certain ones: which one is too many?",
    ),
    "batch_size_hard_coded": (
        "The batch size is written into the code",
        "Try a batch of another size. Which number in your code should come from the shape of x instead?",
    ),
    "batch_size_from_wrong_axis": (
        "N and L are read from the wrong axes",
        "x is (N, L, I), batch first. With N different from L, print the two sizes that your code takes from it.",
    ),
    "batch_axis_squeezed": (
        "Axes of size 1 are lost on the way",
        "Try N = 1 and print every shape. Which axis has gone, and who removed it?",
    ),
    "new_cell_at_each_step": (
        "Each step makes new weights",
        "All steps share one set of weights, also the ones that were loaded. Where in your code are they made?",
    ),
    # Outputs of a module
    "projection_skipped": (
        "The outputs are the states: they are never projected",
        "What stands between a state and an output in the formulas? Which weights of your module are never used?",
    ),
    "projection_transposed": (
        "The weights of the output are used transposed",
        "They are square, so no shape complains. Compare the order of the product with the formula.",
    ),
    "output_fed_back": (
        "The output, not the state, goes into the next step",
        "Two arrays leave each step: a state and an output. Which of them does the next step need?",
    ),
    "output_returned_as_state": (
        "The last output is returned as the last state",
        "The state is what the next call would go on from. Is yours still a state, or already an output?",
    ),
    "activation_on_output": (
        "A function is applied to the outputs that the formula does not have",
        "Look at the formula of the outputs once more. Is anything done after the product?",
    ),
    # Gradients and registration
    "weights_not_registered": (
        "A weight is a plain tensor that the module does not know of",
        "Print list(module.named_parameters()). An optimizer sees only what stands there. What is missing?",
    ),
    "weights_frozen": (
        "A weight is registered, but it is never trained",
        "Print requires_grad of each parameter. Which of them can an optimizer change?",
    ),
    "parameter_converted": (
        "A parameter is converted after it was made, and is no parameter any more",
        "Print list(module.named_parameters()) and type(...) of the weight. What did the conversion give?",
    ),
    "cells_in_a_list": (
        "A layer is kept in a plain Python list",
        "Print list(module.named_parameters()). A module finds layers among its attributes: also inside a list?",
    ),
    "layers_made_in_forward": (
        "Weights are made anew in every call of forward",
        "Everything that learns must outlive a call. In which method of yours are the weights made?",
    ),
    "uninitialised_weights": (
        "The weights start as whatever was in memory",
        "Print the weights of a new module, a few times. Who chose these numbers?",
    ),
    "zero_weights": (
        "The weight matrices start as zeros",
        "If all weights start alike, can two hidden units ever become different from each other?",
    ),
    "weights_stored_transposed": (
        "A weight is stored with its axes in the other order",
        "Print the shapes of the parameters of your module and compare them with the table of the exercise.",
    ),
    "sizes_swapped": (
        "input_size and hidden_size have changed places",
        "Make a module with two different sizes and print the shapes of its parameters.",
    ),
    "not_set_up": (
        "The module puts something into itself before it is set up",
        "Look at the first line of __init__ in the file that was handed out. What does a module need before all else?",
    ),
    "detached": (
        "The gradient is cut off on its way back",
        "The numbers are right, but nothing learns from them. Which call of yours makes autograd forget?",
    ),
    "state_detached": (
        "The state is cut off from the gradient",
        "The numbers are right, but nothing before this step can learn. What happens to the state before it is used?",
    ),
    "initial_state_detached": (
        "No gradient reaches the initial state",
        "The numbers are right. What do you do with the given state before the first step?",
    ),
    "input_detached": (
        "No gradient reaches the input",
        "The numbers are right. What do you do with x before it is used?",
    ),
    "weights_detached": (
        "The weights are cut off from the gradient",
        "The numbers are right, but the weights cannot learn. What do you do with them before they are used?",
    ),
    "numpy_in_module": (
        "numpy computes where torch should",
        "Only what torch computes can be learned from. Which function of the step does not belong to torch?",
    ),
    # Variable lengths
    "lengths_ignored": (
        "lengths is not used: padding is read like real steps",
        "Give a short sequence two different paddings. Should the results differ? Where does lengths come in?",
    ),
    "lengths_not_accepted": (
        "There is no argument called lengths",
        "Compare the names after `def` with those in the exercise. Which one is missing?",
    ),
    "final_state_on_padding": (
        "The last state is taken after the padding",
        "A sample ends at its own last real step. What happens to its state while the longer samples read on?",
    ),
    "final_state_from_zeros": (
        "The last state of a short sample is zero",
        "A sample ends at its own last real step. What is left of its state while the longer samples read on?",
    ),
    "padding_not_zeroed": (
        "Results on padding are not zero",
        "What should stand where a sample has no real step any more? Print one short sample, all L steps of it.",
    ),
    "length_one_too_long": (
        "One step of padding is read as if it were real",
        "With a length of 2, which values of t are real? Count from 0 and compare with your condition.",
    ),
    "length_one_too_short": (
        "The last real step of each sample is treated as padding",
        "With a length of 2, which values of t are real? Count from 0 and compare with your condition.",
    ),
    "not_unsorted": (
        "The samples come back in another order",
        "Sorting by length moves the samples. How do they find the way back to their places?",
    ),
    "unsorted_the_wrong_way": (
        "The samples were sorted by length, and put back in the wrong places",
        "Sort three samples by hand and write down where each went. Does your way back undo exactly that?",
    ),
    "lengths_must_be_sorted": (
        "It works only when the longest sample comes first",
        "lengths may come in any order. Which part of your code expects them sorted, and can it be told otherwise?",
    ),
    "one_length_for_all": (
        "The length of one sample is used for all of them",
        "Each sample has a length of its own. How many of the numbers in lengths does your code read?",
    ),
    "outputs_cut_to_longest": (
        "The results end at the longest length, not at L",
        "How many steps should the results have when every sample is shorter than L?",
    ),
    "lengths_must_be_a_tensor": (
        "lengths is used as if it were an array, but it may be a list",
        "A list of numbers can come in. What does comparing or indexing need it to be?",
    ),
    "state_zeroed_on_padding": (
        "The state is set to zero on padding",
        "Results on padding are zero. Is the state of a sample that has ended also zero, or does it stay?",
    ),
    "lengths_of_wrong_axis": (
        "lengths is compared along the wrong axis",
        "lengths has one number per sample. Which axis of your mask is the sample? Try N different from L.",
    ),
}


def said(id: str) -> dict[str, str]:
    """The title and the hint of an idea, for `Mistake(id, **said(id), edits=…)`. Raises KeyError for an unknown id."""
    title, hint = TITLES_AND_HINTS[id]
    return {"title": title, "hint": hint}
