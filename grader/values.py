"""Plain data as a tree: tuples, lists, dicts and records hold parts; whatever else there is, is a leaf.

The only place that knows how such data nests. Whoever walks arguments, answers or gradients does it with these.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Mapping
from typing import Any, Literal

Step = Hashable  # an index, a key, or a record's field
Path = tuple[Step, ...]
Kind = Literal["tuple", "list", "dict", "record", "leaf"]
Change = Callable[[Any], Any]


_SEQUENCES = {"tuple": "sequence", "list": "sequence"}
_LEAVES: frozenset[type] = frozenset({type(None), bool, int, float, str})


class Mismatch(Exception):
    """Two trees that are walked together have other containers, or other parts, at `path`."""

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        self.path = path


def kind(value: Any) -> Kind:
    """What a value is to a walk. A record is a dataclass instance; subclasses count as what they inherit from.

    >>> kind((1, 2)), kind({"h": 0.0}), kind(None)
    ('tuple', 'dict', 'leaf')
    """
    return _kind_of(type(value))


_MOST_KINDS = 256  # that are remembered: a submission could make classes without end
_kinds: dict[type, Kind] = {}


def _kind_of(cls: type) -> Kind:
    node_kind = _kinds.get(cls)
    if node_kind is None:
        node_kind = _looked_at(cls)
        if len(_kinds) < _MOST_KINDS:
            _kinds[cls] = node_kind
    return node_kind


def _looked_at(cls: type) -> Kind:
    if issubclass(cls, tuple):
        return "tuple"
    if issubclass(cls, list):
        return "list"
    if issubclass(cls, Mapping):
        return "dict"
    return "record" if hasattr(cls, "__dataclass_fields__") else "leaf"


def parts(value: Any) -> list[tuple[Step, Any]]:
    """The parts of a container, each with the step that leads to it; none for a leaf.

    >>> parts({"h": 1.0, 2: None})
    [('h', 1.0), (2, None)]
    """
    match kind(value):
        case "tuple" | "list":
            return list(enumerate(value))
        case "dict":
            return list(value.items())
        case "record":
            return [(name, getattr(value, name)) for name in type(value).__dataclass_fields__]
    return []


def nodes(value: Any, path: Path = ()) -> Iterator[tuple[Path, Any]]:
    """Every container and leaf with its path, a container before its parts."""
    yield path, value
    for step, part in parts(value):
        yield from nodes(part, (*path, step))


def contents(value: Any) -> Iterator[Any]:
    """Every container and leaf, in no order. Without paths, and therefore fast.

    >>> list(contents((1, [2])))
    [(1, [2]), [2], 2, 1]
    """
    waiting = [value]
    while waiting:
        node = waiting.pop()
        yield node
        match _kind_of(type(node)):
            case "tuple" | "list":
                waiting += node
            case "dict":
                waiting += node.values()
            case "record":
                waiting += [getattr(node, name) for name in type(node).__dataclass_fields__]


def leaves(value: Any) -> Iterator[tuple[Path, Any]]:
    """Every leaf with its path, in order.

    >>> list(leaves((1, {"h": [2]})))
    [((0,), 1), ((1, 'h', 0), 2)]
    """
    return ((path, node) for path, node in nodes(value) if kind(node) == "leaf")


def map_leaves(
    change: Change,
    value: Any,
    *,
    key: Change | None = None,
    records: bool = True,
    deepest: int | None = None,
    longest: int | None = None,
) -> Any:
    """The same tree with every leaf changed; subclasses of tuple, list and dict become these.

    `key` changes the keys of dicts. For values that somebody else made there are bounds: without `records`, and below
    `deepest` levels, and with more than `longest` parts, a container is handed to `change` like a leaf.

    >>> map_leaves(str, (1, {"h": [2]}))
    ('1', {'h': ['2']})
    """
    node_kind = kind(value)
    if node_kind == "leaf" or deepest == 0 or (node_kind == "record" and not records):
        return change(value)
    if longest is not None and node_kind != "record" and len(value) > longest:
        return change(value)
    below = None if deepest is None else deepest - 1

    def changed(part: Any) -> Any:
        return map_leaves(change, part, key=key, records=records, deepest=below, longest=longest)

    match node_kind:
        case "tuple":
            return tuple(map(changed, value))
        case "list":
            return list(map(changed, value))
        case "dict":
            return {key(name) if key else name: changed(part) for name, part in value.items()}
    return type(value)(**{str(name): changed(part) for name, part in parts(value)})


def at(value: Any, path: Path, default: Any = None) -> Any:
    """What stands at a path of a tree, or `default` where it has no such part.

    >>> at((1, {"h": [2]}), (1, "h", 0))
    2
    """
    for step in path:
        inner = dict(parts(value))
        if step not in inner:
            return default
        value = inner[step]
    return value


def zip_leaves(*values: Any, path: Path = ()) -> Iterator[tuple[Path, tuple[Any, ...]]]:
    """The leaves that stand at the same place in several trees. Raises Mismatch where the trees differ in form.

    >>> list(zip_leaves((1, [2]), (3, [4])))
    [((0,), (1, 3)), ((1, 0), (2, 4))]
    """
    first = values[0]
    node_kind = kind(first)
    if any(kind(value) != node_kind for value in values) or (
        node_kind == "record" and any(type(value) is not type(first) for value in values)
    ):
        raise Mismatch(path)
    if node_kind == "leaf":
        yield path, values
        return
    inner = [dict(parts(value)) for value in values]
    if any(entry.keys() != inner[0].keys() for entry in inner):
        raise Mismatch(path)
    for step in inner[0]:
        yield from zip_leaves(*(entry[step] for entry in inner), path=(*path, step))


def agree(same: Callable[..., bool], *trees: Any, atoms: tuple[type, ...] = ()) -> bool:
    """Whether trees have the same containers, and `same` holds for the leaves at each place; stops where they do not.

    A list and a tuple count as the same container. Records of the types `atoms` count as leaves.

    >>> agree(lambda one, other: one < other, (1, [2]), (3, (4,)))
    True
    """
    container = _container(type(trees[0]), atoms)
    for tree in trees[1:]:
        if type(tree) is not type(trees[0]) and _container(type(tree), atoms) != container:
            return False
    match container:
        case "leaf":
            return same(*trees)
        case "sequence":
            inner = list(zip(*trees)) if len({len(tree) for tree in trees}) == 1 else None
        case "dict":
            keys = trees[0].keys()
            alike = all(tree.keys() == keys for tree in trees)
            inner = [tuple(tree[key] for tree in trees) for key in keys] if alike else None
        case _:
            names = type(trees[0]).__dataclass_fields__
            alike = len({type(tree) for tree in trees}) == 1
            inner = [tuple(getattr(tree, name) for tree in trees) for name in names] if alike else None
    return inner is not None and all(agree(same, *pair, atoms=atoms) for pair in inner)


def _container(cls: type, atoms: tuple[type, ...]) -> str:
    """What `agree` takes a tree of this type for."""
    if cls in atoms:
        return "leaf"
    node_kind = _kind_of(cls)
    return _SEQUENCES.get(node_kind, node_kind)


def flatten(value: Any, atoms: tuple[type, ...] = ()) -> tuple[Hashable, list[Any]]:
    """The form of a tree, which trees of equal containers have in common, and its leaves in the form's order.

    Dicts with the same keys in another order are equal containers. Without paths, and therefore fast. Records of the
    types `atoms` count as leaves.

    >>> flatten((1, [2])) == (flatten((0, [0]))[0], [1, 2])
    True
    """
    flat: list[Any] = []
    return _form(value, flat, atoms), flat


def _form(value: Any, leaves: list[Any], atoms: tuple[type, ...]) -> Hashable:
    cls = type(value)
    if cls in _LEAVES or cls in atoms:
        leaves.append(value)
        return None
    if cls is tuple or cls is list:
        return (cls, *[_form(part, leaves, atoms) for part in value])
    if cls is dict:
        return (cls, *[(key, _form(value[key], leaves, atoms)) for key in _sorted_keys(value)])
    node_kind = _kind_of(cls)
    if node_kind == "leaf":
        leaves.append(value)
        return None
    if node_kind == "record":  # of one class, so its fields need no names here
        return (cls, *[_form(getattr(value, name), leaves, atoms) for name in cls.__dataclass_fields__])
    return (cls, *[(step, _form(part, leaves, atoms)) for step, part in parts(value)])


def _sorted_keys(value: dict[Any, Any]) -> list[Any]:
    """The keys of a dict in an order that is the same for the same keys."""
    if all(type(key) is str for key in value):  # as nearly always, and their order is quick to find
        return sorted(value)
    return sorted(value, key=repr)


def path_text(path: Path) -> str:
    """A path as it is written in Python behind a name.

    >>> path_text((1, "h"))
    "[1]['h']"
    """
    return "".join(f"[{step!r}]" for step in path)
