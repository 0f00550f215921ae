"""A fresh database, one that went through all migrations, and the definition are the same; none is ever lost."""

from __future__ import annotations

import os
import re
import sqlite3
import stat
from dataclasses import replace
from datetime import timedelta
from importlib.resources import files
from pathlib import Path

import pytest
from sqlalchemy import create_engine

from recipflow import migrations, tables
from recipflow.errors import UserError
from recipflow.store import Store
from tests.mails import ME, START, mail, meeting, prepared

#: The number of the revision after the newest.
NEXT = f"{int(migrations.HEAD) + 1:04}"


def shape(path: Path) -> dict[str, str]:
    """Every table and index with its SQL, however it is spaced."""
    db = sqlite3.connect(path)
    rows = db.execute("SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL").fetchall()
    db.close()
    return {name: re.sub(r"\s+", "", sql).replace('"', "").lower() for name, sql in rows}


def defined(path: Path) -> dict[str, str]:
    engine = create_engine(f"sqlite:///{path}")
    tables.METADATA.create_all(engine)
    engine.dispose()
    return shape(path)


def test_a_fresh_schema_equals_all_migrations_applied(tmp_path: Path) -> None:
    migrations.upgrade(tmp_path / "migrated.db")
    Store(tmp_path / "fresh.db").close()
    migrated, fresh = shape(tmp_path / "migrated.db"), shape(tmp_path / "fresh.db")
    assert migrated == fresh
    version = {"alembic_version": migrated.pop("alembic_version")}
    assert version
    assert migrated == defined(tmp_path / "defined.db")


def test_the_schema_kept_as_sql_is_the_one_defined() -> None:
    kept = files("recipflow.store").joinpath("schema.sql").read_text(encoding="utf-8")
    assert kept == tables.schema(), "write recipflow.tables.schema() to recipflow/store/schema.sql"


def test_the_newest_revision_is_the_one_the_store_expects() -> None:
    versions = Path(migrations.__file__).parent / "versions"
    assert max(path.name[1:5] for path in versions.glob("v*.py")) == migrations.HEAD


def test_an_older_database_is_copied_before_it_is_migrated(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "recipflow.db"
    with Store(path) as store:
        account = store.accounts.ensure("box", "memory").id
        store.save_page(account, prepared(mail(1)), "1")
    add_revision(tmp_path, monkeypatch)
    with Store(path) as store:
        assert store.counts().messages == 1
        assert store._db.execute("SELECT added FROM account").fetchone() == ("new",)
    copy = tmp_path / f"recipflow.db.before-{NEXT}"
    assert "added" not in shape(copy)["account"]
    if os.name == "posix":
        assert stat.S_IMODE(copy.stat().st_mode) == 0o600


def test_a_migration_that_fails_leaves_the_database_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "recipflow.db"
    Store(path).close()
    before = shape(path)
    add_revision(tmp_path, monkeypatch, then="op.execute('no such statement')")
    with pytest.raises(UserError, match="could not be brought up to date"):
        Store(path)
    assert shape(path) == before


def test_what_was_kept_by_message_id_is_kept_by_alias_from_now_on(tmp_path: Path) -> None:
    path = tmp_path / "recipflow.db"
    hidden, address = "0" * 32, "1" * 32
    with Store(path) as store:
        account = store.accounts.ensure("box", "memory").id
        store.save_page(account, prepared(mail(1), mail(2, in_reply_to="m1@x", references=("m1@x",))), "1")
        by_alias = store._db.execute("SELECT in_reply_to, refs FROM interaction ORDER BY id").fetchall()
        store._db.execute(
            "UPDATE interaction SET in_reply_to = 'm1@x', refs = ? WHERE id = 2",
            (f"{hidden}@forgotten m1@x",),
        )
        store._db.executemany("INSERT INTO tombstone VALUES (?)", [(hidden,), (address,)])
        store._db.execute("UPDATE alembic_version SET version_num = '0005'")
    with Store(path) as store:
        (first, second) = store._db.execute("SELECT in_reply_to, refs FROM interaction ORDER BY id")
        assert (first, second[0]) == (by_alias[0], by_alias[1][0])
        assert second[1].split(" ")[1] == by_alias[1][1]
        assert "@" not in second[1]
        assert store._db.execute("SELECT hash FROM tombstone").fetchall() == [(address,)]


def test_an_absence_stored_before_absences_were_kept_is_one_once_the_calendar_was_read_again(
    tmp_path: Path,
) -> None:
    path, day = tmp_path / "recipflow.db", timedelta(days=1)
    plain = meeting(1, starts=START, ends=START + day, version="z")
    told = replace(plain, away=True, version="a")  # by the order of names, the older of the two
    with Store(path) as store:
        calendar, box = (store.accounts.ensure(name, "memory").id for name in ("calendar", "box"))
        store.save_page(calendar, prepared(plain), "1")
        store.save_page(box, prepared(mail(1)), "1")
        store._db.execute("UPDATE alembic_version SET version_num = '0006'")
    with Store(path) as store:
        assert [account.cursor for account in store.accounts.all()] == [None, "1"]
        assert not store.calendar.away_on({ME}, START + day / 2)
        store.save_page(calendar, prepared(told), "2")
        assert store.calendar.away_on({ME}, START + day / 2)


def test_a_newer_database_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "recipflow.db"
    with Store(path) as store:
        store._db.execute("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(UserError, match="newer recipflow"):
        Store(path)


def add_revision(directory: Path, monkeypatch: pytest.MonkeyPatch, then: str = "pass") -> None:
    """One more revision, as a later recipflow would bring it."""
    place = directory / "migrations"
    (place / "versions").mkdir(parents=True)
    ours = Path(migrations.__file__).parent
    for file in (ours / "env.py", *(ours / "versions").glob("v*.py")):
        copy = place / file.relative_to(ours)
        copy.write_text(file.read_text(encoding="utf-8"), encoding="utf-8")
    (place / "versions" / f"v{NEXT}_more.py").write_text(
        f"from alembic import op\nimport sqlalchemy as sa\nrevision = '{NEXT}'\n"
        f"down_revision = '{migrations.HEAD}'\n"
        "def upgrade():\n"
        "    op.add_column('account', sa.Column('added', sa.Text(), server_default='new'))\n"
        f"    {then}\n"
    )
    monkeypatch.setattr(migrations, "HEAD", NEXT)
    monkeypatch.setattr(migrations, "SCRIPTS", place)
