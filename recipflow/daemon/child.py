"""One job in a process of its own, for what is heavy or may hang: a provider's client, a first sync, a migration.

    python -m recipflow.daemon.child JOB [ACCOUNT]

It logs to standard output, an object a line, and ends with 0, or with 1 where the account did not go on.
"""

from __future__ import annotations

import json
import logging
import os
import subprocess
import sys
import threading
from collections.abc import Sequence

from recipflow.daemon import logs
from recipflow.daemon.engine import Engine
from recipflow.errors import RecipflowError
from recipflow.home import find
from recipflow.store import DeliveryForm

log = logging.getLogger("recipflow.daemon.child")  # run as a program, it has another name

LONGEST = 3 * 3600.0
"""Seconds after which a job hangs, whatever it says; a first sync of a large mailbox is resumed by the next one."""
KINDS = "kinds"
"""The key of the line that says what each account offers."""
_FAILED = 1


def main(job: str, account: str = "") -> int:
    """Do the job; what becomes of it."""
    logs.pass_on(debug=bool(os.environ.get(logs.DEBUG)))
    engine = Engine(find(os.environ))
    try:
        if job == "pull":
            return 0 if engine.pull(account) else _FAILED
        if job == "letters":
            engine.deliver(DeliveryForm.LETTER)
        elif job == "remind":
            return 0 if engine.remind() else _FAILED
        elif job == "reconcile":
            engine.reconcile()
        else:
            sys.stdout.write(json.dumps({KINDS: engine.kinds()}) + "\n")
    except RecipflowError as problem:
        log.warning("%s: %s", job, type(problem).__name__, extra={"action": f"{job}_failed"})
        log.debug("because", exc_info=problem)
        return _FAILED
    except Exception as fault:
        log.error("%s failed (%s)", job, type(fault).__name__, extra={"action": f"{job}_failed"})
        log.debug("because", exc_info=fault)
        return _FAILED
    return 0


class Children:
    """The jobs under way in processes of their own; all of them end with the daemon."""

    def __init__(self) -> None:
        self._processes: set[subprocess.Popen[str]] = set()
        self._lock = threading.Lock()
        self._ended = False
        self.kinds: dict[str, list[str]] = {}  #: what each account offers, as the last look found

    def look(self) -> bool:
        """Find out what each account offers, in a process of its own: to know it, its client has to be loaded."""
        return self.run("look")

    def run(self, job: str, account: str = "") -> bool:
        """Do a job, wait for it, and log what it logged; False where it did not go on."""
        words = [sys.executable, "-m", "recipflow.daemon.child", job, *([account] if account else [])]
        with self._lock:
            if self._ended:
                return False
            process = subprocess.Popen(  # noqa: S603  (our own interpreter and module)
                words,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                encoding="utf-8",
                errors="replace",
            )
            self._processes.add(process)
        late = threading.Timer(LONGEST, process.kill)
        late.daemon = True
        late.start()
        try:
            with process:
                for line in process.stdout or ():
                    self.kinds = _relay(line) or self.kinds
            if process.returncode not in (0, _FAILED) and not self._ended:
                log.warning("%s was ended (%d)", job, process.returncode, extra={"action": f"{job}_failed"})
            return process.returncode == 0
        finally:
            late.cancel()
            with self._lock:
                self._processes.discard(process)

    def end(self) -> None:
        """Kill all: what they had stored is whole, and the next ones go on from there."""
        with self._lock:
            self._ended = True
            for process in self._processes:
                process.kill()


def _relay(line: str) -> dict[str, list[str]] | None:
    """Log what a job logged; what it said of the accounts, if that is what it says."""
    try:
        told = json.loads(line)
        if KINDS in told:
            return dict(told[KINDS])
        level = logging.getLevelName(str(told.pop("level")).upper())
        name, message = str(told.pop("logger")), str(told.pop("message"))
    except (ValueError, KeyError, AttributeError, TypeError):
        log.debug("a job said: %s", line.rstrip())
        return None
    told.pop("at", None)
    logging.getLogger(name).log(level if isinstance(level, int) else logging.INFO, "%s", message, extra=told)
    return None


def _words(arguments: Sequence[str]) -> tuple[str, str]:
    job, *rest = arguments or ["look"]
    return job, rest[0] if rest else ""


if __name__ == "__main__":
    sys.exit(main(*_words(sys.argv[1:])))
