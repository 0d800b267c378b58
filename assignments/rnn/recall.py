"""See it learn: your own network has to say what it heard some steps ago. Not graded.

    from recall import learn
    learn(RNN)

Each sequence is a row of bits, drawn at random. At every step the network is asked for the bit of so many steps before,
while new bits keep coming in: so it has to hold on to all the bits in between. Nobody can guess them: a network that
remembers nothing is right half of the time.
"""

import time

import torch
from torch import nn

from see_it_learn import attempt, average, outputs_of, show, train

#: How many steps ago: a little, more, and far more than a plain network learns to remember.
DELAYS = (2, 10, 30)
UPDATES = {2: 100, 10: 200, 30: 300}
HIDDEN = 32
SAMPLES = 32


class Recall(nn.Module):
    """Your network, and a linear layer that says from each output how likely the bit in question was a 1."""

    def __init__(self, network):
        super().__init__()
        self.network = network(2, HIDDEN)
        self.to_score = nn.Linear(HIDDEN, 1)

    def forward(self, bits):
        """A score for every step of bits (N, L): above zero says 1, below says 0."""
        x = nn.functional.one_hot(bits, 2).to(self.to_score.weight.dtype)
        outputs = outputs_of(self.network, self.network(x), (*bits.shape, HIDDEN))
        return self.to_score(outputs)[:, :, 0]


def asked(model, delay, draw):
    """New bits, the scores of the model and the bits that it is asked for, from the first step that has any."""
    bits = torch.randint(2, (SAMPLES, 2 * delay + 10), generator=draw)
    return bits, model(bits)[:, delay:], bits[:, : bits.shape[1] - delay]


def share(scores, bits):
    """How many of the bits are said right, between 0 and 1."""
    return ((scores > 0) == (bits == 1)).double().mean().item()


def row(values):
    """Bits as a row of characters."""
    return "".join(map(str, values))


def learn(network, delays=DELAYS, seconds=18, seed=1):
    """Train a model for each delay with your network, on one core, and show what it remembers.

    Gives by delay the share of right bits of every update, and at the end on new bits. None if it is not written.
    """

    def run(draw):
        shares, at_the_end = {}, {}
        print(f"{network.__name__} learns to say what it heard; guessing is right half of the time (0.50)")
        examples, start = [], time.monotonic()
        for number, delay in enumerate(delays):
            model = Recall(network)

            def loss(_, model=model, delay=delay):
                _, scores, bits = asked(model, delay, draw)
                value = nn.functional.binary_cross_entropy_with_logits(scores, bits.to(scores.dtype))
                return value, share(scores, bits)

            shares[delay] = train(
                model.parameters(),
                loss,
                UPDATES.get(delay, 300),
                (seconds - (time.monotonic() - start)) / (len(delays) - number),
                0.01,
                "{:.2f} right",
                f"{delay:2} steps ago: ",
            )
            with torch.no_grad():
                tests = [asked(model, delay, draw) for _ in range(8)]
            at_the_end[delay] = average([share(scores, bits) for _, scores, bits in tests])
            _, scores, bits = tests[0]
            examples.append((delay, bits[0, :40].tolist(), (scores[0, :40] > 0).long().tolist()))
        show(
            {f"{delay} steps ago": values for delay, values in shares.items()},
            "share of right bits",
            1.0,
            network.__name__,
        )
        for delay, bits, said in examples:
            wrong = "".join(" " if a == b else "^" for a, b in zip(bits, said)).rstrip()
            print(f"{delay:2} steps ago it was {row(bits)}")
            print(f"   your network says {row(said)}   {at_the_end[delay]:.0%} of new bits right")
            if wrong:
                print(f"               wrong {wrong}")
        return shares, at_the_end

    return attempt(network, run, seed)
