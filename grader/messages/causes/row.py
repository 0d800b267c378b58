"""A row of the table of causes, and what to look at next."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Cause:
    """A row of the table. `text` must be found in the exception's text, and `line` in the line that raised it.

    `says` may hold {name}, the group of that name in `text`. `sizes`: the arrays' shapes help.
    `look` is what to look at next, a key of LOOK; where there is none, it follows from `sizes`.
    """

    kinds: str
    text: str
    says: str
    sizes: bool = False
    look: str = ""
    line: str = ""


#: What to do next; {where} is a place such as "line 12".
LOOK = {
    "shapes": "Just before {where}, print the shapes of what goes into it. Is each what you expect there?",
    "dtypes": "Just before {where}, print the dtype of each array that goes into it. Which is not the input's?",
    "values": "Just before {where}, print what goes into it. Is it what you expect there?",
    "name": "Go to {where}: which name stands there, and where is it to get its value?",
    "unrun": "Go to {where}: why is it not run when it is graded, and what could the exercise use in its place?",
    "deleted": "Take the `del` at {where} out: nothing is gained by it.",
    "taken": "Go to {where}, and leave that name alone there.",
    "renamed": "Go to {where}, and call that something else.",
    "define": "Compare your `class` and `def` lines with those of the hand-out: which one differs?",
    "call": "Put the call and the `def` line side by side: which argument goes where?",
    "library": "Go to {where}, and read in the documentation what is called there: which arguments does it take?",
    "closed": "Go to {where}: can the exercise do without it?",
    "debugger": "Take breakpoint() or set_trace() out: it stands just before {where}.",
    "own": "Go to {where}: should your code stop there, for an input that the hand-out allows?",
    "round": "Go to {where}: what is called there, and when does that ever stop?",
    "way": "Go to {where}: is there another way to say it?",
}
#: After which of these it helps to see the call that shows it.
SHOWN_BY_A_CALL = {"shapes", "dtypes", "values", "call", "own", "way"}
