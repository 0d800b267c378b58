"""What goes wrong where sequences have lengths of their own."""

from dataclasses import replace

from ..shared import ideas
from ..shared.ideas import idea, way
from .places import BOTH_PLACES, RUN_B, RUN_TORCH_B, table

ALL_STEPS = "[num_steps] * num_samples"
MASKED = "[:, ::-1] * (outputs_f != 0)"
LENGTHS = [
    *table.mistakes("lengths_ignored"),
    table.mistake(
        "lengths_not_accepted",
        {
            "birnn_forward": way(SIGNATURE="):\n    lengths = None"),
            "BiRNN.forward": [
                way(SIGNATURE=f"def forward(self, x, {hidden}):\n    lengths = None")
                for hidden in ("hidden=None", "hidden")
            ],
        },
    ),
    table.mistake(
        idea(
            "padding_read_first",
            "The backward direction begins in the padding",
            "Write down a short sample with its padding, and turn the whole row round. What does the backward"
            " reader meet first? What should it meet first?",
        ),
        {
            "birnn_forward": [
                # Turned round as a whole, padding too; the state runs through all L steps.
                way(
                    X_B="x_b = x[:, ::-1]",
                    RUN_B=RUN_B.replace("lengths", ALL_STEPS),
                    TURN=f"outputs_b = outputs_b{MASKED}",
                ),
                # The same, and the mask of the forward direction is used for the reversed sequence.
                way(X_B="x_b = x[:, ::-1]", TURN="outputs_b = outputs_b[:, ::-1]"),
                way(X_B="x_b = x[:, ::-1]"),
                way(X_B="x_b = x[:, ::-1]", TURN=f"outputs_b = outputs_b{MASKED}"),
            ],
            "BiRNN.forward": [
                way(
                    X_B="x_b = x.flip(1)",
                    RUN_B=RUN_TORCH_B.replace("lengths", ALL_STEPS),
                    TURN="outputs_b = outputs_b.flip(1)",
                ),
                way(X_B="x_b = x.flip(1)", TURN="outputs_b = outputs_b.flip(1)"),
                way(X_B="x_b = x.flip(1)"),
            ],
        },
    ),
    *table.mistakes("final_state_on_padding"),
    table.mistake(
        "final_state_from_zeros",
        {
            "birnn_forward": way(PUT="hidden = np.stack([outputs_f[:, -1], last_b])"),
            "BiRNN.run": way(RESULTS="return states, torch.where(is_real, state, 0)"),
            "BiRNN.forward": way(
                PUT="last_f = last_f * (torch.as_tensor(lengths)[:, None] == num_steps)\n{PUT}"
            ),
        },
        twins=("state_zeroed_on_padding",),
    ),
    table.mistake("state_zeroed_on_padding", twins=("final_state_from_zeros",)),
    table.mistake(
        "padding_not_zeroed",
        ways=[way(SHOW="output = h_next"), way(MASK=""), way(MASK="", KEEP="collected.append(h_next)")],
    ),
    *table.mistakes("masked_before_linear one_half_not_zeroed"),
    table.mistake(
        "length_one_too_long",
        ways=[
            way(
                REAL="is_real = (t <= lengths)[:, None]",
                MASK="outputs = torch.where(steps <= num_real, outputs, 0)",
            ),
            way(MASK="outputs = torch.where(steps <= num_real, outputs, 0)"),
        ],
    ),
    table.mistake(
        "length_one_too_short",
        ways=[
            way(
                REAL="is_real = (t < lengths - 1)[:, None]",
                MASK="outputs = torch.where(steps < num_real - 1, outputs, 0)",
            ),
            way(MASK="outputs = torch.where(steps < num_real - 1, outputs, 0)"),
        ],
    ),
]

ANY_LENGTHS = [
    *table.mistakes("not_unsorted unsorted_the_wrong_way", at=BOTH_PLACES),
    table.mistake(
        replace(
            ideas.CATALOGUE["state_not_sorted_along"],
            title="The samples are sorted by length, but not their initial states",
            hint="Every sample has its own initial state. When a sample moves, what has to move with it?",
        ),
        at=BOTH_PLACES,
    ),
    table.mistake(
        "lengths_must_be_sorted",
        {
            "BiRNN": way(
                REAL="is_real = (torch.arange(x.shape[0]) < (t < lengths).sum())[:, None]",
                MASK="alive = torch.as_tensor([[t < n for n in lengths] for t in range(num_steps)]).sum(1)\n"
                "rows = torch.arange(num_samples)[:, None]\n"
                "outputs = torch.where((rows < alive)[:, :, None], outputs, 0)",
            )
        },
        at="rnn_forward BiRNN.forward",
    ),
    *table.mistakes("one_length_for_all outputs_cut_to_longest lengths_must_be_a_tensor", at=BOTH_PLACES),
    *table.mistakes("lengths_of_wrong_axis"),
]
