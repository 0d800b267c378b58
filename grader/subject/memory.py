"""Fresh memory, the same in every run: `np.empty` and `torch.empty` give a submission one pattern, not leftovers.

What a process finds in memory that nobody has written to differs from run to run, and a verdict must not. numpy is
told to ask the C library for zeros, which cost nothing until they are used; `np.empty` and `np.empty_like`, where
people meet it, give a pattern that is known again. torch fills tensors with NaN by itself, when asked, and its storages
are given the pattern as well.
"""

from __future__ import annotations

import ctypes
import functools
from typing import Any

import numpy as np

BYTE = 0x7F  # a double of these is 1.4e306, a float 3.4e38: finite, and nothing that a network answers
MOST_FILLED = 8 << 20  # bytes; larger arrays stay zeros, so that what is never used takes no memory
_SET_HANDLER = 304  # numpy's C API: PyDataMem_SetHandler, since 1.22
_HANDLER_VERSION = 1
_ONE = 1


class _Allocator(ctypes.Structure):
    """Python's PyMemAllocatorEx. numpy's has the same fields; its `free` is given one argument more."""

    _fields_ = tuple((name, ctypes.c_void_p) for name in ("context", "malloc", "calloc", "realloc", "free"))


class _Handler(ctypes.Structure):
    _fields_ = (("name", ctypes.c_char * 127), ("version", ctypes.c_uint8), ("allocator", _Allocator))


_handlers: list[Any] = []  # numpy holds a pointer to the handler for ever


def zeros_for_numpy() -> None:
    """Have numpy take the memory of each array from the C library, as zeros, and not from its own small blocks."""
    python = ctypes.pythonapi
    python.PyCapsule_GetPointer.restype = ctypes.c_void_p
    python.PyCapsule_GetPointer.argtypes = (ctypes.py_object, ctypes.c_char_p)
    python.PyCapsule_New.restype = ctypes.py_object
    python.PyCapsule_New.argtypes = (ctypes.c_void_p, ctypes.c_char_p, ctypes.c_void_p)
    core = getattr(np, "_core", None) or np.core
    table = python.PyCapsule_GetPointer(core._multiarray_umath._ARRAY_API, None)
    function = ctypes.cast(table, ctypes.POINTER(ctypes.c_void_p))[_SET_HANDLER]
    allocator = _Allocator()
    python.PyMem_GetAllocator(
        0, ctypes.byref(allocator)
    )  # of the raw domain: the C library's, which ignore `context`
    # malloc(context, size) with the context 1 is calloc(1, size).
    allocator.context = _ONE
    allocator.malloc = ctypes.cast(ctypes.CDLL(None).calloc, ctypes.c_void_p).value
    handler, name = _Handler(b"fresh", _HANDLER_VERSION, allocator), b"mem_handler"
    _handlers.extend((handler, name))
    capsule = python.PyCapsule_New(ctypes.addressof(handler), name, None)
    ctypes.PYFUNCTYPE(ctypes.py_object, ctypes.py_object)(function)(capsule)
    for function_name in ("empty", "empty_like"):
        setattr(np, function_name, _filling(getattr(np, function_name)))


def pattern_for_storages(torch: Any) -> None:
    """Have torch's storages, which are not tensors and which it does not fill, start with the pattern as well."""
    storage, base = torch.UntypedStorage, torch._C.StorageBase

    def create(cls: Any, *args: Any, **kwargs: Any) -> Any:
        created = base.__new__(cls, *args, **kwargs)
        if isinstance(args[0] if args else kwargs.get("size"), int) and created.device.type == "cpu":
            created.fill_(BYTE)
        return created

    @functools.wraps(base.resize_)
    def resize_(self: Any, size: int) -> Any:
        before = self.nbytes()
        base.resize_(self, size)
        if self.device.type == "cpu" and before < self.nbytes():
            self[before:] = BYTE
        return self

    storage.__new__ = create
    storage.resize_ = resize_


def _filling(make: Any) -> Any:
    @functools.wraps(make)
    def filled(*args: Any, **kwargs: Any) -> Any:
        array = make(*args, **kwargs)
        if type(array) is np.ndarray and array.dtype.kind in "fiuc" and 0 < array.nbytes <= MOST_FILLED:
            array.ravel(order="K").view(np.uint8).fill(BYTE)  # a view: a fresh array has no holes
        return array

    return filled


def unfilled(array: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """Which entries of an array of floating-point numbers are the pattern itself: nobody has written to them."""
    pattern = np.frombuffer(bytes([BYTE]) * array.itemsize, array.dtype)
    mask: np.ndarray[Any, Any] = array == pattern
    return mask
