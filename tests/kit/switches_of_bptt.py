"""The template of back-propagation through time and its switches, for `switches`."""

from __future__ import annotations

from collections.abc import Mapping

Table = Mapping[str, list[Mapping[str, str]]]

TEMPLATE = """\
import numpy as np


def rnn_cell_backward(dh_next, x, h_prev, h_next, w_input, w_hidden):
    slope = <<slope|1.0 - h_next * h_next>>
    delta = <<delta|np.multiply(dh_next, slope)>>
    gx = <<gx|delta.dot(w_input.T)>>
    gh = <<gh|delta.dot(w_hidden.T)>>
    gw = <<gw|np.dot(x.T, delta)>>
    gu = <<gu|np.dot(h_prev.T, delta)>>
    gb = <<gb|np.sum(delta, 0)>>
    <<end|>>
    return <<ret|gx, gh, gw, gu, gb>>


def rnn_backward(dhidden_states, x, h0, hidden_states, w_input, w_hidden):
    n, steps = x.shape[:2]
    gx = [None] * steps
    gw, gu, gb = 0 * w_input, 0 * w_hidden, 0 * w_hidden[0]
    later = 0 * h0
    i = <<l_from|steps - 1>>
    while <<l_until|i >= 0>>:
        now = <<l_now|hidden_states[:, i]>>
        was = <<l_was|hidden_states[:, i - 1] if i else h0>>
        up = <<l_up|dhidden_states[:, i] + later>>
        slope = <<l_slope|1.0 - now * now>>
        delta = <<l_delta|np.multiply(up, slope)>>
        gx[<<l_at|i>>] = <<l_gx|delta.dot(w_input.T)>>
        later = <<l_later|delta.dot(w_hidden.T)>>
        gw = <<l_gw|gw + np.dot(x[:, i].T, delta)>>
        gu = <<l_gu|gu + np.dot(was.T, delta)>>
        gb = <<l_gb|gb + np.sum(delta, 0)>>
        i -= 1
    gx = [np.zeros_like(x[:, 0]) if one is None else one for one in gx]
    gx = <<l_join|np.stack(gx, 1)>>
    gh = <<l_gh|later>>
    <<l_end|>>
    return <<l_ret|gx, gh, gw, gu, gb>>


def truncated_backward(dhidden_states, x, h0, hidden_states, w_input, w_hidden, chunk):
    steps = x.shape[1]
    parts, gw, gu, gb = [], 0, 0, 0
    first = None
    at = 0
    while at < <<p_steps|steps>>:
        to = <<p_to|at + chunk>>
        start = <<p_start|hidden_states[:, at - 1] if at else h0>>
        gx, gh, a, b, c = rnn_backward(
            dhidden_states[:, at:to], x[:, at:to], start, hidden_states[:, at:to], w_input, w_hidden
        )
        parts.append(gx)
        first = <<p_first|gh if first is None else first>>
        gw, gu, gb = <<p_gw|gw + a>>, <<p_gu|gu + b>>, <<p_gb|gb + c>>
        at += <<p_step|chunk>>
    gx = <<p_join|np.concatenate(parts, 1)>>
    <<p_end|>>
    return <<p_ret|gx, first, gw, gu, gb>>
"""

CELL: Table = {
    "slope_missing": [{"delta": "dh_next"}],
    "slope_not_squared": [{"slope": "1.0 - h_next"}],
    "slope_above_one": [{"slope": "1.0 + h_next * h_next"}],
    "tanh_taken_again": [{"slope": "1.0 - np.tanh(h_next) ** 2"}],
    "slope_at_the_gradient": [{"slope": "1.0 - dh_next * dh_next"}],
    "slope_of_old_state": [{"slope": "1.0 - h_prev * h_prev"}],
    "slope_of_another_function": [{"slope": "h_next - h_next * h_next"}],
    "slope_used_twice": [{"delta": "dh_next * slope * slope"}],
    "signs_turned": [{"delta": "-np.multiply(dh_next, slope)"}],
    "some_before_tanh": [{"gx": "dh_next.dot(w_input.T)"}, {"gb": "np.sum(dh_next, 0)"}],
    "weights_not_transposed": [{"gh": "delta.dot(w_hidden)"}],
    "weight_gradients_transposed": [{"gw": "np.dot(delta.T, x)"}, {"gu": "np.dot(delta.T, h_prev)"}],
    "h_next_for_h_prev": [{"gu": "np.dot(h_next.T, delta)"}],
    "without_w_hidden": [{"gh": "delta"}],
    "gradient_added_on_top": [{"gh": "dh_next + delta.dot(w_hidden.T)"}],
    "mean_over_samples": [{"gb": "np.mean(delta, 0)"}, {"gw": "np.dot(x.T, delta) / len(x)"}],
    "bias_not_summed": [{"gb": "delta"}],
    "bias_summed_over_units": [{"gb": "np.sum(delta, 1)"}],
    "bias_keeps_an_axis": [{"gb": "np.sum(delta, 0, keepdims=True)"}],
    "one_sample_only": [{"gb": "delta[0]"}],
    "gradients_in_another_order": [{"ret": "gw, gu, gb, gx, gh"}],
    "gradients_missing": [{"ret": "gx, gh, gw, gu"}],
    "dtype_float32": [{"end": "gx, gh, gw, gu, gb = map(np.float32, (gx, gh, gw, gu, gb))"}],
}

LOOP: Table = {
    "slope_missing": [{"l_delta": "up"}],
    "slope_above_one": [{"l_slope": "1.0 + now * now"}],
    "slope_not_squared": [{"l_slope": "1.0 - now"}],
    "slope_of_old_state": [{"l_slope": "1.0 - was * was"}],
    "some_before_tanh": [{"l_gx": "up.dot(w_input.T)"}],
    "weights_not_transposed": [{"l_later": "delta.dot(w_hidden)"}],
    "h_next_for_h_prev": [{"l_gu": "gu + np.dot(now.T, delta)"}],
    "without_w_hidden": [{"l_later": "delta"}],
    "handed_on_negative": [{"l_later": "-delta.dot(w_hidden.T)"}],
    "later_steps_ignored": [{"l_up": "dhidden_states[:, i]"}],
    "outputs_ignored": [{"l_up": "later if i < steps - 1 else dhidden_states[:, i]"}],
    "counted_twice": [{"l_up": "dhidden_states[:, i] + later + later"}],
    "difference_not_sum": [{"l_up": "dhidden_states[:, i] - later"}],
    "stops_before_step_0": [{"l_until": "i >= 1"}],
    "last_step_left_out": [{"l_from": "steps - 2"}],
    "new_state_of_another_step": [{"l_now": "hidden_states[:, i - 1]"}],
    "old_state_of_another_step": [{"l_was": "h0"}],
    "h0_left_out": [
        {"l_was": "hidden_states[:, i - 1]"},
        {"l_was": "hidden_states[:, i - 1] if i else 0 * h0"},
    ],
    "dh0_left_zero": [{"l_gh": "0 * h0"}],
    "dh0_before_step_0": [{"l_gh": "up"}],
    "dh0_without_the_batch": [{"l_gh": "later.sum(0)"}],
    "dx_turned_round": [{"l_at": "steps - 1 - i"}],
    "dx_summed_over_steps": [{"l_join": "sum(gx)"}],
    "time_axis_first": [{"l_join": "np.stack(gx)"}],
    "overwritten_not_added": [{"l_gw": "np.dot(x[:, i].T, delta)"}, {"l_gb": "np.sum(delta, 0)"}],
    "mean_over_samples": [{"l_gb": "gb + np.mean(delta, 0)"}],
    "mean_over_steps": [{"l_end": "gw, gu, gb = gw / steps, gu / steps, gb / steps"}],
    "gradients_in_another_order": [{"l_ret": "gw, gu, gb, gx, gh"}],
    "gradients_missing": [{"l_ret": "gx, gh, gw, gu"}],
    "dtype_float32": [{"l_end": "gx, gh, gw, gu, gb = map(np.float32, (gx, gh, gw, gu, gb))"}],
}

PIECES: Table = {
    "pieces_too_long": [{"p_to": "at + chunk + 1"}, {"p_to": "at + chunk + 1", "p_step": "chunk + 1"}],
    "pieces_begin_at_h0": [{"p_start": "h0"}, {"p_start": "0 * h0"}],
    "piece_begins_at_another_state": [{"p_start": "hidden_states[:, at] if at else h0"}],
    "dh0_of_another_piece": [{"p_first": "gh"}, {"p_first": "gh + (0 if first is None else first)"}],
    "dh0_cut_off": [{"p_first": "0 * gh"}],
    "only_the_first_piece": [{"p_gw": "a"}, {"p_gu": "b"}],
    "pieces_in_reversed_order": [{"p_join": "np.concatenate(parts[::-1], 1)"}],
    "pieces_joined_on_another_axis": [{"p_join": "np.concatenate(parts, 0)"}],
    "gradients_in_another_order": [{"p_ret": "gw, gu, gb, gx, first"}],
    "gradients_missing": [{"p_ret": "gx, first, gw, gu"}],
    "dtype_float32": [{"p_end": "gx, first, gw, gu, gb = map(np.float32, (gx, first, gw, gu, gb))"}],
}
