"""What goes wrong between the two directions: turning round, joining, and whose weights are whose."""

from ..shared.ideas import idea, way
from .places import RUN_B, RUN_F, RUN_TORCH_B, table, using

BOTH_DIRECTIONS = [
    *table.mistakes(
        "backward_not_realigned backward_not_reversed batch_axis_flipped all_axes_flipped features_flipped"
    ),
    table.mistake(
        idea(
            "backward_stops_before_step_0",
            "The backward direction never reads step 0",
            "Print t while the backward direction reads. Which step is read last, and which one should be?",
            way(needs="np", RUN_B=RUN_B.replace("lengths", "np.maximum(np.asarray(lengths) - 1, 0)")),
            way(
                RUN_B=RUN_TORCH_B.replace("lengths", "np.asarray(lengths) - 1"),
                TURN="{TURN}\noutputs_b = torch.cat([torch.zeros_like(outputs_b[:, :1]), outputs_b[:, 1:]], 1)",
                needs="torch",
            ),
            way(JOIN="outputs = {m}.{cat}([outputs_f, outputs_b[:, 1:]], {axis}=2)"),
        )
    ),
    *table.mistakes(
        "directions_swapped forward_turned_round forward_joined_with_itself one_half_only halves_swapped"
        " joined_along_another_axis halves_added halves_interleaved halves_reshaped backward_state_of_last_step"
        " last_states_put_together_wrongly batch_and_direction_mixed last_states_swapped one_last_state_twice"
        " last_states_not_joined"
    ),
    table.mistake(
        idea(
            "same_weights_for_both",
            "Both directions use the same weights",
            "Each direction has weights of its own. Which ones does your backward direction use?",
        ),
        {
            "birnn_forward": [
                way(RUN_B=RUN_B.replace("backward_weights", "forward_weights")),
                way(RUN_F=RUN_F.replace("forward_weights", "backward_weights")),
            ],
            "BiRNN.__init__": way(MAKE_B="self.backward_cell = self.forward_cell"),
            "BiRNN.forward": [
                way(**using(RUN_B="self.forward_cell")),
                way(**using(RUN_F="self.backward_cell")),
            ],
        },
    ),
    *table.mistakes("same_linear_for_both"),
    table.mistake(
        idea(
            "parts_of_directions_swapped",
            "Each direction uses the weights of the other",
            "Which weights belong to the forward direction? Follow them by name to where they are used.",
        ),
        {
            "birnn_forward": way(
                RUN_F="forward_weights, backward_weights = backward_weights, forward_weights\n{RUN_F}"
            ),
            "BiRNN.forward": [
                way(**using(RUN_F="self.backward_cell", RUN_B="self.forward_cell")),
                way(**using(LINEAR_F="self.backward_linear", LINEAR_B="self.forward_linear")),
                way(
                    **using(RUN_F="self.backward_cell", RUN_B="self.forward_cell"),
                    **using(LINEAR_F="self.backward_linear", LINEAR_B="self.forward_linear"),
                ),
            ],
        },
    ),
    *table.mistakes("backward_reads_forward_states"),
]
