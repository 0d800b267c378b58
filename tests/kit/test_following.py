"""What is told as one: statements that were passed over because another one had not done its work."""

from __future__ import annotations

import pytest

from grader.messages import not_run
from grader.subject.statements import numbered

#: A source in cells; after `#!` in a line, what it raised. Then the lines of each note: "line: for want of it | along".
CASES = {
    "a process that never started": (
        "p = Process()\np.start()  #! OSError\np.join()  #! AssertionError",
        ["2: | 3"],
    ),
    "several threads, in loops": (
        "ts = make()\nfor t in ts:  #! BlockingIOError\n    t.start()\n[t.join() for t in ts]  #! RuntimeError",
        ["2: | 4"],
    ),
    "in other cells": (
        "s = Server()\ns.bind()  #! OSError\n###\ns.listen()  #! OSError\n###\nassert s.up  #! AssertionError",
        ["2: | 1, 1"],
    ),
    "what was called for an answer": ("x = p.read(q)  #! OSError\nq.run()  #! TypeError", ["1: |", "2: |"]),
    "another object of the same name": (
        "p = Process()\np.start()  #! OSError\np = 3\np.foo()  #! AttributeError",
        ["2: |", "4: |"],
    ),
    "another object, of a cell between": (
        "p = Process()\np.start()  #! OSError\np = 3\n###\np.foo()  #! AttributeError",
        ["2: |", "1: |"],
    ),
    "a module is no object": (
        "import os\nos.fork()  #! OSError\nos.wait()  #! RuntimeError",
        ["2: |", "3: |"],
    ),
    "a mistake is news of its own": (
        "m = M()\nm.fit()  #! ValueError\nassert m.fitted  #! AssertionError",
        ["2: |", "3: |"],
    ),
    "what was given to a loop that never ended": (
        "log = []\nfor n in forever:  #! timeout\n    log.append(n)\nassert len(log) == 3  #! AssertionError\n"
        "q = 1\nassert q == 2  #! AssertionError",
        ["2: | 4", "6: |"],
    ),
    "hangs by itself": ("m = M()\nm.fit()  #! timeout\nm.show()  #! timeout", ["2: |", "3: |"]),
    "a file, and a name that is missed": (
        "fetch('http://x.org/d.csv', 'd.csv')  #! URLError\nd = load('d.csv')  #! FileNotFoundError\n"
        "d.mean()  #! NameError: name 'd' is not defined",
        ["1: | 2, 3"],
    ),
    "a file by a name, and a folder": (
        "HERE = Path('out')\nHERE.mkdir()  #! PermissionError\nopen(f'{HERE}/a', 'w')  #! PermissionError\n"
        "(HERE / 'b').touch()  #! FileNotFoundError\nopen('out/c')  #! FileNotFoundError\n"
        "open('outer')  #! PermissionError",
        ["2: | 3, 4, 5", "6: |"],
    ),
    "two files opened alike": (
        "with open('a', 'w', encoding='utf-8') as f:  #! PermissionError\n    pass\n"
        "with open('b', 'w', encoding='utf-8') as f:  #! PermissionError\n    pass",
        ["1: |", "3: |"],
    ),
    "a debugger that is not there": (
        "import ipdb  #! ModuleNotFoundError\nipdb.set_trace()  #! BdbQuit\nbreakpoint()  #! BdbQuit",
        ["1: 2 |", "3: |"],
    ),
    "a name that an import would have brought": (
        "import plt, sns  #! ModuleNotFoundError\nfig = plt.figure()  #! NameError: name 'plt' is not defined\n"
        "fig.show()  #! NameError: name 'fig' is not defined",
        ["1: 2, 3 |"],
    ),
}


def failures(text):
    for number, source in enumerate(text.split("\n###\n"), 1):
        rows = source.split("\n")
        for statement in numbered(source).values():
            _, mark, raised = rows[statement.line - 1].partition("#! ")
            if mark:
                kind, _, sentence = raised.partition(": ")
                yield not_run.PassedStatement(statement, f"cell {number}", source, kind, sentence)


@pytest.mark.parametrize("name", CASES)
def test_what_follows_is_told_with_what_it_follows_from(name):
    text, notes = CASES[name]
    explained = []
    for record in not_run.records(failures(text)):
        lines = [
            ", ".join(place.rpartition(" ")[2] for place in places)
            for places in (record.follows, record.along)
        ]
        explained.append(f"{record.line}: {lines[0]} | {lines[1]}".replace(":  |", ": |").rstrip())
    assert explained == notes


def test_the_note_says_both():
    text = (
        "f = open('d.csv')  #! PermissionError\nf.read()  #! NameError: name 'f' is not defined\n"
        "g = open('d.csv')  #! PermissionError\ng.read()  #! NameError: name 'g' is not defined"
    )
    (note,) = not_run.notes(not_run.records(failures(text)))
    assert note.endswith(
        " Passed over with it, for want of `f`: cell 1, line 2. "
        "Passed over along with it: cell 1, line 3 and cell 1, line 4."
    )


def test_it_grows_with_the_length_alone(monkeypatch):
    """A file of very many failures holds nobody up: each is held against the first few alone."""
    questions = []
    follows = not_run.follows
    monkeypatch.setattr(not_run, "follows", lambda *both: questions.append(both) or follows(*both))
    text = "\n".join(f"open('{n}')  #! PermissionError" for n in range(300))
    assert len(not_run.records(failures(text))) == 300
    assert len(questions) <= 300 * not_run.MOST_CAUSES
