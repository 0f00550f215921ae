"""The database's schema through time: numbered revisions, applied with Alembic inside one transaction."""

from __future__ import annotations

from pathlib import Path

SCRIPTS = Path(__file__).parent
HEAD = "0008"  #: the newest revision; numbers grow, so a greater one comes from a newer recipflow


def upgrade(path: Path, revision: str = "head") -> None:
    """Bring the database at `path` to `revision`; if anything fails, it stays as it was."""
    from alembic import command
    from alembic.config import Config
    from sqlalchemy import create_engine, event

    engine = create_engine(f"sqlite:///{path}", connect_args={"isolation_level": None})
    # The driver commits before DDL by itself; without that, a whole migration is one transaction.
    event.listen(engine, "begin", lambda connection: connection.exec_driver_sql("BEGIN IMMEDIATE"))
    config = Config()
    config.set_main_option("script_location", str(SCRIPTS).replace("%", "%%"))
    try:
        with engine.begin() as connection:
            config.attributes["connection"] = connection
            command.upgrade(config, revision)
    finally:
        engine.dispose()
