"""What the bytes of a file say that it is, whatever it is called."""

from __future__ import annotations

import re

A_ZIP = "a zip file"
A_TAR = "a tar file"
_PACKED = (
    (b"\x1f\x8b", "a gzip file"),
    (b"BZh", "a bzip2 file"),
    (b"\xfd7zXZ", "an xz file"),
)
#: What can be opened here.
ARCHIVES = frozenset((A_ZIP, A_TAR, *(kind for _, kind in _PACKED)))
_MAGIC_NUMBERS = (
    (b"PK\x03\x04", A_ZIP),
    (b"PK\x05\x06", A_ZIP),  # with nothing in it
    *_PACKED,
    (b"%PDF", "a PDF"),
    (b"%!PS", "a PostScript document"),
    (b"{\\rtf", "an RTF document"),
    (b"\xd0\xcf\x11\xe0", "an Office document"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"GIF8", "a picture"),
    (b"II*\0", "a picture"),
    (b"MM\0*", "a picture"),
    (b"\x7fELF", "a program"),
    (b"\xcf\xfa\xed\xfe", "a program"),
    (b"\xca\xfe\xba\xbe", "a program"),
    (b"Rar!", "a rar file"),
    (b"7z\xbc\xaf", "a 7z file"),
    (b"\x28\xb5\x2f\xfd", "a zst file"),
    (b"\x93NUMPY", "a file of numpy's"),
    (b"\x89HDF", "a file of weights or data (HDF5)"),
    (b"SQLite format 3\0", "a database"),
    (b"bplist00", "a property list of macOS"),
    (b"\0\0\0\x01Bud1", "what macOS notes about a folder (.DS_Store)"),
    (b"\0\x05\x16\x07", "what macOS keeps beside a file (its name began with ._)"),
    (b"\0\x05\x16\0", "what macOS keeps beside a file (its name began with ._)"),
)
#: (what must be found in the first bytes, what it then is), for what begins like many other files.
_PATTERNS = (
    (re.compile(rb"PK\x03\x04.{0,3000}?\[Content_Types\]\.xml", re.DOTALL), "an Office document"),
    (re.compile(rb"PK\x03\x04.{26}mimetypeapplication/vnd\.oasis", re.DOTALL), "an OpenDocument file"),
    (re.compile(rb"PK\x03\x04.{26}[^/]{1,80}/data\.pkl", re.DOTALL), "a file of torch.save"),
    (re.compile(rb".{4}ftyp(?:hei|mif|avif)", re.DOTALL), "a picture"),
    (re.compile(rb".{4}ftyp[\w ]{4}\0", re.DOTALL), "a video"),
    (re.compile(rb"RIFF.{4}WEBP", re.DOTALL), "a picture"),
    (re.compile(rb"RIFF.{4}(?:WAVE|AVI )", re.DOTALL), "a recording"),
    (re.compile(rb"BM.{4}\0\0\0\0", re.DOTALL), "a picture"),
    (re.compile(rb"MZ[^\n]{0,60}\0", re.DOTALL), "a program"),
    (re.compile(rb"[^\n]{2}\r\n[\0-\x03]\0\0\0", re.DOTALL), "compiled Python (.pyc)"),
    (re.compile(rb"\x80[\x02-\x05][^\n]{0,9}[\x80-\xff\0]", re.DOTALL), "a pickle"),
    (re.compile(rb".{257}ustar", re.DOTALL), A_TAR),
    (re.compile(rb"(?:[A-Za-z0-9+/]{60,76}\r?\n){3}[A-Za-z0-9+/=\s]*\Z"), "text in Base64"),
)
_HEADERS = re.compile(
    rb"(?:(?:From|To|Cc|Subject|Date|Received|Return-Path|Delivered-To|Message-ID|MIME-Version|X-[\w-]+|"
    rb"Content-[\w-]+): ?[^\n]{0,998}\n(?:[ \t][^\n]{0,998}\n){0,20}){3}",
    re.IGNORECASE,
)
_WEB_PAGE = re.compile(rb"\s*(?:<\?xml[^>]{0,200}>\s*)?<(?:!doctype html|html|head|body)\b", re.IGNORECASE)
_LOOKED_AT = 4000  # bytes
_CONTROLS = bytes(
    [*range(1, 8), *range(14, 26), *range(28, 32)]
)  # no text has them, but for a terminal's escape


def kind_of_data(data: bytes) -> str:
    """What the first bytes of a file say that it is, where that is neither text nor unknown: "a PDF"; else ""."""
    head = data[:_LOOKED_AT]
    for pattern, kind in _PATTERNS:
        if pattern.match(head):
            return kind
    kind = next((kind for magic, kind in _MAGIC_NUMBERS if head.startswith(magic)), "")
    if not kind and _HEADERS.match(head.replace(b"\r\n", b"\n")):
        return "an e-mail"
    return kind


def is_web_page(data: bytes) -> bool:
    """Whether bytes are the text of a web page: such as the one that asks for a password before a download."""
    return _WEB_PAGE.match(data) is not None


def is_binary(data: bytes) -> bool:
    """Whether bytes of no known kind are no text either: too many of them stand for no character."""
    head = data[:_LOOKED_AT]
    return len(head) - len(head.translate(None, _CONTROLS)) > len(head) // 50 + 2
