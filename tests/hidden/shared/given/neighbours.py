"""See it learn: your own network has to say whether both neighbours of a bit are alike. Not graded.

    from neighbours import learn
    learn(BiRNN)

Each sequence is a row of bits, drawn at random. The answer at step t is x_(t-1) XOR x_(t+1): 0 if the bit before and
the bit after are the same, else 1. Whoever knows only one of the two can but guess. So the model is trained twice: once
it is shown the forward half of your outputs alone, and once both halves.
"""

import torch
from torch import nn

from see_it_learn import attempt, average, outputs_of, show, train

HIDDEN = 32
SAMPLES, STEPS, SHORTEST = 32, 12, 5
ONE, BOTH = "one direction", "both directions"


class Neighbours(nn.Module):
    """Your network, and a small network that says from the output at a step what the answer there is."""

    def __init__(self, network, is_both):
        super().__init__()
        self.network = network(2, HIDDEN)
        self.shown = 2 * HIDDEN if is_both else HIDDEN
        self.to_score = nn.Sequential(nn.Linear(self.shown, 64), nn.ReLU(), nn.Linear(64, 1))

    def forward(self, bits, lengths):
        """A score for every step of bits (N, L): above zero says 1, below says 0."""
        x = nn.functional.one_hot(bits, 2).to(self.to_score[0].weight.dtype)
        answer = self.network(x, None, lengths)
        outputs = outputs_of(self.network, answer, (*bits.shape, 2 * HIDDEN))
        return self.to_score(outputs[:, :, : self.shown])[:, :, 0]


def asked(model, draw):
    """New bits, the scores of the model and the answers, each (N, L), and which steps are asked for.

    These are the steps whose two neighbours are real. Sequences differ in length.
    """
    bits = torch.randint(2, (SAMPLES, STEPS), generator=draw)
    lengths = torch.randint(SHORTEST, STEPS + 1, (SAMPLES,), generator=draw)
    answers = torch.zeros_like(bits)
    answers[:, 1:-1] = bits[:, 2:] ^ bits[:, :-2]
    steps = torch.arange(STEPS)
    is_asked = (steps > 0) & (steps < lengths[:, None] - 1)
    return bits, model(bits, lengths.tolist()), answers, is_asked


def share(scores, answers):
    """How many of the answers are right, between 0 and 1."""
    return ((scores > 0) == (answers == 1)).double().mean().item()


def row(values, is_asked):
    """Answers as a row of characters, a dot where nothing is asked."""
    return "".join(str(value) if there else "." for value, there in zip(values.tolist(), is_asked.tolist()))


def learn(network, updates=150, seconds=18, seed=1):
    """Train a model with one half of your outputs and one with both, on one core, and show what each can say.

    Gives for each the share of right answers of every update, and at the end on new bits. None if it is not written.
    """

    def run(draw):
        shares, at_the_end, examples = {}, {}, {}
        print(f"{network.__name__} learns x_(t-1) XOR x_(t+1); guessing is right half of the time (0.50)")
        for which in (ONE, BOTH):
            model = Neighbours(network, which == BOTH)

            def loss(_, model=model):
                _, scores, answers, is_asked = asked(model, draw)
                scores, answers = scores[is_asked], answers[is_asked]
                value = nn.functional.binary_cross_entropy_with_logits(scores, answers.to(scores.dtype))
                return value, share(scores, answers)

            label = f"{which + ':':17}"
            shares[which] = train(
                model.parameters(), loss, updates, seconds / 2, 0.005, "{:.2f} right", label
            )
            with torch.no_grad():
                tests = [asked(model, draw) for _ in range(8)]
            at_the_end[which] = average([share(s[there], a[there]) for _, s, a, there in tests])
            examples[which] = tests[0]
        show(shares, "share of right answers", 1.0, network.__name__)
        for which, (bits, scores, answers, is_asked) in examples.items():
            print(f"{which}: {at_the_end[which]:.0%} of new answers right")
            n = int(is_asked.sum(dim=1).argmax())  # the longest of them
            print("    bits     ", row(bits[n], torch.ones(STEPS)))
            print("    answers  ", row(answers[n], is_asked[n]))
            print("    it says  ", row((scores[n] > 0).long(), is_asked[n]))
        return shares, at_the_end

    return attempt(network, run, seed)
