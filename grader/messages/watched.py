"""What to say of a library's function that was called where the exercise asks to write it oneself."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence


def notes(called: Mapping[str, Iterable[str]], rule: str, costs: Sequence[str]) -> list[str]:
    """A note for each watched name with the exercises that called it."""
    return [note(name, exercises, rule, costs) for name, exercises in sorted(called.items())]


def note(name: str, exercises: Iterable[str], rule: str, costs: Sequence[str]) -> str:
    """That these exercises call `name`, the author's rule, and the groups of points that it costs."""
    callers = " and ".join(f"`{exercise}`" for exercise in sorted(exercises))
    price = f"Tests of {' and '.join(costs)} that it answered do not count." if costs else ""
    verb = "calls" if callers.count("`") == 2 else "call"
    return " ".join(filter(None, [f"{callers} {verb} `{name}`.", rule, price]))


def failure(name: str, rule: str) -> str:
    """Why an answer does not count."""
    return f"`{name}` was called to get this answer. {rule}".strip()
