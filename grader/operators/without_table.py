"""All wrong edits of a right program, with words for each: what is named where nobody has written down mistakes.

>>> text = Text("def scaled(x, factor):\\n    return x * factor + 1\\n")
>>> [wrong.title for wrong in wrongs(text, next(scopes(text)), {"x", "factor"})][:2]
['`x` is ignored', '`x` is averaged over its first axis']
"""

from __future__ import annotations

import ast
import warnings
from collections.abc import Collection, Iterator
from dataclasses import replace

from grader.operators import (
    together,
    wrong,
    wrong_calls,
    wrong_earlier,
    wrong_flow,
    wrong_formulas,
    wrong_layout,
    wrong_loops,
    wrong_moved,
    wrong_objects,
    wrong_partly,
    wrong_reductions,
    wrong_results,
    wrong_whole,
)
from grader.operators.phrases import Phrases
from grader.operators.scope import Scope, scopes
from grader.operators.texts import Text
from grader.operators.wrong import Maker, Site, Wrong

__all__ = ["Text", "Wrong", "scopes", "wrongs"]

#: In the order in which their words are preferred where several answer alike: the most telling first.
MAKERS: tuple[Maker, ...] = (
    wrong_whole.never_changed,
    wrong_whole.arguments,
    wrong_whole.in_place,
    wrong_reductions.all_reductions,
    wrong_loops.loops,
    wrong_partly.choices,
    wrong_partly.rounds,
    wrong.numbers,
    wrong.sums,
    wrong.products,
    wrong.powers,
    wrong_objects.set_up,
    wrong_calls.calls,
    wrong_results.results,
    wrong_moved.last_collected,
    wrong_loops.partly_carried,
    wrong_calls.call_arguments,
    wrong_whole.names_exchanged,
    wrong_flow.comparisons,
    wrong_results.collecting,
    wrong_flow.statements,
    wrong_flow.indices,
    wrong_objects.kept,
    wrong_partly.left_out_partly,
    wrong_partly.one_and_the_same,
    wrong_partly.turned_otherwise,
    wrong_whole.parts_exchanged,
    wrong_flow.names,
    wrong_partly.parts_of_siblings,
    wrong_objects.cut_off,
    wrong_partly.changed_at_the_end,
    wrong_formulas.regrouped,
    wrong_formulas.complements,
    wrong_formulas.brackets,
    wrong_formulas.sign_missing,
    wrong_formulas.given_otherwise,
    wrong_formulas.of_another,
    wrong_formulas.given_values,
    wrong_reductions.reductions,
    wrong_reductions.other_sizes,
    wrong_reductions.steps_left_out,
    wrong_layout.parts,
    wrong_layout.added_axes,
    wrong_layout.side_by_side,
    wrong_layout.sizes,
    wrong_layout.in_a_tuple,
    wrong_layout.other_results,
    wrong_layout.factors,
    wrong_layout.kinds_of_arguments,
    wrong_moved.factors_moved,
    wrong_moved.powers_moved,
    wrong_moved.spreads,
    wrong_moved.fillings,
    wrong_moved.parts_swapped,
    wrong_moved.averaged_products,
    wrong_moved.several_terms,
    wrong_moved.terms_moved,
    wrong_earlier.factors_through_names,
)


def wrongs(text: Text, scope: Scope, public: Collection[str]) -> Iterator[Wrong]:
    """The wrong edits of one function, each text that it may become once; `public` are the hand-out's names.

    A function with a `while` has none: an edit of it might never end.
    """
    if any(isinstance(node, ast.While) for node in scope.nodes):
        return
    site = Site(scope, Phrases(scope, public))
    known_texts = {text.source}
    for maker in MAKERS:
        single = [edit for node in (scope.function, *scope.nodes) for edit in maker(site, node)]
        for edit in (*single, *together.together(site, single)):
            changed_text = edit.edit.applied(text.source)
            if changed_text not in known_texts and _parses(edit, text):
                known_texts.add(changed_text)
                yield replace(edit, title=edit.title[:1].upper() + edit.title[1:])


def _parses(edit: Wrong, text: Text) -> bool:
    """Whether an edit leaves a program of which Python says nothing."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            compile(edit.edit.applied(text.source), "edit", "exec")
    except (SyntaxError, SyntaxWarning, ValueError):
        return False
    return True
