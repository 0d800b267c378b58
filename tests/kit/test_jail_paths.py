"""The jail's files: which paths can be read, what is probed, and what is refused."""

from __future__ import annotations

import os
import re
import site
import subprocess
import sys
from pathlib import Path

import pytest

from grader.subject import jail
from tests.kit.processes import GUARD

from .jail_attempts import ROOT


def test_an_unknown_step_cannot_be_skipped():
    with pytest.raises(jail.JailStepError, match="landlok"):
        jail.Lock.prepare([], memory_bytes=1, cpu_seconds=1, skip=frozenset({"landlok"}))


def test_missing_layers_are_named():
    assert jail.missing(jail.Layers(landlock="why", seccomp=None, descriptors=None)) == ["landlock"]


@pytest.mark.skipif(sys.platform != "linux", reason="there is nothing to probe")
def test_probing_changes_nothing():
    code = (
        "import os, sys; sys.path.insert(0, sys.argv[1]); from grader.subject import jail\n"
        "def look():\n"
        "    status = open('/proc/self/status').read().splitlines()\n"
        "    kept = [line for line in status if line.startswith(('Cap', 'NoNew', 'Seccomp'))]\n"
        "    return kept, os.listdir('/proc/self/fd')\n"
        "before = look(); jail.probe(); assert len(before[0]) > 5 and look() == before\n"
        "open('/proc/self/maps'); os.fork() or os._exit(0)"
    )
    subprocess.run([sys.executable, "-I", "-B", "-c", code, str(ROOT)], check=True, timeout=GUARD)


def test_readable_paths_hold_the_library_and_no_home():
    paths = jail.readable_paths()
    assert any(Path(os.__file__).resolve().is_relative_to(path) for path in paths)
    assert not {Path("/"), Path.home(), ROOT, Path.cwd()} & set(paths)
    assert not any(ROOT.is_relative_to(path) for path in paths)
    assert all(path.is_absolute() and path.exists() for path in paths)


def test_a_home_is_never_readable(monkeypatch, tmp_path):
    """Not even where Python is installed into one without a folder of its own."""
    monkeypatch.setattr(jail.site, "getsitepackages", lambda: [str(Path.home()), "/", "/root", str(tmp_path)])
    paths = jail.readable_paths()
    assert tmp_path.resolve() in paths
    assert not {Path.home().resolve(), Path("/"), Path("/root"), Path("/home")} & set(paths)


def test_a_library_is_readable_wherever_it_lies(monkeypatch, tmp_path):
    """As after `pip install --user`: the package, and not the folder with all that is installed beside it."""
    package = tmp_path / "numpy"
    package.mkdir()
    (package / "__init__.py").touch()
    monkeypatch.delitem(sys.modules, "numpy", raising=False)
    monkeypatch.syspath_prepend(tmp_path)
    paths = jail.readable_paths()
    assert package.resolve() in paths
    assert not any(tmp_path.resolve().is_relative_to(path) for path in paths)


def test_nothing_else_can_be_read():
    """Every path is one of these or lies below the first ones: the Python environment and the system's libraries."""
    tops = [Path(prefix, lib) for prefix in (sys.prefix, sys.base_prefix) for lib in ("lib", "lib64")]
    tops += [Path(path) for path in site.getsitepackages()] + [Path(os.__file__).parent]
    tops += [Path(path) for path in ("/lib", "/lib64", "/usr/lib", "/usr/lib64")]
    tops += [Path("/usr/share/zoneinfo"), Path("/usr/share/locale")]
    files = [Path(path) for path in ("/etc/ld.so.cache", "/etc/localtime", "/dev/null", "/dev/urandom")]
    below = [top.resolve() for top in tops]
    exactly = {path.resolve() for path in files}
    strange = [
        path
        for path in jail.readable_paths()
        if path not in exactly and not any(path.is_relative_to(top) for top in below)
    ]
    assert strange == []
    too_much = [
        "/etc",
        "/usr",
        "/usr/share",
        "/proc",
        "/tmp",
        "/var",
        "/dev",
        "/home",
        "/root",
        "/sys",
        "/run",
        "/srv",
    ]
    assert not {Path(path) for path in too_much} & set(jail.readable_paths())


def test_secrets_below_a_readable_path_are_refused(tmp_path):
    lib, suite = tmp_path / "lib", tmp_path / "lib" / "tests" / "hidden"
    suite.mkdir(parents=True)
    outside = tmp_path / "course"
    outside.mkdir()
    (tmp_path / "link").symlink_to(suite)
    jail.check_secrets([outside], [lib])
    for secret in (suite, lib, tmp_path / "link", tmp_path):
        with pytest.raises(jail.JailStepError, match=re.escape(str(secret))):
            jail.check_secrets([outside, secret], [lib])
