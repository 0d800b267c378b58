"""See it learn: a small model of characters, made of your own network, learns to write Roman numerals. Not graded.

    from see_it_learn import learn
    learn(GRU)

Each sequence is one number between 1 and 3999, drawn at random and written in Roman numerals. The network reads it
character by character, and a linear layer says from each output which character comes next. Your class is called as
your exercise says, with a state when it writes and with `lengths` when it reads, because numerals differ in length.
"""

import builtins
import itertools
import math
import time

import torch
from torch import nn

END = "."  # stands before the first character and after the last
ALPHABET = END + "IVXLCDM"
LARGEST = 3999
PIECES = (
    *((1000, "M"), (900, "CM"), (500, "D"), (400, "CD"), (100, "C"), (90, "XC"), (50, "L")),
    *((40, "XL"), (10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I")),
)


def numeral(number):
    """A number between 1 and 3999 in Roman numerals: numeral(1994) is "MCMXCIV"."""
    written = ""
    for value, piece in PIECES:
        times, number = divmod(number, value)
        written += piece * times
    return written


NUMERALS = [numeral(number) for number in range(1, LARGEST + 1)]
KNOWN = set(NUMERALS)
#: The least perplexity that is possible: all numbers are equally likely, so each numeral is a choice of 1 in 3999.
BEST = math.exp(math.log(LARGEST) * LARGEST / sum(len(written) + 1 for written in NUMERALS))


class CharacterModel(nn.Module):
    """Your network between one number per character that comes in and one score per character that may follow."""

    def __init__(self, network, hidden_size):
        super().__init__()
        self.network = network(len(ALPHABET), hidden_size)
        self.to_scores = nn.Linear(hidden_size, len(ALPHABET))

    def forward(self, characters, state=None, lengths=None):
        """Scores (N, L, characters) for what follows each of the characters (N, L), and the state to go on from."""
        x = nn.functional.one_hot(characters, len(ALPHABET)).to(self.to_scores.weight.dtype)
        outputs, state = self.network(x, state, lengths)
        return self.to_scores(outputs), state


def batch(draw, size):
    """Numerals drawn at random: what is read (N, L), what should follow (N, L; -100 on padding), and the lengths."""
    chosen = [NUMERALS[k] for k in torch.randint(LARGEST, (size,), generator=draw)]
    lengths = [len(written) + 1 for written in chosen]
    read = torch.zeros(size, max(lengths), dtype=torch.long)
    follow = torch.full_like(read, -100)
    for n, written in enumerate(chosen):
        codes = [ALPHABET.index(character) for character in END + written + END]
        read[n, : lengths[n]] = torch.tensor(codes[:-1])
        follow[n, : lengths[n]] = torch.tensor(codes[1:])
    return read, follow, lengths


class Adam:
    """Adam, written out in a few lines: torch's own takes seconds to start, because it loads a compiler."""

    def __init__(self, weights, rate):
        self.weights, self.rate, self.step_number = list(weights), rate, 0
        self.means = [torch.zeros_like(weight) for weight in self.weights]
        self.squares = [torch.zeros_like(weight) for weight in self.weights]

    @torch.no_grad()
    def step(self):
        """Change every weight that has got a gradient a little."""
        self.step_number += 1
        for weight, mean, square in zip(self.weights, self.means, self.squares):
            if weight.grad is None:
                continue
            mean.mul_(0.9).add_(weight.grad, alpha=0.1)
            square.mul_(0.99).add_(weight.grad**2, alpha=0.01)
            size = self.rate * math.sqrt(1 - 0.99**self.step_number) / (1 - 0.9**self.step_number)
            weight -= size * mean / (square.sqrt() + 1e-8)
            weight.grad = None


@torch.no_grad()
def write(model, size, draw):
    """Let the model write so many numerals, character by character, each drawn as likely as the model says."""
    last = torch.zeros(size, 1, dtype=torch.long)
    state, written = None, [""] * size
    for _ in range(20):
        scores, state = model(last, state)
        last = torch.multinomial(scores[:, -1].softmax(dim=1), 1, generator=draw)
        written = [text + ALPHABET[code] for text, code in zip(written, last[:, 0].tolist())]
    return [text.partition(END)[0] for text in written]


def curve(values, width=60, height=8):
    """The values, averaged over pieces of time, as a picture made of characters; each row is as many times the next."""
    width = min(width, len(values))
    edges = [k * len(values) // width for k in range(width + 1)]
    heights = [math.log(sum(values[i:j]) / (j - i)) for i, j in itertools.pairwise(edges)]
    low, step = min(heights), (max(heights) - min(heights)) / (height - 1) or 1
    rows = [round((value - low) / step) for value in heights]
    lines = ["".join("*" if row == level else " " for row in rows).rstrip() for level in range(height)]
    return "\n".join(
        f"{math.exp(low + level * step):6.2f} |{lines[level]}" for level in reversed(range(height))
    )


def show(perplexities):
    """The curve: drawn in a notebook where matplotlib is installed, printed elsewhere."""
    try:
        from matplotlib import pyplot
    except ImportError:
        pyplot = None
    if pyplot is None or not hasattr(builtins, "get_ipython"):  # only notebooks and IPython have that
        print("perplexity, from the first update to the last:")
        print(curve(perplexities))
        return
    pyplot.semilogy(perplexities)
    pyplot.axhline(BEST, linestyle="--")
    pyplot.xlabel("update")
    pyplot.ylabel("perplexity")
    pyplot.show()


def train(model, updates, seconds, draw):
    """Train for so many updates, or for so many seconds if these are over first. Gives the perplexity of each."""
    optimizer = Adam(model.parameters(), rate=0.01)
    perplexities, start = [], time.monotonic()
    for update in range(updates):
        read, follow, lengths = batch(draw, 32)
        scores, _ = model(read, None, lengths)
        loss = nn.functional.cross_entropy(scores.flatten(0, 1), follow.flatten(), ignore_index=-100)
        loss.backward()
        optimizer.step()
        perplexities.append(math.exp(loss.item()))
        passed = time.monotonic() - start
        if update % 10 == 9 or update == updates - 1 or passed > seconds:
            now = sum(perplexities[-10:]) / len(perplexities[-10:])
            print(
                f"\rupdate {update + 1:3} of {updates}, {passed:4.1f} s: perplexity {now:4.2f}",
                end="",
                flush=True,
            )
        if passed > seconds:
            break
    print()
    return perplexities


def learn(network, updates=400, seconds=18, seed=1):
    """Train a model of Roman numerals with your network, on one core, and show what it has learned.

    Gives the perplexity of every update, and 200 numerals that the model wrote. None if the network is not written.
    """
    cores, before = torch.get_num_threads(), torch.get_rng_state()
    torch.set_num_threads(1)
    torch.manual_seed(seed)
    draw = torch.Generator().manual_seed(seed)
    try:
        model = CharacterModel(network, 48)
        print(
            f"{network.__name__} learns to write Roman numerals; the best possible perplexity is {BEST:.2f}"
        )
        perplexities = train(model, updates, seconds, draw)
        samples = write(model, 200, draw)
    except NotImplementedError:
        print(f"{network.__name__} is not written yet. Come back when its visible checks pass.")
        return None
    finally:
        torch.set_num_threads(cores)
        torch.set_rng_state(before)
    show(perplexities)
    print("It writes:", ", ".join(f"{text}" if text in KNOWN else f"{text}?" for text in samples[:12]))
    right = sum(text in KNOWN for text in samples)
    print(f"{right} of {len(samples)} are Roman numerals; those with a question mark are none.")
    return perplexities, samples
