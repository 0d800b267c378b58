"""What goes wrong with gates: layers that are computed side by side, cut apart, and multiply something.

A gate's statement is called by its letter (I, F and O of an LSTM, R and Z of a GRU); what goes into its sigmoid is
`into_` and the letter. The candidate's are CANDIDATE and `into_candidate`.
"""

from collections.abc import Iterable

from .table import Way, idea, way

OF_LSTM, OF_GRU = "IFO", "RZ"
KINDS = (OF_LSTM, OF_GRU)


def each(template: str, gates: Iterable[str]) -> Way:
    """The statements of these gates, each replaced; IN stands for what goes into the gate's sigmoid.

    >>> each("{m}.tanh(IN)", "RZ").instead
    {'R': 'r = {m}.tanh({into_r})', 'Z': 'z = {m}.tanh({into_z})'}
    """
    return way(
        **{gate: f"{gate.lower()} = " + template.replace("IN", f"{{into_{gate.lower()}}}") for gate in gates}
    )


def everywhere(template: str) -> list[Way]:
    """All gates of a network changed at once."""
    return [each(template, gates) for gates in KINDS]


def anywhere(template: str) -> list[Way]:
    """One gate changed, whichever."""
    return [each(template, gate) for gates in KINDS for gate in gates]


IDEAS = [
    idea(
        "gates_interleaved",
        "Neighbouring columns are taken for different layers, not H columns side by side",
        "With H = 2, columns 0 and 1 belong to the first layer. Which columns does yours get?",
        way(CUT="{cut_into} = ({pre}[:, k::4] for k in range(4))"),
        way(CUT="{cut_into} = {pre}.reshape(len({pre}), -1, 4).swapaxes(0, 2).swapaxes(1, 2)"),
        way(
            CUT_INPUT="{input_layers} = (({input_part})[:, k::3] for k in range(3))",
            CUT_STATE="{state_layers} = (({state_part})[:, k::3] for k in range(3))",
        ),
    ),
    idea(
        "layers_transposed",
        "Each layer's columns of w_hidden are used transposed",
        "A layer's part of w_hidden is square, so no shape complains. Row i of it belongs to unit i of which state?",
        way(
            STATE="{from_state} = {state} @ {m}.hstack([part.T for part in {split}({w_hidden}, {layers}, {axis}=1)])"
        ),
    ),
    idea(
        "gates_cut_across_samples",
        "The layers are cut apart along the samples",
        "Print the shapes of your gates. Which axis of the sums holds the layers side by side?",
        way(CUT="{cut_into} = {split}({pre}, 4)"),
        way(
            CUT_INPUT="{input_layers} = {split}({input_part}, 3)",
            CUT_STATE="{state_layers} = {split}({state_part}, 3)",
        ),
    ),
    idea(
        "one_gate_for_all",
        "All gates are the same gate",
        "Print your gates for one step. They come from different columns, so should they be alike?",
        *(each(f"{{sigmoid}}({{into_{gate.lower()}}})", gates) for gates in KINDS for gate in gates),
    ),
    idea(
        "gates_coupled",
        "One gate is made as 1 minus the other",
        "Each gate has weights of its own. How many layers does your step compute, and does it use all of them?",
        way(F="f = 1 - i"),
        way(I="i = 1 - {sigmoid}({into_f})"),
        way(Z="z = 1 - r"),
        way(R="r = 1 - {sigmoid}({into_z})"),
    ),
    idea(
        "other_activation_of_a_gate",
        "A gate is not the sigmoid of its layer",
        "A gate lies between 0 and 1. Which function has such values, and do all of your gates?",
        *everywhere("{m}.tanh(IN)"),
        *everywhere("IN"),
        *anywhere("{m}.tanh(IN)"),
        *anywhere("IN"),
        *anywhere("{m}.exp(IN) / (1 + {m}.exp(2 * (IN)))"),
    ),
    idea(
        "sigmoid_upside_down",
        "The sigmoid is upside down: 1 / (1 + e^a)",
        "A gate opens when its layer is large. What does yours give for 10, and for -10?",
        *everywhere("{sigmoid}(-(IN))"),
        # In a GRU one gate upside down is the same as its two shares exchanged, and has a name of its own.
        *(each("{sigmoid}(-(IN))", gate) for gate in OF_LSTM),
    ),
    idea(
        "other_activation_of_the_candidate",
        "The candidate is not the tanh of its layer",
        "What is written may be negative as well. Which function stands at the candidate in the formulas?",
        way(CANDIDATE="{candidate} = {sigmoid}({into_candidate})"),
        way(CANDIDATE="{candidate} = {into_candidate}"),
        way(CANDIDATE="{candidate} = ({into_candidate}) * ({into_candidate} > 0)"),
    ),
    idea(
        "gates_multiplied_as_matrices",
        "A gate is multiplied as a matrix, not entry by entry",
        "Each unit has a gate of its own. Which product keeps the units apart?",
        way(MEMORY="c_next = f @ {memory} + i @ g"),
        way(NEW="h_next = o @ {m}.tanh(c_next)"),
        way(needs="MIX", CANDIDATE="n = {m}.tanh(a_n + r @ s_n)"),
        way(MIX="h_next = (1 - z) @ n + z @ {state}"),
    ),
]
