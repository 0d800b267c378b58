"""What students read is short and plain: the words and the grade of every snapshot, and of every hint."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from grader.assignments import find_course, load
from grader.diagnose.mistakes import load_mistakes
from grader.messages.page import MOST_WORDS

from .conftest import ROOT
from .reading import grade, prose, syllables, words

SNAPSHOTS = sorted((Path(__file__).parent / "snapshots").glob("*.txt"))
SCREENS = sorted((Path(__file__).parent / "screens").glob("*.txt"))
FEWEST = 80
HARDEST = 9.0
MOST_OF_A_MISTAKE = 45  # words: its title and its hint
#: Pages that have less to say than FEWEST words: nothing was lost, or nothing could be run and one thing is to be done.
SHORT = re.compile(
    r"\S+: (?:(\S+) of \1 points"
    r"|0 of \S+ points \((?:nothing is filled in yet|it could not be loaded, so nothing could be tested)\)"
    r"|not graded: .*)"
)
COURSE = find_course(ROOT)


def called(path: Path) -> str:
    return path.stem


@pytest.mark.parametrize("path", SNAPSHOTS, ids=called)
def test_a_page_has_no_more_words_than_a_tired_student_reads(path):
    page = path.read_text(encoding="utf-8")
    count = words(page)
    assert count <= MOST_WORDS
    # Made ones show how a page is laid out; their sentences are shorter than any real one.
    if not path.name.startswith("made-") and not SHORT.fullmatch(page.splitlines()[0]):
        assert count >= FEWEST


@pytest.mark.parametrize("path", [*SNAPSHOTS, *SCREENS], ids=called)
def test_a_page_or_screen_is_read_with_ease(path):
    text = path.read_text(encoding="utf-8")
    assert grade(text) <= HARDEST, prose(text)


@pytest.mark.parametrize("name", COURSE.names())
def test_each_named_mistake_is_read_with_ease(name):
    """Also those that nobody in the sample class has made."""
    texts = {
        mistake.id: f"{mistake.title}.\n\n{mistake.hint}" for mistake in load_mistakes(load(COURSE, name))
    }
    assert texts
    hard = {text: round(grade(text), 1) for text in texts.values() if grade(text) > HARDEST}
    assert hard == {}
    long = [text for text in texts.values() if words(text) > MOST_OF_A_MISTAKE]
    assert long == []


def test_what_is_no_english_is_one_short_word():
    plain = "The state after step x is off, by up to x."
    named = "The state after step `outputs[:, t] = f(1)` is off, by up to 0.25."
    assert (words(named), grade(named)) == (words(plain), grade(plain))
    assert words("It gives outputs (N, L, 2H) and hidden_state. (0.5 points)") == 6
    assert words("It is tanh (as it was).") == 6


def test_code_and_numbers_below_a_call_are_not_read():
    page = "The smallest call of `f` that goes wrong:\n    x = 1\n    print(f(x))\n  y is off\n    got 2"
    assert prose(page) == ["The smallest call of `f` that goes wrong:", "y is off"]
    hint = "In `f`:\n  ! It is wrong\n    Why is it?"
    assert prose(hint) == ["In `f`:", "! It is wrong", "Why is it?"]


def test_long_words_in_long_sentences_are_hard_to_read():
    easy = "Look at the last step. Which state does it hold?"
    hard = (
        "Notwithstanding considerable implementational similarities, intermediate representations deteriorate "
        "systematically whenever consecutive transformations necessitate reinitialisation."
    )
    assert grade(easy) < 4 < HARDEST < grade(hard)


@pytest.mark.parametrize(
    ("word", "count"),
    [("state", 1), ("hidden", 2), ("gradient", 3), ("unrolled", 2), ("tanh", 1), ("x", 1)],
)
def test_syllables_are_counted_as_they_are_spoken(word, count):
    assert syllables(word) == count
