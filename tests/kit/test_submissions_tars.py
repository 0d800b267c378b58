"""Tar files of students and of classes: every format and packing is read; what is hostile is one student's problem."""

from __future__ import annotations

import io
import random
import tarfile
import zlib
from pathlib import Path

import pytest

from grader.errors import UsageError
from grader.submissions import read_submissions, tars
from grader.submissions.files import Item
from grader.submissions.problems import Unreadable

CODE = b"x = 1\n"
FORMATS = {"ustar": tarfile.USTAR_FORMAT, "gnu": tarfile.GNU_FORMAT, "pax": tarfile.PAX_FORMAT}
PACKINGS = {"tar": "w:", "tar.gz": "w:gz", "tgz": "w:gz", "tar.bz2": "w:bz2", "txz": "w:xz"}


def entry(name: str, data: bytes = CODE, **about: object) -> tuple[tarfile.TarInfo, bytes]:
    info = tarfile.TarInfo(name)
    info.size = len(data)
    for key, value in about.items():
        setattr(info, key, value)
    return info, data


def archive(
    *entries: tuple[tarfile.TarInfo, bytes], mode: str = "w:gz", layout: int = tarfile.PAX_FORMAT
) -> bytes:
    held = io.BytesIO()
    with tarfile.open(fileobj=held, mode=mode, format=layout) as file:
        for info, data in entries:
            file.addfile(info, io.BytesIO(data))
    return held.getvalue()


def read(data: bytes) -> dict[str, bytes | str | None]:
    """What is in an archive: path -> what it holds, None for a folder, or why it is refused."""
    contents: dict[str, bytes | str | None] = {}
    for item in tars.student_items(data, "work.tar", ()):
        contents["/".join(item.parts)] = content(item)
    return contents


def content(item: Item) -> bytes | str | None:
    if item.read is None:
        return None
    try:
        return item.read(1_000_000)
    except Unreadable as why:
        return str(why)


def problem(root: Path, data: bytes, name: str = "work.tar.gz") -> str:
    """The problem of one student; another one beside them is read all the same."""
    for student, file, held in (("bad", name, data), ("good", "rnn.py", CODE)):
        (root / student).mkdir(parents=True, exist_ok=True)
        (root / student / file).write_bytes(held)
    submissions = {submission.student: submission for submission in read_submissions(root, "rnn")}
    assert submissions["good"].problem == ""
    assert submissions["bad"].chunks == ()
    return submissions["bad"].problem


@pytest.mark.parametrize("mode", sorted(set(PACKINGS.values())))
@pytest.mark.parametrize("layout", FORMATS)
def test_every_format_and_packing_is_read(layout: str, mode: str) -> None:
    long = "d" * 80 + "/" + "e" * 60 + "/rnn.py"
    names = ["rnn.py", long, "ä/名前.py", "f" * 99 + ".py" * (layout != "ustar")]
    entries = [entry(name, name.encode() * 40) for name in names]
    data = archive(*entries, entry("empty", b"", type=tarfile.DIRTYPE), mode=mode, layout=FORMATS[layout])
    assert read(data) == {**{name: name.encode() * 40 for name in names}, "empty": None}


@pytest.mark.parametrize("ending", PACKINGS)
def test_a_students_archive_is_opened(tmp_path: Path, ending: str) -> None:
    (tmp_path / "bob").mkdir()
    (tmp_path / "bob" / "rnn.py").write_bytes(CODE)
    (tmp_path / "ada").mkdir()
    inside = [entry("work/rnn.py"), entry("work/utils.py"), entry("work/._rnn.py"), entry("work/.git/rnn.py")]
    (tmp_path / "ada" / f"work.{ending}").write_bytes(archive(*inside, mode=PACKINGS[ending]))
    ada, bob = read_submissions(tmp_path, "rnn")
    assert (ada.student, ada.file, ada.problem) == ("ada", f"ada/work.{ending}/work/rnn.py", "")
    assert [module.label for module in ada.modules] == ["utils.py"]
    assert bob.problem == ""
    for typed in (tmp_path / "ada", tmp_path / "ada" / f"work.{ending}"):
        (alone,) = read_submissions(typed, "rnn")
        assert (alone.problem, alone.sha256) == ("", ada.sha256)


@pytest.mark.parametrize("ending", PACKINGS)
def test_an_archive_of_a_class_is_read_as_the_folder_of_it(tmp_path: Path, ending: str) -> None:
    inside = [
        entry("HW3/ada/rnn.py"),
        entry("HW3/bob/work.tar", archive(entry("rnn.py"), mode="w:")),
        entry("HW3/cy", b"", type=tarfile.DIRTYPE),
        entry("HW3/dee/rnn.py", b"", type=tarfile.SYMTYPE, linkname="/etc/passwd"),
        entry("HW3/eve/rnn.py", b"", type=tarfile.LNKTYPE, linkname="HW3/ada/rnn.py"),
        entry("HW3/fay/../../rnn.py"),
    ]
    path = tmp_path / f"download.{ending}"
    path.write_bytes(archive(*inside, mode=PACKINGS[ending]))
    (tmp_path / "me").mkdir()
    (tmp_path / "me" / path.name).write_bytes(path.read_bytes())
    for typed in (path, tmp_path / "me"):
        submissions = {submission.student: submission for submission in read_submissions(typed, "rnn")}
        assert submissions["ada"].problem == submissions["bob"].problem == ""
        assert "nothing was handed in" in submissions["cy"].problem
        assert "rnn.py is a link inside the archive" in submissions["dee"].problem
        assert "rnn.py is a link inside the archive" in submissions["eve"].problem
        assert "leads out of it" in submissions["fay"].problem
        assert sorted(submissions) == ["ada", "bob", "cy", "dee", "eve", "fay"]


def test_what_an_archive_is_counts_and_not_its_name(tmp_path: Path) -> None:
    for student, name, data in (
        ("ada", "rnn.zip", archive(entry("rnn.py"))),
        ("bob", "rnn.tar.gz", archive(entry("rnn.py"), mode="w:")),
        ("cy", "rnn.tar", archive(entry("rnn.py"), mode="w:xz")),
    ):
        (tmp_path / student).mkdir()
        (tmp_path / student / name).write_bytes(data)
    assert [submission.problem for submission in read_submissions(tmp_path, "rnn")] == ["", "", ""]


def sparse() -> bytes:
    """A file of 8 GB by its header, of a kilobyte in truth."""
    return archive(entry("rnn.py", b"0" * 1024, pax_headers={"GNU.sparse.realsize": "8000000000"}))


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "is not a complete tar file (no tar file is in it)"),
        (b"no tar" * 400, "is not a complete tar file (no tar file is in it, or it is damaged)"),
        (b"Rar!\x1a\x07" + bytes(600), "is a rar file, whatever its name says, and not opened here"),
        (b"%PDF-1.7" + bytes(600), "is a PDF, whatever its name says"),
        (archive(entry("rnn.py", random.Random(1).randbytes(9000)))[:-300], "breaks off before its end"),
        (archive(entry("rnn.py", CODE * 9000), mode="w:")[:-30_000], "breaks off before its end"),
        (archive(entry("rnn.py"))[:40] + bytes(20), "is not a complete tar file"),
        (archive(entry("rnn.py"))[:-4], "breaks off before its end"),
        (archive(entry("rnn.py"), mode="w:").replace(b"0000644", b"0000645", 1), "or it is damaged"),
        (archive(entry("../rnn.py")), "leads out of it (../rnn.py); make the archive again"),
        (archive(entry("/etc/rnn.py")), "leads out of it"),
        (archive(entry("a/" * 600 + "rnn.py")), "holds a path of 1206 characters; pack only the file"),
        (
            archive(entry("rnn.py", b"", type=tarfile.SYMTYPE, linkname="/etc/passwd")),
            "rnn.py is a link inside",
        ),
        (archive(entry("rnn.py", b"", type=tarfile.LNKTYPE, linkname="rnn.py")), "rnn.py is a link inside"),
        (
            archive(entry("rnn.py", b"", type=tarfile.CHRTYPE, devmajor=1, devminor=5)),
            "is a special file inside",
        ),
        (archive(entry("rnn.py", b"", type=tarfile.FIFOTYPE)), "is a special file inside"),
        (sparse(), "rnn.py is a special file inside"),
        (archive(entry("rnn.py", bytes(1_500_000))), "the limit for a file of this kind is 1 MB"),
        (archive(*(entry(f"{number}.py", b"") for number in range(2500))), "holds more than 2000 files"),
        (
            archive(entry("a.tgz", archive(entry("b.tgz", archive(entry("rnn.py")))))),
            "archives in archives, which are not opened",
        ),
        (archive(entry("a.tgz", b"no archive")), "a.tgz is not a complete tar file"),
        (archive(), "work.tar.gz holds no file"),
    ],
    ids=range(22),
)
def test_what_is_broken_or_hostile_is_its_students_problem(tmp_path: Path, data: bytes, message: str) -> None:
    assert message in problem(tmp_path, data)


def test_a_bomb_is_not_unpacked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No more is unpacked than may be held, however much is in it."""
    packer = zlib.compressobj(wbits=31)
    data = packer.compress(bytes(3_000_000)) + packer.flush()
    monkeypatch.setattr(tars, "STUDENT", 1_000_000)
    sizes: list[int] = []

    class Unpacker:
        def __init__(self) -> None:
            self._inner, self.eof = zlib.decompressobj(wbits=31), False

        def decompress(self, packed: bytes, most: int) -> bytes:
            sizes.append(most)
            return self._inner.decompress(packed, most)

    monkeypatch.setattr(tars, "_unpacker", lambda data: Unpacker())
    assert "would unpack to more than 1 MB; pack only the file that was asked for." in problem(tmp_path, data)
    assert sizes == [1_000_001]


def test_a_broken_archive_beside_work_hides_nothing(tmp_path: Path) -> None:
    (tmp_path / "ada").mkdir()
    (tmp_path / "ada" / "solution.py").write_bytes(CODE)
    (tmp_path / "ada" / "work.tar.gz").write_bytes(b"no archive")
    (tmp_path / "bob").mkdir()
    (tmp_path / "bob" / "rnn.py").write_bytes(CODE)
    assert [submission.problem for submission in read_submissions(tmp_path, "rnn")] == ["", ""]


def test_a_broken_archive_of_a_class_is_the_instructors(tmp_path: Path) -> None:
    path = tmp_path / "download.tgz"
    path.write_bytes(archive(entry("ada/rnn.py"))[:50])
    with pytest.raises(UsageError, match=r"download\.tgz cannot be read: .* is not a complete tar file"):
        read_submissions(path, "rnn")


def test_headers_of_any_content_are_read_in_one_pass() -> None:
    """The shapes at which patterns that try again would take the square of the length."""
    for unit in (b"2 ", b"1", b"11 path=", b"9 path=a\n", b"=", b"0 a=b\n", b"99999999999 path=x\n"):
        content = unit * 20_000
        records = list(tars._records(content))
        assert len(records) <= len(content) // 9
    assert list(tars._records(b"12 path=abc\n11 size=77\n9 size=x\n")) == [("path", "abc"), ("size", "77")]


def test_whatever_is_in_a_tar_file_it_ends_as_items_or_as_a_sentence() -> None:
    chance = random.Random(1)
    whole = archive(
        entry("ada/rnn.py", CODE * 100), entry("d" * 120 + "/rnn.py"), mode="w:", layout=tarfile.GNU_FORMAT
    )
    whole += archive(entry("ä" * 120 + "/rnn.py"), mode="w:")
    for _ in range(1500):
        data = bytearray(whole[: chance.choice([len(whole), chance.randrange(len(whole))])])
        for _ in range(chance.randrange(6)):
            if data:
                place = chance.choice([chance.randrange(len(data)), 512 * chance.randrange(8) + 156])
                data[min(place, len(data) - 1)] = chance.randrange(256)
        if chance.random() < 0.7:
            mend_sums(data)
        for item in items_or_sentence(bytes(data)):
            assert item.parts[:2] == ("ada", "work.tar")
            assert ".." not in item.parts
            content(item)


def items_or_sentence(data: bytes) -> list[Item]:
    try:
        return tars.student_items(data, "work.tar", ("ada", "work.tar"))
    except Unreadable:
        return []


def mend_sums(data: bytearray) -> None:
    """Right check sums in every block that may be a header, so that more than these are tried."""
    for place in range(0, len(data) - 511, 512):
        if data[place + 257 : place + 262] == b"ustar":
            total = sum(data[place : place + 148]) + 256 + sum(data[place + 156 : place + 512])
            data[place + 148 : place + 156] = b"%06o\0 " % total
