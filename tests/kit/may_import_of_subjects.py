"""Rows of `may_import`: the parts that a child consists of, and the trusted side of the pipe to it."""

from __future__ import annotations

from .import_layers import BOTTOM, Table

SUBJECT: Table = {
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
                for name in (
                    "child",
                    "compiler",
                    "forker",
                    "frames",
                    "jail",
                    "memory",
                    "scheduling",
                    "warmup",
                    "wire",
                )
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
    "subject.scheduling": ({"subject._syscalls"}, set()),
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
    "subject.patience": ({"subject.loading", "subject.plan", "subject.subjects"}, set()),
    "subject.jailed": (
        {
            *BOTTOM,
            *(f"subject.{name}" for name in ("hangs", "keeper", "loading", "operations", "patience", "plan")),
            *(f"subject.{name}" for name in ("stream", "subjects", "successor", "wire")),
        },
        set(),
    ),
}
