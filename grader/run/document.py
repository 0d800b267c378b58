"""results.json, one entry after the other: that of a class of ten thousand is hundreds of megabytes.

What is read in one go is bounded by the largest entry. The file stays open, so entries can be read again after
another run has put a newer one in its place.
"""

from __future__ import annotations

import codecs
import json
import weakref
from array import array
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, BinaryIO

ENTRIES = "submissions"
_PIECE = 1 << 20  # bytes that are read at once; twice as many each time that an entry is longer
_SPACE = " \t\n\r"
_FOLLOWS = frozenset(",:]}" + _SPACE)  # a value


def _refuse(constant: str) -> Any:
    raise ValueError(f"{constant} is no JSON")


_STRICT, _LENIENT = json.JSONDecoder(parse_constant=_refuse), json.JSONDecoder()


def document_text(head: Mapping[str, Any], entries: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    """The text of a results.json, one entry after the other."""
    yield plain_json(head)[:-1] + f', "{ENTRIES}": ['
    for number, entry in enumerate(entries):
        yield (", " if number else "") + plain_json(entry)
    yield "]}\n"


def plain_json(data: Mapping[str, Any]) -> str:
    """Data as files of results hold it; ValueError for what is no JSON."""
    return json.dumps(data, ensure_ascii=False, allow_nan=False)


class Document:
    """A file of results: `head` is what it holds but for the entries, which are read when they are looked at.

    `has_entries` is False where there is no list of entries, `is_object` where the file is no JSON object at all.
    """

    def __init__(
        self, path: Path, look: Callable[[Any], None] = lambda entry: None, *, strict: bool = True
    ) -> None:
        """Read through the file; `look` is given every entry. Raises OSError, and ValueError where it is no JSON.

        `strict`: NaN is none, as it could not be written again.
        """
        file = path.open("rb")
        weakref.finalize(self, file.close)
        self._file = file
        self._begins, self._sizes = array("Q"), array("Q")
        self.head: Mapping[str, Any] = {}
        self.has_entries = False
        self.is_object = True
        try:
            self._read(_Text(file, _STRICT if strict else _LENIENT), look)
        except RecursionError as error:
            raise ValueError("it is nested too deeply") from error

    def __len__(self) -> int:
        return len(self._begins)

    def __iter__(self) -> Iterator[Any]:
        return map(self.entry, range(len(self)))

    def entry(self, place: int) -> Any:
        """An entry as it was when the document was opened."""
        self._file.seek(self._begins[place])
        return json.loads(self._file.read(self._sizes[place]))

    def _read(self, text: _Text, look: Callable[[Any], None]) -> None:
        if text.next() != "{":
            text.value()
            text.end()
            self.is_object = False
            return
        head: dict[str, Any] = {}
        for _ in text.items("{", "}"):
            key = text.value()
            if not isinstance(key, str):
                raise ValueError("a name is expected")
            text.take(":")
            if key == ENTRIES and text.next() == "[":
                if self.has_entries:
                    raise ValueError(f"{ENTRIES!r} is in it twice")
                self.has_entries = True
                for _ in text.items("[", "]"):
                    begin, entry, size = text.value_with_place()
                    self._begins.append(begin)
                    self._sizes.append(size)
                    look(entry)
            else:
                head[key] = text.value()
        text.end()
        self.head = head


class _Text:
    """The text of a file, of which only what is being read is in memory."""

    def __init__(self, file: BinaryIO, decoder: json.JSONDecoder) -> None:
        self._file, self._decode = file, codecs.getincrementaldecoder("utf-8")().decode
        self._decoder = decoder
        self._text, self._at = "", 0  # what is in memory, and the place in it that is read next
        self._before = 0  # bytes of the file before that place
        self._is_whole = False  # the end of the file is in memory

    def next(self) -> str:
        """The next character that is no space, which stays; "" at the end."""
        while True:
            while self._at < len(self._text):
                if self._text[self._at] not in _SPACE:
                    return self._text[self._at]
                self._at += 1
                self._before += 1
            if not self._read_more(_PIECE):
                return ""

    def take(self, sign: str) -> None:
        """Go on behind a sign that has to stand here."""
        if self.next() != sign:
            raise ValueError(f"{sign!r} is expected")
        self._at += 1
        self._before += 1

    def items(self, begin: str, end: str) -> Iterator[None]:
        """Stand before each item between two signs, once for each; whoever asks reads it."""
        self.take(begin)
        if self.next() == end:
            self.take(end)
            return
        while True:
            self.next()
            yield
            if self.next() == end:
                self.take(end)
                return
            self.take(",")

    def value(self) -> Any:
        """The value that stands here."""
        return self.value_with_place()[1]

    def value_with_place(self) -> tuple[int, Any, int]:
        """The value that stands here, with its place in the file and its size, in bytes."""
        self.next()
        piece = _PIECE
        while True:
            try:
                value, end = self._decoder.raw_decode(self._text, self._at)
                # A number may go on in the next piece, of which a point may be here.
                if self._is_whole or self._text[end : end + 1] in _FOLLOWS:
                    break
            except json.JSONDecodeError:
                if self._is_whole:
                    raise
            self._read_more(piece)
            piece *= 2
        begin, size = self._before, len(self._text[self._at : end].encode())
        self._at, self._before = end, begin + size
        return begin, value, size

    def end(self) -> None:
        """Refuse what follows."""
        if self.next():
            raise ValueError("something follows its end")

    def _read_more(self, size: int) -> bool:
        """Read so many bytes more; False at the end of the file."""
        if self._is_whole:
            return False
        data = self._file.read(size)
        self._is_whole = not data
        self._text = self._text[self._at :] + self._decode(data, final=self._is_whole)
        self._at = 0
        return True
