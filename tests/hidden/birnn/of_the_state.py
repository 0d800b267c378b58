"""What goes wrong with the states that birnn begins from, one for each direction."""

from ..shared.ideas import way
from .places import table

THE_STATE = [
    *table.mistakes(
        "initial_state_ignored state_of_one_direction_ignored one_state_for_both initial_states_swapped"
        " states_read_batch_first backward_starts_from_forward state_flipped_instead"
    ),
    table.mistake("state_tested_for_truth", at="BiRNN"),
    *table.mistakes("needs_a_state"),
    table.mistake(
        "zero_state_axes_swapped", ways=[way(ZEROS="hidden = x.new_zeros(num_samples, 2, self.hidden_size)")]
    ),
    *table.mistakes("random_initial_state"),
    table.mistake("batch_size_hard_coded", ways=[way(ZEROS="hidden = x.new_zeros(2, 1, self.hidden_size)")]),
    *table.mistakes("ones_initial_state"),
    table.mistake(
        "state_kept_between_calls",
        at="BiRNN.forward",
        ways=[
            way(
                IF_NONE='hidden = getattr(self, "kept", hidden)\n{IF_NONE}',
                RESULTS="self.kept = {last}\n{RESULTS}",
            ),
            way(
                ZEROS='if not hasattr(self, "zeros"):\n    self.zeros = x.new_zeros(2, num_samples, self.hidden_size)\n'
                "hidden = self.zeros"
            ),
        ],
    ),
    table.mistake(
        "trainable_initial_state",
        at="-",
        ways=[
            way(
                SET_UP=f"{{SET_UP}}\nself.{name} = nn.Parameter(torch.{values}(2, 1, hidden_size))",
                ZEROS=f"hidden = self.{name}.expand(2, num_samples, self.hidden_size)",
            )
            for name in ("h0", "hidden")
            for values in ("zeros", "randn")
        ],
    ),
]
