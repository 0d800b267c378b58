"""Rows of `may_import`: the commands beside grading, and what other systems call."""

from __future__ import annotations

from .import_layers import BOTTOM, PAGE, Table

COMMANDS: Table = {
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
            *(f"messages.{name}" for name in ("gone", "likely", "lookup", "not_run", "watched")),
        },
        {"rich"},
    ),
    "skeletons": ({*BOTTOM}, set()),
    "build": ({*BOTTOM, "assignments", "build", "skeletons", "check.guide"}, set()),
    "build.notebook": ({*BOTTOM}, {"jupytext", "nbformat"}),
    "secrets": ({*BOTTOM, "assignments", "skeletons", "diagnose"}, set()),
    "release": ({*BOTTOM, "archive", "assignments", "build", "secrets"}, set()),
    "new": ({*BOTTOM, "assignments", "new"}, set()),
    "new.solution": (set(), set()),
    "new.suite": (set(), set()),
    "bundle": ({*BOTTOM, "assignments", "archive", "subject.jail", "run.answer_store", "run.digests"}, set()),
    # The only importer of Dask, inside what is called with --cluster; and what Dask's workers call.
    "dask_cluster.__init__": (set(), set()),
    "dask_cluster.client": (
        {
            *(*BOTTOM, "assignments", "bundle", "dask_cluster.worker"),
            *("run.digests", "run.path", "run.pool", "run.session"),
        },
        {"distributed"},
    ),
    "dask_cluster.worker": (
        {
            *(*BOTTOM, "archive", "assignments"),
            *("run.answer_store", "run.digests", "run.path", "run.pool", "run.session"),
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
            "startup",
            "interruption",
            "run.trusted",
            "subject.keeper",
            "run.ahead",
            "run.path",
            "run.store",
            "adjust_command",
            "grade_command",
            "grade_request",
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
