"""What is said of a submission's mistakes: those that were found by running, and those that are seen in its source."""

from __future__ import annotations

from grader.diagnose.search import Findings
from grader.messages import empty, signatures
from grader.records import Diagnosis, StudentSource
from grader.suite.bench import Suite


def diagnoses_of(findings: Findings, suite: Suite, source: StudentSource) -> tuple[Diagnosis, ...]:
    """All diagnoses of a submission, those seen in its source first; guesses about what is empty are left out."""
    named = empty.without_guesses(findings.diagnoses, source.files)
    return (*findings_in_source(suite, source, findings), *named)


def findings_in_source(suite: Suite, source: StudentSource, findings: Findings) -> tuple[Diagnosis, ...]:
    """What is seen in the source of failing exercises without a sure name; nothing where a harness calls them."""
    sure = ("exact", "pair", "several")
    named = {
        name
        for diagnosis in findings.diagnoses
        if diagnosis.certainty in sure
        for name in diagnosis.functions
    }
    unnamed = [] if suite.bench.harness else [name for name in findings.failing if name not in named]
    return signatures.diagnoses(unnamed, suite.bench.source, source.chunks)
