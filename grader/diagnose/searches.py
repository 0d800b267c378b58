"""The searches for several mistakes, one after the other: what each runs at a question, and how much it may ask."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Search:
    """One way of going through the questions: the efforts at each, in turns, the less thorough of each kind first."""

    efforts: tuple[tuple[str, ...], ...]
    more: int  # answers that are computed for it beyond those of the searches before
    closely: bool = False  # whether answers of another form are judged more closely (see Additions)
    peeled: bool = False  # whether it begins with what gives most of what is wrong in all kinds of questions
    local: bool = False  # whether it begins with what answers some questions, looked for in each by itself
    always: bool = False  # whether it is begun also where nothing leads on


#: The next one where the one before found nothing. What was computed before is known. A brief look at some questions
#: comes first: a question in which one mistake hides another would use up what may be asked, and the next tells both.
#: Then each question is looked at by itself (see LocalSets).
SEARCHES = {
    "brief": Search((("some",),), 400, always=True),
    "local": Search((("some",),), 500, local=True, always=True),
    "first": Search((("some", "thorough"),), 1300, always=True),
    "peeled": Search((("some", "thorough"),), 600, peeled=True),
    "beside": Search(
        (("little beside",), ("more beside",), ("more beside", "thorough beside")), 1000, closely=True
    ),
}
