"""Laws of names and of text shown to people."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.submissions import natural_key, safe_name
from grader.text import clean, size

ANY = st.text(alphabet=st.characters(), max_size=150)  # lone surrogates too
TRICKY = st.text(alphabet="aAäÄ\u0308ßsſ./\\ -_:*con1王\u200b", max_size=8)


def folded(name: str) -> str:
    """A name as a file system sees it that ignores case and composition."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", name).casefold())


@given(ANY | TRICKY, ANY | TRICKY)
def test_two_students_never_share_a_file(first: str, second: str) -> None:
    assert first == second or folded(safe_name(first)) != folded(safe_name(second))


@given(ANY | TRICKY)
def test_a_safe_name_is_safe(student: str) -> None:
    name = safe_name(student)
    assert name
    assert len(name) <= 120
    assert len(name.encode()) <= 200
    assert not set(name) & set('/\\:*?"<>|\0')
    assert name[0] not in ".-~ "
    assert name[-1] not in ". "
    assert name.isprintable()


@given(TRICKY)
def test_a_name_made_safe_is_not_anybodys_own(student: str) -> None:
    safe = safe_name(student)
    assert safe == student or safe_name(safe) != safe


@pytest.mark.parametrize(
    "student", ["s001", "ada_lovelace", "王小明", "김 철수", "o'brien", "jürgen müller", "x@y.edu"]
)
def test_an_ordinary_name_is_kept(student: str) -> None:
    assert safe_name(student) == student


@pytest.mark.parametrize("student", ["con", "NUL", "com1", "lpt9.txt", "aux ", "con .x"])
def test_names_windows_reserves_are_changed(student: str) -> None:
    assert safe_name(student).startswith("_")


def test_case_and_composition_are_told_apart() -> None:
    names = [safe_name(student) for student in ("Ada", "ada", "ADA", "é", "e\u0301")]
    assert len({folded(name) for name in names}) == 5
    assert names[0].startswith("Ada-")


@given(st.lists(ANY, max_size=6))
def test_any_names_can_be_sorted(names: list[str]) -> None:
    assert sorted(sorted(names, key=natural_key, reverse=True), key=natural_key) == sorted(
        names, key=natural_key
    )


def test_names_are_in_the_order_in_which_people_count() -> None:
    assert sorted(["s10", "S2", "s1", "10", "9"], key=natural_key) == ["9", "10", "s1", "S2", "s10"]


NASTY = st.text(
    alphabet="\x1b[]31m;\x07\\\x9b\x9d\n\r\t\0\u202e\u2066\u200f\ud800\udfff\ufffe\u2028a王", max_size=30
)


@given(ANY | NASTY, st.integers(1, 60), st.booleans())
def test_clean_text_is_clean(text: str, limit: int, multiline: bool) -> None:
    cleaned = clean(text, limit, multiline=multiline)
    assert len(cleaned) <= limit
    cleaned.encode("utf-8")
    for character in cleaned:
        if character == "\n":
            assert multiline
        elif character not in "\u200c\u200d":
            assert unicodedata.category(character) not in ("Cc", "Cf", "Cs", "Zl", "Zp")


@given(ANY | NASTY)
def test_cleaning_twice_changes_nothing(text: str) -> None:
    assert clean(clean(text)) == clean(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("\x1b[31;1mred\x1b[0m", "red"),
        ("\x1b]0;title\x07text", "text"),
        ("\x1b]8;;http://x\x1b\\link\x1b]8;;\x1b\\", "link"),
        ("\x9b31mred", "red"),
        ("user\u202egnp.exe", "usergnp.exe"),
        ("a\r\nb\tc", "a b c"),
        ("王小明 José 👩‍🚀", "王小明 José 👩‍🚀"),
        ("\udcff", "\ufffd"),
    ],
)
def test_text_is_cleaned_of_what_disturbs_a_terminal(text: str, expected: str) -> None:
    assert clean(text) == expected


def test_clean_keeps_lines_when_asked_and_cuts_with_a_sign() -> None:
    assert clean("a\r\n  b\x00\n\n", multiline=True) == "a\n  b"
    assert clean("x" * 1_000_000, 10) == "x" * 9 + "…"


@pytest.mark.parametrize(
    ("count", "message"), [(1, "1 byte"), (999, "999 bytes"), (1_000_000, "1 MB"), (52_430_000, "52.4 MB")]
)
def test_sizes_are_said_in_the_unit_that_fits(count: int, message: str) -> None:
    assert size(count) == message
