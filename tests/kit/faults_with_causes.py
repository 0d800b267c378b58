"""Faulty code, for each row of the table of likely causes."""

from __future__ import annotations

from .faulty_code import CELL, NOTHING, Fault

#: The text of a row's pattern -> faults that it is the first row for.
FAULTS: dict[str, list[Fault]] = {
    "^cannot import name": ["from numpy import tahn"],
    r"name '(?:np|torch|nn|math|F)' is not defined": ["return math.tanh(x)"],
    r"name '(?:xrange|raw_input|unicode|basestring|long|unichr|execfile|reload|cmp|reduce)' is not defined": [
        "return [x[t] for t in xrange(2)]",
        "return reduce(max, [1, 2])",
    ],
    r"variable '(?P<name>\w+)'": ["if len(x) > 5:\n        state = h\n    return state @ w"],
    r"non-iterable NoneType": [(NOTHING, "a, b = nothing(x)")],
    r"'NoneType' object|'NoneType' and|and 'NoneType'|of type NoneType|not NoneType|got NoneType|dtype of NoneType"
    r"|: 'NoneType'": [
        "return np.tanh(None)",
        "return torch.tanh(None)",
        "return torch.stack([X, None])",
        "return torch.tensor(None)",
        "return -None",
        "state = None\n    return state @ W",
        "state = None\n    return x @ w + state",
        "state = None\n    return state.shape",
        (NOTHING, "return nothing(x)[0]"),
    ],
    r"\bellipsis\b": [
        "y = ...\n    return np.tanh(y)",
        "y = ...\n    return torch.tanh(y)",
        "y = ...\n    return x + y",
        "y = ...\n    return y @ W",
        "y = ...\n    return y.shape",
    ],
    r"before Module\.__init__\(\) call": [
        (CELL.format(first="self.w = nn.Parameter(torch.ones(2))", second="pass"), "return Cell()"),
        (CELL.format(first="self.inner = nn.Linear(2, 2)", second="pass"), "return Cell()"),
    ],
    r"'list' object has no attribute": ["return lengths.max()"],
    r"'Tensor' object has no attribute '(?:astype|copy|nonzeros|concatenate|append)'": [
        "return X.astype(np.float32)",
        "return X.copy()",
    ],
    r"'numpy\.ndarray' object has no attribute '\w+'": ["return x.unsqueeze(0)", "return x.detach()"],
    r"^tuple indices must be integers": ["return (x, h)[:, 0]"],
    r"'PackedSequence' object|'PackedSequence' and|and 'PackedSequence'": [
        "return pack_padded_sequence(X[..., None], [2, 1], batch_first=True).shape",
        "return X @ pack_padded_sequence(X[..., None], [2, 1], batch_first=True)",
    ],
    r"^module 'numpy' has no attribute '\w+'\.\s|^module 'numpy' has no attribute '(?:product|cumproduct|trapz|in1d"
    r"|msort|bool8|int0)'|was removed in the NumPy": [
        "return np.float(1)",
        "return x.astype(np.int)",
        "return x.astype(np.float_)",
        "return np.product(x)",
    ],
    r"^unhashable type: '(?:numpy\.ndarray|list|dict|set)'": ["return {x: 1}", "return {tuple([[1]])}"],
    r"'tuple' object has no attribute": ["return x.shape.max()", "return (x, h).mean()"],
    r"module '\w[\w.]*' has no attribute": ["return np.tahn(x)", "return torch.concate([X, X])"],
    "": [],  # rows that look at the class alone: below
    r"^matmul: Input operand \d does not have enough dimensions": [
        "state = None\n    return state @ w",
        "return x @ w[0, 0]",
    ],
    r"^matmul: Input operand|mat1 and mat2 shapes|not aligned": [
        "return x @ w.T",
        "return X @ W.T",
        "return np.dot(h, w)",
    ],
    r"^size mismatch, got input|must be a matrix|must be a 3D tensor": [
        "return torch.mv(X, W[0])",
        "return torch.mm(X, W[None])",
        "return torch.bmm(X, W)",
    ],
    r"^could not broadcast input array": ["out = np.zeros((2, 5))\n    out[:] = x @ w"],
    r"^operands could not be broadcast|output operand .* broadcast": ["return x + h", "x += h[:, :1, None]"],
    r"^The size of tensor a": ["return X + H"],
    r"^The expanded size of the tensor": ["return X.expand(2, 5)"],
    r"^einsum\(\)": ["return torch.einsum('nh,hk->nk', X, H)"],
    r"^Input batch size .* hidden": ["return nn.RNNCell(3, 4).double()(X, H[:1])"],
    r"inconsistent (?:input|hidden)_size": ["return nn.RNNCell(4, 3).double()(X)"],
    r"Expected input to be 1D or 2D|For (?:un)?batched": ["return nn.RNNCell(3, 4).double()(X[None, None])"],
    r"Expected hidden to be 1D or 2D|^Expected hidden size|Expected input to be 2D or 3D": [
        "return nn.RNNCell(3, 4).double()(X, H[None])",
        "return nn.RNN(3, 4).double()(X[None], H[None][:, :1])",
        "return nn.RNN(3, 4).double()(X[None, None])",
    ],
    r"(?:cannot reshape|is invalid for input of size)": ["return x.reshape(4, 2)", "return X.view(4, 2)"],
    r"^view size is not compatible": ["return X.T.view(6)"],
    r"^stack expects each|^all input arrays must have the same shape": [
        "return np.stack([x, h])",
        "return torch.stack([X, H])",
    ],
    r"^stack expects a non-empty|^need at least one array": [
        "return np.stack(outputs, axis=1)",
        "return torch.stack(outputs, dim=1)",
        "return np.concatenate(outputs)",
    ],
    r"^Sizes of tensors must match|^all the input array": [
        "return torch.cat([X, H], dim=0)",
        "return np.concatenate([x, h], axis=0)",
        "return np.concatenate([x, h[0]])",
    ],
    r"^Tensors must have same number of dimensions": ["return torch.cat([X, H[0]])"],
    r"^(?:cat|stack|concat)\(\): .*must be tuple of Tensors": ["return torch.cat(X, H)"],
    r"^(?:Dimension out of range|axis -?\d)": ["return X.sum(dim=2)", "return x.sum(axis=2)"],
    r"array is 0-dimensional": ["return np.asarray(None)[:, None]"],
    r"^pop from": ["return outputs.pop()"],
    r"^(?:max|min)\(\)": ["return max(outputs)"],
    r"^too many indices": ["return x[:, 0, 0]", "return X[:, 0, 0]"],
    r"out of bounds|out of range": [
        "return x[:, 3]",
        "return X[:, 3]",
        "return lengths[2]",
        "return (x, h)[2]",
    ],
    r"^only integers, slices|used as ind": ["return x[1.0]", "return x[np.array([0.5])]"],
    r"^not enough values to unpack|^too many values to unpack": ["a, b, c = x.shape", "a, b = x.T"],
    r"^cannot unpack non-iterable": ["a, b = len(x)"],
    r"same dtype|expected (?:scalar type|dtype)|Found dtype|^result type": [
        "return X.float().lerp(X.double(), 0.5)",
        "return X @ W.float()",
        "return nn.Linear(3, 4)(X)",
        "return torch.zeros(2, 3, dtype=torch.long).add_(X)",
    ],
    r"^Cannot cast ufunc": ["out = np.zeros(x.shape, dtype=int)\n    out += x"],
    r"^ufunc '\w+' (?:did not contain|not supported)|^loop of ufunc does not support": [
        "return np.tanh('x')",
        "return x + 'a'",
        "return np.tanh(np.array([x, [h]], dtype=object))",
    ],
    r"^setting an array element with a sequence": ["return np.array([x, h])"],
    r"^can only concatenate|^unsupported operand type\(s\) for \+: '(?:int|float)' and 'str'": [
        "return 'shape ' + x.shape",
        "return 3 + 'a'",
        "return outputs + (1,)",
    ],
    r"^Boolean value of Tensor|^The truth value of an array": [
        "if not X:\n        return X",
        "return x or h",
        "if h == 0:\n        return x",
    ],
    r"^assignment destination is read-only": ["x.flags.writeable = False\n    x[0] = 1"],
    r"^step must be greater than zero|^At least one stride": [
        "return X[::-1]",
        "return torch.from_numpy(x[::-1])",
    ],
    r"^only (?:length-1|0-dimensional|one element)|cannot be converted to Scalar|^only integer": [
        "return float(x)",
        "return X.item()",
        "return range(x)",
    ],
    r"^(?:a view of )?a leaf Variable|a leaf Variable": ["weight += 1", "weight[0] = 1"],
    r"modified by an inplace operation": ["y = torch.tanh(weight)\n    y += 1\n    y.sum().backward()"],
    r"backward through the graph a second time": [
        "y = torch.tanh(weight).sum()\n    y.backward()\n    y.backward()"
    ],
    r"^Can't call numpy\(\)": ["return np.tanh(weight)", "return weight.numpy()"],
    r"must be Tensor, not (?:tuple|list)": ["return layer((X, H))", "return torch.tanh(lengths)"],
    r"^unsupported operand type\(s\) for \S+ '(?:tuple' and|\w+(?:\.\w+)*' and 'tuple')": [
        "state = X, X\n    return state @ W",
        "state = X, X\n    return X + state",
        "state = X, X\n    return state / 2",
    ],
    r"received an invalid combination of arguments": ["return torch.where(X > 0, X, layer)"],
    r"^super\(\): ": ["return super().forward(x)", "exec('super().forward(x)')"],
    r"is not a Module subclass": ["return nn.Sequential(1)"],
    r"must be Tensor, not numpy|'numpy\.ndarray' and 'Tensor'|'Tensor' and 'numpy\.ndarray'|got numpy\.ndarray"
    r"|^expected np\.ndarray": [
        "return torch.stack([X, x])",
        "return torch.from_numpy(X)",
        "return torch.tanh(x)",
        "return layer(x)",
    ],
    r"and '(?:Linear|RNNCell|RNN)'|'(?:Linear|RNNCell|RNN)' and": ["return X @ layer", "return layer + X"],
    r"'(?:Linear|RNNCell|RNN)' object": ["return layer[0]", "return layer.sum()"],
    r"^cannot assign '[\w.]+' (?:object )?(?:as|to) parameter": ["layer.weight = W.T"],
    r"lengths.{0,3} array must be sorted": [
        "return pack_padded_sequence(X[..., None], [1, 2], batch_first=True)"
    ],
    r"^Length of all samples has to be": [
        "return pack_padded_sequence(X[..., None], [2, 0], batch_first=True, enforce_sorted=False)"
    ],
    r"lengths.{0,40}(?:1D CPU|int64)": [
        "return pack_padded_sequence(X[..., None], torch.tensor([[2, 1]]), batch_first=True)"
    ],
    r"'list' and '(?:Tensor|numpy)|'Tensor' and 'list'|list indices must be integers": [
        "return X + outputs",
        "return lengths['a']",
    ],
    r"between instances of '(?:list' and|\w+' and 'list)": ["return 0 < lengths", "return lengths > 0"],
    r"CUDA|NVIDIA|cuda|'(?:MPS|XPU|HIP)' backend|PyTorch is not linked with|[Cc]annot access accelerator": [
        "return torch.zeros(1, device='mps')",
        "return X.cuda()",
        "return X.to('cuda')",
    ],
    r"^(?P<name>\w+)\.__init__\(\) (?:takes|missing|got)": ["return nn.Tanh(X)", "return nn.Linear(3)"],
    r"^(?P<name>[\w.]+)\(\) (?:takes|missing|got)": ["return layer(X, H)", "return X.flip()"],
    r"^object of type '(?:int|float)' has no len|^len\(\) of a 0-d|^'(?:int|float)' object is not (?:iter|subscr)": [
        "return len(5)",
        "return len(X.sum())",
        "a, b = 5[0]",
        "for n in 3:\n        pass",
    ],
    r"'(?:Tensor|tuple|torch\.Size|numpy\.ndarray|int|float|list|Parameter)' object is not callable": [
        "return x(h)",
        "return X.shape(0)",
        "return weight(X)",
    ],
    r"'(?:builtin_function_or_method|function|method)'(?: object (?:is not|does not)| and |$)": [
        "return X @ W.t",
        "return X.t @ W",
        (NOTHING, "return nothing + x"),
        "return X.size[0]",
        "return torch.zeros[2]",
    ],
    r"^Cannot interpret '.*' as a data type|as an integer": ["return np.zeros(2, 4)", "return range(2.0)"],
    r"^'(?:torch\.Size|tuple)' object cannot be interpreted as an integer": ["return range(x.shape)"],
    r"^$|reading a line": ["return input('N? ')", "raised = EOFError()\n    exec('raise raised')"],
    r"^(?!Torch not compiled)": [
        "assert len(x) == 5",
        "assert len(x) == 5, 'five are wanted'",
        "if len(x) < 9: assert len(x) == 5",
    ],
    r"^unable to open database file": ["import sqlite3\n    return sqlite3.connect('/nowhere/at all')"],
    r"^can't start new thread": ["exec('raise RuntimeError(\"can\\'t start new thread\")')"],
    r"DefaultCPUAllocator|[Nn]ot enough memory": ["return torch.zeros(1 << 40, 1 << 10)"],
}
