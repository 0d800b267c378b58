"""Fresh memory with one fixed pattern in the processes of submissions: `np.empty` and `torch.empty` give it every time.

What a process finds in memory that nobody has written to differs from run to run, and a verdict must not. The C
library fills what it hands out (`TUNABLES`, read when the program starts); numpy, which keeps small blocks of its own
for later, is told to ask the C library each time. Where either is missing, memory is as it ever was.
"""

from __future__ import annotations

import ctypes
from typing import Any

import numpy as np

BYTE = 0x7F  # a double of these is 1.4e306, a float 3.4e38: finite, and nothing that a network answers
#: The C library hands out the bits of this byte inverted; its cache for each thread would give back what lay there.
TUNABLES = f"glibc.malloc.perturb={BYTE ^ 0xFF}:glibc.malloc.tcache_count=0"
_SET_HANDLER = 304  # numpy's C API: PyDataMem_SetHandler, since 1.22
_HANDLER_VERSION = 1


class _Allocator(ctypes.Structure):
    """Python's PyMemAllocatorEx. numpy's has the same fields; its `free` is given one argument more."""

    _fields_ = tuple((name, ctypes.c_void_p) for name in ("context", "malloc", "calloc", "realloc", "free"))


class _Handler(ctypes.Structure):
    _fields_ = (("name", ctypes.c_char * 127), ("version", ctypes.c_uint8), ("allocator", _Allocator))


_kept: list[Any] = []  # numpy holds a pointer to the handler for ever


def ask_every_time() -> None:
    """Have numpy take the memory of each array from the C library, not from its own small blocks."""
    python = ctypes.pythonapi
    python.PyCapsule_GetPointer.restype = ctypes.c_void_p
    python.PyCapsule_GetPointer.argtypes = (ctypes.py_object, ctypes.c_char_p)
    python.PyCapsule_New.restype = ctypes.py_object
    python.PyCapsule_New.argtypes = (ctypes.c_void_p, ctypes.c_char_p, ctypes.c_void_p)
    core = getattr(np, "_core", None) or np.core
    table = python.PyCapsule_GetPointer(core._multiarray_umath._ARRAY_API, None)
    function = ctypes.cast(table, ctypes.POINTER(ctypes.c_void_p))[_SET_HANDLER]
    allocator = _Allocator()
    python.PyMem_GetAllocator(0, ctypes.byref(allocator))  # of the raw domain: the C library's
    handler, name = _Handler(b"fresh", _HANDLER_VERSION, allocator), b"mem_handler"
    _kept.extend((handler, name))
    capsule = python.PyCapsule_New(ctypes.addressof(handler), name, None)
    ctypes.PYFUNCTYPE(ctypes.py_object, ctypes.py_object)(function)(capsule)


def unfilled(array: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """Which entries of an array of floating-point numbers are the pattern itself: nobody has written to them."""
    pattern = np.frombuffer(bytes([BYTE]) * array.itemsize, array.dtype)
    mask: np.ndarray[Any, Any] = array == pattern
    return mask
