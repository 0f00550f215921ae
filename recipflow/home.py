"""Where recipflow keeps its things: one directory named by RECIPFLOW_HOME, else the platform's own places."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Home:
    config: Path  #: config.toml
    database: Path  #: recipflow.db
    rules: Path  #: the user's own rule packs
    tokens: Path  #: where tokens go without a keyring
    logs: Path


def find(environ: Mapping[str, str]) -> Home:
    """The places in use; nothing is created."""
    if named := environ.get("RECIPFLOW_HOME", ""):
        root = Path(named).expanduser().absolute()
        return _home(root, root, root)
    from platformdirs import PlatformDirs

    dirs = PlatformDirs("recipflow", appauthor=False)
    return _home(dirs.user_config_path, dirs.user_data_path, dirs.user_log_path)


def _home(config: Path, data: Path, logs: Path) -> Home:
    return Home(
        config=config / "config.toml",
        database=data / "recipflow.db",
        rules=config / "rules",
        tokens=data / "tokens",
        logs=logs / "recipflow.log",
    )
