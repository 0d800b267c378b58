"""The figure of back-propagation through time, for draw.py. It reads and writes no file."""

from __future__ import annotations

from drawing import BACKWARD, GREY, INPUT, SMALL, SOFT, WEIGHT, Picture


def bptt_backward() -> str:
    picture = Picture(
        760,
        380,
        "Back-propagation through time",
        "Three steps next to each other. Dashed arrows show the forward pass, from h0 through the steps to the right. "
        "Gradients go from right to left: at each state the gradient of its output, from above, and the gradient that "
        "the next step hands back are added, and go into the step. It gives the gradient dx of its input, downwards, "
        "and hands one on to the left. What leaves step 0 is dh0. At the last state nothing comes from the right.",
    )
    xs = (152.0, 352.0, 552.0)
    line, above, below = 206, 104, 300
    picture.arrow((60, 158), (700, 158), colour=GREY, dashed=True)
    picture.text(60, 148, "forward", size=SMALL, colour=GREY, at="start")
    for t, x in enumerate(xs):
        meet = x + 100
        picture.arrow((meet, above + 19), (meet, line - 19), colour=BACKWARD)
        picture.arrow((meet - 18, line), (x + 31, line), colour=BACKWARD)
        picture.arrow((x - 30, line), (x - 81 if t else x - 86, line), colour=BACKWARD)
        picture.arrow((x, line + 24), (x, below - 20), colour=INPUT)
        picture.box(x, line, f"step {t}", WEIGHT, w=60)
        picture.box(meet, above, f"from output {t}", BACKWARD, w=120, h=36)
        picture.box(x, below, f"dx_{t}", INPUT, w=64, h=36)
        picture.circle(meet, line, "+")
        picture.text(x + 57, line - 9, "dh_{next}", size=SMALL, colour=BACKWARD)
        picture.text(x - 56, line - 9, "dh_{prev}", size=SMALL, colour=BACKWARD)
    picture.arrow((712, line), (671, line), colour=BACKWARD)
    picture.text(718, line + 5, "0", colour=BACKWARD, at="start")
    picture.text(42, line + 5, "dh0", colour=BACKWARD)
    picture.text(380, 44, "two gradients meet at every state, and are added", colour=BACKWARD)
    picture.text(
        380, 356, "every step adds its share to dw_{input}, dw_{hidden} and dbias", size=SMALL, colour=WEIGHT
    )
    picture.text(724, 162, "time", size=SMALL, colour=SOFT)
    return picture.done()
