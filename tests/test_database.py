"""The file on the disk: private, whole after a crash, and nobody else's."""

from __future__ import annotations

import os
import sqlite3
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recipflow.errors import UserError
from recipflow.store import Store
from tests.mails import DANA, KWAME, ME, mail, meeting, prepared


def put(store: Store, *numbers: int, cursor: str) -> None:
    account = store.accounts.ensure("box", "memory").id
    page = prepared(*(mail(number, ME, (DANA, KWAME)) for number in numbers), meeting(1, DANA))
    store.save_page(account, page, cursor)


@given(st.integers(1, 400))
@settings(deadline=None, max_examples=60)
def test_a_page_and_its_cursor_are_stored_together_or_not_at_all(steps: int) -> None:
    with Store() as store:
        put(store, 1, cursor="before")
        store._db.set_progress_handler(Countdown(steps), 5)
        try:
            put(store, 2, 3, cursor="after")
        except sqlite3.OperationalError:
            expected = ("before", 2)
        else:
            expected = ("after", 4)
        store._db.set_progress_handler(None, 0)
        assert (store.accounts.all()[0].cursor, len(store.interactions.in_order())) == expected


class Countdown:
    """Interrupts SQLite in the middle, once."""

    def __init__(self, steps: int) -> None:
        self.left = steps

    def __call__(self) -> int:
        self.left -= 1
        return int(self.left == 0)


def test_a_process_killed_within_a_transaction_leaves_what_was_before(tmp_path: Path) -> None:
    path = tmp_path / "recipflow.db"
    with Store(path) as store:
        put(store, 1, cursor="before")
    code = (
        "import os, sys; sys.path[:0] = sys.argv[2:]\nfrom pathlib import Path\nfrom tests.mails import *\n"
        "from recipflow.store import Store\nstore = Store(Path(sys.argv[1]))\nwith store.transaction():\n"
        "    store.save_page(1, prepared(*map(mail, range(2, 2000))), 'after')\n    os._exit(9)"
    )
    killed = subprocess.run([sys.executable, "-c", code, path, Path(__file__).parents[1]], check=False)
    assert killed.returncode == 9
    with Store(path) as store:
        assert (store.accounts.all()[0].cursor, len(store.interactions.in_order())) == ("before", 2)


@pytest.mark.skipif(os.name != "posix", reason="Windows keeps files private by where they are")
def test_nobody_else_can_read_the_database(tmp_path: Path) -> None:
    path = tmp_path / "home" / "recipflow.db"
    with Store(path) as store:
        put(store, 1, cursor="1")
        modes = {file.name: stat.S_IMODE(file.stat().st_mode) for file in path.parent.iterdir()}
    assert set(modes.values()) == {0o600}
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    path.chmod(0o644)
    Store(path).close()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


@pytest.mark.parametrize("content", [b"not a database at all" * 99, None])
def test_a_file_that_is_something_else_is_refused_and_left_alone(
    tmp_path: Path, content: bytes | None
) -> None:
    path = tmp_path / "other.db"
    if content:
        path.write_bytes(content)
    else:
        other = sqlite3.connect(path)
        other.execute("CREATE TABLE theirs (x)")
        other.close()
    before = path.read_bytes()
    with pytest.raises(UserError, match="not a recipflow database"):
        Store(path)
    assert path.read_bytes() == before


def test_opening_and_counting_loads_nothing_heavy(tmp_path: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from recipflow.store import Store\n"
        "with Store(Path(sys.argv[1])) as store: store.counts()\n"
        "print(sorted({'sqlalchemy', 'sqlmodel', 'pydantic', 'alembic'} & set(sys.modules)))"
    )
    path = tmp_path / "recipflow.db"
    done = subprocess.run([sys.executable, "-c", code, path], check=True, capture_output=True, text=True)
    assert done.stdout.strip() == "[]"
