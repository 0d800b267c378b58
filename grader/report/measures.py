"""The numbers of a class: how scores are spread, how hard each test is and what it tells apart, who made which mistake.

Plain statistics on records, with no words for pages beyond short remarks. It must not drop anyone silently: whoever
is left out of a number is left out by `tested`, and the page says how many it is over.
"""

from __future__ import annotations

import math
import statistics
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from grader.problems import UNWRITTEN
from grader.records import Diagnosis, Result

BINS = 10
WEAK = (
    0.2  # below this a test tells little apart (Ebel & Frisbie, Essentials of Educational Measurement, 1991)
)
FEW = 20  # below this many submissions a correlation says little


@dataclass(frozen=True)
class Bin:
    """How many scores lie from `low` to below `high` points; the last bin holds `high` too."""

    low: float
    high: float
    count: int


@dataclass(frozen=True)
class TestMeasure:
    """One test over the class, its cases together. `discrimination` is None where it is not defined."""

    __test__ = False  # not a pytest class

    name: str
    sentence: str
    group: str
    points: float
    passing: int
    of: int
    discrimination: float | None
    remark: str

    @property
    def share(self) -> float:
        """Difficulty, as the share of submissions that pass (0: hardest, 1: easiest)."""
        return self.passing / self.of if self.of else 0.0


@dataclass(frozen=True)
class Spread:
    """How the scores of a class are spread, in points."""

    mean: float
    lower: float
    median: float
    upper: float
    deviation: float


@dataclass(frozen=True)
class GroupMeasure:
    """The points that submissions have of one group of tests, in the mean, and how many there are."""

    group: str
    mean: float
    points: float


@dataclass(frozen=True)
class MistakeMeasure:
    """One mistake over the class. `perhaps`: those for whom it is one of several that fit."""

    diagnosis: Diagnosis
    functions: tuple[str, ...]
    made: tuple[Result, ...]
    perhaps: tuple[Result, ...]


def scores(results: Iterable[Result]) -> list[float]:
    """The scores there are: who was not graded has none."""
    return [result.score for result in results if result.score is not None]


def spread(values: Sequence[float]) -> Spread | None:
    """Mean, quartiles and standard deviation of scores; None where there are none.

    Quartiles are interpolated between scores, the lowest and the highest included (`statistics.quantiles`, inclusive);
    the deviation is that of the class as a whole (divided by its size).
    """
    if not values:
        return None
    low, median, high = (
        statistics.quantiles(values, n=4, method="inclusive") if len(values) > 1 else [values[0]] * 3
    )
    return Spread(statistics.fmean(values), low, median, high, statistics.pstdev(values))


def groups(results: Iterable[Result]) -> list[GroupMeasure]:
    """What the submissions of `tested` have of each group of tests, in the order of the suite."""
    earned: dict[str, list[float]] = {}
    most: dict[str, float] = {}
    for result in tested(results):
        own: dict[str, list[float]] = {}
        for test in result.tests:
            sums = own.setdefault(test.group, [0.0, 0.0])
            sums[0] += test.points
            sums[1] += test.max_points
        for group, (points, whole) in own.items():
            earned.setdefault(group, []).append(points)
            most[group] = whole
    return [
        GroupMeasure(group, math.fsum(points) / len(points), most[group]) for group, points in earned.items()
    ]


def distribution(values: Sequence[float], max_score: float, bins: int = BINS) -> list[Bin]:
    """Counts of `values` in `bins` equal steps from 0 to `max_score`; empty when there are no points to have."""
    if max_score <= 0:
        return []
    counts = [0] * bins
    for value in values:
        # The small number keeps a score that is a boundary in the bin that begins there, whatever its rounding.
        place = math.floor(bins * value / max_score + 1e-9)
        counts[min(max(place, 0), bins - 1)] += 1
    step = max_score / bins
    return [Bin(step * number, step * (number + 1), count) for number, count in enumerate(counts)]


def tested(results: Iterable[Result]) -> list[Result]:
    """The submissions whose tests say something about the tests: those that were begun and could be loaded."""
    return [
        result for result in results if result.tests and result.status in ("graded", "timeout", "crashed")
    ]


def tests(results: Iterable[Result]) -> list[TestMeasure]:
    """Every test of the suite, in its order, over the submissions of `tested`."""
    judged = tested(results)
    earned: dict[str, dict[int, float]] = {}  # test → submission → share of the test's points
    about: dict[str, tuple[str, str]] = {}
    points: dict[str, float] = {}
    totals = [0.0] * len(judged)
    for number, result in enumerate(judged):
        earned_points: dict[str, float] = {}
        most: dict[str, float] = {}
        for test in result.tests:
            name = test.name.partition("[")[0]
            earned_points[name] = earned_points.get(name, 0.0) + test.points
            most[name] = most.get(name, 0.0) + test.max_points
            totals[number] += test.points
            about.setdefault(name, (test.sentence, test.group))
        for name in earned_points:
            points[name] = most[name]
            earned.setdefault(name, {})[number] = earned_points[name] / most[name] if most[name] else 0.0
    measured = []
    for name, (sentence, group) in about.items():
        # Not over those whom another version of the suite has judged, which had no such test.
        column = list(earned[name].values())
        rest = [totals[number] - share * points[name] for number, share in earned[name].items()]
        passing = sum(share >= 1 - 1e-9 for share in column)
        told_apart = item_rest_correlation(column, rest)
        remark = _remark(passing, len(column), told_apart)
        measured.append(
            TestMeasure(name, sentence, group, points[name], passing, len(column), told_apart, remark)
        )
    return measured


def item_rest_correlation(item: Sequence[float], rest: Sequence[float]) -> float | None:
    """The discrimination of a test: Pearson's correlation of its score with the points of all *other* tests.

    r = Σ (x - x̄)(y - ȳ) / √(Σ (x - x̄)² · Σ (y - ȳ)²), with x a submission's score on the test and y its total
    without that test. Leaving the test out of the total keeps it from correlating with itself: the corrected
    item-total correlation (S. Henrysson, Correction of item-total correlations in item analysis, Psychometrika 28,
    1963, 211-218). For a test that is passed or failed it is the point-biserial correlation. None where it is not
    defined: fewer than three submissions, or no spread in one of the two.
    """
    count = len(item)
    if count < 3:
        return None
    mean_item, mean_rest = math.fsum(item) / count, math.fsum(rest) / count
    spread_item = math.fsum((x - mean_item) ** 2 for x in item)
    spread_rest = math.fsum((y - mean_rest) ** 2 for y in rest)
    if spread_item < 1e-12 or spread_rest < 1e-12:
        return None
    together = math.fsum((x - mean_item) * (y - mean_rest) for x, y in zip(item, rest))
    return together / math.sqrt(spread_item * spread_rest)


def _remark(passing: int, of: int, discrimination: float | None) -> str:
    if passing == of:
        return "everyone passes"
    if passing == 0 and discrimination is None:
        return "nobody passes"
    if discrimination is None:
        return ""
    if discrimination < 0:
        return "who does well elsewhere fails here: look at this test"
    return "tells little apart" if discrimination < WEAK else ""


def mistakes(results: Iterable[Result]) -> list[MistakeMeasure]:
    """The mistakes of the class, the most frequent first; whoever made one twice counts once."""
    about: dict[str, Diagnosis] = {}
    places: dict[str, dict[str, None]] = {}
    by_mistake: dict[str, list[Result]] = {}
    perhaps: dict[str, list[Result]] = {}
    for result in results:
        certain = {
            diagnosis.id for diagnosis in result.diagnoses if diagnosis.certainty not in ("one of", "partly")
        }
        for diagnosis in {mistake.id: mistake for mistake in result.diagnoses}.values():
            about.setdefault(diagnosis.id, diagnosis)
            (by_mistake if diagnosis.id in certain else perhaps).setdefault(diagnosis.id, []).append(result)
        for diagnosis in result.diagnoses:
            places.setdefault(diagnosis.id, {}).update(dict.fromkeys(diagnosis.functions))
    ranked = sorted(
        about, key=lambda name: (-len(by_mistake.get(name, ())), -len(perhaps.get(name, ())), name)
    )
    return [
        MistakeMeasure(
            about[name], tuple(places[name]), tuple(by_mistake.get(name, ())), tuple(perhaps.get(name, ()))
        )
        for name in ranked
    ]


def unnamed(results: Iterable[Result]) -> list[Result]:
    """Who lost points in a way that no known mistake explains.

    Nobody whose points are explained otherwise: what hung, ended the program, or is still to be written.
    """
    return [
        result
        for result in tested(results)
        if result.status == "graded" and not result.diagnoses and _lost_by_an_answer(result)
    ]


def _lost_by_an_answer(result: Result) -> bool:
    """Whether a test has cost points for another reason than that nothing is written yet."""
    return any(test.points < test.max_points - 1e-9 and test.kind not in UNWRITTEN for test in result.tests)
