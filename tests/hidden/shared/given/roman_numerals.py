"""See it learn: a small model of characters, made of your own network, learns to write Roman numerals. Not graded.

    from roman_numerals import learn
    learn(GRU)

Each sequence is one number between 1 and 3999, drawn at random and written in Roman numerals. The network reads it
character by character, and a linear layer says from each output which character comes next. Your class is called as
your exercise says, with a state when it writes and with `lengths` when it reads, because numerals differ in length.
"""

import math

import torch
from torch import nn

from see_it_learn import attempt, outputs_of, show, train

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
        answer = self.network(x, state, lengths)
        outputs = outputs_of(self.network, answer, (*characters.shape, self.to_scores.in_features))
        return self.to_scores(outputs), answer[1]


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


def learn(network, updates=400, seconds=18, seed=1):
    """Train a model of Roman numerals with your network, on one core, and show what it has learned.

    Gives the perplexity of every update, and 200 numerals that the model wrote. None if the network is not written.
    """

    def run(draw):
        model = CharacterModel(network, 48)
        print(
            f"{network.__name__} learns to write Roman numerals; the best possible perplexity is {BEST:.2f}"
        )

        def loss(_):
            read, follow, lengths = batch(draw, 32)
            scores, _ = model(read, None, lengths)
            value = nn.functional.cross_entropy(scores.flatten(0, 1), follow.flatten(), ignore_index=-100)
            return value, math.exp(value.item())

        perplexities = train(model.parameters(), loss, updates, seconds, 0.01, "perplexity {:4.2f}")
        samples = write(model, 200, draw)
        show({"": perplexities}, "perplexity", BEST, network.__name__, logarithmic=True)
        print("It writes:", ", ".join(text if text in KNOWN else f"{text}?" for text in samples[:12]))
        right = sum(text in KNOWN for text in samples)
        print(f"{right} of {len(samples)} are Roman numerals; those with a question mark are none.")
        return perplexities, samples

    return attempt(network, run, seed)
