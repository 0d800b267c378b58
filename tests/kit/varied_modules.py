"""The sections of the grammar of `varied_programs` about modules of torch: a cell, and a network."""

MODULES = """
[cell]
class RNNCell(nn.Module):
    def __init__(self, input_size, hidden_size):
        super().__init__()
        self.hidden_size = hidden_size
        <weights>

    def forward(self, x, hidden_state=None):
        <zeros>
        <answer>
--
class RNNCell(nn.Module):
    def __init__(self, input_size, hidden_size):
        super().__init__()
        <weights>
        self.hidden_size = self.bias.shape[0]

    def forward(self, x, hidden_state=None):
        <zeros>
        <answer>
[weights]
self.w_input = nn.Parameter(torch.randn(input_size, hidden_size) / hidden_size ** 0.5)
self.w_hidden = nn.Parameter(torch.randn(hidden_size, hidden_size) / hidden_size ** 0.5)
self.bias = nn.Parameter(torch.zeros(hidden_size))
--
bound = 1 / hidden_size ** 0.5
self.w_input = nn.Parameter(torch.empty(input_size, hidden_size).uniform_(-bound, bound))
self.w_hidden = nn.Parameter(torch.empty(hidden_size, hidden_size).uniform_(-bound, bound))
self.bias = nn.Parameter(torch.empty(hidden_size).uniform_(-bound, bound))
--
k = hidden_size ** -0.5
self.w_input = nn.Parameter(k * (2 * torch.rand(input_size, hidden_size) - 1))
self.w_hidden = nn.Parameter(k * (2 * torch.rand(hidden_size, hidden_size) - 1))
self.bias = nn.Parameter(torch.zeros(hidden_size))
--
self.w_input = torch.nn.Parameter(torch.zeros(input_size, hidden_size).normal_(0, 0.1))
self.w_hidden = torch.nn.Parameter(torch.zeros(hidden_size, hidden_size).normal_(0, 0.1))
self.bias = torch.nn.Parameter(torch.zeros(hidden_size).normal_(0, 0.1))
--
self.w_input = nn.Parameter(torch.Tensor(input_size, hidden_size))
self.w_hidden = nn.Parameter(torch.Tensor(hidden_size, hidden_size))
self.bias = nn.Parameter(torch.Tensor(hidden_size))
for weight in self.parameters():
    nn.init.uniform_(weight, -0.1, 0.1)
[zeros]
if hidden_state is None:
    hidden_state = torch.zeros(x.shape[0], self.hidden_size, dtype=x.dtype)
--
if hidden_state is None:
    hidden_state = x.new_zeros(len(x), self.hidden_size)
--
hidden_state = x.new_zeros((x.size(0), self.hidden_size)) if hidden_state is None else hidden_state
[answer]
return torch.tanh(x @ self.w_input + hidden_state @ self.w_hidden + self.bias)
--
return (x.matmul(self.w_input) + hidden_state.matmul(self.w_hidden) + self.bias).tanh()
--
a = torch.mm(x, self.w_input)
b = torch.mm(hidden_state, self.w_hidden)
return torch.tanh(a + b + self.bias)
--
net = torch.addmm(self.bias, x, self.w_input) + hidden_state @ self.w_hidden
return torch.tanh(net)
[network]
class RNN(nn.Module):
    def __init__(self, input_size, hidden_size):
        super().__init__()
        self.hidden_size = hidden_size
        self.cell = RNNCell(input_size, hidden_size)
        self.w_output = <out_weights>

    def forward(self, x, hidden_state=None, lengths=None):
        <t_body>
--
class RNN(nn.Module):
    def __init__(self, input_size, hidden_size):
        super().__init__()
        self.w_output = <out_weights>
        self.cell = RNNCell(input_size, hidden_size)
        self.hidden_size = hidden_size

    def forward(self, x, hidden_state=None, lengths=None):
        <t_body>
[out_weights]
nn.Parameter(torch.randn(hidden_size, hidden_size) / hidden_size ** 0.5)
--
nn.Parameter(torch.empty(hidden_size, hidden_size).uniform_(-0.3, 0.3))
--
nn.Parameter(0.1 * (2 * torch.rand(hidden_size, hidden_size) - 1))
--
torch.nn.Parameter(torch.zeros(hidden_size, hidden_size).normal_(0, 0.1))
[t_body]
<t_sizes>
<t_default>
<t_zeros>
states = []
for t in range(steps):
    <t_step>
    <t_mask>
    <t_hold>
    <t_out>
return torch.stack(states, dim=1), h
--
<t_sizes>
<t_zeros>
<t_default>
states = []
for t in range(steps):
    <t_step>
    <t_mask>
    <t_hold>
    states.append(h * real)
return torch.stack(states, 1) @ self.w_output, h
--
<t_sizes>
<t_default>
<t_zeros>
outputs = x.new_zeros(n, steps, self.hidden_size)
for t, x_t in enumerate(x.unbind(1)):
    new = self.cell(x_t, h)
    <t_mask>
    <t_hold>
    outputs[:, t] = torch.matmul(h, self.w_output) * real
return outputs, h
[t_sizes]
n, steps, _ = x.shape
--
n, steps = x.size(0), x.size(1)
--
n = x.shape[0]
steps = x.shape[1]
[t_default]
if lengths is None:
    lengths = [steps] * n
lengths = torch.as_tensor(lengths)
--
lengths = torch.full((n,), steps) if lengths is None else torch.tensor(list(lengths))
--
lengths = torch.tensor(all_steps(lengths, n, steps))
[t_zeros]
if hidden_state is None:
    hidden_state = torch.zeros(n, self.hidden_size, dtype=x.dtype)
h = hidden_state
--
h = x.new_zeros(n, self.hidden_size) if hidden_state is None else hidden_state
--
h = hidden_state
if h is None:
    h = x.new_zeros((n, self.hidden_size))
[t_mask]
real = (t < lengths)[:, None]
--
real = (lengths > t).unsqueeze(1)
--
real = torch.lt(t, lengths).view(-1, 1)
[t_step]
new = self.cell(x[:, t], h)
--
new = self.cell.forward(x[:, t, :], h)
--
x_t = x.select(1, t)
new = self.cell(x_t, h)
[t_hold]
h = torch.where(real, new, h)
--
h = real * new + ~real * h
--
h = h + (new - h) * real
[t_out]
states.append((h @ self.w_output) * real)
--
out = torch.matmul(h, self.w_output)
states.append(out.masked_fill(~real, 0))
--
y = h.mm(self.w_output)
states += [torch.where(real, y, torch.zeros_like(y))]
"""
