"""What goes wrong with the state that may be given or not."""

from .table import idea, way

# What code asks a state for when it takes it for granted; each names itself in the exception.
OF_A_TENSOR = ("shape", "size", "to", "dtype", "device", "matmul", "mm", "clone", "unsqueeze", "squeeze")

IDEAS = [
    idea(
        "needs_a_state",
        "It fails when no state is given",
        "The initial state may be left out. What should take its place, and where is that decided?",
        way(DEFAULT=""),
        way(DEFAULT="", STATE="{from_state} = torch.matmul({state}, {w_hidden})"),
        way(DEFAULT="", STATE="{from_state} = torch.mm({state}, {w_hidden})"),
        way(DEFAULT="torch.cat([{x}, {state}], dim=1)"),
        way(DEFAULT="", HOLD="{state} = is_real * {new} + ~is_real * {state}"),
        way(needs="LENGTHS", DEFAULT="{given}[0]"),
        *(way(DEFAULT=f"{{given}}.{attribute}") for attribute in OF_A_TENSOR),
        way(SIGNATURE="{without_default}"),
        way(SIGNATURE="{without_default}", DEFAULT="{given} = {given}.to(x.dtype)"),
    ),
    idea(
        "zero_state_axes_swapped",
        "The zero state has its axes swapped",
        "A state is (N, H), one row per sample. Print the shape of the one you make, with N different from H.",
        way(ZEROS="{given} = x.new_zeros({lead}self.hidden_size, {samples})"),
    ),
    idea(
        "batch_size_hard_coded",
        "The batch size is written into the code",
        "Try a batch of another size. Which number in your code should come from the shape of x instead?",
        *(
            way(ZEROS=f"{{given}} = x.new_zeros({{lead}}{samples}, self.hidden_size)")
            for samples in (2, 3, 4, 5, 32)
        ),
    ),
    idea(
        "ones_initial_state",
        "The initial state is ones when none is given",
        "Before anything is read there is nothing to remember. Which numbers say that?",
        way(ZEROS="{given} = x.new_ones({lead}{samples}, self.hidden_size)"),
    ),
    idea(
        "random_initial_state",
        "The initial state is random when none is given",
        "Call it twice with the same input. What should the network know before it has read anything?",
        *(
            way(ZEROS=f"{{given}} = torch.{draw}({{lead}}{{samples}}, self.hidden_size{dtype})")
            for dtype in (", dtype=x.dtype", "")
            for draw in ("randn", "rand")
        ),
        drawn=True,
    ),
    idea(
        "initial_state_ignored",
        "The given initial state is not used",
        "Call it with two different initial states. Should the results be the same? Where does the argument go?",
        way(IF_NONE="if True:"),  # first: then what is made in its place may be wrong as well
        way(BEGIN="{state} = {m}.zeros_like({begun})"),
    ),
    idea(
        "initial_state_of_one_sample",
        "All samples begin at the initial state of one of them",
        "The initial state is (N, H): is there an axis for layers that you could index? Print its shape.",
        way(BEGIN="{state} = {begun}[0]"),
        way(BEGIN="{state} = {begun}[-1]"),
    ),
    idea(
        "trainable_initial_state",
        "The initial state is a parameter that is trained",
        "List the parameters of your module. The exercise asks for certain ones: which one is too many?",
        *(
            way(
                SET_UP=f"{{SET_UP}}\nself.{name} = nn.Parameter(torch.zeros({{lead}}{axes}hidden_size))",
                ZEROS=f"{{given}} = self.{name}.expand({{lead}}{{samples}}, self.hidden_size)",
            )
            for name in ("h0", "initial_state", "init_state", "hidden_state")
            for axes in ("", "1, ")
        ),
    ),
    idea(
        "state_tested_for_truth",
        "The state is tested for being true or false",
        "An array of several numbers is neither true nor false. What exactly do you want to know about the state?",
        way(IF_NONE="if not {given}:"),
        way(needs="np", BEGIN="{state} = {begun} if {begun} else 0 * {begun}"),
        way(needs="np", STATE="{from_state} = {state} @ {w_hidden} if {state} else 0 * {state}"),
    ),
]
