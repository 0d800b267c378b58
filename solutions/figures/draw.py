"""Draws the figures of the hand-outs: solutions/<a>/figures/*.svg, which `grader build` copies to assignments/.

    python solutions/figures/draw.py             writes them
    python solutions/figures/draw.py --check     changes nothing; fails when one differs

Plain SVG as text: no library, no fonts of their own, the same bytes at every run. Each figure has a background of its
own, so that it can be read on a light and on a dark page, and a title and a description for those who do not see it.
Colours always go with words.
"""

from __future__ import annotations

import argparse
import itertools
import sys
from collections.abc import Callable
from pathlib import Path

from drawing import BACKWARD, FORWARD, GREY, INK, INPUT, PAPER, SMALL, SOFT, WEIGHT, Picture, time_axis
from gated import gru_cell, lstm_cell, lstm_padding
from going_back import bptt_backward

HERE = Path(__file__).resolve().parents[1]  # solutions/


def cell() -> str:
    picture = Picture(
        760,
        310,
        "One step of a recurrent network",
        "The input x, of shape (N, I), is multiplied by w_input, the old state h_prev, of shape (N, H), by w_hidden. "
        "Both products and the bias are added up. The tanh of the sum is the new state h_next, of shape (N, H). "
        "At the next step it comes back as the old state: that is the recurrent connection.",
    )
    picture.arrow((132, 130), (182, 130), colour=FORWARD)
    picture.arrow((302, 130), (393, 130))
    picture.arrow((132, 240), (182, 240), colour=INPUT)
    picture.arrow((302, 240), (410, 240), (410, 149))
    picture.arrow((410, 76), (410, 111))
    picture.arrow((429, 130), (482, 130))
    picture.arrow((568, 130), (626, 130), colour=FORWARD)
    picture.box(80, 130, ("h_{prev}", "(N, H)"), FORWARD, w=100)
    picture.box(80, 240, ("x", "(N, I)"), INPUT, w=100)
    picture.box(244, 130, ("times w_{hidden}", "(H, H)"), WEIGHT, w=116)
    picture.box(244, 240, ("times w_{input}", "(I, H)"), WEIGHT, w=116)
    picture.box(410, 54, ("bias", "(H,)"), WEIGHT, w=84)
    picture.circle(410, 130, "+")
    picture.box(526, 130, "tanh", INK, fill=PAPER)
    picture.box(682, 130, ("h_{next}", "(N, H)"), FORWARD, w=100)
    picture.arrow((682, 106), (682, 20), (80, 20), (80, 104), colour=FORWARD, dashed=True)
    picture.text(94, 46, "the recurrent connection:", size=SMALL, colour=FORWARD, at="start")
    picture.text(94, 63, "the old state of the next step", size=SMALL, colour=FORWARD, at="start")
    picture.text(426, 196, "a sum of three parts, each (N, H)", size=SMALL, colour=SOFT, at="start")
    picture.text(380, 292, "the same weights at every step", size=SMALL, colour=SOFT)
    return picture.done()


def unrolled() -> str:
    picture = Picture(
        760,
        340,
        "A recurrent network, rolled up and unrolled",
        "On the left one box, the step, with an arrow from itself to itself. On the right the same box drawn three "
        "times, for time steps 0, 1 and 2. Each box gets its input x_t from below and the state of the box before it "
        "from the left; the first one gets h_-1, the initial state. Each hands its state h_t on to the right and up "
        "to the output y_t. All boxes share one set of weights. The state after the last step is returned.",
    )
    picture.arrow((76, 240), (76, 205), colour=INPUT)
    picture.arrow((76, 155), (76, 122), colour=FORWARD)
    picture.arrow((112, 168), (158, 140), (158, 215), (114, 192), bend=True, colour=FORWARD)
    picture.box(76, 180, "step", WEIGHT, w=70)
    picture.box(76, 260, "x", INPUT, w=56, h=36)
    picture.box(76, 102, "y", GREY, w=56, h=36, fill=PAPER)
    picture.text(150, 148, "h", colour=FORWARD, at="start")
    picture.text(188, 186, "=", size=26)
    xs = (330.0, 460.0, 590.0)
    picture.text(228, 185, "h_{-1}", colour=FORWARD)
    picture.text(286, 206, "the initial state", size=SMALL, colour=FORWARD, at="end")
    picture.arrow((246, 180), (292, 180), colour=FORWARD)
    for t, x in enumerate(xs):
        picture.arrow((x, 240), (x, 205), colour=INPUT)
        picture.arrow((x, 155), (x, 122), colour=FORWARD)
        picture.arrow((x + 37, 180), (x + (91 if t < 2 else 82), 180), colour=FORWARD)
        picture.text(x + 62, 167, f"h_{t}", colour=FORWARD)
        picture.text(x + 8, 143, "w_{output}", size=SMALL, colour=WEIGHT, at="start")
        picture.box(x, 180, "step", WEIGHT, w=70)
        picture.box(x, 260, f"x_{t}", INPUT, w=56, h=36)
        picture.box(x, 102, f"y_{t}", GREY, w=56, h=36, fill=PAPER)
    picture.text(678, 176, "the last", size=SMALL, colour=FORWARD, at="start")
    picture.text(678, 193, "state", size=SMALL, colour=FORWARD, at="start")
    picture.text(460, 44, "three boxes, one set of weights: w_{input}, w_{hidden}, bias", colour=WEIGHT)
    picture.text(76, 44, "the loop", colour=SOFT)
    time_axis(picture, xs, 302, 270, 664)
    return picture.done()


def rnn_padding() -> str:
    picture = Picture(
        760,
        330,
        "Padding: two sequences of different length in one batch",
        "Sample 0 is 1, 0, 0 and all three steps are real: its states are 0.7616, 0.3634 and 0.1797, and its last "
        "state is 0.1797. Sample 1 has two real steps, 1 and 0, and then a 9 that is padding: its states are 0.7616 "
        "and 0.3634, at step 2 a zero is shown, and its last state is 0.3634, the one after its last real step.",
    )
    xs = (250.0, 370.0, 490.0)
    picture.text(630, 34, "last state", colour=FORWARD)
    samples = (
        ("sample 0", "length 3", ("1", "0", "0"), ("0.7616", "0.3634", "0.1797"), 3),
        ("sample 1", "length 2", ("1", "0", "9"), ("0.7616", "0.3634", "0"), 2),
    )
    for number, (name, length, inputs, states, real) in enumerate(samples):
        y = 70 + number * 124
        picture.text(40, y + 22, name, at="start", bold=True)
        picture.text(40, y + 41, length, size=SMALL, colour=SOFT, at="start")
        picture.text(190, y + 5, "x", at="end", colour=INPUT)
        picture.text(190, y + 61, "states", at="end", colour=FORWARD)
        for t, x in enumerate(xs):
            padding = t >= real
            picture.box(
                x, y, inputs[t], GREY if padding else INPUT, h=36, fill="url(#stripes)" if padding else ""
            )
            picture.box(
                x, y + 56, states[t], GREY if padding else FORWARD, h=36, fill=PAPER if padding else ""
            )
            if not padding:
                picture.arrow((x, y + 19), (x, y + 36), colour=INPUT)
            if t + 1 < real:
                picture.arrow((x + 43, y + 56), (x + 76, y + 56), colour=FORWARD)
        last = xs[real - 1]
        if real == len(xs):
            picture.arrow((last + 43, y + 56), (588, y + 56), colour=FORWARD)
        else:
            picture.arrow((last, y + 75), (last, y + 88), (630, y + 88), (630, y + 76), colour=FORWARD)
            picture.text(xs[2] + 50, y + 5, "padding: never read", size=SMALL, colour=SOFT, at="start")
        picture.box(630, y + 56, states[real - 1], FORWARD, h=36)
    time_axis(picture, xs, 298, 200, 540)
    return picture.done()


def directions() -> str:
    picture = Picture(
        760,
        430,
        "A bidirectional recurrent network",
        "Three time steps next to each other. The forward direction reads x_0, x_1, x_2: its states f_0, f_1, f_2 go "
        "from left to right, beginning with the initial state h0[0]; the state after step 2 is hidden[0]. The backward "
        "direction reads x_2, x_1, x_0: its states b_2, b_1, b_0 go from right to left, beginning with h0[1]; the "
        "state after step 0 is hidden[1]. The output at step t joins f_t and b_t of the same step.",
    )
    xs = (240.0, 380.0, 520.0)
    forward, backward, above, below = 250, 170, 78, 336
    for t, x in enumerate(xs):
        picture.arrow((x - 14, below - 19), (x - 14, forward + 24), colour=INPUT)
        picture.arrow((x + 36, below - 19), (x + 36, backward + 24), colour=INPUT)
        picture.arrow((x - 48, forward - 23), (x - 48, above + 20), colour=FORWARD)
        picture.arrow((x + 26, backward - 23), (x + 26, above + 20), colour=BACKWARD)
        picture.box(x, below, f"x_{t}", INPUT, w=104, h=36)
        picture.box(x - 14, forward, f"f_{t}", FORWARD)
        picture.box(x, backward, f"b_{t}", BACKWARD)
        picture.box(x - 26, above, f"f_{t}", FORWARD, w=52, h=36)
        picture.box(x + 26, above, f"b_{t}", BACKWARD, w=52, h=36)
    for left, right in itertools.pairwise(xs):
        picture.arrow((left + 29, forward), (right - 58, forward), colour=FORWARD)
        picture.arrow((right - 44, backward), (left + 44, backward), colour=BACKWARD)
    picture.text(118, forward + 5, "h0[0]", colour=FORWARD, at="end")
    picture.arrow((126, forward), (xs[0] - 58, forward), colour=FORWARD)
    picture.arrow((xs[2] + 29, forward), (636, forward), colour=FORWARD)
    picture.text(642, forward + 5, "hidden[0]", colour=FORWARD, at="start")
    picture.text(642, backward + 5, "h0[1]", colour=BACKWARD, at="start")
    picture.arrow((636, backward), (xs[2] + 44, backward), colour=BACKWARD)
    picture.arrow((xs[0] - 44, backward), (128, backward), colour=BACKWARD)
    picture.text(122, backward + 5, "hidden[1]", colour=BACKWARD, at="end")
    picture.text(40, above + 5, "outputs[:, t]", at="start", bold=True)
    picture.text(40, forward + 30, "forward", size=SMALL, colour=FORWARD, at="start")
    picture.text(40, backward + 30, "backward", size=SMALL, colour=BACKWARD, at="start")
    picture.text(
        xs[1], 36, "2H numbers at every step: both halves are about the same step", size=SMALL, colour=SOFT
    )
    time_axis(picture, xs, 384, 190, 580)
    return picture.done()


def turning() -> str:
    picture = Picture(
        760,
        330,
        "Turning the backward outputs round again",
        "The backward direction reads step 2 first, so its states come out as b_2, b_1, b_0, in the order of reading. "
        "Crossing arrows lead them back to the order of the steps: b_0, b_1, b_2. Only then does each stand below the "
        "forward state of the same step, f_0, f_1, f_2, and can be joined with it.",
    )
    xs = (290.0, 430.0, 570.0)
    rows = (62, 168, 238)
    for t, x in enumerate(xs):
        picture.arrow((xs[2 - t], rows[0] + 20), (x, rows[1] - 20), colour=BACKWARD)
    for t, x in enumerate(xs):
        picture.box(x, rows[0], f"b_{2 - t}", BACKWARD, h=36)
        picture.box(x, rows[1], f"b_{t}", BACKWARD, h=36)
        picture.box(x, rows[2], f"f_{t}", FORWARD, h=36)
        picture.lines.append(
            f'<rect x="{x - 52:g}" y="{rows[1] - 26}" width="104" height="122" rx="8" fill="none" '
            f'stroke="{INK}" stroke-width="1.2" stroke-dasharray="3 4"/>'
        )
    for row, title, more in (
        (rows[0], "as they come out", "in the order of reading"),
        (rows[1], "turned round", "in the order of the steps"),
        (rows[2], "forward", "in the order of the steps"),
    ):
        picture.text(40, row, title, at="start", bold=True)
        picture.text(40, row + 18, more, size=SMALL, colour=SOFT, at="start")
    for number, x in enumerate(xs):
        picture.text(x, 34, f"read {('first', 'second', 'third')[number]}", size=SMALL, colour=SOFT)
    picture.text(636, 198, "joined", size=SMALL, colour=SOFT, at="start")
    picture.text(636, 215, "at each step", size=SMALL, colour=SOFT, at="start")
    time_axis(picture, xs, 294, 236, 626)
    return picture.done()


def birnn_padding() -> str:
    picture = Picture(
        760,
        320,
        "Padding in both directions",
        "A sample of length 2 in a batch of three steps: its inputs are 1 and 0, then a 9 that is padding. The forward "
        "direction reads step 0, then step 1, with states 0.7616 and 0.3634. The backward direction begins at step 1, "
        "the last real step, and then reads step 0, with states 0 at step 1 and 0.7616 at step 0. Arrows lead from "
        "each real input to both directions; none leads from the 9. "
        "At step 2 the output is zero in both halves.",
    )
    xs = (260.0, 400.0, 540.0)
    forward, backward, x_row = 142, 72, 218
    for t, (shown_input, f, b) in enumerate(
        (("1", "0.7616", "0.7616"), ("0", "0.3634", "0"), ("9", "0", "0"))
    ):
        x, padding = xs[t], t == 2
        picture.box(
            x,
            x_row,
            shown_input,
            GREY if padding else INPUT,
            w=104,
            h=36,
            fill="url(#stripes)" if padding else "",
        )
        picture.box(x - 14, forward, f, GREY if padding else FORWARD, h=36, fill=PAPER if padding else "")
        picture.box(x, backward, b, GREY if padding else BACKWARD, h=36, fill=PAPER if padding else "")
        if not padding:
            picture.arrow((x - 14, x_row - 19), (x - 14, forward + 20), colour=INPUT)
            picture.arrow((x + 36, x_row - 19), (x + 36, backward + 20), colour=INPUT)
    picture.arrow((162, forward), (xs[0] - 58, forward), colour=FORWARD)
    picture.arrow((xs[0] + 29, forward), (xs[1] - 58, forward), colour=FORWARD)
    picture.arrow((470, backward - 46), (470, backward), (xs[1] + 44, backward), colour=BACKWARD)
    picture.arrow((xs[1] - 43, backward), (xs[0] + 44, backward), colour=BACKWARD)
    picture.text(478, backward - 34, "begins at the last real step", size=SMALL, colour=BACKWARD, at="start")
    picture.text(40, backward + 5, "backward", at="start", colour=BACKWARD)
    picture.text(40, forward + 5, "forward", at="start", colour=FORWARD)
    picture.text(40, x_row + 5, "x, length 2", at="start", colour=INPUT)
    picture.text(598, x_row + 5, "padding: never read", size=SMALL, colour=SOFT, at="start")
    picture.text(
        598, (forward + backward) / 2 + 5, "outputs are zero here", size=SMALL, colour=SOFT, at="start"
    )
    time_axis(picture, xs, 272, 200, 596)
    return picture.done()


FIGURES: dict[str, Callable[[], str]] = {
    "rnn_cell/figures/cell.svg": cell,
    "rnn/figures/unrolled.svg": unrolled,
    "rnn/figures/padding.svg": rnn_padding,
    "bptt/figures/backward.svg": bptt_backward,
    "birnn/figures/directions.svg": directions,
    "birnn/figures/turning.svg": turning,
    "birnn/figures/padding.svg": birnn_padding,
    "lstm/figures/cell.svg": lstm_cell,
    "lstm/figures/padding.svg": lstm_padding,
    "gru/figures/cell.svg": gru_cell,
}


def differing() -> list[Path]:
    """The files that are not what this script draws."""
    return [
        HERE / name
        for name, draw in FIGURES.items()
        if not (HERE / name).is_file() or (HERE / name).read_text(encoding="utf-8") != draw()
    ]


def main() -> int:
    parser = argparse.ArgumentParser(description="Draws the figures of the hand-outs.")
    parser.add_argument("--check", action="store_true", help="change nothing; fail when a figure differs")
    check = parser.parse_args().check
    paths = differing()
    for path in paths:
        print(path.relative_to(HERE.parent))
        if not check:
            path.parent.mkdir(exist_ok=True)
            path.write_text(FIGURES[path.relative_to(HERE).as_posix()](), encoding="utf-8", newline="\n")
    if check and paths:
        print("These figures differ. Type: python solutions/figures/draw.py && grader build", file=sys.stderr)
    return int(bool(check and paths))


if __name__ == "__main__":
    sys.exit(main())
