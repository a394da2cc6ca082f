"""The machine that was measured on, and how busy it was with other work."""

from __future__ import annotations

import os
import platform
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path


def processor() -> str:
    """Return the name of the processor."""
    info = Path("/proc/cpuinfo")
    if info.is_file():
        for line in info.read_text(encoding="utf-8").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()


def memory() -> float:
    """Return the memory, GB of 10**9 bytes; 0 where the system does not say."""
    try:
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1e9
    except (ValueError, OSError, AttributeError):
        return 0.0


def compiler() -> str:
    """Return the first line that gcc says of itself, or nothing."""
    try:
        done = subprocess.run(["gcc", "--version"], capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        return ""
    return done.stdout.splitlines()[0]


def described() -> str:
    """Return processor, cores, memory and system in one line."""
    parts = [f"{processor()}, {os.cpu_count()} cores", f"{memory():.0f} GB", platform.platform()]
    return "; ".join([*parts, f"Python {platform.python_version()}", compiler()]).rstrip("; ")


def busy() -> float:
    """Return the seconds that all cores together have worked since the start; 0 if untold."""
    try:
        with open("/proc/stat", encoding="utf-8") as stat:
            told = [int(word) for word in stat.readline().split()[1:]]
    except OSError:
        return 0.0
    user, nice, system, _idle, _wait, irq, softirq, *rest = told
    stolen = rest[0] if rest else 0
    return (user + nice + system + irq + softirq + stolen) / os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Clock:
    """A moment: what all cores had worked, and what this benchmark's own processes had."""

    wall: float
    busy: float
    own: float

    @staticmethod
    def read(workers: float) -> Clock:
        """Return now; `workers` is the CPU time that the living workers tell, seconds."""
        times = os.times()
        own = sum(times[:4]) + workers
        return Clock(time.monotonic(), busy(), own)

    def foreign(self, later: Clock) -> float:
        """Return how many cores were busy with other work until a later moment."""
        other = (later.busy - self.busy) - (later.own - self.own)
        return max(0.0, other / max(later.wall - self.wall, 1e-9))
