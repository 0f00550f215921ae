"""Spoilt mail never breaks a command: the short form of `bench/fuzz.py`, always the same cases."""

from __future__ import annotations

from bench import fuzz


def test_spoilt_mail_goes_through_every_command_without_a_fault() -> None:
    found = fuzz.run(1, seconds=4.0, cases=2)
    assert found.faults == []
    assert found.cases
