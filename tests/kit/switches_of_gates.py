"""The template of the LSTM and its switches, for `switches`."""

from __future__ import annotations

from collections.abc import Mapping

Table = Mapping[str, list[Mapping[str, str]]]

TEMPLATE = """\
import numpy as np
import torch
import torch.nn as nn


def squash(v):
    return 1.0 / (1.0 + np.exp(-v))


def lstm_cell_forward(x, h_prev, c_prev, w_input, w_hidden, bias):
    size = h_prev.shape[1]
    z = np.dot(x, <<wi|w_input>>) + <<wh|np.dot(h_prev, w_hidden)>> <<add|+ bias>>
    part = <<cut|[z[:, k * size:(k + 1) * size] for k in range(4)]>>
    write = <<i|squash(part[0])>>
    keep = <<f|squash(part[1])>>
    cand = <<g|np.tanh(part[2])>>
    show = <<o|squash(part[3])>>
    memory = <<mem|np.multiply(keep, c_prev) + np.multiply(write, cand)>>
    new = <<new|show * np.tanh(memory)>>
    <<end|>>
    return <<ret|new, memory>>


class LSTM(nn.Module):
    def __init__(self, input_size, hidden_size):
        super().__init__()
        self.n = hidden_size
        scale = hidden_size ** -0.5
        self.w_input = nn.Parameter(scale * (2 * torch.rand(input_size, 4 * hidden_size) - 1))
        self.w_hidden = nn.Parameter(scale * (2 * torch.rand(hidden_size, 4 * hidden_size) - 1))
        self.bias = <<t_bias|nn.Parameter(scale * (2 * torch.rand(4 * hidden_size) - 1))>>

    def step(self, x, old, mem):
        z = x.matmul(self.w_input) + <<t_wh|old.matmul(self.w_hidden)>>
        z = z <<t_add|+ self.bias>>
        part = <<t_cut|z.split(self.n, 1)>>
        write, keep = <<t_i|part[0].sigmoid()>>, <<t_f|part[1].sigmoid()>>
        cand, show = <<t_g|part[2].tanh()>>, <<t_o|part[3].sigmoid()>>
        mem = <<t_mem|keep * mem + write * cand>>
        return <<t_new|show * mem.tanh()>>, mem

    def forward(self, x, state=None, lengths=None):
        n, steps = x.shape[0], x.shape[1]
        if <<t_given|lengths is None>>:
            lengths = n * [steps]
        stop = torch.tensor(list(lengths)).view(n, 1)
        if <<t_none|state is None>>:
            state = [<<t_zero|torch.zeros(n, self.n, dtype=x.dtype)>> for _ in range(2)]
        old, mem = <<t_begin|state[0], state[1]>>
        seq = []
        for i in range(<<t_range|steps>>):
            before = old
            new, new_mem = self.step(x.select(1, <<t_read|i>>), <<t_state|old>>, <<t_memory|mem>>)
            go = <<t_go|i < stop>>
            old, mem = <<t_hold|torch.where(go, new, old)>>, <<t_hold_memory|torch.where(go, new_mem, mem)>>
            seq.append(<<t_out|old * go>>)
        outputs = <<t_join|torch.stack(seq, 1)>>
        <<t_end|>>
        return <<t_ret|outputs, (old, mem)>>
"""

CELL: Table = {
    "no_bias": [{"add": ""}],
    "bias_twice": [{"add": "+ 2 * bias"}],
    "bias_subtracted": [{"add": "- bias"}],
    "state_ignored": [{"wh": "0 * np.dot(h_prev, w_hidden)"}],
    "state_averaged_over_batch": [{"wh": "np.dot(h_prev.mean(0)[None, :], w_hidden)"}],
    "layers_read_the_memory": [{"wh": "np.dot(c_prev, w_hidden)"}],
    "input_and_forget_exchanged": [{"cut": "[z[:, k * size:(k + 1) * size] for k in (1, 0, 2, 3)]"}],
    "gates_in_another_order": [
        {"cut": "[z[:, k * size:(k + 1) * size] for k in (0, 1, 3, 2)]"},
        {"cut": "np.split(z, 4, -1)[::-1]"},
    ],
    "gates_interleaved": [{"cut": "[z[:, k::4] for k in range(4)]"}],
    "gate_used_twice": [{"o": "squash(part[0])"}],
    "gates_coupled": [{"f": "1 - write"}],
    "other_activation_of_a_gate": [{"i": "np.tanh(part[0])"}, {"o": "part[3]"}],
    "sigmoid_upside_down": [{"f": "squash(-part[1])"}],
    "other_activation_of_the_candidate": [{"g": "squash(part[2])"}, {"g": "part[2]"}],
    "forget_bias_added": [{"f": "squash(1 + part[1])"}],
    "gate_missing": [{"mem": "c_prev + write * cand"}, {"new": "np.tanh(memory)"}],
    "memory_ignored": [{"mem": "write * cand"}],
    "state_taken_for_memory": [{"mem": "keep * h_prev + write * cand"}],
    "products_of_sums": [{"mem": "keep * c_prev - write * cand"}],
    "memory_squashed": [{"mem": "np.tanh(keep * c_prev + write * cand)"}],
    "memory_shown_without_tanh": [{"new": "show * memory"}],
    "old_memory_shown": [{"new": "show * np.tanh(c_prev)"}],
    "candidate_shown": [{"new": "show * cand"}],
    "state_and_memory_swapped": [{"ret": "memory, new"}],
    "state_returned_for_memory": [{"ret": "new, new"}],
    "dtype_float32": [{"end": "new, memory = np.float32(new), np.float32(memory)"}],
}

NETWORK: Table = {
    "no_bias": [{"t_add": ""}],
    "bias_subtracted": [{"t_add": "- self.bias"}],
    "state_averaged_over_batch": [{"t_wh": "old.mean(0, keepdim=True).matmul(self.w_hidden)"}],
    "weights_not_registered": [{"t_bias": "scale * torch.rand(4 * hidden_size)"}],
    "weights_frozen": [{"t_bias": "nn.Parameter(scale * torch.rand(4 * hidden_size), requires_grad=False)"}],
    "input_and_forget_exchanged": [{"t_cut": "[z.split(self.n, 1)[k] for k in (1, 0, 2, 3)]"}],
    "gates_in_another_order": [{"t_cut": "[z.split(self.n, 1)[k] for k in (0, 1, 3, 2)]"}],
    "gate_used_twice": [{"t_o": "part[0].sigmoid()"}],
    "sigmoid_upside_down": [{"t_i": "(-part[0]).sigmoid()"}],
    "other_activation_of_the_candidate": [{"t_g": "part[2].sigmoid()"}, {"t_g": "part[2].relu()"}],
    "forget_bias_added": [{"t_f": "(part[1] + 1).sigmoid()"}],
    "gate_missing": [{"t_mem": "mem + write * cand"}],
    "memory_shown_without_tanh": [{"t_new": "show * mem"}],
    "lengths_ignored": [{"t_given": "True"}],
    "length_one_too_long": [{"t_go": "i <= stop"}],
    "length_one_too_short": [{"t_go": "i + 1 < stop"}],
    "final_state_on_padding": [{"t_hold": "new"}],
    "memory_not_held": [{"t_hold_memory": "new_mem"}],
    "padding_not_zeroed": [{"t_out": "old"}],
    "outputs_are_memories": [{"t_out": "mem * go"}],
    "initial_state_ignored": [{"t_none": "True"}],
    "initial_memory_ignored": [{"t_begin": "state[0], 0 * state[1]"}],
    "initial_states_swapped": [{"t_begin": "state[1], state[0]"}],
    "ones_initial_state": [{"t_zero": "torch.ones(n, self.n, dtype=x.dtype)"}],
    "dtype_float32": [{"t_end": "outputs, old, mem = outputs.float(), old.float(), mem.float()"}],
    "state_not_carried": [{"t_state": "state[0]", "t_memory": "state[1]"}],
    "state_detached": [{"t_state": "old.detach()", "t_memory": "mem.detach()"}],
    "input_off_by_one": [{"t_read": "i - 1"}],
    "reads_backwards": [{"t_read": "-1 - i"}],
    "reads_one_step_always": [{"t_read": "0"}],
    "stops_one_step_early": [{"t_range": "steps - 1"}],
    "outputs_one_step_late": [{"t_out": "before * go"}],
    "time_axis_first": [{"t_join": "torch.stack(seq)"}],
    "reshaped_not_transposed": [{"t_join": "torch.stack(seq).view(n, steps, -1)"}],
    "state_and_memory_swapped": [{"t_ret": "outputs, (mem, old)"}],
    "last_state_is_initial": [{"t_ret": "outputs, state"}],
    "last_state_has_an_axis_more": [{"t_ret": "outputs, (old.unsqueeze(0), mem.unsqueeze(0))"}],
    "results_swapped": [{"t_ret": "(old, mem), outputs"}],
    "detached": [{"t_ret": "outputs.detach(), (old, mem)"}],
}
