"""The file on the disk: private, whole after a crash, and nobody else's."""

from __future__ import annotations

import os
import sqlite3
import stat
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recipflow.errors import UserError
from recipflow.store import Store, database
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


def test_what_can_be_computed_anew_waits_for_no_disk_and_a_fact_waits_for_all_before_it(
    tmp_path: Path,
) -> None:
    with Store(tmp_path / "recipflow.db") as store:
        assert waits(store)
        with store.regainable():
            assert not waits(store)
            with store.regainable():
                store.note("derived", "1")
            assert not waits(store)
        assert waits(store)


def test_what_is_part_of_a_fact_lasts_with_it(tmp_path: Path) -> None:
    with Store(tmp_path / "recipflow.db") as store, store.transaction():
        with store.regainable():
            store.note("derived", "1")
            assert waits(store)
        assert store.noted("derived") == "1"


def test_deriving_that_goes_wrong_leaves_the_next_fact_as_durable_as_ever(tmp_path: Path) -> None:
    with Store(tmp_path / "recipflow.db") as store:
        with pytest.raises(RuntimeError), store.regainable(), store.transaction():
            raise RuntimeError
        assert waits(store)


def waits(store: Store) -> bool:
    """Whether a transaction ends when it is on the disk, and not before."""
    (level,) = store._db.execute("PRAGMA synchronous").fetchone()
    return bool(level == 2)


def test_the_journal_stays_while_somebody_holds_the_database_open_and_goes_with_them(tmp_path: Path) -> None:
    path, journal = tmp_path / "recipflow.db", tmp_path / "recipflow.db-wal"
    with Store(path) as store:
        put(store, 1, cursor="before")
    assert not journal.exists()
    with database.kept_open(path):
        with Store(path) as store:
            put(store, 2, cursor="after")
        assert journal.exists()
        with Store(path) as store:
            assert store.accounts.all()[0].cursor == "after"
    assert not journal.exists()


@pytest.mark.parametrize("held", [b"", b"no database at all, and longer than the head of one" * 4])
def test_holding_what_is_no_database_open_harms_nothing(tmp_path: Path, held: bytes) -> None:
    path = tmp_path / "recipflow.db"
    with database.kept_open(path):
        assert not path.exists()
    path.write_bytes(held)
    with database.kept_open(path):
        assert path.read_bytes() == held


def test_a_text_dropped_for_age_is_in_no_file_while_the_database_is_held_open(tmp_path: Path) -> None:
    path = tmp_path / "recipflow.db"
    with Store(path) as store:
        put(store, 1, cursor="before")
    with database.kept_open(path), Store(path) as store:
        with store.transaction():
            store._db.execute("UPDATE interaction SET text = 'a word to be dropped' WHERE type = 'message'")
            store._db.execute(
                "INSERT INTO reading SELECT id, 0, '', 0, NULL FROM interaction WHERE type = 'message'"
            )
        assert store.drop_texts(datetime(2100, 1, 1, tzinfo=UTC)) == 1
        assert not [one for one in tmp_path.iterdir() if b"a word to be dropped" in one.read_bytes()]
