"""The ungraded end of four hand-outs: the references learn what the hand-out promises.

What is not written, or goes wrong, is said in a sentence.
"""

from __future__ import annotations

import os
import re
import sys

import pytest
import torch

from .loading import ROOT, load_module

GIVEN = ROOT / "tests" / "hidden" / "shared" / "given"
NETWORKS = {"rnn": "RNN", "birnn": "BiRNN", "lstm": "LSTM", "gru": "GRU"}
TASKS = {"rnn": "recall", "birnn": "neighbours", "lstm": "roman_numerals", "gru": "roman_numerals"}
MODULES = {path.stem for path in GIVEN.glob("*.py")}


@pytest.fixture(scope="module", autouse=True)
def _given(tmp_path_factory):
    """As beside a hand-out: the given modules can be imported, and pictures are kept where one is."""
    sys.path.insert(0, str(GIVEN))
    before = os.getcwd()
    os.chdir(tmp_path_factory.mktemp("learning"))
    yield
    os.chdir(before)
    sys.path.remove(str(GIVEN))
    for name in MODULES:
        sys.modules.pop(name, None)


def task(name):
    return load_module(GIVEN / f"{TASKS[name]}.py")


def reference(name):
    return getattr(load_module(ROOT / "solutions" / name / f"{name}.py"), NETWORKS[name])


def promised(name):
    text = (ROOT / "assignments" / name / "README.md").read_text(encoding="utf-8")
    return re.sub(r"\s+", " ", text)


def average(values):
    return sum(values) / len(values)


# What the hand-outs promise


@pytest.fixture(scope="module", params=["lstm", "gru"])
def numerals(request):
    """The task, the perplexities of one reference's updates, what it writes afterwards, and the hand-out."""
    learning = task(request.param)
    perplexities, samples = learning.learn(reference(request.param), seconds=float("inf"))
    return learning, perplexities, samples, promised(request.param)


def test_the_perplexity_falls_as_the_handout_says(numerals):
    learning, perplexities, _, text = numerals
    assert "it begins at about 8." in text
    assert perplexities[0] == pytest.approx(8, abs=0.8)
    assert "cannot get below 2.65" in text
    assert pytest.approx(2.65, abs=0.005) == learning.BEST
    assert "below 3.2 after 100 updates" in text
    assert average(perplexities[90:110]) < 3.2
    assert f"about 2.75 after all {len(perplexities)}" in text
    assert average(perplexities[-50:]) == pytest.approx(2.75, abs=0.1)


def test_what_it_writes_are_numerals_as_often_as_the_handout_says(numerals):
    learning, _, samples, text = numerals
    assert "at least 160 of 200" in text
    assert len(samples) == 200
    assert sum(sample in learning.KNOWN for sample in samples) >= 160
    assert len(set(samples)) > 100


def test_a_plain_network_recalls_a_little_and_fails_for_long():
    learning, text = task("rnn"), promised("rnn")
    shares, at_the_end = learning.learn(reference("rnn"), seconds=float("inf"))
    assert "k = 2, 10 and 30" in text
    assert list(at_the_end) == [2, 10, 30]
    assert f"a new network of {learning.HIDDEN} units" in text
    assert "k = 2 is learned within 100 updates: more than 99 % of new bits" in text
    assert (len(shares[2]), at_the_end[2] > 0.99) == (100, True)
    assert "k = 10 takes longer and gets above 90 %" in text
    assert average(shares[10][30:50]) < average(shares[2][30:50])
    assert at_the_end[10] > 0.9
    assert "after 300 updates it is still below 65 %" in text
    assert (len(shares[30]), at_the_end[30] < 0.65) == (300, True)


def test_one_direction_guesses_and_both_know():
    learning, text = task("birnn"), promised("birnn")
    shares, at_the_end = learning.learn(reference("birnn"), seconds=float("inf"))
    assert "one direction stays between 40 % and 60 %" in text
    assert all(0.4 < average(shares[learning.ONE][k : k + 50]) < 0.6 for k in range(0, 150, 50))
    assert 0.4 < at_the_end[learning.ONE] < 0.6
    assert "both directions get above 99 % of new answers right" in text
    assert at_the_end[learning.BOTH] > 0.99


def test_outputs_that_are_not_turned_round_are_seen_to_learn_nothing():
    """What the section is for: shapes are right, and still both directions only guess."""
    learning = task("birnn")

    class Forgetful(reference("birnn")):
        def forward(self, x, hidden=None, lengths=None):
            outputs, hidden = super().forward(x, hidden, lengths)
            forward, backward = outputs.chunk(2, dim=2)
            return torch.cat([forward, backward.flip(1)], dim=2), hidden

    _, at_the_end = learning.learn(Forgetful, seconds=float("inf"))
    assert at_the_end[learning.BOTH] < 0.65


# The tasks themselves


def test_numerals_are_those_of_rome():
    learning = task("gru")
    assert [learning.numeral(number) for number in (1, 4, 9, 14, 40, 90, 400, 1994, 3999)] == (
        ["I", "IV", "IX", "XIV", "XL", "XC", "CD", "MCMXCIV", "MMMCMXCIX"]
    )
    assert len(learning.KNOWN) == 3999


def test_what_is_asked_of_bits_is_what_the_text_says():
    draw = torch.Generator().manual_seed(1)

    def scores_of_bits(bits, *_):
        return bits.float()  # a model whose scores are the bits

    bits, scores, before = task("rnn").asked(scores_of_bits, 3, draw)
    assert torch.equal(scores, bits[:, 3:].float())
    assert torch.equal(before, bits[:, :-3])
    bits, _, answers, is_asked = task("birnn").asked(scores_of_bits, draw)
    for n, t in torch.nonzero(is_asked).tolist():
        assert answers[n, t] == (bits[n, t - 1] != bits[n, t + 1])
    assert not is_asked[:, 0].any()
    assert len(set(is_asked.sum(dim=1).tolist())) > 3, "lengths differ"


def test_the_curve_is_a_picture_of_its_values():
    learning = load_module(GIVEN / "see_it_learn.py")
    lines = learning.curve([8.0] * 30 + [4.0] * 30 + [2.0] * 30, width=3, height=3).splitlines()
    assert lines == ["  8.00 |*", "  4.00 | *", "  2.00 |  *"]
    assert learning.curve([2.0, 2.0]).splitlines()[-1] == "  2.00 |**"
    even = learning.curve([0.5, 0.9, 0.1], 3, 3, float, float, between=(0.0, 1.0)).splitlines()
    assert even == ["  1.00 | *", "  0.50 |*", "  0.00 |  *"]


CURVES = {"one": [0.5, 0.5, 0.6], "both": [0.5, 0.9, 1.0]}


@pytest.mark.parametrize(
    ("curves", "best", "logarithmic"), [(CURVES, 1.0, False), ({"": [8.0, 3.0]}, 2.65, True)]
)
def test_the_picture_is_kept_beside_a_program(curves, best, logarithmic, tmp_path, monkeypatch, capsys):
    pytest.importorskip("matplotlib")
    from matplotlib.image import imread

    monkeypatch.chdir(tmp_path)
    load_module(GIVEN / "see_it_learn.py").show(curves, "share", best, "RNN", logarithmic)
    assert "The same as a picture: RNN_learns.png" in capsys.readouterr().out
    pixels = imread(tmp_path / "RNN_learns.png")[:, :, :3].reshape(-1, 3)
    blue, orange = (31, 119, 180), (255, 127, 14)
    drawn = [sum(abs(pixels * 255 - colour).max(axis=1) < 2) for colour in (blue, orange)]
    assert drawn[0] > 50
    assert (drawn[1] > 50) == (len(curves) == 2)


def test_a_picture_that_cannot_be_kept_is_said_in_a_sentence(tmp_path, monkeypatch, capsys):
    pytest.importorskip("matplotlib")
    monkeypatch.chdir(tmp_path)
    (tmp_path / "RNN_learns.png").mkdir()
    load_module(GIVEN / "see_it_learn.py").show(CURVES, "share", 1.0, "RNN")
    assert "RNN_learns.png could not be written: Is a directory." in capsys.readouterr().out


def test_without_matplotlib_the_curves_are_printed_and_that_is_all(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setitem(sys.modules, "matplotlib.figure", None)
    load_module(GIVEN / "see_it_learn.py").show(CURVES, "share", 1.0, "RNN")
    printed = capsys.readouterr().out
    assert [line for line in printed.splitlines() if "share" in line] == [
        "share, from the first update to the last: one",
        "share, from the first update to the last: both",
    ]
    assert "picture" not in printed
    assert list(tmp_path.iterdir()) == []


# What goes wrong


@pytest.mark.parametrize("name", NETWORKS)
def test_an_unwritten_network_is_told_so_and_nothing_of_torch_is_changed(name, capsys):
    skeleton = load_module(ROOT / "assignments" / name / f"{name}.py")
    before, cores = torch.get_rng_state(), torch.get_num_threads()
    assert task(name).learn(getattr(skeleton, NETWORKS[name])) is None
    assert f"{NETWORKS[name]} is not written yet" in capsys.readouterr().out
    assert torch.equal(torch.get_rng_state(), before)
    assert torch.get_num_threads() == cores


class Wrong(torch.nn.Module):
    """A network that answers as its class says."""

    def __init__(self, input_size, hidden_size):
        super().__init__()
        self.hidden_size = hidden_size
        self.weight = torch.nn.Parameter(torch.ones(input_size, 2 * hidden_size))

    def forward(self, x, *_):
        return self.answer(x @ self.weight, x[:, 0])


class OutputsAlone(Wrong):
    def answer(self, outputs, _):
        return outputs


class Misshapen(Wrong):
    def answer(self, outputs, state):
        return outputs.transpose(0, 1)[..., :3], state


class DetachedOutputs(Wrong):
    """Of the right shape for both: half as wide where the network has one direction."""

    width = 1

    def answer(self, outputs, state):
        return outputs[..., : self.width * self.hidden_size].detach(), state


class DetachedOutputs2(DetachedOutputs):
    width = 2


class Endless(Wrong):
    width = 1

    def answer(self, outputs, state):
        return outputs[..., : self.width * self.hidden_size] * float("nan"), state


class Endless2(Endless):
    width = 2


class Raising(Wrong):
    def answer(self, outputs, state):
        return outputs @ torch.ones(1 + outputs.shape[2]), state


class Unmakeable(Wrong):
    def __init__(self, size):
        super().__init__(size, size)


WRONG = {
    OutputsAlone: "OutputsAlone should return two things, the outputs and the last state.",
    Misshapen: "Misshapen should return outputs of shape ",
    DetachedOutputs: "No gradient comes back from the outputs of DetachedOutputs",
    Endless: "the loss is nan, which is no number to learn from",
    Raising: "Raising raised RuntimeError at line ",
    Unmakeable: "Unmakeable raised TypeError",
}


@pytest.mark.parametrize("wrong", WRONG)
@pytest.mark.parametrize("name", NETWORKS)
def test_what_goes_wrong_is_a_sentence(name, wrong, capsys):
    of_both = {DetachedOutputs: DetachedOutputs2, Endless: Endless2}
    network = of_both.get(wrong, wrong) if name == "birnn" else wrong
    assert task(name).learn(network) is None
    out, err = capsys.readouterr()
    assert WRONG[wrong].replace(wrong.__name__, network.__name__) in out
    assert "Traceback" not in out + err


# As students run it
