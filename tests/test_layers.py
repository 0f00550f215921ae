"""Who may import whom: a pure core in a thin shell, and connectors that know nothing but the contracts."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from functools import cache
from graphlib import TopologicalSorter
from pathlib import Path
from typing import NamedTuple

import pytest

from recipflow.derive.source import PARTS, digest_of_source

ROOT = Path(__file__).parents[1]

PURE = frozenset(
    [
        "addressed",
        "advice",
        "checking",
        "counted",
        "errors",
        "foreign",
        "guards",
        "ledger",
        "loop",
        "machines",
        "model",
        "people",
        "plans",
        "providers",
        "reading",
        "review",
        "rules",
        "standing",
        "text",
        "threads",
        "wording",
        "writers",
    ]
)
"""What the product knows. No clock, no files, no network, no database: everything comes in as a parameter."""

SHELL = frozenset(
    [
        "__init__",
        "__main__",
        "assembly",
        "backups",
        "cli",
        "config",
        "connector",
        "counsel",
        "daemon",
        "daily",
        "demo",
        "derive",
        "digest",
        "explain",
        "health",
        "heads",
        "files",
        "home",
        "hooks",
        "insight",
        "looking",
        "memory",
        "migrations",
        "moving",
        "notices",
        "observing",
        "outbox",
        "packs",
        "patience",
        "preparing",
        "problems",
        "reconciling",
        "reminders",
        "secrets",
        "service",
        "session",
        "settings",
        "spellings",
        "store",
        "tables",
        "testing",
        "trial",
        "workflow",
        "zones",
    ]
)
"""What connects it with the world."""

FOR_CONNECTORS = frozenset({"recipflow.model", "recipflow.errors", "recipflow.connector"})
PURE_LIBRARIES = frozenset({"re2", "selectolax"})
IMPURE_STANDARD_LIBRARY = frozenset(
    [
        "asyncio",
        "concurrent",
        "ctypes",
        "fileinput",
        "ftplib",
        "getpass",
        "glob",
        "http",
        "imaplib",
        "importlib",
        "io",
        "locale",
        "mailbox",
        "mmap",
        "multiprocessing",
        "os",
        "pathlib",
        "pkgutil",
        "platform",
        "poplib",
        "queue",
        "random",
        "sched",
        "secrets",
        "select",
        "selectors",
        "shelve",
        "shutil",
        "signal",
        "smtplib",
        "socket",
        "socketserver",
        "sqlite3",
        "ssl",
        "subprocess",
        "tempfile",
        "threading",
        "time",
        "urllib.request",
        "webbrowser",
    ]
)
IMPURE_CALLS = frozenset(
    [
        "date.today",
        "datetime.now",
        "datetime.today",
        "datetime.utcnow",
        "input",
        "open",
        "print",
        "sys.stdin.read",
        "sys.stdout.write",
    ]
)


class Imported(NamedTuple):
    """One imported module, and where."""

    module: str
    line: int


@cache
def parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def sources(*folders: str) -> list[Path]:
    return sorted(path for folder in folders for path in (ROOT / folder).rglob("*.py"))


def unit(path: Path) -> str:
    """The module or package right below recipflow that a file belongs to."""
    first = path.relative_to(ROOT / "recipflow").parts[0]
    return first.removesuffix(".py")


def imports(path: Path) -> Iterator[Imported]:
    """Every import in the file, wherever it stands; `from recipflow import x` is an import of recipflow.x."""
    for node in ast.walk(parsed(path)):
        if isinstance(node, ast.Import):
            yield from (Imported(alias.name, node.lineno) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}:{node.lineno}: imports are absolute"
            for alias in node.names if node.module == "recipflow" else ():
                yield Imported(f"recipflow.{alias.name}", node.lineno)
            if node.module and node.module != "recipflow":
                yield Imported(node.module, node.lineno)


def imported_units(path: Path) -> Iterator[Imported]:
    for module, line in imports(path):
        if module.split(".")[0] == "recipflow":
            yield Imported([*module.split("."), "__init__"][1], line)


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


ALL = sources("recipflow", "connectors", "rules")
PRODUCT = sources("recipflow")
PURE_FILES = [path for path in PRODUCT if unit(path) in PURE]


@pytest.mark.parametrize("path", PRODUCT, ids=name)
def test_every_module_is_declared_pure_or_shell(path: Path) -> None:
    assert unit(path) in PURE | SHELL, "put it into one of the two lists above"


def test_no_module_is_both_pure_and_shell() -> None:
    assert not PURE & SHELL


@pytest.mark.parametrize("path", PURE_FILES, ids=name)
def test_a_pure_module_imports_nothing_that_touches_the_world(path: Path) -> None:
    for module, line in imports(path):
        top = module.split(".")[0]
        if top == "recipflow":
            continue
        assert top in sys.stdlib_module_names or top in PURE_LIBRARIES, f"line {line}: {module}"
        assert not {top, module} & IMPURE_STANDARD_LIBRARY, f"line {line}: {module}"


@pytest.mark.parametrize("path", PURE_FILES, ids=name)
def test_a_pure_module_imports_only_pure_modules_of_ours(path: Path) -> None:
    for imported, line in imported_units(path):
        assert imported in PURE, f"line {line}: recipflow.{imported}"


@pytest.mark.parametrize("path", PURE_FILES, ids=name)
def test_a_pure_module_asks_no_clock_no_dice_and_no_files(path: Path) -> None:
    for node in ast.walk(parsed(path)):
        if isinstance(node, ast.Call):
            assert _impure_call(node.func) is None, f"line {node.lineno}: {_impure_call(node.func)}"


def test_modules_import_one_another_downwards_only() -> None:
    graph: dict[str, set[str]] = {}
    for path in PRODUCT:
        own = unit(path)
        if own not in ("__init__", "__main__"):
            graph.setdefault(own, set()).update({imported for imported, _ in imported_units(path)} - {own})
    TopologicalSorter(graph).prepare()  # raises CycleError, which names the circle


@pytest.mark.parametrize("path", sources("connectors"), ids=name)
def test_a_connector_knows_nothing_of_ours_but_the_contracts(path: Path) -> None:
    for module, line in imports(path):
        top = module.split(".")[0]
        assert top != "recipflow_rules", f"line {line}"
        assert top != "recipflow" or module in FOR_CONNECTORS, f"line {line}: {module}"


@pytest.mark.parametrize("path", [*PRODUCT, *sources("rules")], ids=name)
def test_nobody_imports_a_connector_or_a_rule_pack(path: Path) -> None:
    for module, line in imports(path):
        assert module.split(".")[0] not in ("recipflow_connectors", "recipflow_rules"), (
            f"line {line}: {module}"
        )


@pytest.mark.parametrize("path", ALL, ids=name)
def test_every_module_says_in_a_sentence_what_it_is_for(path: Path) -> None:
    assert ast.get_docstring(parsed(path)), "no docstring"


@pytest.mark.parametrize("path", [path for path in ALL if "versions" not in path.parts], ids=name)
def test_no_function_is_longer_than_a_screen(path: Path) -> None:
    for node in ast.walk(parsed(path)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            assert node.end_lineno is not None
            assert node.end_lineno - node.lineno < 60, f"{node.name} at line {node.lineno}"


def _impure_call(function: ast.expr) -> str | None:
    """What a call reads of the world, if it does: `open`, `datetime.now`, `os.urandom`."""
    called = ast.unparse(function)
    return called if called in IMPURE_CALLS else None


def test_what_derives_is_told_by_all_code_it_rests_on() -> None:
    rests_on, seen = {"derive"}, set[str]()
    while rests_on:
        part = rests_on.pop()
        seen.add(part)
        files = [path for path in sources("recipflow") if unit(path) == part]
        rests_on |= {found.module for path in files for found in imported_units(path)} - seen
    assert seen == PARTS


def test_of_installed_code_there_is_a_digest() -> None:
    assert digest_of_source()
