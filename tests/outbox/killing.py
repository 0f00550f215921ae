"""A store whose process may die right before or right after any commit."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from recipflow.store import Store
from recipflow.testing.memory import NEVER, Fault, Killed


class KillableStore(Store):
    """`dying` is asked at every commit."""

    dying: Callable[[str], Fault] = staticmethod(NEVER)

    @contextmanager
    def transaction(self) -> Iterator[None]:
        if self._db.in_transaction:
            yield
            return
        fault = self.dying("commit")
        with super().transaction():
            yield
            if fault is Fault.KILLED_BEFORE:
                raise Killed
        if fault is Fault.KILLED_AFTER:
            raise Killed
