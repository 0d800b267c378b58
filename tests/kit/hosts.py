"""Hosts of a test's own: namespaces of the kernel, each with a network, a name, processes and folders of its own.

A `Host` is what `grade --cluster` may meet: it has this Python and the package grader, and nothing else of this
repository. Temporary folders and the home are empty and its own. It is joined to a `Network` by one cable, which can be
pulled; `Host.lose` is a power cut. All of it ends with the process that made it, whatever becomes of that.

Needs root, `unshare` and `nsenter` (util-linux) and `ip` (iproute2): see `reason`.
"""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
from pathlib import Path
from types import TracebackType

from .processes import GUARD, ROOT, children_of, wait_for_end

#: In each reason for which no host can be made here; .ci/test tries the same, and announces it.
NO_HOSTS = "no separate hosts here"

#: $1: the host's name. $2: an empty folder. Then, as many times as needed, a folder that is covered, what of it stays,
#: and "-". Then "--" and the program, which begins with a line on standard input. The host ends when that ends.
_BOOT = """
set -eu
hostname "$1"
stage=$2
shift 2
while [ "$1" != -- ]; do
    covered=$1; shift
    mount -t tmpfs none "$stage"
    while [ "$1" != - ]; do
        mkdir -p "$stage${1#"$covered"}"
        mount --rbind "$1" "$stage${1#"$covered"}"
        shift
    done
    shift
    mount --move "$stage" "$covered"
done
shift
ip link set lo up
echo ready
read -r _
cd /
"$@" >&2 </dev/null &
exec cat >/dev/null
"""


def reason() -> str:
    """Why no host can be made on this machine, or nothing."""
    words = ["unshare", "--net", "--mount", "--uts", "--ipc", "--pid", "--fork", "--mount-proc"]
    cable = ["ip", "link", "add", "one", "type", "veth", "peer", "name", "other"]
    try:
        finished = subprocess.run(
            [*words, *cable], capture_output=True, text=True, check=False, timeout=GUARD
        )
    except FileNotFoundError as error:
        return f"{NO_HOSTS}: {error}"
    return f"{NO_HOSTS}: {finished.stderr.strip()}" if finished.returncode else ""


def covered(last: Path) -> list[tuple[Path, list[Path]]]:
    """The folders of this machine that a host does not see, each with what it sees of it all the same.

    What holds the folder `last` is the last of them.
    """
    needed = {Path(sys.prefix).resolve(), Path(sys.base_prefix).resolve(), ROOT / "grader"}
    places: list[Path] = []
    for place in sorted({Path("/tmp"), Path("/var/tmp"), Path.home().resolve(), ROOT}):
        if place.is_dir() and not any(place.is_relative_to(above) for above in places):
            places.append(place)
    places.sort(key=last.is_relative_to)
    return [(place, sorted(path for path in needed if path.is_relative_to(place))) for place in places]


class Host:
    """A machine that runs one program, `command`, once it is `started`. Its output goes to the file `log`."""

    def __init__(
        self, name: str, command: list[str], log: Path, closed: bool = True, **environment: str
    ) -> None:
        """With `closed`, the host has folders of its own; else those of this machine."""
        self.name, self.log = name, log
        words = ["unshare", "--net", "--mount", "--uts", "--ipc", "--pid", "--fork", "--kill-child"]
        stage = log.with_suffix(".empty").resolve()
        stage.mkdir(exist_ok=True)
        folders = covered(stage) if closed else []
        arguments = [str(word) for place, subfolders in folders for word in (place, *subfolders, "-")]
        home = str(Path.home().resolve()) if closed else os.environ.get("HOME", "/")
        with log.open("ab") as written:
            self._process = subprocess.Popen(
                [
                    *words,
                    "--mount-proc",
                    "bash",
                    "-c",
                    _BOOT,
                    "bash",
                    name,
                    str(stage),
                    *arguments,
                    "--",
                    *command,
                ],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=written,
                env={"PATH": os.environ["PATH"], "HOME": home, **environment},
            )
        assert self._process.stdout is not None
        if self._process.stdout.readline() != b"ready\n":
            raise RuntimeError(f"the host {name} did not begin: {log.read_text(encoding='utf-8')}")
        (self.pid,) = children_of(self._process.pid)

    def start(self) -> None:
        """Have the program begin."""
        assert self._process.stdin is not None
        self._process.stdin.write(b"\n")
        self._process.stdin.flush()

    def inside(self, *command: object) -> list[str]:
        """A command, as it is run in the network of this host, and with the folders that the command's caller has."""
        return ["nsenter", "--target", str(self.pid), "--net", *map(str, command)]

    def files(self, pattern: str) -> list[Path]:
        """What lies on the host: `pattern` is below its root."""
        return [*Path(f"/proc/{self.pid}/root").glob(pattern)]

    def lose(self) -> None:
        """End all that runs on the host at once."""
        self._process.kill()
        self._process.wait()
        wait_for_end(self.pid)

    def __enter__(self) -> Host:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.lose()
        for pipe in (self._process.stdin, self._process.stdout):
            with contextlib.suppress(OSError):
                if pipe is not None:
                    pipe.close()


class Network:
    """Cables from a head to hosts; the head passes on what one host sends to another."""

    HEAD = "10.77.0.1"

    def __init__(self, head: Host) -> None:
        self.head = head
        self._ip("addr", "add", f"{self.HEAD}/32", "dev", "lo")
        self._run(*head.inside("sh", "-c", "echo 1 > /proc/sys/net/ipv4/ip_forward"))

    def join(self, host: Host, number: int) -> None:
        """Lay a cable to a host, whose address is `address(number)`."""
        gate = f"10.77.{number}.1"
        peer = ["peer", "name", "eth0", "netns", str(host.pid)]
        self._ip("link", "add", host.name, "type", "veth", *peer)
        self._ip("addr", "add", f"{gate}/24", "dev", host.name)
        self._ip("link", "set", host.name, "up")
        for words in (
            ["addr", "add", f"{self.address(number)}/24", "dev", "eth0"],
            ["link", "set", "eth0", "up"],
            ["route", "add", "default", "via", gate],
        ):
            self._run(*host.inside("ip", *words))

    @staticmethod
    def address(number: int) -> str:
        return f"10.77.{number}.2"

    def pull(self, host: Host) -> None:
        """Pull the cable of a host: nothing arrives from there, not even that it has ended."""
        self._ip("link", "set", host.name, "down")

    def plug(self, host: Host) -> None:
        self._ip("link", "set", host.name, "up")

    def _ip(self, *words: str) -> None:
        self._run(*self.head.inside("ip", *words))

    @staticmethod
    def _run(*command: str) -> None:
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=GUARD)
        if done.returncode:
            raise RuntimeError(f"{' '.join(command)}: {done.stderr}")
