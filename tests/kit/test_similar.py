"""`grader similar`: who copied is found among many who did not, and nobody else is."""

from __future__ import annotations

import json
import random
import subprocess
import sys
from collections.abc import Iterable
from dataclasses import replace
from itertools import combinations

import pytest

from grader.assignments import find_course, load
from grader.records import Chunk, Submission
from grader.similar import fingerprints
from grader.similar.compare import SAME_CODE, SAME_FILE, ComparedPrograms, Match
from grader.similar.numbers import shared_numbers
from grader.similar.passages import passages
from grader.similar.programs import StudentProgram, program
from grader.submissions import read_submissions

from . import disguises, graded_factory, switches
from .disguises import DISGUISES, notebook
from .loading import ROOT
from .suspecting import GIVEN, HANDOUT, RNN, a_program
from .varied_programs import SECTIONS, varied

USUAL = [
    program(Submission(path.stem, path.name, "", (Chunk(path.read_text("utf-8")),)), "", GIVEN.names)
    for path in (RNN.solution, *RNN.alternatives)
]


def matches(programs: Iterable[StudentProgram], usual: Iterable[StudentProgram] = USUAL) -> list[Match]:
    return ComparedPrograms(list(programs), GIVEN, usual).matches()


def pairs(groups: Iterable[Match]) -> set[frozenset[str]]:
    return {
        frozenset(pair)
        for match in groups
        for pair in combinations((member.student for member in match.programs), 2)
    }


@pytest.fixture(scope="module")
def honest() -> list[StudentProgram]:
    """300 programs of one exercise: the course's alternatives, the sample class, one with a mistake, and many made."""
    sample = read_submissions(ROOT / "tests" / "sample_class" / "rnn", "rnn", HANDOUT)
    programs = [program(submission, "", GIVEN.names) for submission in sample]
    programs += [a_program(path.stem, path.read_text("utf-8")) for path in RNN.alternatives]
    programs.append(a_program("switches", switches.program("rnn", switches.together("rnn", 1, 1)[0])))
    return programs + [a_program(f"made {seed}", varied(seed)) for seed in range(300 - len(programs))]


# ---- Who copied, and who did not


def test_the_honest_programs_are_right_and_differ():
    import numpy as np

    spaces: list[dict[str, object]] = [{}, {}]
    exec((RNN.alternatives[0]).read_text("utf-8"), spaces[0])
    draw = np.random.default_rng(1)
    x, h0, *weights = (draw.normal(size=shape) for shape in ((3, 5, 2), (3, 4), (2, 4), (4, 4), (4,)))
    for seed in range(0, 300, 12):
        exec(varied(seed), spaces[1])
        for lengths in (None, [5, 2, 3]):
            first, second = (space["rnn_forward"](x, h0, *weights, lengths) for space in spaces)  # type: ignore[operator]
            for answer, expected in zip(first, second, strict=True):
                np.testing.assert_allclose(answer, expected, atol=1e-12)
    assert len({varied(seed) for seed in range(300)}) == 300
    assert all(len(sections) > 1 for sections in SECTIONS.values())


def test_nobody_is_like_somebody_else_among_300_honest(honest):
    assert pairs(matches(honest)) == set()


def test_ten_who_copied_are_found_among_300_and_hardly_anybody_else(honest):
    """Each in another disguise, and each from another kind of program."""
    sources = {f"made {seed}": varied(seed) for seed in range(7, 107, 12)}
    sources["per_sample"] = (RNN.solution.parent / "alternatives" / "per_sample.py").read_text("utf-8")
    planted = []
    for (original, source), disguise in zip(sources.items(), DISGUISES, strict=True):
        text = disguise(source)
        name = f"copy of {original}"
        if disguise is notebook:
            cells = [cell for cell in json.loads(text)["cells"] if cell["cell_type"] == "code"]
            chunks = tuple(Chunk("".join(cell["source"]), f"cell {n}") for n, cell in enumerate(cells, 2))
            planted.append(program(Submission(name, "rnn.ipynb", name, chunks), "", GIVEN.names))
        else:
            planted.append(a_program(name, text))
    others = [
        submission
        for submission in honest
        if submission.student in sources or submission.student not in {f"made {n}" for n in range(108, 118)}
    ]
    assert len(others) + len(planted) == 300
    suspected = pairs(matches([*others, *planted]))
    expected = {frozenset((name, f"copy of {name}")) for name in sources}
    assert suspected >= expected
    assert len(expected) / len(suspected) >= 0.95


@pytest.mark.parametrize("name", ["renamed", "reordered", "commented", "in_steps", "all_at_once"])
def test_other_names_layout_comments_and_order_are_the_same_code(name, honest):
    changed = a_program("other", getattr(disguises, name)(varied(3)))
    (match,) = matches([*honest[:40], a_program("one", varied(3)), changed])
    assert match.kind == SAME_CODE
    assert {member.student for member in match.programs} == {"one", "other"}


def test_equal_bytes_are_the_same_file_and_not_said_twice(honest):
    twins = [
        a_program("ada", varied(5)),
        a_program("ben", varied(5)),
        a_program("eve", disguises.renamed(varied(5))),
    ]
    groups = matches([*honest[:40], *twins])
    assert [(match.kind, {member.student for member in match.programs}) for match in groups] == [
        (SAME_FILE, {"ada", "ben"}),
        (SAME_CODE, {"ada", "eve"}),
    ]


def test_copies_in_a_class_of_two_are_found():
    (match,) = matches([a_program("a", varied(1)), a_program("b", disguises.all_at_once(varied(1)))])
    assert match.kind == SAME_CODE


def test_a_mistake_that_is_common_leads_to_no_pair(honest):
    """Fifty programs of styles of their own, each with one of two mistakes."""
    wrong = []
    for seed in range(1000, 1050):
        source = varied(seed)
        changed = source.replace("np.tanh", "np.cos") if seed % 2 else source.replace("+ bias)", "- bias)")
        assert changed != source or "bias + np" in source
        wrong.append(a_program(f"wrong {seed}", changed))
    assert pairs(matches([*honest[:120], *wrong])) == set()


USUAL_WAY = '''\
import numpy as np


def smooth(values, weight):
    """The running mean."""
    total = np.zeros(len(values))
    last = 0.0
    for i in range(len(values)):
        last = weight * last + (1 - weight) * values[i]
        total[i] = last
    return total
'''


@pytest.mark.parametrize("size", [2, 12, 300])
def test_two_who_solve_ten_lines_in_the_usual_way_are_not_named(size):
    """Others write it a little otherwise; the two are alike but for names."""
    usual = [
        a_program("a", USUAL_WAY),
        a_program("b", USUAL_WAY.replace("total", "out").replace("last", "m")),
    ]
    rows = ["last = (1 - weight) * values[i] + weight * last", "last += (1 - weight) * (values[i] - last)"]
    loops = [
        "for i, value in enumerate(values):",
        "for i in range(0, len(values)):",
        "for i in np.arange(len(values)):",
    ]
    draw = random.Random(size)
    others = []
    for number in range(size - 2):
        text = USUAL_WAY.replace("last = weight * last + (1 - weight) * values[i]", draw.choice(rows))
        text = text.replace("for i in range(len(values)):", draw.choice(loops)).replace("0.0", f"0.{number}")
        others.append(a_program(f"o{number}", text))
    assert matches([*usual, *others], []) == []
    assert matches([*usual, replace(usual[0], student="c")], []) == [], "equal bytes of ten lines"


def test_two_who_write_a_short_exercise_as_the_course_does_are_not_named():
    cell = load(find_course(ROOT), "rnn_cell")
    reference = cell.solution.read_text("utf-8")
    two = [a_program("a", reference), a_program("b", disguises.renamed(reference))]
    usual = [a_program(path.stem, path.read_text("utf-8")) for path in (cell.solution, *cell.alternatives)]
    assert matches(two, usual) == []
    assert ComparedPrograms(two, GIVEN, usual).weight(two[0]) < 0.3 * ComparedPrograms(two, GIVEN, []).weight(
        two[0]
    )


def test_what_was_handed_out_is_nobodys():
    untouched = [a_program(name, source) for name in "abc" for source in HANDOUT.skeletons[:1]]
    assert matches(untouched, []) == []
    assert [member.fingerprints(GIVEN) for member in untouched] == [frozenset()] * 3


def test_a_ring_is_one_match_that_names_all(honest):
    ring = [a_program(f"r{number}", f"# {number}\n{varied(77)}") for number in range(40)]
    (match,) = matches([*honest[:100], *ring])
    assert {member.student for member in match.programs} >= {member.student for member in ring}


def test_older_classes_are_compared_with_and_not_within(honest):
    old = [a_program("old", varied(500), "2024"), a_program("older", disguises.renamed(varied(500)), "2024")]
    assert matches([*honest[:40], *old]) == []
    copied = a_program("new", disguises.commented(varied(500)))
    (match,) = matches([*honest[:40], *old, copied])
    assert [member.title for member in match.programs][:1] == ["old (2024)"] or match.programs[
        -1
    ].student == "new"
    assert {member.student for member in match.programs} == {"old", "older", "new"}


# ---- Wrong numbers


def test_shared_wrong_numbers_are_weighted_by_how_rare_they_are():
    results = [graded_factory.wrong(f"s{number}") for number in range(60)]
    results[3] = replace(results[3], unexplained=("f-rare", "g-less"))
    results[9] = replace(results[9], unexplained=("f-rare",))
    results[11] = replace(results[11], unexplained=("g-less",))
    results[12] = replace(results[12], unexplained=("g-less",))
    for number in range(20, 40):
        results[number] = replace(results[number], unexplained=("f-many",))
    coincidences = shared_numbers(results)
    assert coincidences[0].students == ("s3", "s9")
    assert coincidences[0].clusters == (("f-rare", 2),)
    assert {frozenset(shared.students) for shared in coincidences} == {
        frozenset(pair) for pair in [("s3", "s9"), *combinations(("s3", "s11", "s12"), 2)]
    }
    assert coincidences[0].bits > coincidences[1].bits > 0


def test_named_mistakes_alone_lead_to_no_pair():
    results = [graded_factory.wrong(f"s{number}") for number in range(60)]
    assert shared_numbers(results) == []
    by_hand = [
        replace(result, unexplained=("f-1",), diagnoses=(replace(graded_factory.REVERSED, id="f-1"),))
        for result in results[:2]
    ]
    assert shared_numbers([*results[2:], *by_hand]) == [], "a cluster that has a name is explained"


# ---- Fingerprints and passages


def test_every_shared_run_that_is_long_enough_is_seen():
    draw = random.Random(2)
    words = [str(number) for number in range(50)]
    for _ in range(200):
        shared = draw.choices(words, k=fingerprints.GRAM + fingerprints.WINDOW - 1)
        prints = []
        for _ in range(2):
            around = [draw.choices(words, k=draw.randrange(40)) for _ in range(2)]
            values = fingerprints.hashes([*around[0], *shared, *around[1]])
            prints.append({values[place] for place in fingerprints.winnowed(values)})
        assert prints[0] & prints[1]


def test_shorter_runs_are_not_seen_and_few_hashes_are_kept():
    draw = random.Random(3)
    tokens = [str(draw.random()) for _ in range(5000)]
    values = fingerprints.hashes(tokens)
    hashes = list(fingerprints.winnowed(values))
    assert 0.3 < len(hashes) / len(values) < 0.5
    shared = tokens[: fingerprints.GRAM - 1]
    assert not set(fingerprints.hashes([*shared, "a", *shared])) & set(values)


def test_hashes_are_the_same_in_every_process():
    code = "from grader.similar.fingerprints import hashes; print(hashes(list('abcdefghijklmnopqrst')))"
    printed = {
        subprocess.run(
            [sys.executable, "-c", code],
            capture_output=True,
            text=True,
            check=True,
            cwd=ROOT,
            env={"PYTHONHASHSEED": seed},
        ).stdout
        for seed in "12"
    }
    assert len(printed) == 1


def test_passages_are_the_lines_that_both_have():
    first_program = a_program("a", varied(1))
    changed = varied(1).replace("return torch.stack", "print('x')\n        return torch.stack")
    other = a_program("b", disguises.reordered(changed))
    there = passages(first_program, other, GIVEN)
    marked = {line for passage in there for line in range(passage.left[0], passage.left[1] + 1)}
    code = [
        n
        for n, line in enumerate(first_program.lines)
        if line.strip() and not line.startswith(("import", "from", "class"))
    ]
    assert len(marked.intersection(code)) > 0.9 * len(code)
    for passage in there:
        first, second = first_program.lines[passage.left[0]], other.lines[passage.right[0]]
        assert first.split("(")[0].split()[:1] == second.split("(")[0].split()[:1]


def test_passages_of_different_programs_are_few():
    first, other = a_program("a", varied(1)), a_program("b", (RNN.alternatives[4]).read_text("utf-8"))
    assert sum(passage.tokens for passage in passages(first, other, GIVEN)) < 120
