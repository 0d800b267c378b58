"""Landlock: a process gives up the file system, except reading below a few paths.

A rule set is made once (it costs a descriptor per path for a moment), then entered by each child. It
handles every right that the kernel's version knows, so that what is not granted is denied: files, TCP,
and from version 6 on abstract sockets and signals to other processes. It cannot forbid `stat` and
`readlink`, nor does it try. It must not decide which paths are readable, and must import nothing but
the standard library.
"""

from __future__ import annotations

import ctypes
import os
import struct
from collections.abc import Iterable
from pathlib import Path

from . import _syscalls

READ_FILE = 1 << 2
READ_DIR = 1 << 3

_VERSION_FLAG = 1
_RULE_PATH_BENEATH = 1
_NET_RIGHTS = 0b11  # bind and connect of TCP
_SCOPES = 0b11  # abstract unix sockets, signals


def version() -> int:
    """The kernel's Landlock version, asked by the call itself. Raises OSError where there is none."""
    return _syscalls.call("landlock_create_ruleset", None, 0, _VERSION_FLAG)


def file_rights(abi: int) -> int:
    """Every file right that version `abi` can handle, as bits; of a newer kernel, those known here."""
    bits = 13  # execute, read, write, list, remove, make
    bits += abi >= 2  # rename and link across folders
    bits += abi >= 3  # truncate
    if abi >= 5:
        bits += 1  # ioctl on devices; version 4 added no file right
    return (1 << bits) - 1


def make_ruleset(readable: Iterable[Path]) -> int:
    """A rule set that grants reading below `readable` and nothing else; its descriptor, close-on-exec.

    A path that does not exist or cannot be reached is passed over: a child could not read it either.
    Raises OSError.
    """
    abi = version()
    handled = [file_rights(abi)]
    if abi >= 4:
        handled.append(_NET_RIGHTS)
    if abi >= 6:
        handled.append(_SCOPES)
    attributes = struct.pack(f"={len(handled)}Q", *handled)
    ruleset = _syscalls.call("landlock_create_ruleset", _buffer(attributes), len(attributes), 0)
    try:
        for path in readable:
            _allow_reading(ruleset, path)
    except BaseException:
        os.close(ruleset)
        raise
    return ruleset


def restrict_self(ruleset: int) -> None:
    """Enter the rule set: one way, for the calling thread. Needs no_new_privs. Raises OSError."""
    _syscalls.call("landlock_restrict_self", ruleset, 0)


def _allow_reading(ruleset: int, path: Path) -> None:
    try:
        beneath = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except (FileNotFoundError, NotADirectoryError, PermissionError):
        return
    try:
        # Listing is a right of folders only: the kernel refuses it on a file.
        rights = READ_FILE | (READ_DIR if path.is_dir() else 0)
        rule = _buffer(struct.pack("=Qi", rights, beneath))
        _syscalls.call("landlock_add_rule", ruleset, _RULE_PATH_BENEATH, rule, 0)
    finally:
        os.close(beneath)


def _buffer(data: bytes) -> ctypes.Array[ctypes.c_char]:
    return ctypes.create_string_buffer(data, len(data))
