"""What somebody does to a program that is not theirs, before it is handed in: source → source, or a notebook."""

from __future__ import annotations

import ast
import json
from collections.abc import Callable

_OTHER_NAMES = (
    "alpha",
    "beta",
    "gamma",
    "delta",
    "eps",
    "zeta",
    "eta",
    "theta",
    "iota",
    "kappa",
    "mu",
    "nu",
    "xi",
)
#: By these the tests call a program.
_CALLED = {"rnn_forward", "RNNCell", "RNN", "cell", "w_input", "w_hidden", "bias", "w_output", "forward"}


def renamed(source: str) -> str:
    """Every name that the program gives, but for those it is called by."""
    tree = ast.parse(source)
    arguments = {node.arg for node in ast.walk(tree) if isinstance(node, ast.arg)}
    arguments |= {
        node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
    }
    arguments |= {
        node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef) and "__" not in node.name
    }
    names = {
        name: f"{_OTHER_NAMES[place % len(_OTHER_NAMES)]}{place // len(_OTHER_NAMES) or ''}"
        for place, name in enumerate(sorted(arguments - _CALLED - {"self"}))
    }
    names["hidden_size"] = names.get("hidden_size", "hidden_size")
    for node in ast.walk(tree):
        if isinstance(node, ast.arg):
            node.arg = names.get(node.arg, node.arg)
        elif isinstance(node, ast.Name):
            node.id = names.get(node.id, node.id)
        elif isinstance(node, ast.FunctionDef):
            node.name = names.get(node.name, node.name)
        elif isinstance(node, ast.Attribute) and node.attr == "hidden_size":
            node.attr = "units"
    return ast.unparse(tree)


def reordered(source: str) -> str:
    """Classes and functions in another order, methods as well."""
    tree = ast.parse(source)
    for node in tree.body:
        if isinstance(node, ast.ClassDef):
            node.body.reverse()
    imports = [node for node in tree.body if isinstance(node, (ast.Import, ast.ImportFrom))]
    others = [node for node in tree.body if node not in imports]
    tree.body = [*imports[::-1], *others[::-1]]
    return ast.unparse(tree)


def commented(source: str) -> str:
    """Other comments, docstrings and blank lines; annotations; brackets; prints for looking."""
    tree = ast.parse(source)
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef):
            node.body.insert(0, ast.Expr(ast.Constant(f"What {node.name} is for, in words of my own.")))
            for argument in node.args.args[-1:]:
                argument.annotation = ast.Name("object", ast.Load())
        if isinstance(node, ast.For):
            node.body.append(ast.parse("print('still here')").body[0])
    lines = ast.unparse(ast.fix_missing_locations(tree)).replace(" = ", "  =  ").splitlines()
    return "\n".join(
        f"{line}  # step {number}\n" if number % 3 == 0 else line for number, line in enumerate(lines)
    )


class _Loops(ast.NodeTransformer):
    def visit_For(self, node: ast.For) -> ast.AST | list[ast.stmt]:
        self.generic_visit(node)
        call = node.iter
        if not (isinstance(call, ast.Call) and ast.unparse(call.func) == "range" and len(call.args) == 1):
            return node
        counter = ast.unparse(node.target)
        begin = ast.parse(f"{counter} = 0").body
        loop = ast.parse(f"while {counter} < {ast.unparse(call.args[0])}:\n    pass").body[0]
        assert isinstance(loop, ast.While)
        loop.body = [*node.body, *ast.parse(f"{counter} += 1").body]
        return [*begin, loop]


def other_loops(source: str) -> str:
    """`while` in the place of `for`."""
    return ast.unparse(ast.fix_missing_locations(_Loops().visit(ast.parse(source))))


class _Steps(ast.NodeTransformer):
    """`return f(x)` in two statements, and what is appended as well."""

    def visit_Return(self, node: ast.Return) -> ast.AST | list[ast.stmt]:
        if node.value is None or isinstance(node.value, ast.Name):
            return node
        return ast.parse(f"answer = {ast.unparse(node.value)}\nreturn answer").body

    def visit_Expr(self, node: ast.Expr) -> ast.AST | list[ast.stmt]:
        call = node.value
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute) and call.func.attr == "append":
            value = ast.unparse(call.args[0])
            return ast.parse(f"item = {value}\n{ast.unparse(call.func)}(item)").body
        return node


def in_steps(source: str) -> str:
    """Statements cut in two."""
    return ast.unparse(ast.fix_missing_locations(_Steps().visit(ast.parse(source))))


def with_more(source: str) -> str:
    """Something more around it: a helper that nothing calls, checks, a trial."""
    tree = ast.parse(source)
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef) and node.name != "__init__" and node.args.args:
            node.body.insert(0, ast.parse(f"assert {node.args.args[0].arg} is not None").body[0])
    extra = "def describe(a):\n    for row in a:\n        print(row.min(), row.max(), row.mean())\n    return a.shape\n"
    trial = "for seed in range(3):\n    torch.manual_seed(seed)\n    describe(torch.randn(3, 4))\n"
    return f"{extra}\n{ast.unparse(tree)}\n{trial}"


def notebook(source: str) -> str:
    """A notebook with a cell for each definition."""
    cells = [ast.unparse(node) for node in ast.parse(source).body]
    return json.dumps(
        {
            "nbformat": 4,
            "nbformat_minor": 5,
            "metadata": {},
            "cells": [
                {"cell_type": "markdown", "id": "m0", "metadata": {}, "source": ["# My homework"]},
                *(
                    {
                        "cell_type": "code",
                        "id": f"c{number}",
                        "metadata": {},
                        "execution_count": None,
                        "outputs": [],
                        "source": cell.splitlines(keepends=True),
                    }
                    for number, cell in enumerate(cells)
                ),
            ],
        }
    )


def one_part_new(source: str) -> str:
    """One of the classes written anew."""
    tree = ast.parse(source)
    mine = ast.parse(
        "class RNNCell(nn.Module):\n"
        "    def __init__(self, input_size, hidden_size):\n"
        "        nn.Module.__init__(self)\n"
        "        for name, rows in ('w_input', input_size), ('w_hidden', hidden_size):\n"
        "            setattr(self, name, nn.Parameter(torch.rand(rows, hidden_size) - 0.5))\n"
        "        self.bias = nn.Parameter(torch.rand(hidden_size) - 0.5)\n"
        "    def forward(self, x, hidden_state=None):\n"
        "        net = self.bias.expand(x.shape[0], -1) + torch.einsum('ni,ih->nh', x, self.w_input)\n"
        "        if hidden_state is not None:\n"
        "            net = net + torch.einsum('nh,hk->nk', hidden_state, self.w_hidden)\n"
        "        return net.tanh()\n"
    ).body[0]
    tree.body = [
        mine if isinstance(node, ast.ClassDef) and node.name == "RNNCell" else node for node in tree.body
    ]
    return ast.unparse(tree)


def all_at_once(source: str) -> str:
    return commented(reordered(renamed(source)))


DISGUISES: tuple[Callable[[str], str], ...] = (
    *(renamed, reordered, commented, other_loops, in_steps, with_more, notebook, one_part_new, all_at_once),
    lambda source: other_loops(in_steps(renamed(source))),
)
