"""What may import what: the table that test_architecture.py holds the engine to. A new module needs a row."""

from __future__ import annotations

from .import_layers import BOTTOM, PAGE, Table
from .may_import_of_commands import COMMANDS
from .may_import_of_subjects import SUBJECT

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
MAY: Table = {
    "__init__": (set(), set()),
    "__main__": ({"safe_path", "entry"}, set()),
    "entry": ({"startup", "interruption", "cli"}, set()),
    "interruption": (set(), set()),
    "startup": ({"subject.keeper"}, set()),
    "safe_path": (set(), set()),
    "errors": (set(), set()),
    "lazy_sequences": (set(), set()),
    "syntax": (set(), set()),
    "text": (set(), set()),
    "problems": (set(), set()),
    "records": ({"problems", "records"}, set()),
    "values": (set(), set()),
    "archive": ({"errors"}, set()),
    "toml_table": ({"errors"}, {"tomli"}),
    "assignments": ({*BOTTOM, "toml_table"}, set()),
    "submissions": ({*BOTTOM}, {"yaml"}),
    "handouts": ({*BOTTOM, "assignments", "skeletons", "submissions"}, set()),
    **SUBJECT,
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
            *(*BOTTOM, "assignments", "submissions", "subject", "full_answers"),
            *(
                f"run.{name}"
                for name in (
                    "answer_store",
                    "digests",
                    "earlier_results",
                    "pool",
                    "session",
                    "shared",
                    "sources",
                    "store",
                )
            ),
        },
        set(),
    ),
    "run.pool": (
        {
            *(*BOTTOM, "assignments", "run.answer_store", "run.handed_over", "run.session", "run.trusted"),
            *("subject.compiler", "subject.confinement", "subject.imports", "subject.keeper"),
        },
        set(),
    ),
    "run.trusted": ({*BOTTOM, "assignments", "run.session", "subject.keeper", "subject.runqueue"}, set()),
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
                "subject.scheduling",
                "run.answer_store",
                "run.judge",
            ),
        },
        set(),
    ),
    "run.answer_segments": ({*BOTTOM, "subject.frames"}, set()),
    "run.answer_store": ({*BOTTOM, "assignments", "subject.jail", "run.answer_segments"}, set()),
    "run.ahead": (
        {
            *(*BOTTOM, "assignments", "diagnose", "suite", "subject.jail", "subject.keeper"),
            *("run.answer_store", "run.digests"),
        },
        set(),
    ),
    "run.judge": (
        {
            *(*BOTTOM, "assignments", "attempt", "subject", "messages", "suite", "diagnose", "repair"),
            *("run.two_files", "run.naming", "run.answer_store", "submissions.syntax_errors"),
        },
        {"numpy"},
    ),
    "run.naming": ({*BOTTOM, "messages", "suite", "diagnose"}, set()),
    "run.digests": ({*BOTTOM, "assignments"}, set()),
    "clusters": ({*BOTTOM, "toml_table"}, set()),
    "adjustments": ({*BOTTOM, "toml_table"}, set()),
    "adjustments.adjusted": ({*BOTTOM, "adjustments"}, set()),
    "full_answers": ({*BOTTOM}, set()),
    "adjust_command": (
        {*BOTTOM, "adjustments", "run.store", "run.whole", "summary"},
        {"tomlkit"},
    ),
    "run.store": (
        {
            *BOTTOM,
            "full_answers",
            "adjustments",
            "clusters",
            "submissions",
            "run.document",
            "run.earlier_results",
            "run.sources",
            "run.whole",
        },
        set(),
    ),
    "run.document": (set(), set()),
    "run.whole": ({"errors"}, set()),
    "run.earlier_results": ({*BOTTOM, "run.document", "submissions"}, set()),
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
            *(f"run.{name}" for name in ("answer_store", "digests", "path", "pool", "session")),
        },
        set(),
    ),
    "csv_tables": ({*BOTTOM}, set()),
    "roster": ({*BOTTOM, "submissions", "csv_tables", "roster"}, set()),
    "preview": ({*BOTTOM, "run.store", "summary"}, {"rich"}),
    "summary": ({*BOTTOM, "messages.advice", "run.earlier_results"}, {"rich"}),
    "grade_request": (
        {
            *(*BOTTOM, "assignments", "adjustments", "handouts", "submissions"),
            *(f"run.{name}" for name in ("digests", "earlier_results", "path", "store")),
        },
        set(),
    ),
    "grade_command": (
        {
            *(
                *BOTTOM,
                "full_answers",
                "interruption",
                "assignments",
                "adjustments",
                "dask_cluster",
                "clusters",
                "grade_request",
            ),
            *(*PAGE, "summary", "preview", "nbgrader_plugin.gradebook"),
            *(f"run.{name}" for name in ("digests", "earlier_results", "path", "store", "trusted")),
        },
        set(),
    ),
    "report": (
        {
            *BOTTOM,
            "full_answers",
            "clusters",
            "roster",
            "submissions",
            "run.store",
            "run.sources",
            *PAGE,
            "summary",
            "csv_tables",
            "report",
        },
        {"jinja2", "markupsafe"},
    ),
    "export": (
        {
            *BOTTOM,
            "full_answers",
            "adjustments",
            "clusters",
            "roster",
            "submissions",
            "run.store",
            # What a folder of results is made of, and a file that is written whole.
            *("run.earlier_results", "run.sources", "run.whole"),
            *PAGE,
            "summary",
            "csv_tables",
            "export",
            "nbgrader_plugin.gradebook",
        },
        set(),
    ),
    "similar": (
        {
            *(*BOTTOM, "assignments", "handouts", "submissions", "run.store"),
            *("messages.layout", "report", "csv_tables", "similar"),
        },
        {"jinja2", "markupsafe"},
    ),
    **COMMANDS,
}
