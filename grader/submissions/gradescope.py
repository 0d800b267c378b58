"""Gradescope's submission_metadata.yml → who handed in each folder of a bulk export.

The file holds all old results too, often a hundred times as much as the names. So the few lines about submitters are
cut out, by their indentation alone, and only these are read as YAML: as events, so that every value stays the text that
it is (a student number 0123 is no octal number), and neither tags nor references are followed.
"""

from __future__ import annotations

from collections.abc import Iterator

import yaml

from grader.records import Member

_LONGEST = 2_000_000  # characters that are read as YAML
_KEYS = {":name": "name", ":sid": "sid", ":email": "email", "name": "name", "sid": "sid", "email": "email"}
_SUBMITTERS = (":submitters", "submitters")
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # the one in C, if the library was built with it


def submitters(metadata: str) -> dict[str, tuple[Member, ...]]:
    """The submitters of each folder. A folder whose entry cannot be read is missing in the answer."""
    members_by_folder: dict[str, tuple[Member, ...]] = {}
    for entry in _entries(metadata):
        members_by_folder.update(_read(entry))
    if (
        not members_by_folder and len(metadata) <= _LONGEST
    ):  # written by other hands: in another layout, or with other indents
        members_by_folder.update(_read(metadata))
    return members_by_folder


def _entries(metadata: str) -> Iterator[str]:
    """For each key at the margin its line, and below it the lines of its submitters."""
    block: list[str] = []
    indent = -1  # of the keys below the one at the margin
    within = False
    for line in metadata.splitlines():
        plain = line.lstrip(" ")
        deep = len(line) - len(plain)
        if not plain or plain.startswith("#"):
            continue
        if deep == 0 and not plain.startswith("-"):
            if _says_who(block):
                yield "\n".join(block)
            block, indent, within = [line], -1, False
            continue
        indent = deep if indent < 0 else indent
        if deep == indent and not plain.startswith("-"):
            within = plain.partition(": ")[0].rstrip(" :").strip("'\"") in _SUBMITTERS
        if within:
            block.append(line)
    if _says_who(block):
        yield "\n".join(block)


def _says_who(lines: list[str]) -> bool:
    # All of an entry may stand in one line.
    return len(lines) > 1 or any("submitters" in line[:1000] for line in lines)


def _read(text: str) -> dict[str, tuple[Member, ...]]:
    if len(text) > _LONGEST:
        return {}
    try:
        tree = _tree(yaml.parse(text, Loader=_LOADER))
    except (yaml.YAMLError, RecursionError, ValueError):
        return {}
    people_by_folder = {}
    for folder, about in tree.items() if isinstance(tree, dict) else ():
        people = (
            next((about[key] for key in _SUBMITTERS if key in about), None)
            if isinstance(about, dict)
            else None
        )
        members = (
            tuple(_member(person) for person in people if isinstance(person, dict))
            if isinstance(people, list)
            else ()
        )
        if named := tuple(member for member in members if member != Member("")):
            people_by_folder[folder] = named
    return people_by_folder


def _member(fields: dict[str, object]) -> Member:
    texts = {_KEYS[key]: value for key, value in fields.items() if key in _KEYS and isinstance(value, str)}
    return Member(texts.get("name", ""), texts.get("sid", ""), texts.get("email", ""))


def _tree(events: Iterator[yaml.Event]) -> object:
    """The first document of a stream. What is no text, list or dictionary (a reference) is an empty text."""
    stack: list[list[object]] = [[]]
    maps: list[bool] = []
    for event in events:
        if isinstance(event, (yaml.MappingStartEvent, yaml.SequenceStartEvent)):
            stack.append([])
            maps.append(isinstance(event, yaml.MappingStartEvent))
        elif isinstance(event, (yaml.MappingEndEvent, yaml.SequenceEndEvent)):
            values = stack.pop()
            if maps.pop():
                pairs = zip(values[::2], values[1::2])
                stack[-1].append({key: value for key, value in pairs if isinstance(key, str)})
            else:
                stack[-1].append(values)
        elif isinstance(event, yaml.ScalarEvent):
            plain = event.implicit[0]
            stack[-1].append("" if plain and event.value in ("null", "~", "Null", "NULL") else event.value)
        elif isinstance(event, yaml.AliasEvent):
            stack[-1].append("")
        elif isinstance(event, yaml.DocumentEndEvent):
            break
    return stack[0][0] if stack[0] else None
