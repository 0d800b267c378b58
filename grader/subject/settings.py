"""What holds for a whole process and not for one function: torch's default dtype, recording of gradients, warnings.

A submission may change such a setting while it is loaded, or in a call. What its functions answer must not depend on
that: the ones who use them have settings of their own. So the settings are put back before anything is asked of a
submission, in the jail as in `grader check`, and a change of one that its answers might rely on is told (`changed`).

Pure Python: torch and numpy are looked at where they are loaded. A student's machine may have other versions of them,
so a setting that one of them does not have is left out.
"""

from __future__ import annotations

import io
import signal
import sys
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

_TINY = 5e-324  # the smallest double; times one it is zero where such numbers are flushed


@dataclass(frozen=True)
class Setting:
    """One setting, with its name in a sentence. `told`: answers may rely on it, so a change of it is worth a note."""

    name: str
    get: Callable[[], Any]
    put: Callable[[Any], Any]
    told: bool = False


class Settings:
    """The settings of this process as they are when this is made."""

    def __init__(self) -> None:
        self._usual: list[tuple[Setting, Any]] = []
        for setting in (*_of_python(), *_of_numpy(), *_of_torch()):
            try:
                self._usual.append((setting, setting.get()))
            # A library of another version, or a system that lacks it: nobody can rely on it there.
            except Exception:
                continue

    def changed(self) -> tuple[str, ...]:
        """The names of those that are not as they were and that answers may rely on."""
        return tuple(
            setting.name for setting, usual in self._usual if setting.told and not _is(setting, usual)
        )

    def restore(self) -> None:
        """Put back what is not as it was."""
        for setting, usual in self._usual:
            if not _is(setting, usual):
                try:
                    setting.put(usual)
                # A submission that has broken the library itself has only broken its own answers.
                except Exception:
                    continue


_DTYPE, _DEVICE, _GRADIENTS, _CASTING = NAMES = (
    *("torch's default dtype", "torch's default device"),
    *("whether torch records gradients", "torch's automatic casting"),
)


def _is(setting: Setting, usual: Any) -> bool:
    try:
        return bool(setting.get() == usual)
    except Exception:  # what was put in its place may be anything
        return False


class _NullStream(io.TextIOBase):
    """A stream that takes everything."""

    def writable(self) -> bool:
        return True

    def write(self, text: str) -> int:
        return len(text)


def _of_python() -> list[Setting]:
    return [
        Setting("the filters of warnings", lambda: list(warnings.filters), _put_filters),
        Setting("the way warnings are shown", lambda: warnings.showwarning, _put_showwarning),
        Setting("tracing", sys.gettrace, sys.settrace),
        Setting("profiling", sys.getprofile, sys.setprofile),
        Setting("the recursion limit", _recursion_limit(sys.getrecursionlimit()), sys.setrecursionlimit),
        Setting("an alarm", lambda: signal.getitimer(signal.ITIMER_REAL)[0], _put_alarm),
        *(_stream(name) for name in ("stdout", "stderr")),
    ]


def _put_filters(filters: list[Any]) -> None:
    warnings.filters[:] = filters  # type: ignore[index]
    with warnings.catch_warnings():
        pass  # leaving it has the filters looked at anew


def _put_showwarning(show: Any) -> None:
    warnings.showwarning = show


def _recursion_limit(usual: int) -> Callable[[], int]:
    """Who needs a deeper recursion may have it; a limit that is too low for the libraries helps nobody."""
    return lambda: min(usual, sys.getrecursionlimit())


def _put_alarm(seconds: float) -> None:
    signal.setitimer(signal.ITIMER_REAL, seconds)


def _stream(name: str) -> Setting:
    usual = getattr(sys, name)

    def is_usable() -> bool:
        return not getattr(getattr(sys, name), "closed", usual is not None)

    def put(usable: bool) -> None:
        setattr(sys, name, _NullStream() if usual is None or usual.closed else usual)

    return Setting(f"sys.{name}", is_usable, put)


def _of_numpy() -> list[Setting]:
    numpy = sys.modules.get("numpy")
    if numpy is None:
        return []
    return [
        Setting("what numpy does at a wrong number", numpy.geterr, lambda value: numpy.seterr(**value)),
        Setting("what numpy calls at a wrong number", numpy.geterrcall, numpy.seterrcall),
    ]


def _of_torch() -> list[Setting]:
    torch: Any = sys.modules.get("torch")
    if torch is None:
        return []
    inner = torch._C
    guards: list[Any] = []  # inference is left for as long as the object lives that leaves it
    return [
        Setting(_DEVICE, lambda: _modes(torch), lambda value: _leave_modes(torch), told=True),
        Setting(_DTYPE, torch.get_default_dtype, torch.set_default_dtype, told=True),
        Setting(
            "torch's inference mode",
            torch.is_inference_mode_enabled,
            lambda on: guards.append(inner._InferenceMode(on)),
        ),
        Setting(_GRADIENTS, torch.is_grad_enabled, inner._set_grad_enabled, told=True),
        Setting(
            _CASTING,
            lambda: torch.is_autocast_enabled("cpu"),
            lambda on: torch.set_autocast_enabled("cpu", on),
            told=True,
        ),
        Setting(
            "torch's deterministic algorithms",
            lambda: (
                inner._get_deterministic_algorithms(),
                inner._get_deterministic_algorithms_warn_only(),
            ),
            lambda value: inner._set_deterministic_algorithms(value[0], warn_only=value[1]),
        ),
        Setting("the search for NaN", torch.is_anomaly_enabled, lambda on: torch.set_anomaly_enabled(on)),
        Setting(
            "the precision of products",
            torch.get_float32_matmul_precision,
            torch.set_float32_matmul_precision,
        ),
        Setting("numbers next to zero", lambda: _TINY * 1.0 == 0.0, torch.set_flush_denormal),
    ]


def _modes(torch: Any) -> tuple[Any, ...]:
    """What changes torch's functions: the default device, and modes that were entered and not left."""
    context = getattr(torch._GLOBAL_DEVICE_CONTEXT, "device_context", None)
    inner = torch._C
    return context, inner._len_torch_function_stack(), inner._len_torch_dispatch_stack()


def _leave_modes(torch: Any) -> None:
    inner = torch._C
    while inner._len_torch_function_stack():
        inner._pop_torch_function_stack()
    while inner._len_torch_dispatch_stack():
        inner._pop_torch_dispatch_stack(None)
    # What `set_default_device(None)` does, which leaves its own mode only where that is the last one.
    torch._GLOBAL_DEVICE_CONTEXT.device_context = None
    sys.modules["torch.utils._device"].CURRENT_DEVICE = None  # type: ignore[attr-defined]
