"""`--fail-on-skip`: a test that is skipped fails, unless its reason was announced with `--allow-skip`.

Whoever runs everything (`.ci/run`) wants to hear that something was not tried. A skip whose reason contains a text
given with `--allow-skip TEXT` stays a skip.
"""

from __future__ import annotations

from collections.abc import Generator
from typing import Any

import pytest


def add_options(parser: pytest.Parser) -> None:
    parser.addoption("--fail-on-skip", action="store_true", help="fail for each test that is skipped")
    parser.addoption(
        "--allow-skip",
        action="append",
        default=[],
        metavar="TEXT",
        help="with --fail-on-skip: a skip whose reason contains TEXT was announced (may be repeated)",
    )


class FailOnSkip:
    """Turns reports of skips, of tests and of whole modules, into failures."""

    def __init__(self, allowed: list[str]) -> None:
        self._allowed = allowed

    def _judge(self, report: Any) -> None:
        if not report.skipped or hasattr(report, "wasxfail"):
            return
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
        if not any(text in reason for text in self._allowed):
            report.outcome = "failed"
            report.longrepr = (
                f"{reason}\nThis skip was not announced. Install what is missing, or --allow-skip TEXT."
            )

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(self, item: pytest.Item) -> Generator[None, Any, Any]:
        report = yield
        self._judge(report)
        return report

    @pytest.hookimpl(wrapper=True)
    def pytest_make_collect_report(self, collector: pytest.Collector) -> Generator[None, Any, Any]:
        report = yield
        self._judge(report)
        return report
