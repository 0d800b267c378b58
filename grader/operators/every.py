"""The list of all operators, in the order in which they are tried, and all edits of a function."""

from __future__ import annotations

import ast
import itertools
from collections.abc import Callable, Iterator, Sequence

from grader.operators import (
    calls,
    elsewhere,
    formulas,
    indices,
    joining,
    literals,
    lost,
    making,
    missing,
    names,
    products,
    results,
    siblings,
    signatures,
    sizes,
    statements,
    sums,
    throughout,
    twins,
    wrapping,
)
from grader.operators.scope import Scope
from grader.operators.texts import Edit

MOST_ALIKE = 6  # edits that are made at once
Operator = Callable[[Scope, ast.AST], Iterator[Edit]]

#: Those that put most mistakes right for each place that a function has for them come first.
OPERATORS: tuple[Operator, ...] = (
    names.misspelt,
    signatures.accept,
    missing.set_up_base,
    missing.ask_given,
    missing.plain_result,
    sums.transpose,
    calls.own_activation,
    formulas.own_rectifier,
    formulas.slope,
    calls.other_function,
    literals.other_word,
    literals.same_number_within,
    calls.drop_reversal,
    sums.comparison,
    sums.other_sign,
    sums.drop_term,
    calls.drop_call,
    lost.add_to_lost,
    lost.carried_nowhere,
    lost.by_counter,
    elsewhere.move_power,
    elsewhere.move_into_product,
    elsewhere.put_infinity,
    elsewhere.other_divisor,
    elsewhere.other_slice,
    statements.drop_statement,
    indices.other_range,
    indices.moved_counter,
    indices.counted,
    names.compared,
    joining.goes_through,
    indices.span_end,
    twins.as_twin,
    twins.as_other_direction,
    twins.given_twice,
    twins.ask_another,
    twins.ask_helper,
    sizes.other_size,
    products.split_product,
    products.move_factor,
    joining.give_last,
    indices.give_axis,
    indices.spread,
    missing.give_index,
    names.keep_given,
    calls.truth_to_none,
    formulas.exchange_factors,
    calls.exchange,
    names.parameters,
    siblings.like_another,
    siblings.set_attribute,
    twins.part_as_another,
    joining.joined_otherwise,
    joining.begin_with,
    wrapping.own_helper,
    products.join_terms,
    statements.give_nothing_more,
    results.missing_results,
    results.one_for_several,
    results.all_results,
    results.only_filled,
    throughout.drop_order,
    statements.exchange_statements,
    names.idle_name,
    names.carry,
    names.other_target,
    wrapping.regroup,
    wrapping.hold,
    wrapping.stack,
    statements.give_back,
    statements.make_default,
    making.register,
    making.other_dtype,
    statements.drop_guard,
    missing.use_idle,
    formulas.blend,
    formulas.brackets,
    formulas.turned_signs,
    formulas.complement,
    sums.add_term,
    calls.give_argument,
    indices.other_number,
    indices.other_index,
    formulas.permuted,
    results.moved_part,
    throughout.exchange_names,
    missing.cut_chain,
    formulas.name_for_number,
    sums.factors_exchanged,
    making.dtype_of_input,
    sums.in_place,
    names.size_name,
    sizes.size_for_number,
    names.other_attribute,
    indices.other_float,
    calls.drop_argument,
    statements.keep_on_object,
    missing.size_factor,
    formulas.inner_name,
    names.other_name,
    names.other_value,
    statements.out_of_loop,
    wrapping.rewrap,
    wrapping.wrap,
    wrapping.double_call,
    missing.add_factor,
    elsewhere.scale_product,
    elsewhere.repeat_term,
)


def edits(scope: Scope) -> Iterator[tuple[int, Edit]]:
    """Every edit of a function with the place of its operator in the list; each text that it may become once."""
    source = scope.text.source
    known_texts: set[tuple[object, ...]] = set()
    sites = _sites(scope)
    for rank, operator in enumerate(OPERATORS):
        own_edits: list[Edit] = []
        for node in sites:
            for edit in operator(scope, node):
                key = edit.replacements if len(edit.replacements) == 1 else (*sorted(edit.replacements),)
                if key not in known_texts and any(source[a:b] != new for a, b, new in edit.replacements):
                    known_texts.add(key)
                    own_edits.append(edit)
        yield from ((rank, edit) for edit in (*_edits_at_once(own_edits, source), *own_edits))


def _sites(scope: Scope) -> list[ast.AST]:
    """What operators look at: a function itself, what its arguments are by default, and all of its body.

    Values outside of functions are no function, though they are given as one: nothing can be asked of its head.
    """
    if scope.function not in scope.text.parents:
        return [node for node in scope.nodes if isinstance(node, ast.expr)]
    arguments = scope.function.args
    defaults = [default for default in (*arguments.defaults, *arguments.kw_defaults) if default is not None]
    return [scope.function, *(node for default in defaults for node in ast.walk(default)), *scope.nodes]


def _edits_at_once(several: Sequence[Edit], source: str) -> Iterator[Edit]:
    """Edits that bring and take the same words, made at once: in one line, and in all lines of the function.

    `f(a), f(b)` → `a, b`.
    """
    alike: dict[object, list[Edit]] = {}
    for edit in several if len(several) > 1 else ():
        added, removed = edit.balance(source)
        # What brings and takes nothing puts things elsewhere, and is like what puts the same things there.
        moved = () if added or removed else tuple((source[a:b], new) for a, b, new in edit.replacements)
        alike.setdefault((edit.operator, added, removed, moved), []).append(edit)
    for group in alike.values():
        lines = {edit.line for edit in group}
        for line in sorted(lines) if len(lines) > 1 else ():
            yield from _joined_edits([edit for edit in group if edit.line == line])
        yield from _joined_edits(group)


def _joined_edits(group: Sequence[Edit]) -> Iterator[Edit]:
    spans = sorted(span for edit in group for span in edit.replacements)
    are_apart = all(first[1] <= second[0] for first, second in itertools.pairwise(spans))
    if 1 < len(group) <= MOST_ALIKE and are_apart:
        lines = sorted({edit.line for edit in group})
        yield Edit(group[0].operator, lines[0], tuple(spans), tuple(lines[1:]))
