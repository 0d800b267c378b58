"""The template of the GRU and its switches, for `switches`."""

from __future__ import annotations

from collections.abc import Mapping

Table = Mapping[str, list[Mapping[str, str]]]

TEMPLATE = """\
import numpy as np
import torch
import torch.nn as nn


def squash(v):
    return 1.0 / (1.0 + np.exp(-v))


def gru_cell_forward(x, h_prev, w_input, w_hidden, bias_input, bias_hidden):
    size = h_prev.shape[1]
    p = np.dot(x, <<wi|w_input>>) <<bi|+ bias_input>>
    q = <<wh|np.dot(h_prev, w_hidden)>> <<bh|+ bias_hidden>>
    heard = <<cut_p|[p[:, k * size:(k + 1) * size] for k in range(3)]>>
    kept = <<cut_q|[q[:, k * size:(k + 1) * size] for k in range(3)]>>
    reset = <<r|squash(heard[0] + kept[0])>>
    update = <<z|squash(heard[1] + kept[1])>>
    cand = <<n|np.tanh(heard[2] + reset * kept[2])>>
    new = <<mix|cand + update * (h_prev - cand)>>
    <<end|>>
    return <<ret|new>>


class GRU(nn.Module):
    def __init__(self, input_size, hidden_size):
        super().__init__()
        self.n = hidden_size
        scale = hidden_size ** -0.5
        self.w_input = nn.Parameter(scale * (2 * torch.rand(input_size, 3 * hidden_size) - 1))
        self.w_hidden = nn.Parameter(scale * (2 * torch.rand(hidden_size, 3 * hidden_size) - 1))
        self.bias_input = <<t_b|nn.Parameter(scale * (2 * torch.rand(3 * hidden_size) - 1))>>
        self.bias_hidden = nn.Parameter(scale * (2 * torch.rand(3 * hidden_size) - 1))

    def step(self, x, old):
        p = <<t_wi|x.matmul(self.w_input)>> <<t_bi|+ self.bias_input>>
        q = <<t_wh|old.matmul(self.w_hidden)>> <<t_bh|+ self.bias_hidden>>
        heard = <<t_cut_p|p.split(self.n, 1)>>
        kept = <<t_cut_q|q.split(self.n, 1)>>
        reset = <<t_r|(heard[0] + kept[0]).sigmoid()>>
        update = <<t_z|(heard[1] + kept[1]).sigmoid()>>
        cand = <<t_n|(heard[2] + reset * kept[2]).tanh()>>
        return <<t_mix|cand + update * (old - cand)>>

    def forward(self, x, hidden_state=None, lengths=None):
        n, steps = x.shape[0], x.shape[1]
        if <<t_given|lengths is None>>:
            lengths = n * [steps]
        stop = torch.tensor(list(lengths)).view(n, 1)
        if <<t_none|hidden_state is None>>:
            hidden_state = <<t_zero|torch.zeros(n, self.n, dtype=x.dtype)>>
        old = hidden_state
        seq = []
        for i in range(<<t_range|steps>>):
            before = old
            new = self.step(x.select(1, <<t_read|i>>), <<t_state|old>>)
            go = <<t_go|i < stop>>
            old = <<t_hold|torch.where(go, new, old)>>
            seq.append(<<t_out|old * go>>)
        outputs = <<t_join|torch.stack(seq, 1)>>
        <<t_end|>>
        return <<t_ret|outputs, old>>
"""

CELL: Table = {
    "no_bias": [{"bi": "", "bh": ""}],
    "one_bias_missing": [{"bi": ""}, {"bh": ""}],
    "one_bias_for_both": [{"bh": "+ bias_input"}],
    "biases_exchanged": [{"bi": "+ bias_hidden", "bh": "+ bias_input"}],
    "bias_subtracted": [{"bi": "- bias_input"}, {"bh": "- bias_hidden"}],
    "bias_twice": [{"bi": "+ 2 * bias_input"}],
    "reset_and_update_exchanged": [
        {
            "cut_p": "[p[:, k * size:(k + 1) * size] for k in (1, 0, 2)]",
            "cut_q": "[q[:, k * size:(k + 1) * size] for k in (1, 0, 2)]",
        }
    ],
    "gates_in_another_order": [
        {"cut_p": "np.split(p, 3, -1)[::-1]", "cut_q": "np.split(q, 3, -1)[::-1]"},
    ],
    "orders_disagree": [{"cut_q": "np.split(q, 3, -1)[::-1]"}],
    "gates_interleaved": [
        {"cut_p": "[p[:, k::3] for k in range(3)]", "cut_q": "[q[:, k::3] for k in range(3)]"}
    ],
    "gate_reads_one_side": [{"r": "squash(heard[0])"}, {"z": "squash(heard[1])"}],
    "sigmoid_upside_down": [{"r": "squash(-heard[0] - kept[0])"}],
    "other_activation_of_a_gate": [
        {"r": "np.tanh(heard[0] + kept[0])"},
        {"z": "np.tanh(heard[1] + kept[1])"},
    ],
    "other_activation_of_the_candidate": [
        {"n": "squash(heard[2] + reset * kept[2])"},
        {"n": "heard[2] + reset * kept[2]"},
    ],
    "reset_ignored": [{"n": "np.tanh(heard[2] + kept[2])"}],
    "candidate_without_state": [{"n": "np.tanh(heard[2])"}],
    "candidate_without_input": [{"n": "np.tanh(reset * kept[2])"}],
    "reset_of_the_wrong_part": [{"n": "np.tanh(reset * (heard[2] + kept[2]))"}],
    "reset_upside_down": [{"n": "np.tanh(heard[2] + kept[2] - reset * kept[2])"}],
    "reset_outside_tanh": [{"n": "reset * np.tanh(heard[2] + kept[2])"}],
    "update_upside_down": [{"mix": "h_prev + update * (cand - h_prev)"}],
    "old_state_not_kept": [{"mix": "cand - update * cand"}],
    "update_gate_not_used": [{"mix": "cand"}],
    "parts_do_not_add_up": [{"mix": "cand + update * h_prev"}, {"mix": "update * (cand + h_prev)"}],
    "sign_slipped_in_the_mix": [{"mix": "cand - update * (h_prev - cand)"}],
    "mixed_inside_tanh": [{"mix": "np.tanh(cand + update * (h_prev - cand))"}],
    "cell_returns_tuple": [{"ret": "(new, new)"}],
    "result_transposed": [{"ret": "new.transpose()"}],
    "returns_old_state": [{"ret": "h_prev"}],
    "dtype_float32": [{"end": "new = np.float32(new)"}],
    "batch_axis_squeezed": [{"end": "new = np.squeeze(new)"}],
}

NETWORK: Table = {
    "no_bias": [{"t_bi": "", "t_bh": ""}],
    "one_bias_missing": [{"t_bh": ""}],
    "one_bias_for_both": [{"t_bi": "+ self.bias_hidden"}],
    "biases_exchanged": [{"t_bi": "+ self.bias_hidden", "t_bh": "+ self.bias_input"}],
    "weights_not_registered": [{"t_b": "scale * torch.rand(3 * hidden_size)"}],
    "weights_frozen": [{"t_b": "nn.Parameter(scale * torch.rand(3 * hidden_size), requires_grad=False)"}],
    "reset_and_update_exchanged": [
        {
            "t_cut_p": "[p.split(self.n, 1)[k] for k in (1, 0, 2)]",
            "t_cut_q": "[q.split(self.n, 1)[k] for k in (1, 0, 2)]",
        }
    ],
    "gates_in_another_order": [
        {
            "t_cut_p": "[p.split(self.n, 1)[k] for k in (2, 0, 1)]",
            "t_cut_q": "[q.split(self.n, 1)[k] for k in (2, 0, 1)]",
        }
    ],
    "gate_reads_one_side": [{"t_z": "heard[1].sigmoid()"}],
    "other_activation_of_the_candidate": [{"t_n": "(heard[2] + reset * kept[2]).relu()"}],
    "reset_ignored": [{"t_n": "(heard[2] + kept[2]).tanh()"}],
    "candidate_without_state": [{"t_n": "heard[2].tanh()"}],
    "reset_of_the_wrong_part": [{"t_n": "(reset * (heard[2] + kept[2])).tanh()"}],
    "update_upside_down": [{"t_mix": "old + update * (cand - old)"}],
    "update_gate_not_used": [{"t_mix": "cand"}],
    "old_state_not_kept": [{"t_mix": "(1 - update) * cand"}],
    "lengths_ignored": [{"t_given": "True"}],
    "length_one_too_long": [{"t_go": "i <= stop"}],
    "length_one_too_short": [{"t_go": "i + 1 < stop"}],
    "final_state_on_padding": [{"t_hold": "new"}],
    "padding_not_zeroed": [{"t_out": "old"}],
    "initial_state_ignored": [{"t_none": "True"}],
    "ones_initial_state": [{"t_zero": "torch.ones(n, self.n, dtype=x.dtype)"}],
    "dtype_float32": [
        {"t_zero": "torch.zeros(n, self.n)"},
        {"t_end": "outputs, old = outputs.float(), old.float()"},
    ],
    "state_not_carried": [{"t_state": "hidden_state"}],
    "state_detached": [{"t_state": "old.detach()"}],
    "input_off_by_one": [{"t_read": "i - 1"}],
    "reads_backwards": [{"t_read": "-1 - i"}],
    "reads_one_step_always": [{"t_read": "0"}],
    "stops_one_step_early": [{"t_range": "steps - 1"}],
    "outputs_one_step_late": [{"t_out": "before * go"}],
    "time_axis_first": [{"t_join": "torch.stack(seq)"}],
    "reshaped_not_transposed": [{"t_join": "torch.stack(seq).view(n, steps, -1)"}],
    "last_state_is_initial": [{"t_ret": "outputs, hidden_state"}],
    "last_state_is_the_first": [{"t_ret": "outputs, seq[0]"}],
    "last_state_has_an_axis_more": [{"t_ret": "outputs, old.unsqueeze(0)"}],
    "results_swapped": [{"t_ret": "old, outputs"}],
    "only_last_output": [{"t_end": "outputs = outputs[:, -1]"}],
    "detached": [{"t_ret": "outputs.detach(), old"}],
}
