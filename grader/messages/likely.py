"""The likely cause of an exception, and what to look at next: from the tables of `causes` and the student's source.

Only whether an exception's text fits a row is used of it, and names in it that stand in the student's own source.
Where nothing fits, nothing is said.
"""

from __future__ import annotations

import ast
import builtins
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from grader.messages import gone, lookup
from grader.messages.causes import CAUSES, LOOK, SHOWN_BY_A_CALL
from grader.messages.forms import MOST_DIGITS
from grader.records import Chunk
from grader.subject import operations as ops
from grader.subject.statements import numbered

MOST_SHAPES, MOST_AXES, LARGEST = 3, 4, 9999
LONGEST = 300  # characters of a text that are looked at

#: Whether a word may be shown: it stands in the student's source, or is well known.
Known = Callable[[str], bool]

_ROWS = [
    (re.compile(row.kinds), re.compile(row.text, re.DOTALL), re.compile(row.line), row)
    for row in CAUSES
]  # fmt: skip
_NOT_DEFINED = re.compile(r"name '(\w{1,60})' is not defined")
_NO_ATTRIBUTE = re.compile(r"'(\w{1,60})' object has no attribute '(\w{1,60})'")
_LACKS = re.compile(r"'[\w.]{1,60}' object has no attribute '(\w{1,60})'")
_NOT_CALLABLE = re.compile(r"'(\w{1,60})' object is not callable")
_UNHASHABLE = re.compile(r"unhashable type: '(\w{1,60})'")
_CALLED = re.compile(r"(?<![\w.])([^\W\d]\w{0,59})\(")
_SIGNATURE = re.compile(r"([\w.]{1,120})\(\) (?:takes|missing|got) ")
_IMPORTS = (ast.Import, ast.ImportFrom)
_NAMES = {"NameError", "AttributeError", "ImportError"}
#: What comes with nn.Module: a class without it has forgotten its parent.
_OF_MODULES = {
    "parameters",
    "named_parameters",
    "state_dict",
    "load_state_dict",
    "double",
    "float",
    "eval",
    "train",
}


@dataclass(frozen=True)
class Likely:
    """What may be behind an exception, in a sentence or two; "" where nothing is known.

    `look` is a key of LOOK; `place` is where to look, where that is not the line that raised.
    """

    cause: str = ""
    look: str = "values"
    place: str = ""

    def next_step(self, where: str) -> str:
        """What to do now, at a place such as "line 12"; "" stands for none: nothing of one's own was reached."""
        at = self.place or where
        return LOOK[self.look].format(where=at) if at or "{where}" not in LOOK[self.look] else LOOK["define"]

    @property
    def needs_call(self) -> bool:
        """Whether it helps to see the call that shows it."""
        return self.look in SHOWN_BY_A_CALL


def likely(raised: ops.Raised, line: str, chunks: Sequence[Chunk], is_known: Known) -> Likely:
    """What may be behind an exception that the text `line` raised."""
    raised_text = raised.text[:LONGEST]
    own = (
        _without_self(raised, raised_text, chunks)
        or _overwritten(raised.kind, raised_text, line, chunks)
        or _of_own_code(raised.kind, raised_text, chunks)
    )
    if own is not None:
        return own
    # A class that nobody knows is told by those that it is made from.
    classes = (raised.kind,) if hasattr(builtins, raised.kind) else (raised.kind, *raised.bases)
    for kinds, pattern, in_line, row in _ROWS:
        fits = any(map(kinds.fullmatch, classes)) and in_line.search(line)
        match = pattern.search(raised_text) if fits else None
        if match is None:
            continue
        names = {key: value for key, value in match.groupdict().items() if value}
        if all(is_known(word) for value in names.values() for word in re.findall(r"\w+", value)):
            sizes = _shapes(raised, line) if row.sizes else ""
            look = row.look or ("shapes" if row.sizes else "values")
            return Likely(" ".join(filter(None, [sizes, row.says.format(**names)])), look)
    if raised.kind == "NameError" and (match := _NOT_DEFINED.fullmatch(raised_text)):
        return _misspelling(match[1], chunks)
    return Likely(look="name" if raised.kind in _NAMES else "shapes" if raised.shapes else "values")


def _without_self(raised: ops.Raised, text: str, chunks: Sequence[Chunk]) -> Likely | None:
    """What is raised about an object of the student's own, in a method of its class that does not begin with self."""
    frame = lookup.innermost(raised, chunks)
    method = lookup.find(lookup.function_at(frame, chunks), chunks) if frame else None
    owner = lookup.find(method.name.rpartition(".")[0], chunks) if method else None
    if method is None or owner is None or not owner.is_class or f"'{owner.name}'" not in text:
        return None
    return None if _has_self(method) else Likely(_what_is_self(method), "define")


def _has_self(method: lookup.Definition) -> bool:
    return method.decorated or method.arguments[:1] == ("self",)


def _what_is_self(method: lookup.Definition) -> str:
    return f"`{method.head}` ({method.where}): which argument of a method is the object itself?"


def _of_own_code(kind: str, text: str, chunks: Sequence[Chunk]) -> Likely | None:
    """What the student's own classes and functions say about it: they come before what is true of libraries."""
    if kind == "NameError" and (match := _NOT_DEFINED.fullmatch(text)):
        return _not_module_names(match[1], chunks)
    if kind == "AttributeError" and (match := _NO_ATTRIBUTE.fullmatch(text)):
        cause = _not_stored(match[1], match[2], chunks)
        return Likely(cause, "name") if cause else None
    if kind == "TypeError" and (match := _NOT_CALLABLE.fullmatch(text)):
        cause = _not_callable(match[1], chunks)
        return Likely(cause, "define") if cause else None
    if kind == "TypeError" and (match := _UNHASHABLE.fullmatch(text)):
        cause = _unhashable(match[1], chunks)
        return Likely(cause, "define") if cause else None
    if kind == "TypeError" and (match := _SIGNATURE.match(text)):
        return _signature(match[1], chunks)
    return None


def _shapes(raised: ops.Raised, line: str) -> str:
    """The shapes of the arrays in the failing line, as far as their names stand there and their sizes are small."""
    texts = [
        f"{name} ({', '.join(map(str, shape))}{',' if len(shape) == 1 else ''})"
        for name, shape in raised.shapes
        if len(shape) <= MOST_AXES
        and all(size <= LARGEST for size in shape)
        and re.search(rf"(?<![\w.]){re.escape(name)}(?!\w)", line)
    ]
    # The sizes are the submission's word: few digits, so that they spell no number it was given.
    few = [
        text
        for count, text in enumerate(texts[:MOST_SHAPES], 1)
        if sum(map(str.isdecimal, "".join(re.findall(r"\(.*?\)", " ".join(texts[:count]))))) <= MOST_DIGITS
    ]
    return f"Shapes there: {', '.join(few)}." if few else ""


def _not_module_names(name: str, chunks: Sequence[Chunk]) -> Likely | None:
    """A name whose import is there, at the left edge of the file, and was passed over; None for any other."""
    own = [chunk for chunk in chunks if not chunk.label.endswith(".py")]  # a module has its own imports
    return _not_run(name, own, lambda node: isinstance(node, _IMPORTS) and not node.col_offset)


def _deleted(name: str, chunks: Sequence[Chunk]) -> Likely | None:
    """A name that is taken away again at the top of a file: what runs later does not find it."""
    removal = gone.removal(name, chunks)
    if removal is None:
        return None
    how, place = removal[0], lookup.where(*removal[1:])
    return Likely(f"{how} at {place}.", "deleted" if "`del`" in how else "taken", place)


def _overwritten(kind: str, text: str, line: str, chunks: Sequence[Chunk]) -> Likely | None:
    """A name of Python's own, or of a module, that the top of the file gives to something else: `sum = 0`, `np = 3`."""
    used = set[str]()
    if kind == "TypeError" and _NOT_CALLABLE.fullmatch(text):
        used = {name for name in _CALLED.findall(line) if hasattr(builtins, name)}
    elif kind == "AttributeError" and (match := _LACKS.fullmatch(text)):
        used = {*re.findall(rf"(?<![\w.])([^\W\d]\w{{0,59}})\.{match[1]}(?!\w)", line)} & _module_names(
            chunks
        )
    for chunk in chunks if used else ():
        for statement in numbered(chunk.source).values():
            names = used & statement.binds
            if names and isinstance(statement.node, (ast.Assign, ast.AnnAssign, ast.AugAssign, ast.For)):
                place = lookup.where(chunk.label, statement.line)
                return Likely(f"`{min(names)}` is given to something else at {place}.", "renamed", place)
    return None


def _module_names(chunks: Sequence[Chunk]) -> set[str]:
    """The names that imports at the top of the source give values to."""
    statements = [statement for chunk in chunks for statement in numbered(chunk.source).values()]
    return {
        name for statement in statements if isinstance(statement.node, _IMPORTS) for name in statement.binds
    }


def _not_run(
    name: str, chunks: Sequence[Chunk], fits: Callable[[ast.stmt], bool] = lambda node: True
) -> Likely | None:
    """A name whose statement is there, and was passed over; None for any other. That statement is to be looked at."""
    if deleted := _deleted(name, chunks):
        return deleted
    for chunk in chunks:
        for statement in numbered(chunk.source).values():
            if name in statement.binds and fits(statement.node):
                place = lookup.where(chunk.label, statement.line)
                cause = f"It gets its value at {place}, which is not run when it is graded."
                return Likely(cause, "unrun", place)
    return None


def _misspelling(name: str, chunks: Sequence[Chunk]) -> Likely:
    """A name that nothing defines: a method's weight without self, a typing slip, or nothing to say."""
    defined = lookup.names(chunks)
    if name in defined.attributes:
        return Likely(f"There is `self.{name}`: is `self.` missing here?", "name")
    if unrun := _not_run(name, chunks):
        return unrun
    near = lookup.near(name, defined.names)
    return Likely(f"Is `{near}` meant?" if near else "Where should it get its value?", "name")


def _not_stored(owner: str, name: str, chunks: Sequence[Chunk]) -> str:
    """An attribute that an object of the student's own class does not have."""
    definition = lookup.find(owner, chunks)
    if definition is None or not definition.is_class:
        return ""
    if not definition.bases and name in _OF_MODULES:
        return _no_parent(definition)
    attributes = {*lookup.names(chunks).attributes, *lookup.methods(owner, chunks)}
    if name in attributes:
        return f"Is `self.{name}` set before this line, and in `__init__`?"
    if definition.bases and name.startswith("_"):  # what its parent keeps, and sets up
        return "Does `__init__` begin with `super().__init__()`?"
    near = lookup.near(name, attributes)
    return f"Is `self.{near}` meant?" if near else "Nothing in the class sets it: should `__init__` do so?"


def _not_callable(owner: str, chunks: Sequence[Chunk]) -> str:
    """An object of the student's own class that is called, and cannot be."""
    definition = lookup.find(owner, chunks)
    if definition is None or not definition.is_class:
        return ""
    if not definition.bases:
        return _no_parent(definition)
    return f"What should happen when a `{owner}` is called? Its class ({definition.where}) does not say."


def _unhashable(owner: str, chunks: Sequence[Chunk]) -> str:
    """An object of the student's own class that cannot be told from another one by its hash."""
    definition = lookup.find(owner, chunks)
    if definition is None or not definition.is_class:
        return ""
    why = "a dataclass compares its fields" if definition.decorated else "it has an `__eq__` of its own"
    return (
        f"`{owner}` ({definition.where}) has lost its hash, as {why}: PyTorch needs it to tell modules apart."
    )


def _no_parent(definition: lookup.Definition) -> str:
    return (
        f"`{definition.head}` ({definition.where}) names no parent class: what makes it a module of PyTorch?"
    )


def _signature(name: str, chunks: Sequence[Chunk]) -> Likely | None:
    """A function of the student's own that is called with other arguments than it takes."""
    owner, _, last = name.rpartition(".")
    definition = lookup.find(name, chunks)
    if definition is not None and definition.is_class:  # made with arguments, and its __init__ takes none
        owner, last, definition = name, "__init__", lookup.find(f"{name}.__init__", chunks)
    in_class = lookup.find(owner, chunks) if owner else None
    if definition is None and in_class is not None and in_class.is_class:
        near = lookup.near(
            last, [method for method in lookup.methods(owner, chunks) if method != "forward"], 0.7
        )
        slip = f" There is `{near}`: is it meant to be this one?" if near else ""
        return Likely(f"The class `{owner}` ({in_class.where}) defines no `{last}`.{slip}", "define")
    if definition is None:
        return None
    if in_class is not None and in_class.is_class and not _has_self(definition):
        return Likely(_what_is_self(definition), "define")
    cause = f"It is defined as `{definition.head}` ({definition.where}): which arguments does it get here?"
    return Likely(cause, "call")
