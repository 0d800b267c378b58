"""The figures of the cells with gates, for draw.py: lstm and gru. It reads and writes no file."""

from __future__ import annotations

from drawing import BACKWARD, FORWARD, GREY, INK, INPUT, PAPER, SMALL, SOFT, WEIGHT, Picture, time_axis


def lstm_cell() -> str:
    picture = Picture(
        760,
        444,
        "One step of an LSTM",
        "The memory c_prev runs along the top to c_next: it is multiplied by the forget gate f, then the product of "
        "the input gate i and the candidate g is added. Below, the sum of x times w_input, h_prev times w_hidden and "
        "the bias, of shape (N, 4H), is cut into four parts: sigmoid of three of them gives i, f and o, tanh of "
        "one gives g. The new state h_next is the output gate o times tanh of the new memory.",
    )
    memory, gates, layer = 84, 262, 350
    xs = {"f": 200.0, "i": 310.0, "g": 420.0, "o": 520.0}
    picture.arrow((118, memory), (181, memory), colour=BACKWARD)
    picture.arrow((218, memory), (346, memory), colour=BACKWARD)
    picture.arrow((383, memory), (640, memory), colour=BACKWARD)
    picture.arrow((xs["f"], gates - 23), (xs["f"], memory + 19))
    for name, x in (("i", xs["i"]), ("g", xs["g"])):
        inner = 347 if name == "i" else 383
        picture.arrow((x, gates - 23), (x, 168), (inner, 168))
    picture.arrow((365, 150), (365, memory + 19))
    picture.arrow((602, memory), (602, 120), colour=BACKWARD)
    picture.arrow((602, 154), (602, 179))
    picture.arrow((xs["o"], gates - 23), (xs["o"], 197), (584, 197))
    picture.arrow((620, 197), (640, 197), colour=FORWARD)
    for x in xs.values():
        picture.arrow((x, layer - 23), (x, gates + 24))
    picture.arrow((118, layer - 8), (156, layer - 8), colour=FORWARD)
    picture.arrow((118, 406), (180, 406), (180, layer + 24), colour=INPUT)
    picture.box(70, memory, ("c_{prev}", "(N, H)"), BACKWARD, w=94)
    picture.box(690, memory, ("c_{next}", "(N, H)"), BACKWARD, w=96)
    picture.box(690, 197, ("h_{next}", "(N, H)"), FORWARD, w=96)
    picture.box(70, layer - 8, ("h_{prev}", "(N, H)"), FORWARD, w=94)
    picture.box(70, 406, "x  (N, I)", INPUT, w=94, h=36)
    for name, x in xs.items():
        picture.box(x, gates, (name, "tanh" if name == "g" else "sigmoid"), WEIGHT, w=84)
    picture.box(
        360,
        layer,
        ("x w_{input} + h_{prev} w_{hidden} + bias", "(N, 4H), cut into four parts"),
        WEIGHT,
        w=406,
    )
    picture.box(602, 137, "tanh", INK, w=62, h=32, fill=PAPER)
    picture.circle(xs["f"], memory, "×")
    picture.circle(365, memory, "+")
    picture.circle(365, 168, "×")
    picture.circle(602, 197, "×")
    picture.text(
        250,
        40,
        "the memory: scaled, and added to; it meets no matrix",
        size=SMALL,
        colour=BACKWARD,
        at="start",
    )
    picture.text(192, 150, "keep", size=SMALL, colour=SOFT, at="end")
    picture.text(375, 128, "write", size=SMALL, colour=SOFT, at="start")
    picture.text(548, 218, "show", size=SMALL, colour=SOFT)
    picture.text(360, 408, "columns of the weights in the order i, f, g, o", size=SMALL, colour=SOFT)
    return picture.done()


def lstm_padding() -> str:
    picture = Picture(
        760,
        350,
        "Padding with two states",
        "A sample of length 2 in a batch of three steps: its inputs are 1 and 0, then a 9 that is padding. The memory "
        "is 0.5568, 0.5852, and stays 0.5852 at the padding; the state is 0.4133, 0.2746, and stays 0.2746. The "
        "outputs are 0.4133, 0.2746 and 0. The last states are those after step 1, the last real step.",
    )
    xs = (230.0, 360.0, 490.0)
    rows = {"x, length 2": 252, "c": 186, "h": 124, "outputs": 62}
    values = {
        "x, length 2": ("1", "0", "9"),
        "c": ("0.5568", "0.5852", "0.5852"),
        "h": ("0.4133", "0.2746", "0.2746"),
        "outputs": ("0.4133", "0.2746", "0"),
    }
    colours = {"x, length 2": INPUT, "c": BACKWARD, "h": FORWARD, "outputs": FORWARD}
    for name, y in rows.items():
        picture.text(40, y + 5, name, at="start", colour=colours[name])
        for t, x in enumerate(xs):
            padding = t == 2
            fill = "url(#stripes)" if padding and name.startswith("x") else PAPER if padding else ""
            picture.box(x, y, values[name][t], GREY if padding else colours[name], h=36, fill=fill)
    for x in xs[:2]:
        picture.arrow((x, rows["x, length 2"] - 19), (x, rows["c"] + 20), colour=INPUT)
    for name in ("c", "h"):
        for x in xs:
            picture.arrow(
                (x + 43, rows[name]), (x + (86 if x < 490 else 98), rows[name]), colour=colours[name]
            )
        picture.text(596, rows[name] + 5, f"{name}_{{last}}", colour=colours[name], at="start")
        picture.text(424, rows[name] - 8, "stays", size=SMALL, colour=SOFT)
    picture.text(596, rows["outputs"] + 5, "zero at the padding", size=SMALL, colour=SOFT, at="start")
    picture.text(546, rows["x, length 2"] + 5, "padding: never read", size=SMALL, colour=SOFT, at="start")
    time_axis(picture, xs, 304, 180, 546)
    return picture.done()


def gru_cell() -> str:
    picture = Picture(
        760,
        420,
        "One step of a GRU",
        "The old state h_prev runs along the top: it is multiplied by the update gate z, then the candidate n times "
        "1 - z is added, and that is h_next. Below, s is h_prev times w_hidden plus bias_hidden and a is x times "
        "w_input plus bias_input, of shape (N, 3H) each. The candidate is tanh of a_n plus the reset gate r times s_n; "
        "r is the sigmoid of a_r plus s_r, z the sigmoid of a_z plus s_z.",
    )
    top, middle, low = 84, 246, 372
    picture.arrow((118, top), (421, top), colour=FORWARD)
    picture.arrow((458, top), (601, top), colour=FORWARD)
    picture.arrow((638, top), (650, top), colour=FORWARD)
    picture.arrow((70, top + 24), (70, middle), (134, middle), colour=FORWARD)
    picture.arrow((118, low), (134, low), colour=INPUT)
    picture.arrow((348, middle), (421, middle))
    picture.arrow((458, middle), (521, middle))
    picture.arrow((558, middle), (576, middle))
    picture.arrow((348, low), (540, low), (540, middle + 19))
    picture.arrow((440, 294), (440, middle + 19))
    picture.arrow((440, 141), (440, top + 19))
    picture.arrow((506, 164), (601, 164))
    picture.arrow((620, middle - 24), (620, 183))
    picture.arrow((620, 146), (620, top + 19))
    picture.box(70, top, ("h_{prev}", "(N, H)"), FORWARD, w=94)
    picture.box(697, top, ("h_{next}", "(N, H)"), FORWARD, w=92)
    picture.box(70, low, ("x", "(N, I)"), INPUT, w=94)
    picture.box(241, middle, ("h_{prev} w_{hidden} + bias_{hidden}", "s = s_r, s_z, s_n"), WEIGHT, w=212)
    picture.box(241, low, ("x w_{input} + bias_{input}", "a = a_r, a_z, a_n"), WEIGHT, w=212)
    picture.box(440, 164, ("z", "sigmoid(a_z + s_z)"), WEIGHT, w=130)
    picture.box(440, 316, ("r", "sigmoid(a_r + s_r)"), WEIGHT, w=130)
    picture.box(620, middle, ("n", "tanh"), WEIGHT, w=84)
    for x, y, sign in (
        (440, top, "×"),
        (620, top, "+"),
        (440, middle, "×"),
        (540, middle, "+"),
        (620, 164, "×"),
    ):
        picture.circle(x, y, sign)
    picture.text(450, 124, "keep", size=SMALL, colour=SOFT, at="start")
    picture.text(552, 156, "1 - z", size=SMALL, colour=SOFT)
    picture.text(384, middle - 8, "s_n", size=SMALL, colour=SOFT)
    picture.text(548, low - 20, "a_n", size=SMALL, colour=SOFT, at="start")
    picture.text(270, 40, "with z = 1 the state stays as it is", size=SMALL, colour=FORWARD)
    return picture.done()
