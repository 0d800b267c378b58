"""What goes wrong where a sequence goes back in pieces."""

from ..shared.ideas import idea, way

OF_PIECES = [
    idea(
        "not_cut",
        "Nothing is cut: gradients go through all steps",
        "Which gradient must stay within its piece? What does your code do with chunk?",
        way(needs="CUT", GIVE="return rnn_backward(dhidden_states, x, h0, hidden_states, w_input, w_hidden)"),
    ),
    idea(
        "pieces_too_long",
        "A piece has one step too many",
        "With chunk = 2 and L = 4, write down which steps are in each of your pieces.",
        way(
            CUT="for begin in range(0, {steps}, chunk + 1):", PIECE="piece = slice(begin, begin + chunk + 1)"
        ),
        way(PIECE="piece = slice(begin, begin + chunk + 1)"),
    ),
    idea(
        "pieces_too_short",
        "A piece has one step too few",
        "With chunk = 3 and L = 6, write down which steps are in each of your pieces.",
        way(
            CUT="for begin in range(0, {steps}, max(chunk - 1, 1)):",
            PIECE="piece = slice(begin, begin + max(chunk - 1, 1))",
        ),
        way(PIECE="piece = slice(begin, begin + chunk - 1)"),
    ),
    idea(
        "first_piece_off_by_one",
        "The first piece has another length, and the cuts are off by one",
        "With chunk = 2 and L = 4, between which steps do you cut?",
        way(
            CUT="for begin in [0, *range(1, {steps}, chunk)]:",
            PIECE="piece = slice(begin, begin + chunk if begin else 1)",
        ),
        way(
            CUT="for begin in [0, *range(chunk + 1, {steps}, chunk)]:",
            PIECE="piece = slice(begin, begin + chunk if begin else chunk + 1)",
        ),
        way(
            CUT="for begin in dict.fromkeys([0, *range(chunk - 1, {steps}, chunk)]):",
            PIECE="piece = slice(begin, begin + chunk if begin or chunk == 1 else chunk - 1)",
        ),
    ),
    idea(
        "pieces_from_the_end",
        "The pieces are counted from the last step",
        "L = 5 and chunk = 2: which piece is the short one, the first or the last?",
        way(
            CUT="for begin in range(-(-{steps} % chunk), {steps}, chunk):",
            PIECE="piece = slice(max(begin, 0), begin + chunk)",
        ),
    ),
    idea(
        "chunk_is_a_count",
        "chunk is taken for the number of pieces",
        "chunk = 2 and L = 6: how many steps has a piece, and how many pieces are there?",
        way(
            CUT="size = -(-{steps} // chunk)\nfor begin in range(0, {steps}, size):",
            PIECE="piece = slice(begin, begin + size)",
        ),
    ),
    idea(
        "short_piece_dropped",
        "The last piece is left out when it is shorter",
        "L = 5 and chunk = 2: is step 4 in one of your pieces?",
        way(CUT="for begin in range(0, {steps} - chunk + 1, chunk):"),
        way(
            CUT="for begin in range(0, {steps} - chunk + 1, chunk):",
            JOIN_DX="dx = np.zeros_like(x)\nfor k, part in enumerate(parts):\n"
            "    dx[:, k * chunk : (k + 1) * chunk] = part[0]",
        ),
    ),
    idea(
        "only_the_last_piece",
        "Only the last steps get a gradient",
        "Every piece has gradients, not the last one alone. How many pieces does your code go through?",
        way(CUT="for begin in [max({steps} - chunk, 0)]:"),
        way(
            CUT="for begin in [max({steps} - chunk, 0)]:",
            JOIN_DX="dx = np.zeros_like(x)\ndx[:, -parts[0][0].shape[1] :] = parts[0][0]",
        ),
        way(
            CUT="for begin in [max({steps} - chunk, 0)]:",
            JOIN_DX="dx = np.zeros_like(x)\ndx[:, -parts[0][0].shape[1] :] = parts[0][0]",
            FIRST="dh0 = parts[0][1] if chunk >= {steps} else np.zeros_like(h0)",
        ),
    ),
    idea(
        "only_the_first_piece",
        "The gradients of the weights come from the first piece alone, or from the last",
        "The weights are used in every piece. What must be done with the gradients of all pieces?",
        way(
            ADD_INPUT="dw_input = parts[-1][2]",
            ADD_HIDDEN="dw_hidden = parts[-1][3]",
            ADD_BIAS="dbias = parts[-1][4]",
        ),
        way(
            ADD_INPUT="dw_input = parts[0][2]",
            ADD_HIDDEN="dw_hidden = parts[0][3]",
            ADD_BIAS="dbias = parts[0][4]",
        ),
        way(ADD_INPUT="dw_input = parts[-1][2]"),
        way(ADD_HIDDEN="dw_hidden = parts[-1][3]"),
        way(ADD_BIAS="dbias = parts[-1][4]"),
    ),
    idea(
        "mean_over_pieces",
        "Gradients are averaged over the pieces, not summed",
        "The loss is the same whether you cut or not. Does the formula divide by the number of pieces?",
        way(
            FIRST="{FIRST}\nparts = [[gradient / len(parts) for gradient in part] for part in parts]",
        ),
    ),
    idea(
        "a_window_for_each_output",
        "Each output goes back chunk steps: the pieces overlap",
        "There is another way of truncating. In this one, how many pieces does a step belong to?",
        way(
            CUT="for end in range(1, {steps} + 1):\n    begin = max(end - chunk, 0)",
            PIECE="piece = slice(begin, end)",
            D_STATES="d_states = np.zeros_like(dhidden_states[:, piece])\nd_states[:, -1] = dhidden_states[:, end - 1]",
            JOIN_DX="dx = np.zeros_like(x)\nfor end, part in enumerate(parts, 1):\n"
            "    dx[:, max(end - chunk, 0) : end] += part[0]",
            FIRST="dh0 = sum(part[1] for part in parts[:chunk])",
        ),
    ),
    idea(
        "pieces_begin_at_h0",
        "Each piece begins at h0, or at zero",
        "Forward nothing is cut. Which state did step chunk begin with?",
        way(START="start = h0"),
        way(START="start = h0 if begin == 0 else np.zeros_like(h0)"),
        way(START="start = np.zeros_like(h0)"),
    ),
    idea(
        "piece_begins_at_another_state",
        "A piece begins at the state of another step",
        "A piece from step 2 on: at which index of hidden_states stands the state that it begins with?",
        way(START="start = hidden_states[:, begin] if begin > 0 else h0"),
        way(START="start = hidden_states[:, begin - 1]"),
        way(START="start = hidden_states[:, begin - 2] if begin > 1 else h0"),
    ),
    idea(
        "dh0_of_another_piece",
        "dh0 comes from the last piece, or from all of them",
        "Which piece begins at h0? What do the others hand back, and where should it go?",
        way(FIRST="dh0 = parts[-1][1]"),
        way(FIRST="dh0 = sum(part[1] for part in parts)"),
    ),
    idea(
        "dh0_cut_off",
        "dh0 is zero: the gradient of the first piece is cut off as well",
        "Gradients stay within a piece. Does h0 belong to the first one?",
        way(FIRST="dh0 = np.zeros_like(h0)"),
        way(FIRST="dh0 = None"),
        way(FIRST="dh0 = np.zeros_like(h0) if len(parts) > 1 else parts[0][1]"),
    ),
    idea(
        "pieces_in_reversed_order",
        "The pieces of dx are joined in the order of the way back",
        "The pieces may be visited in any order. In which one must their dx stand?",
        way(JOIN_DX="dx = np.concatenate([part[0] for part in parts[::-1]], axis=1)"),
    ),
    idea(
        "pieces_joined_on_another_axis",
        "The pieces of dx are joined on the wrong axis",
        "Which axis of dx is time? On which axis do you put the pieces together?",
        way(JOIN_DX="dx = np.concatenate([part[0] for part in parts])"),
        way(JOIN_DX="dx = np.stack([part[0] for part in parts], axis=1)"),
    ),
    idea(
        "pieces_cut_across_samples",
        "The pieces are cut from the samples, not from the steps",
        "Which axis does your slice cut: samples or steps?",
        way(
            X_PIECE="x_piece = x[piece]",
            STATES="states = hidden_states[piece]",
            D_STATES="d_states = dhidden_states[piece]",
        ),
        way(X_PIECE="x_piece = x[piece]"),
    ),
]
