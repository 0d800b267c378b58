"""What may import what, as a table; and proofs that these tests can fail."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).resolve().parents[2] / "grader"
BOTTOM = {"errors", "lazily", "problems", "records", "syntax", "text", "values"}
#: What a student is told, from a result alone.
PAGE = {f"messages.{name}" for name in ("layout", "examples", "cost", "advice", "page", "repairs")}
HEAVY = {
    "distributed",
    "dask",
    "numpy",
    "torch",
    "pytest",
    "rich",
    "msgpack",
    "nbformat",
    "jupytext",
    "jinja2",
    "nbgrader",
}

#: Where a run begins that somebody types. They lie above all others, wherever their files are.
ENTRANCES = {"__main__", "cli", "suite.plugin"}

#: part -> (parts of the engine, libraries beyond the standard one) that it may import.
#: A part is a module, a package, or (where a package's modules differ) a module in a package.
MAY: dict[str, tuple[set[str], set[str]]] = {
    "__init__": (set(), set()),
    "__main__": ({"safe_path", "cli"}, set()),
    "safe_path": (set(), set()),
    "errors": (set(), set()),
    "lazily": (set(), set()),
    "syntax": (set(), set()),
    "text": (set(), set()),
    "problems": (set(), set()),
    "earlier": ({"problems"}, set()),
    "records": ({"earlier", "misfits", "problems"}, set()),
    "values": (set(), set()),
    "misfits": (set(), set()),
    "archive": ({"errors"}, set()),
    "toml_table": ({"errors"}, {"tomli"}),
    "assignments": ({*BOTTOM, "toml_table"}, set()),
    "submissions": ({*BOTTOM}, {"yaml"}),
    "handouts": ({*BOTTOM, "assignments", "skeletons", "submissions"}, set()),
    # What the warm process loads, and a submission could read: nothing of suites, results or courses.
    "subject.__init__": (set(), set()),
    "subject.operations": (set(), set()),
    "subject.frames": (set(), {"msgpack"}),
    "subject.bounds": ({"values", "subject.frames", "subject.operations"}, {"numpy"}),
    "subject.wire": ({"subject.frames", "subject.operations", "subject.bounds"}, {"numpy", "msgpack"}),
    "subject.operands": ({"subject.bounds"}, set()),
    "subject.adapted": (set(), set()),
    "subject.watched": ({"subject.adapted"}, set()),
    "subject.memory": (set(), {"numpy"}),
    # How a submission is loaded, also on a student's own machine: nothing but the standard library.
    "subject.statements": (set(), set()),
    "subject.imports": (set(), set()),
    "subject.settings": (set(), set()),
    "subject.compiler": (set(), set()),
    "subject.rewriting": (set(), set()),
    "subject.running": ({"subject.statements"}, set()),
    "subject.loader": ({"subject.statements", "subject.imports", "subject.running"}, set()),
    # What computes with torch: a value as plain data, torch's own objects, the module that is hosted, what is warmed.
    "subject.plain": ({"values", "subject.operations", "subject.bounds", "subject.wire"}, {"numpy", "torch"}),
    "subject.tensors": ({"values", "subject.plain"}, {"numpy", "torch"}),
    "subject.lending": ({"values"}, {"numpy"}),
    "subject.raising": (
        {"subject.adapted", "subject.operands", "subject.operations", "subject.bounds"},
        set(),
    ),
    "subject.host": (
        {
            *(
                "subject.adapted",
                "subject.watched",
                "subject.settings",
                "subject.loader",
                "subject.rewriting",
            ),
            *(
                "subject.operations",
                "subject.bounds",
                "subject.raising",
                "subject.running",
                "subject.statements",
            ),
            *("subject.plain", "subject.lending", "subject.tensors"),
        },
        {"numpy", "torch"},
    ),
    "subject.warmup": (
        {"subject.compiler", "subject.operations", "subject.watched", "subject.host"},
        {"numpy", "torch"},
    ),
    "subject._syscalls": (set(), set()),
    "subject._landlock": ({"subject._syscalls"}, set()),
    "subject._seccomp": ({"subject._syscalls"}, set()),
    "subject.jail": ({"errors", "subject._syscalls", "subject._landlock", "subject._seccomp"}, set()),
    "subject.child": ({f"subject.{name}" for name in ("frames", "wire", "loader", "host")}, set()),
    "subject.zygote": (
        {"errors", *(f"subject.{name}" for name in ("frames", "jail", "memory", "wire", "warmup", "child"))},
        set(),
    ),
    # The trusted side of the same conversation.
    "subject.confinement": ({"errors", "subject.jail"}, set()),
    "subject.keeper": (
        {"errors", "safe_path", "subject.frames", "subject.confinement", "subject.runqueue"},
        set(),
    ),
    "subject.runqueue": (set(), set()),
    "subject.harness_tree": (set(), set()),
    "subject.harness": ({"errors", "assignments", "subject.operations", "subject.harness_tree"}, set()),
    "subject.subjects": (
        {"text", *(f"subject.{name}" for name in ("operations", "bounds", "harness", "host"))},
        set(),
    ),
    "subject.reference": ({"values", "subject.operations", "subject.wire", "subject.subjects"}, {"numpy"}),
    "subject.proxy": (
        {
            *("errors", "values"),
            *("subject.operations", "subject.wire", "subject.harness", "subject.subjects"),
        },
        {"numpy"},
    ),
    "subject.plan": ({*BOTTOM, "subject.operations", "subject.wire"}, {"numpy"}),
    "subject.loading": (
        {*BOTTOM, *(f"subject.{name}" for name in ("loader", "operations", "statements", "subjects"))},
        set(),
    ),
    "subject.patience": ({"subject.loading"}, set()),
    "subject.jailed": (
        {
            *BOTTOM,
            *(
                f"subject.{name}"
                for name in ("operations", "wire", "keeper", "loading", "patience", "plan", "subjects")
            ),
        },
        set(),
    ),
    # What students are told: exceptions and problems as sentences, and from a result alone the page.
    "messages.__init__": (set(), set()),
    "messages.layout": ({*BOTTOM}, set()),
    # Also in a student's own process, beside the student's code.
    "messages.watched": (set(), set()),
    "messages.examples": ({*BOTTOM, "messages.layout"}, set()),
    "messages.advice": ({*BOTTOM, "messages.examples"}, set()),
    "messages.cost": ({*BOTTOM, "messages.layout", "messages.examples"}, set()),
    "messages.repairs": ({*BOTTOM}, set()),
    "messages.page": ({*BOTTOM, *PAGE}, set()),
    "messages": ({*BOTTOM, "subject", "messages"}, set()),
    # The way in for those who type pytest: above all that it starts.
    "suite.plugin": ({*BOTTOM, "assignments", "safe_path", "suite", "run.byhand"}, {"pytest"}),
    "suite": (
        {*BOTTOM, "safe_path", "assignments", "handouts", "submissions", "subject", "messages", "suite"},
        {"numpy", "pytest", "_pytest"},
    ),
    "diagnose": (
        {*BOTTOM, "assignments", "operators", "skeletons", "subject", "messages", "suite", "diagnose"},
        {"numpy"},
    ),
    # Small edits of any program; and those of a submission's that are enough for some of its lost points.
    "operators": ({"syntax"}, set()),
    "repair": ({*BOTTOM, "assignments", "operators", "subject", "diagnose", "repair"}, set()),
    "attempt": ({*BOTTOM, "assignments", "handouts", "submissions", "subject"}, set()),
    # The main path of a run, read from top to bottom.
    "run.__init__": (set(), set()),
    "run.path": (
        {
            *(*BOTTOM, "assignments", "submissions", "subject", "withheld"),
            *(
                f"run.{name}"
                for name in ("answers", "digests", "kept", "pool", "session", "shared", "sources", "store")
            ),
        },
        set(),
    ),
    "run.pool": (
        {
            *(*BOTTOM, "assignments", "run.answers", "run.handed_over", "run.session"),
            *("subject.confinement", "subject.imports", "subject.keeper", "subject.runqueue"),
        },
        set(),
    ),
    "run.shared": ({*BOTTOM}, set()),
    "run.handed_over": ({*BOTTOM, "run.session"}, set()),
    "run.session": (
        {
            *(*BOTTOM, "assignments", "suite"),
            *("subject.keeper", "subject.jailed", "subject.patience", "run.answers", "run.judge"),
        },
        set(),
    ),
    "run.answers": ({*BOTTOM, "assignments", "subject.frames", "subject.jail"}, set()),
    "run.judge": (
        {
            *(*BOTTOM, "assignments", "attempt", "subject", "messages", "suite", "diagnose", "repair"),
            *("run.answers", "submissions.syntax_errors"),
        },
        {"numpy"},
    ),
    "run.digests": ({*BOTTOM, "assignments"}, set()),
    "clusters": ({*BOTTOM, "toml_table"}, set()),
    "adjustments": ({*BOTTOM, "toml_table"}, set()),
    "adjusted": ({*BOTTOM, "adjustments"}, set()),
    "withheld": ({*BOTTOM, "misfits"}, set()),
    "adjust_command": (
        {*BOTTOM, "adjusted", "adjustments", "run.store", "run.whole", "summary"},
        {"tomlkit"},
    ),
    "run.store": (
        {
            *BOTTOM,
            "withheld",
            "adjusted",
            "adjustments",
            "clusters",
            "submissions",
            "run.document",
            "run.kept",
            "run.sources",
            "run.whole",
        },
        set(),
    ),
    "run.document": (set(), set()),
    "run.whole": ({"errors"}, set()),
    "run.kept": ({*BOTTOM, "misfits", "run.document", "submissions"}, set()),
    "run.sources": ({*BOTTOM, "submissions"}, set()),
    "run.byhand": (
        {
            *(*BOTTOM, "assignments", "handouts", "submissions", "subject", "suite"),
            *(f"run.{name}" for name in ("path", "pool", "session")),
        },
        {"pytest"},
    ),
    "run.standby": (
        {
            *BOTTOM,
            "assignments",
            *(f"run.{name}" for name in ("answers", "digests", "path", "pool", "session")),
        },
        set(),
    ),
    "tables": ({*BOTTOM}, set()),
    "roster": ({*BOTTOM, "submissions", "tables", "roster"}, set()),
    "preview": ({*BOTTOM, "run.store", "summary"}, {"rich"}),
    "summary": ({*BOTTOM, "messages.advice", "run.kept"}, {"rich"}),
    "grade_command": (
        {
            *BOTTOM,
            "withheld",
            "assignments",
            "adjusted",
            "adjustments",
            "cluster",
            "clusters",
            "handouts",
            "submissions",
            *PAGE,
            "subject.keeper",
            "summary",
            *(f"run.{name}" for name in ("digests", "kept", "path", "store")),
            "preview",
            "nbgrader_plugin.gradebook",
        },
        set(),
    ),
    "report": (
        {
            *BOTTOM,
            "withheld",
            "clusters",
            "roster",
            "submissions",
            "run.store",
            "run.sources",
            *PAGE,
            "summary",
            "tables",
            "report",
        },
        {"jinja2", "markupsafe"},
    ),
    "export": (
        {
            *BOTTOM,
            "withheld",
            "adjustments",
            "roster",
            "submissions",
            "run.store",
            *PAGE,
            "summary",
            "tables",
            "export",
            "nbgrader_plugin.gradebook",
        },
        set(),
    ),
    "similar": (
        {
            *(*BOTTOM, "assignments", "handouts", "submissions", "run.store"),
            *("messages.layout", "report", "tables", "similar"),
        },
        {"jinja2", "markupsafe"},
    ),
    # In a student's own process, beside the student's code: it knows torch only if the checks have loaded it.
    "check.arrays": (set(), {"numpy"}),
    "check.closed": (set(), set()),
    "check.nothing": (set(), set()),
    "check.printed": (set(), set()),
    "check.watchdog": ({"subject.runqueue"}, set()),
    "check.raised": ({"check.arrays", "check.nothing", "subject.operands"}, set()),
    "check.perform": (
        {
            *("messages.watched", "subject.watched"),
            "check.printed",
            "check.raised",
            "check.watchdog",
            "check.closed",
            "subject.imports",
            "subject.loader",
            "subject.running",
            "subject.statements",
            "subject.settings",
        },
        set(),
    ),
    "check.child": ({"check.perform", "subject.compiler"}, set()),
    "check.guide": ({*BOTTOM, "assignments"}, {"tomli"}),
    "check": (
        {
            *(*BOTTOM, "assignments", "submissions"),
            *(f"subject.{name}" for name in ("loader", "operations", "runqueue", "statements")),
            *(f"messages.{name}" for name in ("likely", "lookup", "passed", "watched")),
        },
        {"rich"},
    ),
    "skeletons": ({*BOTTOM}, set()),
    "build": ({*BOTTOM, "assignments", "build_notebook", "skeletons", "check.guide"}, set()),
    "build_notebook": ({*BOTTOM}, {"jupytext", "nbformat"}),
    "secrets": ({*BOTTOM, "assignments", "skeletons", "diagnose"}, set()),
    "release": ({*BOTTOM, "archive", "assignments", "build", "secrets"}, set()),
    "new": ({*BOTTOM, "assignments", "new_solution", "new_suite"}, set()),
    "new_solution": (set(), set()),
    "new_suite": (set(), set()),
    "bundle": ({*BOTTOM, "assignments", "archive", "subject.jail", "run.answers", "run.digests"}, set()),
    # The only importer of Dask, inside what is called with --cluster; and what Dask's workers call.
    "cluster": (
        {
            *(*BOTTOM, "assignments", "bundle", "cluster_worker"),
            *("run.digests", "run.path", "run.pool", "run.session"),
        },
        {"distributed"},
    ),
    "cluster_worker": (
        {
            *(*BOTTOM, "archive", "assignments"),
            *("run.answers", "run.digests", "run.path", "run.pool", "run.session"),
        },
        set(),
    ),
    # The only importers of nbgrader, and of what comes with it.
    "nbgrader_plugin.__init__": (set(), set()),
    "nbgrader_plugin.need": ({*BOTTOM}, set()),
    "nbgrader_plugin.cells": ({*BOTTOM, *PAGE}, set()),
    "nbgrader_plugin.notebook": (
        {
            *BOTTOM,
            "assignments",
            "build",
            "build_notebook",
            "skeletons",
            "submissions.reading",
            "nbgrader_plugin.cells",
        },
        set(),
    ),
    "nbgrader_plugin.course": (
        {*BOTTOM, "assignments", "build", "nbgrader_plugin.need", "nbgrader_plugin.notebook"},
        {"nbgrader"},
    ),
    "nbgrader_plugin.gradebook": (
        {*BOTTOM, "nbgrader_plugin.need", "nbgrader_plugin.cells"},
        {"nbgrader", "sqlalchemy"},
    ),
    "nbgrader_plugin.handins": ({*BOTTOM, "submissions", "nbgrader_plugin.notebook"}, {"nbgrader"}),
    "nbgrader_plugin.preprocessors": (
        {
            *BOTTOM,
            "assignments",
            "handouts",
            "skeletons",
            "run.standby",
            "submissions",
            "nbgrader_plugin.cells",
            "nbgrader_plugin.handins",
            "nbgrader_plugin.notebook",
        },
        {"nbgrader", "nbconvert", "nbformat", "traitlets"},
    ),
    # Asks references and mistakes, in this process, as a suite does.
    "validate.styles": (
        {
            *BOTTOM,
            "assignments",
            "diagnose",
            "subject.harness",
            "subject.proxy",
            "subject.reference",
            "subject.subjects",
            "suite",
            "validate",
        },
        set(),
    ),
    "validate": (
        {*BOTTOM, "assignments", "diagnose", "run.path", "secrets", "skeletons", "summary", "submissions"},
        {"rich", "tomli", "cosmic_ray"},
    ),
    "cli": (
        {
            *BOTTOM,
            "__init__",
            "assignments",
            "subject.keeper",
            "run.path",
            "run.store",
            "adjust_command",
            "grade_command",
            "similar",
            "report",
            "export",
            "check",
            "build",
            "release",
            "validate",
            "bundle",
            "new",
            "nbgrader_plugin.course",
        },
        {"typer", "rich"},
    ),
}


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
    found = []
    for name in imports(source, package):
        top = name.split(".")[0]
        if top == "grader":
            wanted = name.split(".", 1)[1] if "." in name else "__init__"
            allowed = any(wanted == entry or wanted.startswith(f"{entry}.") for entry in engine)
            own = part.split(".")[0] == wanted.split(".")[0] and "." not in part
            if not allowed and not own and wanted != part:
                found.append(name)
        elif top not in {*sys.stdlib_module_names, "tomllib"} and top not in libraries:
            found.append(name)
    return found


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

    def reached(part: str, seen: frozenset[str] = frozenset()) -> set[str]:
        below = {row for entry in MAY[part][0] for row in MAY if row == entry or row.startswith(f"{entry}.")}
        below -= ENTRANCES
        below -= {part, *seen}
        return below.union(*(reached(other, seen | below | {part}) for other in below))

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
    assert importing == {("__main__.py", "grader.cli")}


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
    found = set()
    for node in ast.parse(source).body:
        if isinstance(node, (ast.Import, ast.ImportFrom)):
            found |= {name.split(".")[0] for name in imports(ast.unparse(node), "grader")}
    return found


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
