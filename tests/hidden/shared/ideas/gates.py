"""What goes wrong with gates: layers that are computed side by side, cut apart, and multiply something.

Layers are called by their letters. `Gates` knows them in the order in which they lie; it has the words for the places
of such a cell, and the ideas of mistakes that depend on how many there are and what they are called:

>>> GATES = Gates("ifgo", candidate="g", pair="if")
>>> STEP = Place("lstm_cell_forward", NUMPY | GATES.words | MEMORY | …)
>>> table = of(STEP, more=[*GATES.ideas, *OF_MEMORY])

A gate's statement is its letter as a capital; what goes into its sigmoid is `into_` and the letter. The candidate's are
CANDIDATE and `into_candidate`. What gates do to a memory is in `memory`, what they do to a state in `update`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from itertools import permutations

from .table import Idea, Way, idea, way
from .words import PARTS_OF_STEP, STEP

NUMBERS = {2: "two", 3: "three", 4: "four", 5: "five"}


def each(template: str, gates: Iterable[str]) -> Way:
    """Replace each of the statements of these gates; IN stands for what goes into the gate's sigmoid.

    >>> each("{m}.tanh(IN)", "rz").instead
    {'R': 'r = {m}.tanh({into_r})', 'Z': 'z = {m}.tanh({into_z})'}
    """
    return way(**{gate.upper(): f"{gate} = " + template.replace("IN", f"{{into_{gate}}}") for gate in gates})


def named(part: str, letters: Iterable[str]) -> str:
    """Name the layers of one part in this order.

    >>> named("a", "zrn")
    'a_z, a_r, a_n'
    """
    return ", ".join(f"{part}_{letter}" for letter in letters)


def cut_apart(of_input: str = "{input_layers}", of_state: str = "{state_layers}") -> Way:
    """Return two statements that cut the parts of input and state, into layers that are called otherwise."""
    return way(
        CUT_INPUT=f"{of_input} = {{split}}({{input_part}}, {{layers}}, {{axis}}=1)",
        CUT_STATE=f"{of_state} = {{split}}({{state_part}}, {{layers}}, {{axis}}=1)",
    )


@dataclass(frozen=True)
class Gates:
    """The layers of a cell by their letters, in order; each but the candidate is a gate, a sigmoid.

    `apart`: the parts of input and state are cut each for itself, as in a GRU, and not as one sum. `pair` are two gates
    that are taken for each other. `turned` are gates that have another idea for being upside down: 1 - z for z.

    >>> GRU = Gates("rzn", candidate="n", pair="rz", apart=True, turned="z")
    >>> GRU.gates, GRU.exchanged
    ('rz', 'zrn')
    """

    order: str
    candidate: str
    pair: str = ""
    apart: bool = False
    turned: str = ""

    @property
    def gates(self) -> str:
        """The layers without the candidate."""
        return self.order.replace(self.candidate, "")

    @property
    def exchanged(self) -> str:
        """The order with the pair exchanged; the order itself where there is no pair."""
        return self.order.translate(str.maketrans(self.pair, self.pair[::-1]))

    @property
    def sizes(self) -> dict[str, str]:
        """The sizes of the weights of so many layers, for a place that makes them."""
        wide = f"{len(self.order)} * hidden_size"
        return {
            "size_w_input": f"input_size, {wide}",
            "size_w_input_turned": f"{wide}, input_size",
            "size_w_hidden": f"hidden_size, {wide}",
            "size_bias": wide,
        }

    @property
    def words(self) -> dict[str, str]:
        """The words of a step with these gates, but for the formula of what comes out."""
        common = {
            "layers": str(len(self.order)),
            "how_many": NUMBERS[len(self.order)],
            "order": ", ".join(self.order),
            "candidate": self.candidate,
            "CANDIDATE": "{candidate} = {m}.tanh({into_candidate})",
            **{gate.upper(): f"{gate} = {{sigmoid}}({{into_{gate}}})" for gate in self.gates},
        }
        if not self.apart:
            return {
                **{name: STEP[name] for name in ("pre", "from_input", "from_state", "INPUT", "STATE", "SUM")},
                **common,
                **{f"into_{gate}": f"a_{gate}" for gate in self.gates},
                "into_candidate": f"a_{self.candidate}",
                "CUT": "{cut_into} = {split}({pre}, {layers}, {axis}=1)",
                "cut_into": named("a", self.order),
                "exchanged": named("a", self.exchanged),
            }
        mine = f"[{self.order.index(self.candidate)}]"
        return {
            **PARTS_OF_STEP,
            **common,
            **{f"into_{gate}": f"a_{gate} + s_{gate}" for gate in self.gates},
            "into_candidate": "{a_candidate} + {s_candidate}",
            "a_candidate": f"a_{self.candidate}",
            "s_candidate": f"s_{self.candidate}",
            "input_layers": named("a", self.order),
            "state_layers": named("s", self.order),
            "exchanged_input": named("a", self.exchanged),
            "exchanged_state": named("s", self.exchanged),
            # The candidate's columns of the weights
            "w_candidate": f"{{split}}({{w_hidden}}, {{layers}}, {{axis}}=1){mine}",
            "b_candidate": f"{{split}}({{bias_hidden}}, {{layers}}){mine}",
        }

    @cached_property
    def ideas(self) -> list[Idea]:
        """What goes wrong with these gates, whatever they do."""
        gates, orders = self.gates, ["".join(order) for order in permutations(self.order)]
        orders = [order for order in orders if order not in (self.order, self.exchanged)]
        return [
            *(self._of_parts(orders) if self.apart else self._of_one_sum(orders)),
            *(self._of_a_pair(*self.pair) if self.pair else ()),
            idea(
                "gate_used_twice",
                "One gate is used in the place of another",
                f"Print {', '.join(gates[:-1])} and {gates[-1]} for one step. Which two are the same, and which columns"
                " does each one come from?",
                *(
                    way(**{gate.upper(): f"{gate} = {{sigmoid}}({{into_{other}}})"})
                    for gate in gates
                    for other in gates
                    if other != gate
                ),
            ),
            idea(
                "one_gate_for_all",
                "All gates are the same gate",
                "Print your gates for one step. They come from different columns, so should they be alike?",
                # In one statement, so that no other mistake makes one of them anew.
                *(
                    way(
                        **{name.upper(): "" for name in gates[1:]},
                        **{gates[0].upper(): f"{' = '.join(gates)} = {{sigmoid}}({{into_{gate}}})"},
                    )
                    for gate in gates
                ),
            ),
            idea(
                "other_activation_of_a_gate",
                "A gate is not the sigmoid of its layer",
                "A gate lies between 0 and 1. Which function has such values, and do all of your gates?",
                *(each(other, gates) for other in ("{m}.tanh(IN)", "IN")),
                *(
                    each(other, gate)
                    for other in ("{m}.tanh(IN)", "IN", "1 / (2 * {m}.cosh(IN))")
                    for gate in gates
                ),
            ),
            idea(
                "sigmoid_upside_down",
                "The sigmoid is upside down: 1 / (1 + e^a)",
                "A gate opens when its layer is large. What does yours give for 10, and for -10?",
                each("{sigmoid}(-(IN))", gates),
                *(each("{sigmoid}(-(IN))", gate) for gate in gates if gate not in self.turned),
            ),
            idea(
                "activations_exchanged",
                "The gates have a tanh, and the candidate has a sigmoid",
                "There are two functions in the formulas. Where does each of them stand?",
                way(
                    **each("{m}.tanh(IN)", gates).instead,
                    CANDIDATE="{candidate} = {sigmoid}({into_candidate})",
                ),
            ),
        ]

    def _of_one_sum(self, orders: list[str]) -> list[Idea]:
        return [
            idea(
                *ANOTHER_ORDER,
                *(
                    way(CUT=f"{named('a', order)} = {{split}}({{pre}}, {{layers}}, {{axis}}=1)")
                    for order in orders
                ),
            )
        ]

    def _of_parts(self, orders: list[str]) -> list[Idea]:
        gates = self.gates
        return [
            idea(
                *ANOTHER_ORDER,
                *(cut_apart(named("a", order), named("s", order)) for order in orders),
            ),
            idea(
                "orders_disagree",
                "The layers of the input and those of the state are cut apart in different orders",
                "Compare the two lines that cut. Is the second layer of one also the second layer of the other?",
                *(cut_apart(of_input=named("a", self.exchanged)) for _ in self.pair[:1]),
                *(cut_apart(of_state=named("s", self.exchanged)) for _ in self.pair[:1]),
                *(cut_apart(of_state=named("s", order)) for order in orders),
                *(cut_apart(of_input=named("a", order)) for order in orders),
            ),
            idea(
                "gate_reads_one_side",
                "A gate reads the input alone, or the old state alone",
                "Each gate is the sigmoid of a sum. How many terms has yours, and where does each come from?",
                *(
                    way(**{gate.upper(): f"{gate} = {{sigmoid}}({part}_{gate})" for gate in some})
                    for some in dict.fromkeys((*gates, gates))
                    for part in "as"
                ),
            ),
        ]

    def _of_a_pair(self, first: str, second: str) -> list[Idea]:
        return [
            idea(
                "gates_coupled",
                "One gate is made as 1 minus the other",
                "Each gate has weights of its own. How many layers does your step compute,"
                " and does it use all of them?",
                way(**{second.upper(): f"{second} = 1 - {first}"}),
                way(**{first.upper(): f"{first} = 1 - {{sigmoid}}({{into_{second}}})"}),
            )
        ]


ANOTHER_ORDER = (
    "gates_in_another_order",
    "The {how_many} layers are in another order than {order}",
    "Other libraries order them otherwise. Which columns and which function does each of your layers get, and which"
    " should it?",
)

IDEAS = [
    idea(
        "gates_interleaved",
        "Neighbouring columns are taken for different layers, not H columns side by side",
        "With H = 2, columns 0 and 1 belong to the first layer. Which columns does yours get?",
        way(CUT="{cut_into} = ({pre}[:, k::{layers}] for k in range({layers}))"),
        way(CUT="{cut_into} = {pre}.reshape(len({pre}), -1, {layers}).swapaxes(0, 2).swapaxes(1, 2)"),
        way(
            CUT_INPUT="{input_layers} = (({input_part})[:, k::{layers}] for k in range({layers}))",
            CUT_STATE="{state_layers} = (({state_part})[:, k::{layers}] for k in range({layers}))",
        ),
        # In lines of its own, so that it goes together with what is wrong in the sums that are cut.
        way(
            CUT_INPUT="{CUT_INPUT}\n"
            "{input_layers} = ({m}.hstack(({input_layers}))[:, k::{layers}] for k in range({layers}))",
            CUT_STATE="{CUT_STATE}\n"
            "{state_layers} = ({m}.hstack(({state_layers}))[:, k::{layers}] for k in range({layers}))",
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
        way(CUT="{cut_into} = {split}({pre}, {layers})"),
        way(
            CUT_INPUT="{input_layers} = {split}({input_part}, {layers})",
            CUT_STATE="{state_layers} = {split}({state_part}, {layers})",
        ),
    ),
    idea(
        "other_activation_of_the_candidate",
        "The candidate is not the tanh of its layer",
        "What is written may be negative as well. Which function stands at the candidate in the formulas?",
        way(CANDIDATE="{candidate} = {sigmoid}({into_candidate})"),
        way(CANDIDATE="{candidate} = {into_candidate}"),
        way(CANDIDATE="{candidate} = ({into_candidate}).clip(0)"),
    ),
    idea(
        "gates_multiplied_as_matrices",
        "A gate is multiplied as a matrix, not entry by entry",
        "Each unit has a gate of its own. Which product keeps the units apart?",
        way(MEMORY="{new_memory} = {forget} @ {memory} + {write} @ {candidate}"),
        way(NEW="{new} = {show} @ {m}.tanh({new_memory})"),
        way(CANDIDATE="{candidate} = {m}.tanh({a_candidate} + {reset} @ {s_candidate})"),
        way(MIX="{new} = {writes} @ {candidate} + {keeps} @ {state}"),
    ),
]
