"""What goes wrong where an update gate mixes the candidate with the old state, and where a reset gate comes before."""

from .table import idea, way

RESET = [
    idea(
        "reset_before_product",
        "The reset gate is applied to the old state, before the product",
        "There are two conventions. What does {reset} multiply in the formula of {candidate} here,"
        " h_prev or its product?",
        way(
            CANDIDATE="{candidate} = {m}.tanh({a_candidate} + ({reset} * {state}) @ {w_candidate} + {b_candidate})"
        ),
        way(CANDIDATE="{candidate} = {m}.tanh({a_candidate} + ({reset} * {state}) @ {w_candidate})"),
    ),
    idea(
        "bias_hidden_outside_reset",
        "The reset gate does not reach bias_hidden",
        "{s_candidate} is a product and its bias. With {reset} = 0, what should the candidate still hear of"
        " bias_hidden?",
        way(
            CANDIDATE="{candidate} = "
            "{m}.tanh({a_candidate} + {reset} * ({s_candidate} - {b_candidate}) + {b_candidate})"
        ),
        way(
            CUT_INPUT="{input_layers} = {split}({input_part} + {bias_hidden}, {layers}, {axis}=1)",
            CUT_STATE="{state_layers} = {split}({from_state}, {layers}, {axis}=1)",
        ),
    ),
    idea(
        "reset_ignored",
        "The reset gate plays no part in the candidate",
        "Which two things stand beside {reset} in the formula of {candidate}? Where does your code use {reset}?",
        way(needs="reset", CANDIDATE="{candidate} = {m}.tanh({a_candidate} + {s_candidate})"),
    ),
    idea(
        "candidate_without_state",
        "The candidate hears nothing of the old state",
        "With {reset} = 1 the candidate is what a plain network would make of x and the old state."
        " What is yours made of?",
        way(CANDIDATE="{candidate} = {m}.tanh({a_candidate})"),
        way(CANDIDATE="{candidate} = {m}.tanh({reset} * {a_candidate})"),
    ),
    idea(
        "candidate_without_input",
        "The candidate hears nothing of the input",
        "With {reset} = 0 the candidate should be tanh of {a_candidate}. What is yours then?",
        way(CANDIDATE="{candidate} = {m}.tanh({reset} * {s_candidate})"),
        way(CANDIDATE="{candidate} = {m}.tanh({s_candidate})"),
    ),
    idea(
        "reset_of_the_wrong_part",
        "The reset gate multiplies the input's part as well, or that alone",
        "The reset gate says how much of the old state is heard. Which of your brackets does it stand before?",
        way(CANDIDATE="{candidate} = {m}.tanh({reset} * ({a_candidate} + {s_candidate}))"),
        way(CANDIDATE="{candidate} = {m}.tanh({reset} * {a_candidate} + {s_candidate})"),
    ),
    idea(
        "reset_outside_tanh",
        "The reset gate stands outside of the tanh",
        "With {reset} = 0 the candidate should be tanh of {a_candidate}. What is yours then? Count your brackets.",
        way(CANDIDATE="{candidate} = {reset} * {m}.tanh({a_candidate} + {s_candidate})"),
        way(CANDIDATE="{candidate} = {m}.tanh({a_candidate}) + {reset} * {m}.tanh({s_candidate})"),
        way(CANDIDATE="{candidate} = {m}.tanh({a_candidate}) + {reset} * {s_candidate}"),
    ),
    idea(
        "reset_added",
        "The reset gate is added where it should multiply",
        "A gate opens and closes something. Which sign stands between {reset} and {s_candidate} in the formula?",
        way(CANDIDATE="{candidate} = {m}.tanh({a_candidate} + {reset} + {s_candidate})"),
        way(CANDIDATE="{candidate} = {m}.tanh({a_candidate} * {reset} + {s_candidate} * {reset} + {reset})"),
    ),
    idea(
        "reset_upside_down",
        "{reset} and 1 - {reset} are exchanged: the reset gate closes where it should open",
        "With {reset} = 1, does your candidate hear all of the old state, or nothing of it?",
        way(CANDIDATE="{candidate} = {m}.tanh({a_candidate} + (1 - {reset}) * {s_candidate})"),
    ),
    idea(
        "reset_and_update_exchanged",
        "The reset gate and the update gate have changed places",
        "One scales what the candidate hears, the other says what is kept. Which H columns belong to which?",
        way(
            CUT_INPUT="{exchanged_input} = {split}({input_part}, {layers}, {axis}=1)",
            CUT_STATE="{exchanged_state} = {split}({state_part}, {layers}, {axis}=1)",
        ),
    ),
]

UPDATE = [
    idea(
        "update_upside_down",
        "{update} and 1 - {update} are exchanged: the update gate keeps where it should write",
        "Books differ. With {update} = {kept_at}, is the old state kept here? And in your code?",
        way(MIX="{new} = {keeps} * {candidate} + {writes} * {state}"),
    ),
    idea(
        "old_state_not_kept",
        "The new state has no part of the old one in it",
        "With {update} = {kept_at} the state should stay as it is. What is your new state then?",
        way(MIX="{new} = {writes} * {candidate}"),
    ),
    idea(
        "update_gate_not_used",
        "The candidate is the new state: the update gate plays no part",
        "The new state lies between two things. Which two, and what says where?",
        way(needs="MIX", MIX="{new} = {candidate}"),
    ),
    idea(
        "parts_do_not_add_up",
        "The shares of the candidate and of the old state do not add up to one",
        "With {update} = 0.25, how much of the candidate goes into the new state, and how much of the old one?",
        way(MIX="{new} = {candidate} + {keeps} * {state}"),
        way(MIX="{new} = {keeps} * {candidate} + {keeps} * {state}"),
        way(MIX="{new} = {writes} * {candidate} + {state}"),
        way(MIX="{new} = {keeps} * {candidate} + {state}"),
        way(MIX="{new} = {writes} * {candidate} + {reset} * {state}"),
        way(MIX="{new} = {writes} * {candidate} + {writes} * {state}"),
        way(MIX="{new} = {keeps} * ({candidate} + {state})"),
    ),
    idea(
        "sign_slipped_in_the_mix",
        "A sign is wrong where candidate and old state are mixed",
        "Set {update} to 0 by hand, then to 1. Your line should give {at_zero} first, and {at_one} then.",
        way(MIX="{new} = {candidate} - {keeps} * ({state} - {candidate})"),
        way(MIX="{new} = {writes} * {candidate} - {keeps} * {state}"),
        way(MIX="{new} = (1 + {keeps}) * {candidate} + {keeps} * {state}"),
    ),
    idea(
        "product_kept_for_state",
        "What {update} keeps is the old state after its product, not the old state itself",
        "With {update} = {kept_at} the state should stay exactly as it is. What does your {update} multiply?",
        way(MIX="{new} = {writes} * {candidate} + {keeps} * {s_candidate}"),
        way(MIX="{new} = {writes} * {candidate} + {keeps} * ({reset} * {state})"),
    ),
    idea(
        "mixed_inside_tanh",
        "The mixed state goes through tanh once more",
        "Which of the names in the last formula has a tanh in it already?",
        way(MIX="{new} = {m}.tanh({writes} * {candidate} + {keeps} * {state})"),
        way(
            CANDIDATE="{candidate} = {into_candidate}",
            MIX="{new} = {m}.tanh({writes} * {candidate} + {keeps} * {state})",
        ),
    ),
    idea(
        "products_of_sums",
        "Sums and products have changed places in the new state",
        "Set {update} to 0 by hand. What must the new state be then, and what is yours?",
        way(MIX="{new} = ({writes} + {candidate}) * ({keeps} + {state})"),
        way(MIX="{new} = {writes} * {candidate} * {keeps} * {state}"),
        way(MIX="{new} = 1 - {keeps} * {candidate} + {keeps} * {state}"),
    ),
]

IDEAS = [*RESET, *UPDATE]

#: Further ways of ideas, where the old state goes into the mix as well.
MORE = {
    "state_ignored": [
        way(
            CUT_STATE="{state_layers} = {split}(0 * {from_state} + {bias_hidden}, {layers}, {axis}=1)",
            MIX="{new} = {writes} * {candidate}",
        )
    ],
    "state_not_carried": [
        way(
            EMPTY="{EMPTY}\ninitial = {state}",
            STATE="{from_state} = initial @ {w_hidden}",
            MIX="{new} = {writes} * {candidate} + {keeps} * initial",
        ),
        way(EMPTY="{EMPTY}\ninitial = {state}", MIX="{new} = {writes} * {candidate} + {keeps} * initial"),
    ],
    "state_averaged_over_batch": [
        way(
            STATE="{from_state} = {state}.mean(0)[None] @ {w_hidden}",
            MIX="{new} = {writes} * {candidate} + {keeps} * {state}.mean(0)",
        )
    ],
    "state_detached": [
        way(needs="torch", MIX="{new} = {writes} * {candidate} + {keeps} * {state}.detach()"),
        way(
            needs="torch",
            STATE="{from_state} = {state}.detach() @ {w_hidden}",
            MIX="{new} = {writes} * {candidate} + {keeps} * {state}.detach()",
        ),
    ],
    "numpy_in_module": [
        way(
            needs="torch MIX",
            CANDIDATE="{candidate} = torch.as_tensor(np.tanh(({into_candidate}).numpy()))",
        )
    ],
}
