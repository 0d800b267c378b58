"""What may import what, as a table; and proofs that these tests can fail."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from .may_import import ENTRANCES, HEAVY, MAY

PACKAGE = Path(__file__).resolve().parents[2] / "grader"


def part_of(path: Path) -> str:
    """The row of the table for a file of the package."""
    parts = path.relative_to(PACKAGE).with_suffix("").parts
    dotted = ".".join(parts[:2])
    return dotted if dotted in MAY else parts[0]


def imports(source: str, package: str) -> Iterator[str]:
    """Every module that is imported anywhere in a source, except for type checking only."""
    tree = ast.parse(source)
    skipped = {
        id(inner)
        for node in ast.walk(tree)
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test)
        for inner in ast.walk(node)
    }
    for node in ast.walk(tree):
        if id(node) in skipped:
            continue
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            if node.level:
                base = ".".join(
                    filter(None, [*package.split(".")[: len(package.split(".")) + 1 - node.level], base])
                )
            for alias in node.names:
                whole = f"{base}.{alias.name}"
                yield whole if _is_module(whole) else base
        elif isinstance(node, ast.Call) and ast.unparse(node.func).endswith("import_module"):
            yield from (str(name.value) for name in node.args[:1] if isinstance(name, ast.Constant))


def _is_module(dotted: str) -> bool:
    path = PACKAGE.parent.joinpath(*dotted.split("."))
    return dotted.startswith("grader") and (path.with_suffix(".py").is_file() or path.is_dir())


def violations(part: str, source: str, package: str = "grader") -> list[str]:
    """What a source imports that the table does not allow to its part."""
    engine, libraries = MAY[part]
    faults = []
    for name in imports(source, package):
        top = name.split(".")[0]
        if top == "grader":
            submodule = name.split(".", 1)[1] if "." in name else "__init__"
            allowed = any(submodule == entry or submodule.startswith(f"{entry}.") for entry in engine)
            own = part.split(".")[0] == submodule.split(".")[0] and "." not in part
            if not allowed and not own and submodule != part:
                faults.append(name)
        elif top not in {*sys.stdlib_module_names, "tomllib"} and top not in libraries:
            faults.append(name)
    return faults


FILES = sorted(path for path in PACKAGE.rglob("*.py"))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(PACKAGE).as_posix())
def test_imports_point_down(path):
    part = part_of(path)
    assert part in MAY, f"{path.name} has no row in the table: decide what it may import"
    package = ".".join(("grader", *path.relative_to(PACKAGE).parts[:-1]))
    assert violations(part, path.read_text(encoding="utf-8"), package) == []


def test_the_table_has_no_row_without_a_file():
    assert {
        part for part in MAY if not {part, part.split(".")[0]} & {part_of(path) for path in FILES}
    } == set()


def test_the_table_has_no_circle():
    """Imports point down: no part is reached from itself through others."""

    def reached(part: str, passed: frozenset[str] = frozenset()) -> set[str]:
        below = {row for entry in MAY[part][0] for row in MAY if row == entry or row.startswith(f"{entry}.")}
        below -= ENTRANCES
        below -= {part, *passed}
        return below.union(*(reached(other, passed | below | {part}) for other in below))

    for part in MAY:
        for other in reached(part):
            assert part not in MAY[other][0], f"{part} and {other} import each other"


def test_nothing_imports_an_entrance():
    importing = {
        (path.relative_to(PACKAGE).as_posix(), name)
        for path in FILES
        for name in imports(path.read_text(encoding="utf-8"), "grader")
        if name.removeprefix("grader.").removesuffix(".main") in ENTRANCES
    }
    assert importing == {("__main__.py", "grader.entry"), ("entry.py", "grader.cli")}


def test_only_the_host_and_its_parts_know_torch():
    knowing = {
        path.relative_to(PACKAGE).as_posix()
        for path in FILES
        if any(name.split(".")[0] == "torch" for name in imports(path.read_text(encoding="utf-8"), "grader"))
    }
    assert knowing == {f"subject/{name}.py" for name in ("host", "plain", "tensors", "warmup")}


def test_only_the_plugin_knows_nbgrader():
    knowing = {
        path.relative_to(PACKAGE).parts[0]
        for path in FILES
        if any(
            name.split(".")[0] == "nbgrader" for name in imports(path.read_text(encoding="utf-8"), "grader")
        )
    }
    assert knowing == {"nbgrader_plugin"}


@pytest.mark.parametrize(
    ("part", "source"),
    [
        ("wire", "import torch"),
        ("wire", "from grader import records"),
        ("wire", "def f():\n    from grader.suite import points"),
        ("host", "from grader.suite.bench import Suite"),
        ("host", "import grader.run.store"),
        ("zygote", "from ..suite import bench"),
        ("zygote", "import importlib\nimportlib.import_module('pytest')"),
        ("proxy", "import torch"),
    ],
)
def test_a_forbidden_import_of_the_subject_is_found(part, source):
    assert violations(f"subject.{part}", source, "grader.subject")


@pytest.mark.parametrize(
    ("part", "source"),
    [
        ("errors", "from grader.records import Result"),
        ("submissions", "import numpy"),
        ("submissions", "from grader.run.path import grade"),
        ("suite", "from grader.run.path import grade"),
        ("run.judge", "from grader.run import path"),
        ("run.store", "import rich"),
    ],
)
def test_a_forbidden_import_is_found(part, source):
    assert violations(part, source)


def test_an_allowed_import_is_not_found():
    assert violations("subject.host", "import json, torch\nfrom grader.subject.bounds import MAX_TEXT") == []


def at_module_level(source: str) -> set[str]:
    """The libraries that a source imports as soon as it is imported."""
    imported = set()
    for node in ast.parse(source).body:
        if isinstance(node, (ast.Import, ast.ImportFrom)):
            imported |= {name.split(".")[0] for name in imports(ast.unparse(node), "grader")}
    return imported


def test_the_command_line_imports_nothing_heavy_at_once():
    sources = [path.read_text(encoding="utf-8") for path in (PACKAGE / "cli").glob("*.py")]
    assert sources
    assert not set().union(*map(at_module_level, sources)) & HEAVY
    assert at_module_level("import numpy as np\nfrom torch import nn") & HEAVY == {"numpy", "torch"}


def loaded_by(statement: str) -> set[str]:
    """The modules that a fresh interpreter has after a statement."""
    code = f"import sys\n{statement}\nprint(*sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, cwd=PACKAGE.parent, check=True
    )
    return set(done.stdout.split())


def test_the_command_line_starts_light():
    assert not loaded_by("import grader.cli") & HEAVY
    assert "json" in loaded_by("import json"), "the probe sees what is loaded"


def test_the_plugin_costs_other_peoples_tests_nothing():
    loaded = loaded_by("import grader.suite.plugin")
    assert "pytest" in loaded
    assert not loaded & {"numpy", "torch", "msgpack", "rich"}


def test_what_submissions_share_a_process_with_holds_no_secrets():
    """The warm process loads the host and the jail, and nothing that knows suites, results or courses."""
    loaded = {
        name
        for name in loaded_by("import grader.subject.zygote, grader.subject.warmup")
        if name[:6] == "grader"
    }
    assert "grader.subject.host" in loaded
    assert {name for name in loaded if not name.startswith("grader.subject")} <= {
        "grader",
        "grader.errors",
        "grader.values",
    }
