"""Frozen records that cross the borders between parts and processes. Plain data, no behaviour beyond conversion."""

from grader.records.results import (
    OUTCOMES,
    SCHEMA,
    STATUSES,
    Counterexample,
    Diagnosis,
    Repair,
    Result,
    TestResult,
)
from grader.records.sources import Chunk, Member, PassedOver, StudentSource, Submission

__all__ = [
    "OUTCOMES",
    "SCHEMA",
    "STATUSES",
    "Chunk",
    "Counterexample",
    "Diagnosis",
    "Member",
    "PassedOver",
    "Repair",
    "Result",
    "StudentSource",
    "Submission",
    "TestResult",
]
