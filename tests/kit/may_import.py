"""What may import what: the table that test_architecture.py holds the engine to. A new module needs a row."""

from __future__ import annotations

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
ENTRANCES = {"__main__", "entry", "cli", "suite.plugin"}

#: part -> (parts of the engine, libraries beyond the standard one) that it may import.
#: A part is a module, a package, or (where a package's modules differ) a module in a package.
MAY: dict[str, tuple[set[str], set[str]]] = {
    "__init__": (set(), set()),
    "__main__": ({"safe_path", "entry"}, set()),
    "entry": ({"early", "cli"}, set()),
    "early": ({"subject.keeper"}, set()),
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
    "subject.operands": ({"subject.bounds", "subject.places"}, set()),
    "subject.places": (set(), set()),
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
    "subject.forker": ({"subject.frames", "subject.jail"}, set()),
    "subject.zygote": (
        {
            "errors",
            *(
                f"subject.{name}"
                for name in ("child", "compiler", "forker", "frames", "jail", "memory", "warmup", "wire")
            ),
        },
        set(),
    ),
    # The trusted side of the same conversation.
    "subject.confinement": ({"errors", "subject.jail"}, set()),
    "subject.stream": ({"subject.frames", "subject.runqueue"}, set()),
    "subject.successor": ({"subject.keeper", "subject.stream"}, set()),
    "subject.hangs": ({"subject.plan", "subject.subjects"}, set()),
    "subject.keeper": (
        {"errors", "safe_path", "subject.frames", "subject.confinement", "subject.stream"},
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
        {
            *BOTTOM,
            *(f"subject.{name}" for name in ("loader", "operations", "statements", "subjects", "wire")),
        },
        set(),
    ),
    "subject.patience": ({"subject.loading"}, set()),
    "subject.jailed": (
        {
            *BOTTOM,
            *(f"subject.{name}" for name in ("hangs", "keeper", "loading", "operations", "patience", "plan")),
            *(f"subject.{name}" for name in ("stream", "subjects", "successor", "wire")),
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
    "messages": ({*BOTTOM, "submissions", "subject", "messages"}, set()),
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
                for name in ("answers", "digests", "earlier", "pool", "session", "shared", "sources", "store")
            ),
        },
        set(),
    ),
    "run.pool": (
        {
            *(*BOTTOM, "assignments", "run.answers", "run.handed_over", "run.session", "run.trusted"),
            *("subject.compiler", "subject.confinement", "subject.imports", "subject.keeper"),
        },
        set(),
    ),
    "run.trusted": ({*BOTTOM, "run.session", "subject.keeper", "subject.runqueue"}, set()),
    "run.shared": ({*BOTTOM}, set()),
    "run.two_files": ({"records"}, set()),
    "run.handed_over": ({*BOTTOM, "run.session"}, set()),
    "run.session": (
        {
            *(*BOTTOM, "assignments", "suite"),
            *(
                "subject.compiler",
                "subject.forker",
                "subject.keeper",
                "subject.jailed",
                "subject.patience",
                "run.answers",
                "run.judge",
            ),
        },
        set(),
    ),
    "run.answers": ({*BOTTOM, "assignments", "subject.frames", "subject.jail"}, set()),
    "run.ahead": (
        {
            *(*BOTTOM, "assignments", "diagnose", "suite", "subject.jail", "subject.keeper"),
            *("run.answers", "run.digests"),
        },
        set(),
    ),
    "run.judge": (
        {
            *(*BOTTOM, "assignments", "attempt", "subject", "messages", "suite", "diagnose", "repair"),
            *("run.two_files", "run.answers", "submissions.syntax_errors"),
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
            "run.earlier",
            "run.sources",
            "run.whole",
        },
        set(),
    ),
    "run.document": (set(), set()),
    "run.whole": ({"errors"}, set()),
    "run.earlier": ({*BOTTOM, "misfits", "run.document", "submissions"}, set()),
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
    "summary": ({*BOTTOM, "messages.advice", "run.earlier"}, {"rich"}),
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
            *(f"run.{name}" for name in ("digests", "earlier", "path", "store")),
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
            "early",
            "subject.keeper",
            "run.ahead",
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
