"""What goes wrong in the module BiRNN: its parts, and the gradients through them."""

from ..shared.ideas import idea, way
from .places import MAKE_CELL, MAKE_LINEAR, cells, linears, table, using

SKIPPED = {"LINEAR_F": "outputs_f = states_f", "LINEAR_B": "outputs_b = states_b"}
TWO_CELLS = using(RUN_F="self.cells[0]", RUN_B="self.cells[1]") | {"MAKE_B": ""}
TWO_LINEARS = using(LINEAR_F="self.linears[0]", LINEAR_B="self.linears[1]") | {"MAKE_LB": ""}
IN_LIST = "self.{parts} = [{made} for _ in range(2)]"
IN_MODULE_LIST = "self.{parts} = nn.ModuleList({made} for _ in range(2))"
OWN_CELL = "nn.RNNCell(self.input_size, self.hidden_size)"
OWN_LINEAR = "nn.Linear(self.hidden_size, self.hidden_size)"

THE_MODULE = [
    table.mistake(
        "projection_skipped",
        ways=[way(**SKIPPED), way(LINEAR_F=SKIPPED["LINEAR_F"]), way(LINEAR_B=SKIPPED["LINEAR_B"])],
    ),
    table.mistake(
        "output_fed_back",
        {
            "BiRNN": way(
                CELL="linear = self.forward_linear if cell is self.forward_cell else self.backward_linear\n"
                "h_next = linear(cell(x_t, state))",
                **SKIPPED,
            )
        },
        at="-",
    ),
    table.mistake(
        "output_returned_as_state",
        ways=[
            way(needs="torch", PUT=f"{{last}} = torch.stack([{f}, {b}])")
            for f, b in (
                ("self.forward_linear(last_f)", "self.backward_linear(last_b)"),
                ("outputs_f[:, -1]", "outputs_b[:, 0]"),
                ("outputs_f[:, -1]", "outputs_b[:, -1]"),
            )
        ],
    ),
    table.mistake(
        "activation_on_output",
        ways=[
            *(
                way(
                    LINEAR_F=f"outputs_f = torch.{function}(self.forward_linear(states_f){axis})",
                    LINEAR_B=f"outputs_b = torch.{function}(self.backward_linear(states_b){axis})",
                )
                for function, axis in (("tanh", ""), ("relu", ""), ("sigmoid", ""), ("softmax", ", dim=-1"))
            ),
            way(needs="torch", JOIN="{JOIN}\noutputs = torch.softmax(outputs, dim=-1)"),
        ],
    ),
    table.mistake(
        "new_cell_at_each_step",
        ways=[way(CELL=f"h_next = {OWN_CELL[:-1]}, dtype=x.dtype)(x_t, state)")],
    ),
    table.mistake(
        "cells_in_a_list",
        ways=[
            way(MAKE_F=IN_LIST.format(parts="cells", made=MAKE_CELL), **TWO_CELLS),
            way(MAKE_LF=IN_LIST.format(parts="linears", made=MAKE_LINEAR), **TWO_LINEARS),
            way(
                MAKE_F=IN_LIST.format(parts="cells", made=MAKE_CELL),
                MAKE_LF=IN_LIST.format(parts="linears", made=MAKE_LINEAR),
                **TWO_CELLS,
                **TWO_LINEARS,
            ),
        ],
    ),
    table.mistake(
        idea(
            "parts_under_other_names",
            "The parts are in an nn.ModuleList, and not under the names asked for",
            "Print list(module.named_parameters()) and compare the names, dots and all, with the hand-out.",
            way(MAKE_F=IN_MODULE_LIST.format(parts="cells", made=MAKE_CELL), **TWO_CELLS),
            way(
                MAKE_F=IN_MODULE_LIST.format(parts="cells", made=MAKE_CELL),
                MAKE_LF=IN_MODULE_LIST.format(parts="linears", made=MAKE_LINEAR),
                **TWO_CELLS,
                **TWO_LINEARS,
            ),
        )
    ),
    table.mistake(
        "layers_made_in_forward",
        ways=[
            way(MAKE_LF="", MAKE_LB="", **using(LINEAR_F=OWN_LINEAR, LINEAR_B=OWN_LINEAR)),
            way(MAKE_F="", MAKE_B="", **using(RUN_F=OWN_CELL, RUN_B=OWN_CELL)),
            way(
                MAKE_F="",
                MAKE_B="",
                MAKE_LF="",
                MAKE_LB="",
                **using(RUN_F=OWN_CELL, RUN_B=OWN_CELL, LINEAR_F=OWN_LINEAR, LINEAR_B=OWN_LINEAR),
            ),
            # Made in __init__ as well, so that the names exist, and then again in every call.
            way(
                **using(
                    LINEAR_F=f"{OWN_LINEAR[:-1]}, dtype=x.dtype)",
                    LINEAR_B=f"{OWN_LINEAR[:-1]}, dtype=x.dtype)",
                )
            ),
            way(**using(LINEAR_F=OWN_LINEAR, LINEAR_B=OWN_LINEAR)),
        ],
    ),
    table.mistake(
        idea(
            "parts_without_bias",
            "A part is made without its bias",
            "Print the names of the parameters of your module. Which part has fewer of them than its kind usually has?",
            cells(f"{MAKE_CELL[:-1]}, bias=False)"),
            linears(f"{MAKE_LINEAR[:-1]}, bias=False)"),
        )
    ),
    table.mistake(
        idea(
            "linears_of_other_size",
            "The linear layers are made for both directions at once",
            "Each direction has a linear layer of its own. How many numbers has the state that goes into it?",
            linears(
                "nn.Linear(2 * hidden_size, hidden_size)",
                LINEAR_F="both = torch.cat([states_f, states_b], dim=2)\noutputs_f = self.forward_linear(both)",
                LINEAR_B="outputs_b = self.backward_linear(both)",
            ),
            linears("nn.Linear(hidden_size, 2 * hidden_size)", JOIN="outputs = outputs_f + outputs_b"),
        )
    ),
    table.mistake(
        idea(
            "whole_rnn_for_a_cell",
            "An nn.RNN stands where an nn.RNNCell is asked for",
            "One of the two reads whole sequences, the other takes a single step. Which kind is a cell?",
            cells(
                "nn.RNN(input_size, hidden_size, batch_first=True)",
                CELL="_, h_next = cell(x_t[:, None], state[None])\nh_next = h_next[0]",
            ),
        )
    ),
    table.mistake(
        idea(
            "another_kind_of_cell",
            "The cells are of another kind than nn.RNNCell",
            "Print your module and compare the kinds of its parts with the table in the hand-out.",
            cells("nn.GRUCell(input_size, hidden_size)"),
            cells(
                "nn.LSTMCell(input_size, hidden_size)",
                CELL="h_next, _ = cell(x_t, (state, torch.zeros_like(state)))",
            ),
        )
    ),
    table.mistake("sizes_swapped", ways=[cells("nn.RNNCell(hidden_size, input_size)")]),
    *table.mistakes("not_set_up"),
    table.mistake(
        "weights_frozen",
        ways=[
            way(
                MAKE_LB="\n".join(["{MAKE_LB}", *(f"{part}.requires_grad_(False)" for part in parts.split())])
            )
            for parts in (
                "self",
                "self.backward_cell",
                "self.backward_linear",
                "self.forward_cell self.backward_cell",
                "self.forward_linear self.backward_linear",
            )
        ],
    ),
    *table.mistakes("sliced_backwards"),
]

GRADIENTS = [
    table.mistake(
        "state_detached",
        {"BiRNN.run": [way(HOLD="{HOLD}.detach()"), way(RESULTS="return states, state.detach()")]},
    ),
    *table.mistakes("initial_state_detached input_detached"),
    # Not the last states alone: that is what detaching them in `run` comes to.
    table.mistake(
        "detached",
        at="-",
        ways=[
            way(needs="h0 torch", RESULTS="return outputs.detach(), {last}.detach()"),
            way(needs="h0 torch", RESULTS="return outputs.detach(), {last}"),
            way(needs="torch", TURN="{TURN}.detach()"),
            way(
                LINEAR_F="outputs_f = self.forward_linear(states_f.detach())",
                LINEAR_B="outputs_b = self.backward_linear(states_b.detach())",
            ),
            way(LINEAR_B="outputs_b = self.backward_linear(states_b.detach())"),
        ],
    ),
    *table.mistakes("through_numpy"),
]
