"""results.json is read one entry after the other, whatever stands where in it; and what is read is not kept."""

from __future__ import annotations

import json
import os
import tracemalloc
from collections import Counter

import pytest

from grader import lazy_sequences
from grader.lazy_sequences import LazySequence, each, where
from grader.roster.people import find, person
from grader.run import document as documents
from grader.run.document import Document
from grader.run.store import ClassFolder, read

from . import graded_factory as factory

ENTRIES = [{"student": "ann", "score": 1234567}, {"student": "李小明 – é"}, 1234567, [], "a text", {}]
HEAD = {"schema": "s", "suite": "ü" * 30, "max_score": 40.5}


def opened(tmp_path, text, **options):
    path = tmp_path / "results.json"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return Document(path, **options)


@pytest.fixture(params=[1, 2, 3, 7, 64, 1 << 20])
def piece(request, monkeypatch):
    """How many bytes are read at once: what is cut anywhere is put together."""
    monkeypatch.setattr(documents, "_PIECE", request.param)


@pytest.mark.parametrize("indent", [None, 2])
@pytest.mark.parametrize("order", ["before", "behind"])
def test_a_document_holds_what_json_says_that_it_does(tmp_path, piece, indent, order):
    entries = {"submissions": ENTRIES}
    data = {**HEAD, **entries} if order == "before" else {**entries, **HEAD}
    looked: list[object] = []
    document = opened(
        tmp_path, json.dumps(data, ensure_ascii=indent is None, indent=indent), look=looked.append
    )
    assert (document.head, looked, list(document), len(document)) == (HEAD, ENTRIES, ENTRIES, len(ENTRIES))
    assert document.entry(1) == ENTRIES[1]
    assert document.has_entries


def test_what_is_written_can_be_read(tmp_path, piece):
    document = opened(tmp_path, "".join(documents.document_text(HEAD, [{"a": 1}, {"b": "ü"}])))
    assert (document.head, list(document)) == (HEAD, [{"a": 1}, {"b": "ü"}])


@pytest.mark.parametrize(
    "text",
    [
        *(
            "",
            "{",
            "{}x",
            '{"a"}',
            '{"a": 1,}',
            '{"submissions": [1',
            '{"submissions": [1,]}',
            '{"submissions": [1 2]}',
        ),
        *(
            '{"submissions": [], "submissions": []}',
            "{1: 2}",
            '{"a": NaN}',
            '{"submissions": [{"a": Infinity}]}',
        ),
        *('{"a": "\n"}', "[1", b'{"a": "\xff"}', b'\xef\xbb\xbf{"a": 1}', '{"submissions": ' + "[" * 100_000),
    ],
)
def test_what_is_no_json_is_refused(tmp_path, piece, text):
    with pytest.raises(ValueError):
        opened(tmp_path, text)


@pytest.mark.parametrize("text", ["[]", "7", '"text"', " null "])
def test_what_is_no_object_is_known_as_that(tmp_path, piece, text):
    assert not opened(tmp_path, text).is_object


def test_an_open_document_is_what_it_was_when_another_takes_its_place(tmp_path):
    document = opened(tmp_path, json.dumps({"submissions": ENTRIES}))
    (tmp_path / "newer").write_text("{}")
    os.replace(tmp_path / "newer", tmp_path / "results.json")
    assert list(document) == ENTRIES


def test_elements_are_made_when_they_are_looked_at_and_the_first_are_kept(monkeypatch):
    monkeypatch.setattr(lazy_sequences, "KEPT", 2)
    counts: Counter[int] = Counter()

    def make(place: int) -> int:
        counts[place] += 1
        return 10 * place

    numbers = LazySequence(4, make)
    assert not counts
    assert [*numbers] == [*numbers] == [0, 10, 20, 30]
    assert counts == {0: 1, 1: 1, 2: 2, 3: 2}
    assert (numbers[-1], numbers[1:3], numbers == (0, 10, 20, 30), numbers == (0,)) == (
        30,
        (10, 20),
        True,
        False,
    )
    assert list(each(where(numbers, lambda number: number > 5), str)) == ["10", "20", "30"]
    with pytest.raises(IndexError):
        numbers[4]


def test_a_class_is_never_in_memory_as_a_whole(tmp_path, monkeypatch):
    monkeypatch.setattr(lazy_sequences, "KEPT", 3)
    monkeypatch.setattr(documents, "_PIECE", 1 << 14)
    real = read(factory.REAL)
    results = [factory.replace(real.results[n % len(real.results)], student=f"s{n:03d}") for n in range(200)]
    ClassFolder(tmp_path, real.assignment, real.suite, real.max_score).finish(results)
    size = (tmp_path / "results.json").stat().st_size
    tracemalloc.start()
    try:
        graded = read(tmp_path)
        names = [result.student for result in graded.results]
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert names == [result.student for result in results]
    assert most < size / 4


def test_somebody_is_found_among_many_by_the_surest_thing(tmp_path):
    people = [
        person(row, str(row), [f"id{row}"], [f"Student {row}", "Same Name"], f"Student {row}")
        for row in range(5)
    ]
    results = [
        factory.replace(factory.not_graded(name)) for name in ("id3", "Student 2", "Same Name", "", "nobody")
    ]
    matches = find(results, people, lambda owner, name: False)
    assert {row: result.student for row, result in matches.rows.items()} == {3: "id3", 2: "Student 2"}
    assert [text.partition(" (")[0] for text in matches.unfound] == ["Same Name", "", "nobody"]
    assert matches.uncertain == {0, 1, 4}
