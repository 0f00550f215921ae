"""Whoever says stop, and whenever: the wait for it ends."""

from __future__ import annotations

import subprocess
import sys
import threading
from datetime import timedelta
from time import monotonic

from recipflow.daemon.stopping import Stop

AT_EVERY_STEP = """
import sys
from datetime import timedelta
from recipflow.daemon.stopping import Stop

for step in range(200):
    stop, steps = Stop(), 0

    def between(frame, event, argument):
        global steps
        steps += 1
        if steps == step:
            stop.say()
        return between

    sys.settrace(between)
    stop.within(timedelta(seconds=0.02))
    sys.settrace(None)
"""
"""As a signal's handler does it, which runs between any two steps of the thread that waits."""


def test_a_signal_at_any_step_of_the_wait_ends_it_and_waits_for_nothing() -> None:
    done = subprocess.run([sys.executable, "-c", AT_EVERY_STEP], timeout=60, check=False, capture_output=True)
    assert done.returncode == 0, done.stderr.decode()


def test_another_thread_ends_the_wait_at_once() -> None:
    stop, began = Stop(), monotonic()
    threading.Timer(0.05, stop.say).start()
    assert stop.within(timedelta(seconds=30))
    assert monotonic() - began < 10


def test_what_was_said_stays_said_and_nothing_said_is_waited_for_no_longer_than_told() -> None:
    stop = Stop()
    assert not stop.within(timedelta(seconds=0.01))
    stop.say()
    assert stop.said
    assert stop.within(timedelta(seconds=30))
    assert stop.within(timedelta(seconds=30))
