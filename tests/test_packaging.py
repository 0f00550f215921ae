"""What a stranger gets: an sdist, a wheel built from it that has our packages alone, and a demo that runs."""

from __future__ import annotations

import os
import subprocess
import sys
import tarfile
import venv
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
TOP_LEVEL = {"recipflow", "recipflow_connectors", "recipflow_rules"}


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the sdist and the wheel that was built from that sdist."""
    if not (ROOT / "pyproject.toml").is_file():
        pytest.skip("these tests were installed without the sources")
    folder = tmp_path_factory.mktemp("dist")
    run(sys.executable, "-m", "build", "--no-isolation", "--outdir", folder, ROOT)
    return folder


@pytest.fixture(scope="module")
def installed(built: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The scripts folder of a fresh environment with the wheel; its dependencies are those we run with."""
    home = tmp_path_factory.mktemp("fresh")
    venv.create(home, symlinks=os.name != "nt")
    scripts = home / ("Scripts" if os.name == "nt" else "bin")
    python = scripts / ("python.exe" if os.name == "nt" else "python")
    run(sys.executable, "-m", "pip", "--python", python, "install", "-q", "--no-deps", wheel(built))
    asked = run(python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))")
    paths = [path for path in sys.path if Path(path).name in ("site-packages", "dist-packages")]
    (Path(asked.strip()) / "dependencies.pth").write_text("\n".join(paths) + "\n", encoding="utf-8")
    return scripts


def run(*command: str | Path, cwd: Path | None = None) -> str:
    """Standard output of a command that must succeed; it cannot see this work tree."""
    environment = {key: value for key, value in os.environ.items() if key != "PYTHONPATH"}
    done = subprocess.run(
        [str(word) for word in command],
        cwd=cwd,
        env=environment,
        capture_output=True,
        stdin=subprocess.DEVNULL,
        text=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"
    return done.stdout


def wheel(built: Path) -> Path:
    (path,) = built.glob("*.whl")
    return path


def test_the_wheel_has_our_three_packages_and_nothing_else(built: Path) -> None:
    with zipfile.ZipFile(wheel(built)) as archive:
        names = {name.split("/")[0] for name in archive.namelist()}
    assert {name for name in names if not name.endswith(".dist-info")} == TOP_LEVEL
    assert len(names) == len(TOP_LEVEL) + 1


def test_the_wheel_has_every_file_of_the_packages(built: Path) -> None:
    with zipfile.ZipFile(wheel(built)) as archive:
        packed = set(archive.namelist())
    for source in ("recipflow", "connectors/recipflow_connectors", "rules/recipflow_rules"):
        folder = ROOT / source
        for path in folder.rglob("*"):
            if path.is_file() and "__pycache__" not in path.parts:
                assert path.relative_to(folder.parent).as_posix() in packed


def test_the_sdist_holds_what_it_takes_to_test_it(built: Path) -> None:
    (path,) = built.glob("*.tar.gz")
    with tarfile.open(path) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
    assert {"README.md", "LICENSE", "pyproject.toml", "tests/test_packaging.py"} <= names


def test_the_wheel_weighs_little(built: Path) -> None:
    assert wheel(built).stat().st_size < 1_800_000


def test_the_installed_package_is_the_one_that_runs(installed: Path, tmp_path: Path) -> None:
    asked = run(installed / "python", "-c", "import recipflow; print(recipflow.__file__)", cwd=tmp_path)
    assert Path(asked.strip()).is_relative_to(installed.parent)


def test_the_demo_runs_where_it_was_installed(installed: Path, tmp_path: Path) -> None:
    shown = run(installed / "recipflow", "demo", "--html", "morning.html", cwd=tmp_path)
    assert "A word of thanks" in shown
    assert (tmp_path / "morning.html").read_text(encoding="utf-8").startswith("<!doctype html>")
