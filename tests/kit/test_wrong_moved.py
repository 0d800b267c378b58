"""Wrong edits that put something elsewhere: each makes the program that is expected of it, under its sentence."""

import pytest

from grader.operators.without_table import Text, scopes, wrongs

HEAD = "import numpy as np\nimport torch\n\n\n"
LOOP = """\
def read(x, h0, w, u, gain, bias, mask):
    h = h0
    outputs = []
    for t in range(3):
        pre = x @ w + h @ u
        h_new = np.tanh(gain * pre + bias)
        h = np.where(mask, h_new, h)
        outputs.append(np.where(mask, h_new, 0 * h_new))
    return np.stack(outputs), h
"""
GATES = """\
def gates(a, b, peep, c, h):
    i = np.tanh(a + peep[0] * c)
    f = np.tanh(b + peep[1] * c)
    o = np.tanh(b + peep[2] * h)
    return i, f, o
"""
SUM = "def f(x, w, h, u, b):\n    return np.tanh(x @ w + h @ u + b)\n"
PUBLIC = {"x", "w", "h", "u", "b", "gain", "bias", "mask", "peep", "c", "a", "keys"}


def made(body, kind):
    """From the title of each edit of a kind to the lines that it brings, one after the other."""
    source = HEAD + body
    text, before = Text(source), source.splitlines()
    every = {}
    for wrong in (wrong for scope in scopes(text) for wrong in wrongs(text, scope, PUBLIC)):
        if wrong.kind == kind:
            lines = [line.strip() for line in wrong.edit.applied(source).splitlines() if line not in before]
            every.setdefault(wrong.title, []).append(lines)
    return every


def test_a_term_is_added_before_a_function_is_applied_or_after():
    every = made(LOOP, "term_moved")
    assert ["pre = (x @ w + h @ u) + bias", "h_new = np.tanh(((gain * pre)))"] in every[
        "`bias` is added at another place than is meant in the loop"
    ]
    assert ["pre = ((x @ w))", "h_new = np.tanh(gain * pre + bias) + (h @ u)"] in every[
        "The product with `u` is added at another place than is meant in the loop"
    ]


def test_two_terms_of_one_sum_are_missing():
    assert made(SUM, "terms_missing") == {
        "The product with `w` and `b` are missing from a sum": [["return np.tanh(((h @ u)))"]],
        "The product with `u` and `b` are missing from a sum": [["return np.tanh(((x @ w)))"]],
    }


@pytest.mark.parametrize(
    ("line", "kind", "title", "wrong"),
    [
        (
            *("return (x * h) @ w", "factor_moved"),
            *("`x` multiplies what comes out of a matrix product, not what goes in", "return (x * (h @ w))"),
        ),
        (
            *("return x * (h @ w)", "factor_moved"),
            *("`x` multiplies what goes into a matrix product, not what comes out", "return ((x * h) @ w)"),
        ),
        (
            *("return x * (1 - h**2)", "power_moved"),
            *(
                "A whole difference is raised to a power, where a term of it is meant",
                "return x * (((1 - h) ** 2))",
            ),
        ),
        (
            *("return np.where(x > 0, h, -np.inf)", "zero_put_in"),
            "Zero stands where another number is meant, for what is to be left out",
            "return np.where(x > 0, h, 0.0)",
        ),
        (
            *('return np.einsum("nh,nsh->ns", h, u)', "averaged_products"),
            "A mean is taken where a sum of products is meant",
            'return (np.einsum("nh,nsh->ns", h, u) / h.shape[1])',
        ),
        (
            *("return x @ w", "averaged_products"),
            *("A mean is taken where a sum of products is meant", "return ((x @ w) / x.shape[-1])"),
        ),
        (
            *("return x.var(axis=1)", "other_divisor"),
            "A variance is divided by one less than the number of its entries",
            "return x.var(axis=1, ddof=1)",
        ),
        (
            *("return x.std(axis=1, ddof=1)", "other_divisor"),
            "A variance is divided by the number of its entries, where one less is meant",
            "return x.std(axis=1, ddof=0)",
        ),
        (
            *("return f(x, reverse=True)", "option"),
            *("An option of a function is set the other way", "return f(x, reverse=False)"),
        ),
    ],
)
def test_one_line(line, kind, title, wrong):
    assert [wrong] in made(f"def g(x, h, w, u):\n    {line}\n", kind)[title]


def test_what_is_kept_where_a_condition_does_not_hold():
    title = "Where a condition does not hold, another value is taken than is meant in the loop"
    assert made(LOOP, "other_filling") == {title: [["outputs.append(np.where(mask, h_new, h))"]]}


def test_two_parts_of_an_array_change_places_wherever_they_are_read():
    assert [
        "i = np.tanh(a + peep[1] * c)",
        "f = np.tanh(b + peep[0] * c)",
    ] in made(GATES, "parts_swapped")["Two parts of `peep` have changed places"]


def test_sizes_do_not_count_as_parts():
    assert made("def g(x):\n    return x.shape[0] + x.shape[1]\n", "parts_swapped") == {}


def test_the_last_that_is_collected_in_the_place_of_what_is_carried():
    title = "The last of what the loop collects is given back, where what it carries on is meant"
    assert made(LOOP, "last_collected") == {title: [["return np.stack(outputs), outputs[-1]"]]}


def test_what_is_carried_in_one_place_and_not_in_another_is_not_said_to_be_lost():
    partly = made(LOOP, "partly_carried")["In one place of the loop `h` is as it was before the first round"]
    assert ["h = np.where(mask, h_new, (h0))"] in partly
    assert ["pre = x @ w + (h0) @ u"] in partly
    (whole,) = made(LOOP, "not_carried").values()
    assert whole == [["pre = x @ w + (h0) @ u", "h = np.where(mask, h_new, (h0))"]]


def test_the_same_name_in_lines_that_look_alike():
    """Two of three gates look at `h` instead of `c`; the third one reads something else anyway."""
    title = "`h` is taken where `c` belongs, in several places"
    assert made(GATES, "other_name")[title] == [
        ["i = np.tanh(a + peep[0] * h)", "f = np.tanh(b + peep[1] * h)"]
    ]


def test_different_mistakes_are_not_told_as_one():
    """What is said of several lines is true of each: names are said where they differ at one place of the sentence."""
    every = made(GATES, "other_name")
    assert [
        "i = np.tanh(peep + peep[0] * c)",
        "f = np.tanh(peep + peep[1] * c)",
        "o = np.tanh(peep + peep[2] * h)",
    ] in every["`peep` is taken where `a` and `b` belong"]
    assert not [title for title in every if title.startswith("In several places") and "`" in title]


def test_a_long_tuple_of_results_is_not_tried_in_every_order():
    """Of eight there are 40,320, and what is tried in all is bounded."""
    names = [f"r{number}" for number in range(8)]
    body = "".join(f"    {name} = x + {number}\n" for number, name in enumerate(names))
    text = Text(f"def g(x):\n{body}    return x, ({', '.join(names)})\n")
    every = [wrong.edit.applied(text.source) for wrong in wrongs(text, next(scopes(text)), PUBLIC)]
    assert len(every) < 1000
    assert any("(r0, r1, r2, r3, r4, r7, r6, r5)" in source for source in every)


SCORES = """\
def attend(keys, w, b, mask):
    scores = keys @ w
    first, second = np.split(scores + b, 2, axis=1)
    {between}
    return mask * {value}
"""


@pytest.mark.parametrize(
    ("between", "value", "wrong"),
    [
        ("b = b", "scores", ["return (((mask * keys) @ w))"]),
        ("b = w", "second", []),  # the bias is another one by now
        (
            "c = w",
            "second",
            ["return ((np.split(((mask * keys) @ w) + b, 2, axis=1))[1])"],
        ),
        ("keys = w", "scores", []),
        ("scores = keys @ w + w @ keys", "scores", []),  # which of the two
        ("scores = scores + b", "second", []),  # it is no longer what was split
    ],
)
def test_a_factor_comes_in_before_the_product_that_an_earlier_statement_makes(between, value, wrong):
    every = made(SCORES.format(between=between, value=value), "factor_moved")
    title = "`mask` multiplies what goes into a matrix product, not what comes out"
    assert every == ({title: [wrong]} if wrong else {})
