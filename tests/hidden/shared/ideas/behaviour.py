"""What goes wrong around the numbers: arguments changed, a state kept, a dtype or a device pinned."""

from .table import idea, way

#: An array made beforehand, and filled step by step.
BUFFER = (
    "{outputs} = {m}.zeros(({samples}, {steps}, collected[0].shape[1]), dtype={dtype})\n"
    "for t in range({steps}):\n    {outputs}[:, t] = collected[t]"
)

IDEAS = [
    idea(
        "changes_its_arguments",
        "An array that was passed in is changed in place",
        "Print your arguments before and after the call. Which operation of yours writes into one of them?",
        way(needs="np", HOLD="{state}[:] = np.where(is_real, {new}, {state})"),
        way(needs="torch", RESULTS="{begun}.copy_({last})\n{RESULTS}"),
        way(needs="torch", RESULTS="{begun}.data.copy_({last})\n{RESULTS}"),
        way(BEGIN="for n, length in enumerate(lengths):\n    x[n, length:] = 0\n{BEGIN}"),
        way(needs="torch", BEGIN="for n, length in enumerate(lengths):\n    x.data[n, length:] = 0\n{BEGIN}"),
        way(RETURN="{state}[:] = {new}\n{RETURN}"),
        way(needs="torch", RETURN="{state}.data.copy_({new})\n{RETURN}"),
        way(RETURN="{x} *= 0\n{RETURN}"),
        way(needs="torch", RETURN="{x}.data.zero_()\n{RETURN}"),
        way(RETURN="{state} *= 0\n{x} *= 0\n{RETURN}"),
        *(way(needs="np", RETURN=f"{{{name}}} *= 0\n{{RETURN}}") for name in ("w_input", "w_hidden", "bias")),
    ),
    idea(
        "state_kept_between_calls",
        "Something of one call is still there in the next",
        "Call it twice, the second time with fewer samples. What of the first call is still stored somewhere?",
        way(ZEROS='{ZEROS}\n{given} = getattr(self, "kept", {given})', RETURN="self.kept = {new}\n{RETURN}"),
        way(
            ZEROS='{ZEROS}\n{given} = getattr(self, "kept", {given})', RESULTS="self.kept = {last}\n{RESULTS}"
        ),
        way(
            needs="torch",
            BEGIN='{state} = getattr(self, "kept", {begun})',
            RESULTS="self.kept = {last}\n{RESULTS}",
        ),
        way(needs="torch", EMPTY='collected = self.kept = getattr(self, "kept", [])'),
        way(
            ZEROS='{ZEROS}\nkept = getattr(self, "kept", {given})\n'
            "if (kept.shape, kept.dtype) == ({given}.shape, x.dtype):\n    {given} = kept",
            RESULTS="self.kept = {last}\n{RESULTS}",
        ),
    ),
    idea(
        "dtype_float32",
        "An array is made without the input's dtype: it is float32 whatever comes in",
        "Try float64 and print the dtype of each array that you make. Which of them never asks what the input has?",
        way(RESULTS="return {outputs}{float32}, {last}{float32}"),
        way(RESULTS="return {outputs}{float32}, {last}"),
        way(RESULTS="return {outputs}, {last}{float32}"),
        way(STACK=BUFFER.replace("{dtype}", "{m}.float32")),
        way(needs="np", BEGIN="{state} = {begun}.astype(np.float32)"),
        way(needs="np", HOLD="{HOLD}.astype(np.float32)"),
        way(READ="x_t = x[:, t]{float32}"),
        way(RETURN="return {new}{float32}"),
        way(RETURN="result = {m}.zeros({new}.shape, dtype={m}.float32)\nresult[:] = {new}\nreturn result"),
        way(needs="np", TANH="{new} = np.tanh({pre}.astype(np.float32)).astype({x}.dtype)"),
        way(ZEROS="{given} = torch.zeros({lead}{samples}, self.hidden_size)"),
        way(INPUT="{from_input} = {x}{float32} @ {w_input}"),
        makes="float32",
    ),
    idea(
        "dtype_float64",
        "An array is made without the input's dtype: it is float64 whatever comes in",
        "Try float32 and print the dtype of each array that you make. Which of them never asks what the input has?",
        way(RESULTS="return {outputs}{float64}, {last}{float64}"),
        way(RESULTS="return {outputs}{float64}, {last}"),
        way(RESULTS="return {outputs}, {last}{float64}"),
        way(STACK=BUFFER.replace("{dtype}", "{m}.float64")),
        way(SHOW="output = {state} * is_real{float64}"),
        way(needs="np", HOLD="mask = is_real.astype(float)\n{state} = mask * {new} + (1 - mask) * {state}"),
        way(ZERO="output = output * is_real{float64}"),
        way(needs="CELL", READ="x_t = x[:, t]{float64}"),
        way(RETURN="return {new}{float64}"),
        way(RETURN="result = {m}.zeros({new}.shape, dtype={m}.float64)\nresult[:] = {new}\nreturn result"),
        way(needs="np", SUM="{pre} = np.zeros({state}.shape) + {from_input} + {from_state} + {bias}"),
        way(ZEROS="{given} = torch.zeros({lead}{samples}, self.hidden_size, dtype=torch.float64)"),
        way(INPUT="{from_input} = {x}{float64} @ {w_input}"),
        way(
            MAKE_W_INPUT="self.w_input = nn.Parameter(torch.empty({size_w_input}, dtype=torch.float64){filled})",
            MAKE_W_HIDDEN="self.w_hidden = nn.Parameter(torch.empty({size_w_hidden}, dtype=torch.float64){filled})",
            MAKE_BIAS="self.bias = nn.Parameter(torch.empty({size_bias}, dtype=torch.float64){filled})",
        ),
        makes="float64",
    ),
    idea(
        "device_hard_coded",
        "A device is written into the code",
        "Not every machine has a GPU. From which tensor could your code learn where it is running?",
        way(ZEROS='{given} = torch.zeros({lead}{samples}, self.hidden_size, device="cuda")'),
        way(needs="torch", READ="x_t = x[:, t].cuda()"),
        way(needs="torch", INPUT="{from_input} = {x}.cuda() @ {w_input}"),
        way(MAKE_W_INPUT='self.w_input = nn.Parameter(torch.empty({size_w_input}, device="cuda"){filled})'),
    ),
]
