"""The ungraded end of lstm and gru: the references learn what the hand-out promises, and an unwritten file says so."""

from __future__ import annotations

import re

import pytest
import torch

from .loading import ROOT, load_module

NETWORKS = {"lstm": "LSTM", "gru": "GRU"}
learning = load_module(ROOT / "assignments" / "gru" / "see_it_learn.py")


@pytest.fixture(scope="module", params=NETWORKS)
def learned(request):
    """The perplexities of one reference's updates, what it writes afterwards, and the hand-out."""
    name = request.param
    network = getattr(load_module(ROOT / "solutions" / name / f"{name}.py"), NETWORKS[name])
    perplexities, samples = learning.learn(network, seconds=float("inf"))
    text = (ROOT / "assignments" / name / "README.md").read_text(encoding="utf-8")
    return perplexities, samples, re.sub(r"\s+", " ", text)


def average(values):
    return sum(values) / len(values)


def test_the_perplexity_falls_as_the_handout_says(learned):
    perplexities, _, text = learned
    assert "it begins at about 8." in text
    assert perplexities[0] == pytest.approx(8, abs=0.8)
    assert "cannot get below 2.65" in text
    assert pytest.approx(2.65, abs=0.005) == learning.BEST
    assert "below 3.2 after 100 updates" in text
    assert average(perplexities[90:110]) < 3.2
    assert f"about 2.75 after all {len(perplexities)}" in text
    assert average(perplexities[-50:]) == pytest.approx(2.75, abs=0.1)


def test_what_it_writes_are_numerals_as_often_as_the_handout_says(learned):
    _, samples, text = learned
    assert "at least 160 of 200" in text
    assert len(samples) == 200
    assert sum(sample in learning.KNOWN for sample in samples) >= 160
    assert len(set(samples)) > 100


def test_numerals_are_those_of_rome():
    assert [learning.numeral(number) for number in (1, 4, 9, 14, 40, 90, 400, 1994, 3999)] == (
        ["I", "IV", "IX", "XIV", "XL", "XC", "CD", "MCMXCIV", "MMMCMXCIX"]
    )
    assert len(learning.KNOWN) == 3999


@pytest.mark.parametrize("name", NETWORKS)
def test_an_unwritten_network_is_told_so_and_nothing_of_torch_is_changed(name, capsys):
    skeleton = load_module(ROOT / "assignments" / name / f"{name}.py")
    before, cores = torch.get_rng_state(), torch.get_num_threads()
    assert learning.learn(getattr(skeleton, NETWORKS[name])) is None
    assert "is not written yet" in capsys.readouterr().out
    assert torch.equal(torch.get_rng_state(), before)
    assert torch.get_num_threads() == cores


def test_the_curve_is_a_picture_of_its_values():
    lines = learning.curve([8.0] * 30 + [4.0] * 30 + [2.0] * 30, width=3, height=3).splitlines()
    assert lines == ["  8.00 |*", "  4.00 | *", "  2.00 |  *"]
    assert learning.curve([2.0, 2.0]).splitlines()[-1] == "  2.00 |**"
