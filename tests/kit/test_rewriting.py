"""Definitions put into a loaded program, and loops of theirs that have no end."""

from __future__ import annotations

import pytest

from grader.subject.rewriting import MOST_ROUNDS, Endless, Rewriter

COUNTING = "def count(n):\n    done = 0\n    while done < n:\n        done += 1\n    return done\n"
ENDLESS = COUNTING.replace("done += 1", "pass")
STUBBORN = ENDLESS.replace("pass", "try:\n            pass\n        except Exception:\n            pass")


@pytest.fixture
def program():
    namespace: dict = {}
    exec(COUNTING, namespace)
    return namespace, Rewriter([namespace])


def test_a_loop_without_an_end_is_ended(program):
    namespace, rewriter = program
    for text in (ENDLESS, STUBBORN):
        rewriter.rewrite(namespace, text, "s.py", 1)
        rewriter.begin()
        with pytest.raises(Endless) as raised:
            namespace["count"](3)
        assert raised.traceback[1].lineno + 1 == 4  # in the lines of the text, as it is written


def test_rounds_are_counted_for_each_batch(program):
    namespace, rewriter = program
    rewriter.rewrite(namespace, COUNTING, "s.py", 1)
    for _ in range(3):
        rewriter.begin()
        assert namespace["count"](MOST_ROUNDS) == MOST_ROUNDS
    with pytest.raises(Endless):
        namespace["count"](1)


def test_the_program_as_it_was_counts_nothing(program):
    namespace, rewriter = program
    before = {*namespace}
    rewriter.rewrite(namespace, ENDLESS, "s.py", 1)
    rewriter.restore()
    assert {*namespace} == before
    assert namespace["count"](2 * MOST_ROUNDS) == 2 * MOST_ROUNDS
