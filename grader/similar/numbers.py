"""Results → pairs of students who share wrong numbers that no mistake explains, weighted by how rare these are.

Answers that are alike have the same cluster (`Result.unexplained`). Mistakes that are named lead to no pair: many make
them. Nor does a cluster to which the instructor gave a name, nor one that many are in.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

from grader.records import Result

_FEW = 3  # students of a cluster
_FEW_OF = 25  # or one in these


@dataclass(frozen=True)
class SharedNumbers:
    """What two students answer alike and wrongly: the clusters with how many are in each, and how rare that is."""

    students: tuple[str, str]
    clusters: tuple[tuple[str, int], ...]
    of: int
    bits: float


def shared_numbers(results: Sequence[Result]) -> list[SharedNumbers]:
    """The pairs, the rarest first."""
    graded = [result for result in results if result.status == "graded"]
    members: dict[str, list[str]] = defaultdict(list)
    for result in graded:
        named = {diagnosis.id for diagnosis in result.diagnoses}
        for cluster in dict.fromkeys(result.unexplained):
            if cluster not in named:
                members[cluster].append(result.student)
    most = max(_FEW, len(graded) // _FEW_OF)
    sizes = Counter({cluster: len(students) for cluster, students in members.items()})
    pairs: dict[tuple[str, str], list[str]] = defaultdict(list)
    for cluster, students in members.items():
        if len(students) <= most:
            for pair in combinations(students, 2):
                pairs[pair].append(cluster)
    shared = [
        SharedNumbers(
            pair,
            tuple((cluster, sizes[cluster]) for cluster in sorted(clusters)),
            len(graded),
            sum(math.log2(len(graded) / sizes[cluster]) for cluster in clusters),
        )
        for pair, clusters in pairs.items()
    ]
    return sorted(shared, key=lambda pair: (-pair.bits, pair.students))
