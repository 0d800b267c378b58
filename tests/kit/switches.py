"""Programs with any number of mistakes at once, made by switches, in a style of their own.

A template is a right program with marks `<<slot|right text>>`; a switch is one mistake, and puts other text into one or
more slots. Switches of different slots go together. Nothing here is made from a reference or from a table of mistakes.
"""

from __future__ import annotations

import hashlib
import itertools
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from . import switches_of_bptt as bptt
from . import switches_of_gates as gates
from . import switches_of_gru as gru
from .templates_of_networks import TEMPLATES as NETWORKS

_MARK = re.compile(r"<<(\w+)\|(.*?)>>", re.DOTALL)

#: Mistakes that together leave nothing but zeros, whatever comes in: of these nothing is said.
ZEROS = [{("outputs_ignored", "rnn_backward"), ("last_step_left_out", "rnn_backward")}]


@dataclass(frozen=True)
class Switch:
    """One mistake of one exercise: the ids that name it rightly, and what stands in which slots."""

    ids: tuple[str, ...]
    exercise: str
    texts: Mapping[str, str]

    @property
    def name(self) -> str:
        return (
            f"{self.ids[0]} in {self.exercise} ({', '.join(self.texts)}: {' / '.join(self.texts.values())})"
        )


def program(assignment: str, switches: tuple[Switch, ...] = ()) -> str:
    """The program of an assignment with some mistakes."""
    texts = {slot: text for switch in switches for slot, text in switch.texts.items()}
    return _MARK.sub(lambda mark: texts.get(mark[1], mark[2]), TEMPLATES[assignment])


def together(assignment: str, count: int, most: int, seed: str = "") -> list[tuple[Switch, ...]]:
    """Up to `most` sets of `count` mistakes, in the order of a digest: always the same, spread over all switches.

    Three in four are in one exercise, which is the harder. Another `seed` gives other sets.
    """
    sets = sorted(_sets(assignment, count), key=lambda switches: _place(switches, seed))
    same = [switch_set for switch_set in sets if len({switch.exercise for switch in switch_set}) == 1]
    other = [switch_set for switch_set in sets if len({switch.exercise for switch in switch_set}) > 1]
    few = most // 4
    return same[: most - few] + other[:few]


def _sets(assignment: str, count: int) -> Iterator[tuple[Switch, ...]]:
    for switches in itertools.combinations(SWITCHES[assignment], count):
        slots = [slot for switch in switches for slot in switch.texts]
        ids = {(switch.ids[0], switch.exercise) for switch in switches}
        if len(set(slots)) == len(slots) and len(ids) == count and not any(ids >= zero for zero in ZEROS):
            yield switches


def _place(switches: tuple[Switch, ...], seed: str) -> str:
    return hashlib.sha256((seed + "\n".join(switch.name for switch in switches)).encode()).hexdigest()


def _switches(exercise: str, table: Mapping[str, list[Mapping[str, str]]]) -> list[Switch]:
    return [
        Switch(tuple(ids.split()), exercise, texts) for ids, variants in table.items() for texts in variants
    ]


_CELL_TABLE: Mapping[str, list[Mapping[str, str]]] = {
    "no_tanh": [{"c_act": "net"}],
    "other_activation": [{"c_act": "net.relu()"}, {"c_act": "net.sigmoid()"}],
    "tanh_twice": [{"c_act": "net.tanh().tanh()"}],
    "state_without_its_weights": [{"c_mh": "h"}],
    "w_hidden_transposed": [{"c_mh": "h.matmul(self.w_hidden.t())"}],
    "w_input_transposed": [{"c_mi": "self.w_input.t()"}],
    "no_bias": [{"c_add": ""}],
    "bias_twice": [{"c_add": "+ 2 * self.bias"}],
    "bias_subtracted": [{"c_add": "- self.bias"}],
    "state_averaged_over_batch": [{"c_h": "hidden_state.mean(0, keepdim=True)"}],
    "state_detached": [{"c_h": "hidden_state.detach()"}],
    "detached": [{"c_ret": "out.detach()"}],
    "ones_initial_state": [{"c_zero": "torch.ones(len(x), self.n_hidden).to(x)"}],
    "weights_frozen": [{"c_b": "nn.Parameter(scale * torch.rand(hidden_size), requires_grad=False)"}],
    "weights_not_registered": [{"c_b": "scale * torch.rand(hidden_size)"}],
}

TEMPLATES: Mapping[str, str] = {
    "bptt": bptt.TEMPLATE,
    "gru": gru.TEMPLATE,
    "lstm": gates.TEMPLATE,
    **NETWORKS,
}

_ONE_STEP: Mapping[str, list[Mapping[str, str]]] = {
    "no_tanh": [{"act": "net"}],
    "other_activation": [{"act": "np.maximum(0, net)"}, {"act": "1 / (1 + np.exp(-net))"}],
    "tanh_twice": [{"act": "np.tanh(np.tanh(net))"}],
    "no_bias": [{"add": ""}],
}

SWITCHES: Mapping[str, list[Switch]] = {
    "bptt": _switches("rnn_cell_backward", bptt.CELL)
    + _switches("rnn_backward", bptt.LOOP)
    + _switches("truncated_backward", bptt.PIECES),
    "gru": _switches("gru_cell_forward", gru.CELL) + _switches("GRU", gru.NETWORK),
    "lstm": _switches("lstm_cell_forward", gates.CELL) + _switches("LSTM", gates.NETWORK),
    "rnn_cell": _switches(
        "rnn_cell_forward",
        {
            **_ONE_STEP,
            "bias_twice": [{"add": "+ bias + bias"}],
            "bias_subtracted": [{"add": "- bias"}],
            "bias_wrong_axis": [{"add": "+ bias.reshape(-1, 1)"}],
            "state_without_its_weights": [{"wh": "h_prev"}],
            "w_hidden_transposed": [{"wh": "h_prev.dot(w_hidden.T)"}],
            "w_input_transposed": [{"wi": "w_input.transpose()"}],
            "state_averaged_over_batch": [{"wh": "np.dot(h_prev.mean(0)[None, :], w_hidden)"}],
            "state_ignored": [{"wh": "0 * h_prev.dot(w_hidden)"}],
            "state_added_on_top": [{"end": "new = new + h_prev"}],
            "result_transposed": [{"ret": "new.transpose()"}],
            "cell_returns_tuple": [{"ret": "(new, new)"}],
            "dtype_float32": [{"ret": "np.float32(new)"}],
            "batch_axis_squeezed": [{"ret": "np.squeeze(new)"}],
        },
    )
    + _switches("RNNCell", _CELL_TABLE),
    "rnn": _switches(
        "rnn_forward",
        {
            **_ONE_STEP,
            "bias_subtracted": [{"add": "- bias"}],
            "state_without_its_weights": [{"wh": "h"}],
            "w_hidden_transposed": [{"wh": "np.matmul(h, w_hidden.T)"}],
            "state_not_carried": [{"wh": "np.matmul(h0, w_hidden)"}],
            "w_input_transposed": [{"wi": "w_input.T"}],
            "initial_state_ignored": [{"h0": "0 * h0"}],
            "lengths_ignored": [{"given": "lengths is None or True"}],
            "length_one_too_long": [{"go": "i <= stop"}],
            "length_one_too_short": [{"go": "i < stop - 1"}],
            "final_state_on_padding": [{"hold": "new"}],
            "padding_not_zeroed": [{"out": "h"}],
            "reads_one_step_always": [{"read": "-1"}, {"read": "0"}],
            "input_off_by_one": [{"read": "-i"}, {"read": "i - 1"}],
            "reads_backwards": [{"read": "steps - 1 - i"}],
            "stops_one_step_early": [{"range": "steps - 1"}],
            "starts_one_step_late": [{"range": "1, steps"}],
            "outputs_one_step_late": [{"out": "old * go"}],
            "time_axis_first": [{"join": "np.stack(seq)"}],
            "reshaped_not_transposed": [{"join": "np.array(seq).reshape(n, steps, -1)"}],
            "last_state_is_initial": [{"last": "h0"}],
            "results_swapped": [{"end": "return h, np.stack(seq, 1)"}],
            "last_state_is_the_first": [{"last": "seq[0]"}],
            "dtype_float32": [{"end": "h = np.float32(h)"}],
        },
    )
    + _switches(
        "RNNCell",
        {
            ids: _CELL_TABLE[ids]
            for ids in (
                *("no_tanh", "tanh_twice", "state_without_its_weights", "w_hidden_transposed"),
                *("bias_twice", "no_bias", "ones_initial_state"),
            )
        },
    )
    + _switches(
        "RNN",
        {
            "initial_state_ignored": [{"t_none": "True"}],
            "ones_initial_state": [{"t_zero": "torch.ones(n, self.n_hidden, dtype=x.dtype)"}],
            "dtype_float32": [
                {"t_zero": "torch.zeros(n, self.n_hidden)"},
                {"t_join": "torch.stack(seq, 1).float()"},
            ],
            "lengths_ignored": [{"t_given": "True"}],
            "length_one_too_long": [{"t_go": "i <= stop"}],
            "length_one_too_short": [{"t_go": "i + 1 < stop"}],
            "final_state_on_padding": [{"t_hold": "new"}],
            "final_state_from_zeros": [{"t_hold": "new * go"}],
            "padding_not_zeroed": [{"t_mask": "y"}],
            "projection_skipped": [{"t_out": "h"}],
            "projection_transposed": [{"t_out": "torch.matmul(h, self.w_output.t())"}],
            "activation_on_output": [
                {"t_out": "torch.matmul(h, self.w_output).tanh()"},
                {"t_out": "torch.matmul(h, self.w_output).softmax(-1)"},
            ],
            "state_not_carried": [{"t_state": "hidden_state"}],
            "state_detached": [{"t_state": "h.detach()"}],
            "reads_one_step_always": [{"t_read": "0"}],
            "input_off_by_one": [{"t_read": "max(i - 1, 0)"}],
            "reads_backwards": [{"t_read": "-1 - i"}],
            "stops_one_step_early": [{"t_range": "steps - 1"}],
            "time_axis_first": [{"t_join": "torch.stack(seq)"}],
            "reshaped_not_transposed": [{"t_join": "torch.stack(seq).view(n, steps, -1)"}],
            "output_returned_as_state": [{"t_last": "torch.matmul(h, self.w_output)"}],
            "last_state_is_initial": [{"t_last": "hidden_state"}],
            "detached": [{"t_last": "h.detach()"}],
            "last_state_has_an_axis_more": [{"t_last": "h.unsqueeze(0)"}],
        },
    ),
    "birnn": _switches(
        "birnn_forward",
        {
            **_ONE_STEP,
            "bias_twice": [{"add": "+ 2 * b"}],
            "w_hidden_transposed": [{"wh": "np.matmul(h, u.T)"}],
            "state_without_its_weights": [{"wh": "h"}],
            "lengths_ignored": [{"given": "True"}],
            "length_one_too_long": [{"go": "i <= stop"}],
            "final_state_on_padding": [{"hold": "new"}],
            "backward_not_realigned": [{"back": "back"}],
            "backward_not_reversed": [{"turn": "x", "back": "back"}],
            "one_state_for_both": [{"state_b": "h0[0]"}],
            "state_of_one_direction_ignored": [{"state_f": "0 * h0[0]"}],
            "backward_starts_from_forward": [{"begin": "last"}],
            "same_weights_for_both": [{"weights_b": "forward_weights"}],
            "halves_swapped": [{"join": "np.concatenate((back, there), -1)"}],
            "halves_added": [{"join": "there + back"}],
            "joined_along_another_axis": [{"join": "np.concatenate((there, back), 1)"}],
            "last_states_swapped": [{"ends": "np.array([first, last])"}],
            "one_last_state_twice": [{"ends": "np.array([last, last])"}],
            "last_states_put_together_wrongly": [{"ends": "np.concatenate((last, first), -1)"}],
            "results_swapped": [{"ret": "hidden, outputs"}],
            "dtype_float32": [{"end": "outputs = np.float32(outputs)"}],
            "only_last_output": [{"end": "outputs = outputs[:, -1]"}],
        },
    )
    + _switches(
        "BiRNN",
        {
            "lengths_ignored": [{"t_given": "True"}],
            "initial_state_ignored": [{"t_none": "True"}],
            "ones_initial_state": [{"t_zero": "torch.ones(2, n, self.n_hidden, dtype=x.dtype)"}],
            "dtype_float32": [
                {"t_zero": "torch.zeros(2, n, self.n_hidden)"},
                {"t_end": "outputs = outputs.float()"},
            ],
            "final_state_on_padding": [{"t_hold": "new"}],
            "state_ignored": [{"t_carry": "torch.zeros_like(h)"}],
            "state_detached": [{"t_carry": "h.detach()"}],
            "backward_not_realigned": [{"t_back": "back"}],
            "backward_not_reversed": [{"t_turn": "x", "t_back": "back"}],
            "one_state_for_both": [{"t_state_b": "hidden[0]"}],
            "state_of_one_direction_ignored": [{"t_state_b": "0 * hidden[1]"}],
            "backward_starts_from_forward": [{"t_begin": "last"}],
            "same_weights_for_both": [{"t_cell_b": "self.forward_cell"}],
            "same_linear_for_both": [{"t_lin_b": "self.forward_linear(back)"}],
            "projection_skipped": [{"t_lin_f": "there", "t_lin_b": "back"}],
            "halves_swapped": [{"t_join": "torch.cat((back, there), -1)"}],
            "halves_added": [{"t_join": "there + back"}],
            "padding_not_zeroed": [{"t_mask": "pass"}],
            "last_states_swapped": [{"t_ends": "torch.stack((first, last))"}],
            "last_states_put_together_wrongly": [{"t_ends": "torch.cat((last, first), -1)"}],
            "results_swapped": [{"t_ret": "hidden_n, outputs"}],
            "only_last_output": [{"t_end": "outputs = outputs[:, -1]"}],
            "detached": [{"t_ret": "outputs.detach(), hidden_n"}],
        },
    ),
}
