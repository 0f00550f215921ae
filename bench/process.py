"""What Linux tells of a running process."""

from __future__ import annotations

import os
import time
from itertools import pairwise
from pathlib import Path


def cpu(pid: int) -> float:
    """Seconds it took so far, on all threads."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def rss(pid: int) -> float:
    """MiB it holds."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return int(next(line.split()[1] for line in lines if line.startswith("VmRSS"))) / 1024


def wakes(pid: int) -> int:
    """Times any thread went to sleep of itself."""
    total = 0
    for status in Path(f"/proc/{pid}/task").glob("*/status"):
        lines = status.read_text().splitlines()
        total += int(next(line.split()[1] for line in lines if line.startswith("voluntary")))
    return total


def each_second(pid: int, seconds: float) -> list[int]:
    """How often it woke in each of the coming seconds."""
    counts = [wakes(pid)]
    for _ in range(int(seconds)):
        time.sleep(1)
        counts.append(wakes(pid))
    return [after - before for before, after in pairwise(counts)]
